package queue

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// FileName is the store's name inside its directory.
const FileName = "queue.db"

// pragmas are set by hand on every connection.
//
// FULL makes a commit in WAL mode wait for the disk; fullfsync makes macOS
// mean it. A memory map would turn a torn file into a signal, so there is
// none. cell_size_check finds a damaged page before it is believed.
var pragmas = [...]string{
	"PRAGMA busy_timeout = 5000",
	"PRAGMA journal_mode = WAL",
	"PRAGMA synchronous = FULL",
	"PRAGMA fullfsync = ON",
	"PRAGMA checkpoint_fullfsync = ON",
	"PRAGMA wal_autocheckpoint = 4000",
	"PRAGMA journal_size_limit = 16777216",
	"PRAGMA mmap_size = 0",
	"PRAGMA temp_store = MEMORY",
	"PRAGMA cell_size_check = ON",
	"PRAGMA trusted_schema = OFF",
	"PRAGMA secure_delete = FAST",
	"PRAGMA foreign_keys = OFF",
}

// connector opens connections with the pragmas set.
type connector struct {
	driver.Connector
	extra string
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	x := conn.(driver.ExecerContext)
	for _, p := range append(pragmas[:len(pragmas):len(pragmas)], c.extra) {
		if p == "" {
			continue
		}
		if _, err := x.ExecContext(context.Background(), p, nil); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// openDB returns a pool of at most n connections to the file at path.
func openDB(path string, n int, extra string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	base, err := sqlite.NewConnector(u.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{base, extra})
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// store is the file: one connection that writes, and a few that read.
//
// Writers that come while a commit is under way share the next one.
type store struct {
	dir  string
	path string
	tag  string
	// floor is the highest number that was in use before the jobs that are
	// stored: none of them is used again.
	floor int64

	witness *witness

	writer *sql.DB
	conn   *sql.Conn // the one connection of writer
	stmts  statements
	reader *sql.DB

	mu      sync.Mutex
	busy    bool     // somebody is committing
	pending []*write // wait for the next commit
	broken  error    // set for good once a sync failed: what is on the disk is then unknown
	commits int      // how many were made
	shared  int      // how many writes were in the last one

	// life ends with close, and with it a wait for another process's commit.
	life context.Context
	die  context.CancelFunc

	machine []transition // the state machine; tests plant bugs in it

	// fault, where set, can fail or delay a step. Tests play a bad disk.
	fault func(step string) error
}

// statements are prepared once, on the writing connection.
type statements struct {
	begin, commit, savepoint, undo, release                   *sql.Stmt
	insert, payload, byKey, bySeq, advance, history, remember *sql.Stmt
}

func (s statements) all() []*sql.Stmt {
	return []*sql.Stmt{s.begin, s.commit, s.savepoint, s.undo, s.release, s.insert, s.payload, s.byKey, s.bySeq, s.advance, s.history, s.remember}
}

// write is one caller's part of a commit.
type write struct {
	f    func(*tx) error
	err  error
	wake chan struct{}
	lead bool // woken to make the next commit, not because it is done
}

// tx is what a write works on. It is valid inside of it only.
type tx struct {
	s *store
	mark
}

// openStore opens the store in dir and brings it into being where needed.
func openStore(ctx context.Context, dir string) (s *store, err error) {
	if dir == "" {
		return nil, fmt.Errorf("%w: no directory named", ErrAccess)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, accessError(err)
	}
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return nil, err
	}
	// Made by us, so that nobody else ever sees what shops sold. The files
	// that SQLite puts beside it take over the mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, accessError(err)
	}
	err = f.Chmod(0o600)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return nil, accessError(err)
	}

	s = &store{dir: filepath.Dir(path), path: path, machine: machine[:]}
	s.life, s.die = context.WithCancel(context.Background())
	half := s // what a return of nil leaves behind
	defer func() {
		if err != nil {
			_ = half.close()
		}
	}()
	if s.witness, err = openWitness(s.dir); err != nil {
		return nil, err
	}
	if s.writer, err = openDB(path, 1, ""); err != nil {
		return nil, err
	}
	if s.conn, err = s.writer.Conn(ctx); err != nil {
		return nil, err
	}
	if err = migrate(ctx, s.conn); err != nil {
		return nil, err
	}
	if err = s.conn.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE name = 'tag'),
		(SELECT value FROM meta WHERE name = 'floor')`).Scan(&s.tag, &s.floor); err != nil {
		return nil, err
	}
	if s.witness.tag == "" {
		s.witness.tag = s.tag
	}
	if err = s.prepare(ctx); err != nil {
		return nil, err
	}
	if _, err = s.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", busyMS)); err != nil {
		return nil, err
	}
	if s.reader, err = openDB(path, 4, "PRAGMA query_only = ON"); err != nil {
		return nil, err
	}
	return s, nil
}

// accessError names what the file system refused.
func accessError(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%w: %w", ErrAccess, err)
}

func (s *store) prepare(ctx context.Context) error {
	for _, p := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&s.stmts.begin, "BEGIN IMMEDIATE"},
		{&s.stmts.commit, "COMMIT"},
		{&s.stmts.savepoint, "SAVEPOINT w"},
		{&s.stmts.undo, "ROLLBACK TO w"},
		{&s.stmts.release, "RELEASE w"},
		{&s.stmts.insert, `INSERT INTO job (seq, lane, origin, key, title, priority, state, reason, evidence,
			attempt, reprint, created, updated, expires, size, sum)
			VALUES (max(?9, (SELECT coalesce(max(seq), 0) FROM job)) + 1, ?1, ?1, ?2, ?3, ?4, 'queued', '', 'none', 0, 0, ?5, ?5, ?6, ?7, ?8)
			ON CONFLICT DO NOTHING`},
		{&s.stmts.payload, `INSERT INTO payload (seq, doc) VALUES (?, ?)`},
		{&s.stmts.byKey, selectJob + ` WHERE origin = ? AND key = ? AND key <> ''`},
		{&s.stmts.bySeq, selectJob + ` WHERE seq = ?`},
		{&s.stmts.advance, `UPDATE job SET lane = ?2, state = ?3, reason = ?4, evidence = ?5, attempt = ?6, reprint = ?7, updated = ?8
			WHERE seq = ?1`},
		{&s.stmts.history, `INSERT INTO history (job, time, lane, state, event, reason, evidence, attempt, reprint, detail)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.stmts.remember, `INSERT INTO printer (uri, counters, known, unfinished) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT DO UPDATE SET counters = ?2, known = ?3, unfinished = ?4`},
	} {
		var err error
		if *p.to, err = s.conn.PrepareContext(ctx, p.sql); err != nil {
			return err
		}
	}
	return nil
}

