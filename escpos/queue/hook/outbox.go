package hook

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/printerctl/printerctl/escpos/queue"
)

// FileName is the outbox's name inside its directory.
const FileName = "hooks.db"

// pragmas are set by hand on every connection.
var pragmas = [...]string{
	"PRAGMA busy_timeout = 5000",
	"PRAGMA journal_mode = WAL",
	"PRAGMA synchronous = FULL",
	"PRAGMA fullfsync = ON",
	"PRAGMA checkpoint_fullfsync = ON",
	"PRAGMA journal_size_limit = 1048576",
	"PRAGMA mmap_size = 0",
	"PRAGMA temp_store = MEMORY",
	"PRAGMA cell_size_check = ON",
	"PRAGMA trusted_schema = OFF",
	"PRAGMA secure_delete = FAST",
}

// schema is version 1. A message that was put aside says why in dead.
const schema = `
CREATE TABLE message (
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	hook     TEXT NOT NULL,
	id       TEXT NOT NULL UNIQUE,
	created  INTEGER NOT NULL,
	dropped  INTEGER NOT NULL,
	body     BLOB NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	sender   TEXT NOT NULL DEFAULT '',
	until    INTEGER NOT NULL DEFAULT 0,
	dead     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX message_head ON message (hook, seq) WHERE dead = '';
CREATE TABLE condition (
	hook  TEXT NOT NULL,
	lane  TEXT NOT NULL,
	kind  TEXT NOT NULL,
	since INTEGER NOT NULL,
	told  INTEGER NOT NULL,
	PRIMARY KEY (hook, lane, kind)
) STRICT, WITHOUT ROWID;
`

const (
	schemaVersion = 1
	applicationID = 0x50434854 // "PCHT"
	maxDead       = 1000       // how many messages that were put aside are kept
)

// ErrVersion: a newer program wrote the outbox.
var ErrVersion = errors.New("outbox is of a newer version")

// outbox keeps what webhooks have still to send, and what hooks were told of
// conditions that last. Several processes may have it open.
type outbox struct {
	db  *sql.DB
	max int // messages a hook that wait
}

// connector opens connections with the pragmas set.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range pragmas {
		if _, err := conn.(driver.ExecerContext).ExecContext(context.Background(), p, nil); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// openOutbox opens the outbox in dir, and makes it where it is missing. One
// that cannot be read is moved aside: what waited in it is lost, and the log
// says so; receipts do not depend on it.
func openOutbox(ctx context.Context, dir string, max int, log *slog.Logger) (*outbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return nil, err
	}
	o, err := openFile(ctx, path, max)
	if err == nil || !damaged(err) {
		return o, err
	}
	aside := path + ".damaged"
	if rerr := os.Rename(path, aside); rerr != nil {
		return nil, errors.Join(err, rerr)
	}
	_ = os.Remove(path + "-wal")
	_ = os.Remove(path + "-shm")
	log.Error("the outbox of the webhooks was damaged; what waited in it is lost", "moved to", aside, "error", err)
	return openFile(ctx, path, max)
}

func damaged(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	code := se.Code() & 0xFF
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

func openFile(ctx context.Context, path string, max int) (*outbox, error) {
	// Made by us, for its owner alone: it tells what a shop sold.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = errors.Join(f.Chmod(0o600), f.Close())
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return nil, err
	}
	base, err := sqlite.NewConnector((&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String())
	if err != nil {
		return nil, err
	}
	o := &outbox{db: sql.OpenDB(connector{base}), max: max}
	o.db.SetMaxOpenConns(1)
	if err := o.migrate(ctx); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

func (o *outbox) close() error { return o.db.Close() }

func (o *outbox) migrate(ctx context.Context) error {
	return o.write(ctx, func(c *sql.Conn) error {
		var version, app int
		if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		if err := c.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
			return err
		}
		switch {
		case app != 0 && app != applicationID, app == 0 && version != 0:
			return errors.New("the file belongs to another program")
		case version > schemaVersion:
			return fmt.Errorf("%w: %d, this program knows up to %d", ErrVersion, version, schemaVersion)
		case version == schemaVersion:
			return nil
		}
		_, err := c.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", schemaVersion, applicationID))
		return err
	})
}

// write runs f in a transaction that takes the lock at once: one that began
// with reading could not be repeated by waiting.
func (o *outbox) write(ctx context.Context, f func(*sql.Conn) error) error {
	c, err := o.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	ctx = context.WithoutCancel(ctx) // a commit that has begun is waited for
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err = f(c); err == nil {
		_, err = c.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = c.ExecContext(ctx, "ROLLBACK") // SQLite may have done so itself
	}
	return err
}

// subject is what a condition is about.
type subject struct {
	lane string
	kind queue.EventKind // what raises it
}

// condition is what was raised and not cleared.
type condition struct {
	since time.Time // when the hook heard of it
	told  bool      // it has lasted, and the hook was told or did not ask to be
	live  bool      // this process heard of it; otherwise it is of the one before
	event queue.Event
}

// conditions returns what a hook knew when its process ended.
func (o *outbox) conditions(ctx context.Context, hook string) (map[subject]*condition, error) {
	rows, err := o.db.QueryContext(ctx, "SELECT lane, kind, since, told FROM condition WHERE hook = ?", hook)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	conds := map[subject]*condition{}
	for rows.Next() {
		var s subject
		var since int64
		c := &condition{}
		if err := rows.Scan(&s.lane, &s.kind, &since, &c.told); err != nil {
			return nil, err
		}
		c.since = time.UnixMilli(since)
		conds[s] = c
	}
	return conds, rows.Err()
}

// save stores, in one commit, a message (nil: none) and what became of a
// condition (nil: it is over; no subject: none is meant). It returns how many
// of the hook's oldest messages had to make room.
func (o *outbox) save(ctx context.Context, hook string, p *Payload, s subject, cond *condition, now time.Time) (dropped int, err error) {
	err = o.write(ctx, func(c *sql.Conn) error {
		var err error
		switch {
		case s == subject{}:
		case cond == nil:
			_, err = c.ExecContext(ctx, "DELETE FROM condition WHERE hook = ? AND lane = ? AND kind = ?", hook, s.lane, s.kind)
		default:
			_, err = c.ExecContext(ctx, "REPLACE INTO condition VALUES (?, ?, ?, ?, ?)", hook, s.lane, s.kind, cond.since.UnixMilli(), cond.told)
		}
		if err != nil || p == nil {
			return err
		}
		// The head may be on its way: it is not counted as lost.
		// What a message said of earlier losses must not get lost with it.
		told := *p
		rows, err := c.QueryContext(ctx, `DELETE FROM message WHERE seq IN (SELECT seq FROM message
			WHERE hook = ?1 AND dead = '' AND attempts = 0 ORDER BY seq
			LIMIT max(0, (SELECT count(*) FROM message WHERE hook = ?1 AND dead = '') - ?2 + 1))
			RETURNING dropped`, hook, o.max)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var before int
			if err := rows.Scan(&before); err != nil {
				return err
			}
			dropped++
			told.Dropped += 1 + before
		}
		if err := rows.Err(); err != nil {
			return err
		}
		body, err := told.cloudEvent()
		if err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "INSERT INTO message (hook, id, created, dropped, body) VALUES (?, ?, ?, ?, ?)",
			hook, p.ID, now.UnixMilli(), told.Dropped, body)
		return err
	})
	return dropped, err
}