// close closes the connections. The last process to do so folds the log into
// the file.
func (s *store) close() error {
	s.die()
	var errs []error
	if s.witness != nil {
		errs = append(errs, s.witness.close())
	}
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	// A statement that is left open keeps the file open behind its connection.
	for _, stmt := range s.stmts.all() {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	return errors.Join(errs...)
}

// maxBatch bounds how many writes share a commit.
const maxBatch = 256

// maxGather bounds how often others are let go first.
const maxGather = 256

// write runs f inside a transaction and returns after the disk has it. An
// error of f undoes what f did and nothing else. f may run together with
// those of other callers, but never at the same time as they.
//
// ctx ends the wait for one's turn. Once begun, the commit is waited for:
// otherwise nobody would know whether it took place.
func (s *store) write(ctx context.Context, f func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &write{f: f, wake: make(chan struct{}, 1)}
	s.mu.Lock()
	s.pending = append(s.pending, w)
	if !s.busy {
		s.busy, w.lead = true, true
	}
	lead := w.lead
	s.mu.Unlock()

	if !lead {
		select {
		case <-w.wake:
		case <-ctx.Done():
			if s.withdraw(w) {
				return ctx.Err()
			}
			<-w.wake // begun, or it is our turn to lead
		}
		if !w.lead {
			return w.err
		}
	}
	s.gather()
	s.mu.Lock()
	n := min(len(s.pending), maxBatch)
	s.shared = n
	batch := s.pending[:n:n]
	s.pending = s.pending[n:]
	broken := s.broken
	s.mu.Unlock()

	err := broken
	if err == nil {
		err = s.commit(batch)
	}
	s.mu.Lock()
	if err == nil {
		s.commits++
	} else if s.broken == nil && syncFailed(err) {
		s.broken = err
	}
	s.busy = len(s.pending) > 0
	if s.busy {
		s.pending[0].lead = true
		s.pending[0].wake <- struct{}{}
	}
	s.mu.Unlock()
	for _, b := range batch {
		if err != nil {
			b.err = err
		}
		if b != w {
			b.lead = false
			b.wake <- struct{}{}
		}
	}
	return w.err
}

// gather lets those come who shared the last commit: they were woken together,
// and are about to write again. Whoever runs first would otherwise commit
// alone, and keep all others waiting for it.
func (s *store) gather() {
	for range maxGather {
		s.mu.Lock()
		all := len(s.pending) >= s.shared
		s.mu.Unlock()
		if all {
			return
		}
		runtime.Gosched()
	}
}

// made returns how many commits were made.
func (s *store) made() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commits
}