// message is one that waits to be sent.
type message struct {
	seq      int64
	id       string
	body     []byte
	attempts int // with this one
}

// claim takes the oldest message of a hook for one attempt. m is nil where
// none waits, or, where wait is positive, another process is sending it.
func (o *outbox) claim(ctx context.Context, hook, sender string, now time.Time, lease time.Duration) (m *message, wait time.Duration, err error) {
	err = o.write(ctx, func(c *sql.Conn) error {
		var by string
		var until int64
		head := &message{}
		err := c.QueryRowContext(ctx, `SELECT seq, id, body, attempts, sender, until FROM message
			WHERE hook = ? AND dead = '' ORDER BY seq LIMIT 1`, hook).Scan(&head.seq, &head.id, &head.body, &head.attempts, &by, &until)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		left := time.UnixMilli(until).Sub(now)
		if by != sender && left > 0 && left <= lease { // a longer one is of another clock
			wait = left
			return nil
		}
		head.attempts++
		m = head
		_, err = c.ExecContext(ctx, "UPDATE message SET attempts = ?, sender = ?, until = ? WHERE seq = ?",
			m.attempts, sender, now.Add(lease).UnixMilli(), m.seq)
		return err
	})
	return m, wait, err
}

// done removes a message that was delivered.
func (o *outbox) done(ctx context.Context, m *message) error {
	return o.write(ctx, func(c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "DELETE FROM message WHERE seq = ?", m.seq)
		return err
	})
}

// release lets any process try a message again.
func (o *outbox) release(ctx context.Context, m *message) error {
	return o.write(ctx, func(c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "UPDATE message SET until = 0 WHERE seq = ?", m.seq)
		return err
	})
}

// bury puts a message aside for good.
func (o *outbox) bury(ctx context.Context, m *message, why string) error {
	return o.write(ctx, func(c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "UPDATE message SET dead = ? WHERE seq = ?", why, m.seq)
		return err
	})
}

// expire buries what has waited since before, and removes the oldest of what
// was buried. It returns how many were buried.
func (o *outbox) expire(ctx context.Context, before time.Time) (n int64, err error) {
	err = o.write(ctx, func(c *sql.Conn) error {
		res, err := c.ExecContext(ctx, "UPDATE message SET dead = 'too old' WHERE dead = '' AND created < ?", before.UnixMilli())
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, `DELETE FROM message WHERE dead <> '' AND seq <=
			(SELECT seq FROM message WHERE dead <> '' ORDER BY seq DESC LIMIT 1 OFFSET ?)`, maxDead)
		return err
	})
	return n, err
}

// A DeadLetter is a message that was given up.
type DeadLetter struct {
	Hook     string
	ID       string
	Created  time.Time
	Attempts int
	Why      string // "410 Gone", "too old"
	Body     []byte // the CloudEvent
}

func (o *outbox) dead(ctx context.Context) ([]DeadLetter, error) {
	rows, err := o.db.QueryContext(ctx, "SELECT hook, id, created, attempts, dead, body FROM message WHERE dead <> '' ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []DeadLetter
	for rows.Next() {
		var d DeadLetter
		var created int64
		if err := rows.Scan(&d.Hook, &d.ID, &created, &d.Attempts, &d.Why, &d.Body); err != nil {
			return nil, err
		}
		d.Created = time.UnixMilli(created)
		all = append(all, d)
	}
	return all, rows.Err()
}