// withdraw takes w out of the line. It reports false where its turn has come.
func (s *store) withdraw(w *write) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.lead {
		return false
	}
	for i, p := range s.pending {
		if p == w {
			s.pending = append(s.pending[:i:i], s.pending[i+1:]...)
			return true
		}
	}
	return false
}

// commit runs a batch as one transaction. Its error is that of the whole;
// those of single writes are in them.
func (s *store) commit(batch []*write) (err error) {
	ctx := context.Background()
	if err := s.inject("begin"); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			// SQLite may have rolled back by itself: then this fails, and
			// says so, and that is all right.
			_, _ = s.conn.ExecContext(ctx, "ROLLBACK")
		}
	}()
	done, reached := 0, mark{}
	for _, w := range batch {
		if len(batch) > 1 {
			if _, err := s.stmts.savepoint.ExecContext(ctx); err != nil {
				return err
			}
		}
		t := &tx{s: s}
		w.err = w.f(t)
		if w.err == nil {
			done++
			reached = reached.max(t.mark)
		} else if sentinelOf(w.err) != nil {
			return w.err // the database failed, not the caller
		}
		if len(batch) == 1 {
			continue
		}
		if w.err != nil {
			if _, err := s.stmts.undo.ExecContext(ctx); err != nil {
				return err
			}
		}
		if _, err := s.stmts.release.ExecContext(ctx); err != nil {
			return err
		}
	}
	if done == 0 {
		_, _ = s.conn.ExecContext(ctx, "ROLLBACK")
		return nil
	}
	if err := s.inject("commit"); err != nil {
		return err
	}
	if _, err = s.stmts.commit.ExecContext(ctx); err == nil {
		// Where it cannot be noted, the note is an older one.
		_ = s.witness.note(reached)
	}
	return err
}

// A commit of another process is waited for inside of SQLite for busyMS, and
// asked for again for busyFor in all. SQLite would hear of close in between
// only through a context, and that costs a goroutine each time.
const (
	busyMS  = 100
	busyFor = 5 * time.Second
)

// begin takes the right to write.
func (s *store) begin() error {
	for began := time.Now(); ; {
		_, err := s.stmts.begin.ExecContext(context.Background())
		if !isBusy(err) || time.Since(began) > busyFor {
			return err
		}
		if s.life.Err() != nil {
			return s.life.Err()
		}
	}
}

func isBusy(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&0xFF == sqlite3.SQLITE_BUSY
}

func (s *store) inject(step string) error {
	s.mu.Lock()
	fault := s.fault
	s.mu.Unlock()
	if fault == nil {
		return nil
	}
	return fault(step)
}

// syncFailed reports whether err leaves it open what is on the disk. After a
// failed sync the system may call the lost pages clean, and a later sync
// would lie; so the store is not trusted again until it is opened anew.
func syncFailed(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&0xFF == sqlite3.SQLITE_IOERR
}
