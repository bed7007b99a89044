package queue

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Damage tells what was found when a store was opened that did not read back
// as it was written.
type Damage struct {
	Cause error    // what the database said
	File  string   // where the damaged file was put; nothing is thrown away
	Kept  int      // receipts that were read
	Lost  []string // what could not be read: receipts by id, or in words

	unsure bool // the latest steps of the receipts are missing
}

// lockName is the file that every open Queue holds a shared lock on. Who
// repairs the store holds it alone.
const lockName = "queue.lock"

// smallStore is how many bytes of a store are checked in full when it is
// opened: that takes a few milliseconds. Beyond, the counts are compared.
const smallStore = 1 << 20

// countJobs is how many jobs there must be: those that were numbered, but for
// those that were removed.
const countJobs = `max((SELECT value FROM meta WHERE name = 'floor') + 0, (SELECT coalesce(max(seq), 0) FROM job),
	(SELECT coalesce(max(seq), 0) FROM payload)) - (SELECT value FROM meta WHERE name = 'removed')`

// verify reports whether the store is sound, as far as that can be told in
// little time. The error then matches ErrDamaged.
func (s *store) verify(ctx context.Context) error {
	if info, err := os.Stat(s.path); err == nil && info.Size() <= smallStore {
		var verdict string
		if err := s.reader.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return fmt.Errorf("%w: %s", ErrDamaged, verdict)
		}
	}
	// One statement, so that it sees one state of the store; a count that
	// stands alone is the fast one.
	var rows, counted int64
	err := s.reader.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM job), "+countJobs).Scan(&rows, &counted)
	if err != nil {
		return err
	}
	if rows != counted {
		return fmt.Errorf("%w: there are %d receipts, and %d were counted", ErrDamaged, rows, counted)
	}
	got, err := reached(ctx, s.reader)
	if err == nil && got.max(s.witness.mark) != got {
		err = fmt.Errorf("%w: what was stored last is missing from its log", ErrDamaged)
	}
	return err
}

// reached returns how far a store has got.
func reached(ctx context.Context, db *sql.DB) (m mark, err error) {
	err = db.QueryRowContext(ctx, `SELECT (SELECT coalesce(max(seq), 0) FROM job),
		(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'history')`).Scan(&m.job, &m.step)
	return m, err
}

// openSound opens the store in dir, and saves what can be saved where it is
// damaged. The lock that it returns is to be held while the store is open.
func openSound(ctx context.Context, dir string) (s *store, d *Damage, lock *os.File, err error) {
	if lock, err = lockStore(dir, false); err != nil {
		return nil, nil, nil, err
	}
	if s, err = tryStore(ctx, dir); err == nil {
		return s, nil, lock, nil
	}
	_ = lock.Close()
	if !errors.Is(err, ErrDamaged) {
		return nil, nil, nil, err
	}
	alone, lerr := lockStore(dir, true)
	if lerr != nil {
		return nil, nil, nil, fmt.Errorf("%w (it cannot be repaired now: %w)", err, lerr)
	}
	d = &Damage{Cause: err}
	err = d.repair(ctx, dir)
	if cerr := alone.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if lock, err = lockStore(dir, false); err != nil {
		return nil, nil, nil, err
	}
	// What was lost is told by this call or by none.
	if s, err = tryStore(context.WithoutCancel(ctx), dir); err != nil {
		_ = lock.Close()
		return nil, nil, nil, err
	}
	return s, d, lock, nil
}

// lockStore makes the directory, if it is not there, and takes the lock that
// keeps those who use the store and who repairs it apart.
func lockStore(dir string, alone bool) (*os.File, error) {
	if dir == "" {
		return nil, fmt.Errorf("%w: no directory named", ErrAccess)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, accessError(err)
	}
	f, err := lockFile(filepath.Join(dir, lockName), alone)
	switch {
	case errors.Is(err, errHeld) && alone:
		return nil, fmt.Errorf("%w: another program has it open", ErrBusy)
	case errors.Is(err, errHeld):
		return nil, fmt.Errorf("%w: it is being repaired", ErrBusy)
	case err != nil:
		return nil, accessError(err)
	}
	return f, nil
}

// tryStore opens a store that is sound. The error matches ErrDamaged if it is
// not.
func tryStore(ctx context.Context, dir string) (*store, error) {
	if undone(dir) {
		return nil, fmt.Errorf("%w: its repair was cut off", ErrDamaged)
	}
	s, err := openStore(ctx, dir)
	if err == nil {
		err = s.verify(ctx)
	}
	if err = schemaError(storeError(err)); err != nil && s != nil {
		_ = s.close()
	}
	return s, err
}

// schemaError says of a statement that makes no sense that the schema is
// damaged: it was migrated to the one that the statements are for.
func schemaError(err error) error {
	var se *sqlite.Error
	if errors.As(err, &se) && se.Code()&0xFF == sqlite3.SQLITE_ERROR {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// repairDir is where a store is put together again. It takes the place of the
// damaged one when it is whole: a repair that is cut off begins anew.
const repairDir = "repair"

// undone reports whether a repair was cut off when the damaged file had been
// put aside, and nothing stood in its place.
func undone(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, FileName))
	_, repaired := os.Stat(filepath.Join(dir, repairDir, FileName))
	return errors.Is(err, os.ErrNotExist) && repaired == nil
}

// repair puts a store in the place of the damaged one that holds what can be
// read of it. Nobody else may have it open.
func (d *Damage) repair(ctx context.Context, dir string) error {
	if undone(dir) {
		if err := restore(dir); err != nil {
			return accessError(err)
		}
	}
	beside := filepath.Join(dir, repairDir)
	if err := os.RemoveAll(beside); err != nil {
		return accessError(err)
	}
	from, err := openWitness(dir)
	if err != nil {
		return err
	}
	_ = from.close() // it is read
	s, err := openStore(ctx, beside)
	if err != nil {
		return err
	}
	err = d.salvage(ctx, filepath.Join(dir, FileName), from, s)
	if cerr := s.close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := d.move(dir); err != nil {
		return accessError(err)
	}
	for _, name := range []string{FileName, witnessName} {
		if err := os.Rename(filepath.Join(beside, name), filepath.Join(dir, name)); err != nil {
			return accessError(err)
		}
	}
	return os.RemoveAll(beside)
}

// move puts the damaged file and its log aside.
func (d *Damage) move(dir string) error {
	from := filepath.Join(dir, FileName)
	d.File = filepath.Join(dir, "damaged-"+time.Now().UTC().Format("20060102-150405.000000")+".db")
	for _, suffix := range []string{"", "-wal"} {
		if err := os.Rename(from+suffix, d.File+suffix); err != nil && !(suffix != "" && errors.Is(err, os.ErrNotExist)) {
			return err
		}
	}
	if err := os.Remove(from + "-shm"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// restore takes back what move did last.
func restore(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "damaged-*.db"))
	if err != nil || len(files) == 0 {
		return errors.Join(err, os.RemoveAll(filepath.Join(dir, repairDir)))
	}
	last := slices.Max(files) // the time is in the name
	if err := os.Rename(last+"-wal", filepath.Join(dir, FileName+"-wal")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(last, filepath.Join(dir, FileName))
}

// salvage copies into s, receipt by receipt, what can be read of a file. How
// far that had got was noted.
func (d *Damage) salvage(ctx context.Context, file string, noted *witness, s *store) error {
	db, err := openDB(file, 1, "PRAGMA query_only = ON")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	old := &store{reader: db, tag: s.tag}
	if noted.tag != "" { // a store that lost everything has a new one
		old.tag = noted.tag
	} else if db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'tag'").Scan(&old.tag) != nil {
		d.Lost = append(d.Lost, "the first part of the ids: receipts have new ones")
	}
	s.tag = old.tag
	var last, counted int64
	for _, q := range []string{
		"SELECT coalesce(max(seq), 0) FROM job", "SELECT coalesce(max(seq), 0) FROM payload",
		"SELECT value FROM meta WHERE name = 'floor'", // since version 3
		"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'job'",
	} {
		var n int64
		if db.QueryRowContext(ctx, q).Scan(&n) == nil {
			last = max(last, n)
		}
	}
	if db.QueryRowContext(ctx, "SELECT "+countJobs).Scan(&counted) != nil {
		d.Lost = append(d.Lost, "the counts: how many receipts are missing is not known")
	}
	const most = 10_000_000 // a damaged number must not keep us for ever
	last = min(last, most)
	had := noted.mark
	if got, err := reached(ctx, db); err != nil || got.step < had.step {
		d.unsure = true
	}
	gone := int64(0)
	for seq := int64(1); seq <= last; seq++ {
		j, err := old.scanJob(db.QueryRowContext(ctx, selectJob+" WHERE seq = ?", seq))
		if errors.Is(err, ErrNotFound) {
			var n int
			if db.QueryRowContext(ctx, "SELECT count(*) FROM payload WHERE seq = ?", seq).Scan(&n) == nil && n > 0 {
				d.Lost = append(d.Lost, old.id(seq))
				gone++
			}
			continue // removed in good order, or counted below
		}
		if err != nil {
			d.Lost = append(d.Lost, old.id(seq))
			gone++
		} else if err := d.copy(ctx, old, s, j); err != nil {
			return err
		}
	}
	if missing := counted - int64(d.Kept) - gone; missing > 0 {
		d.Lost = append(d.Lost, fmt.Sprintf("%d receipts whose ids cannot be read", missing))
	}
	if n := min(had.job, most) - last; n > 100 {
		d.Lost = append(d.Lost, fmt.Sprintf("%d receipts, the ids %s to %s", n, old.id(last+1), old.id(last+n)))
		last += n
	}
	for ; last < min(had.job, most); last++ {
		d.Lost = append(d.Lost, old.id(last+1))
	}
	if err := s.write(ctx, func(t *tx) error {
		d.printers(ctx, db, t)
		_, err := s.conn.ExecContext(ctx, `INSERT OR REPLACE INTO meta VALUES ('tag', ?1), ('floor', ?2),
			('removed', ?2 - (SELECT count(*) FROM job))`, s.tag, last)
		s.floor = last
		return err
	}); err != nil {
		return err
	}
	s.witness.tag = s.tag
	return s.witness.write()
}

// printers copies what was learnt of the printers. What cannot be read of it
// is learnt again.
func (d *Damage) printers(ctx context.Context, db *sql.DB, t *tx) {
	rows, err := db.QueryContext(ctx, "SELECT uri, counters, known, unfinished FROM printer")
	if err != nil {
		return
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var uri, counters, known string
		var unfinished int
		if rows.Scan(&uri, &counters, &known, &unfinished) == nil {
			_, _ = t.s.stmts.remember.ExecContext(ctx, uri, counters, known, unfinished)
		}
	}
}

// copy stores a job under its number. One whose document is damaged is kept
// as a record that says so. Where the latest steps are missing, a receipt that
// seems to wait may have come out.
func (d *Damage) copy(ctx context.Context, old, s *store, j Job) error {
	var doc []byte
	err := old.reader.QueryRowContext(ctx, "SELECT doc FROM payload WHERE seq = ?", j.seq).Scan(&doc)
	sum := sha256.Sum256(doc)
	if (err != nil || !slices.Equal(sum[:], j.sum)) && !j.State.Settled() {
		j.State, j.Reason = Failed, fmt.Sprintf("the document was damaged on the disk; it may have been printed: it was %s", j.State)
		d.Lost = append(d.Lost, "the document of "+j.ID)
	}
	if d.unsure && j.Waits() {
		j.State, j.Reason = Doubt, fmt.Sprintf("the disk lost what happened to it last; it was %s", j.State)
	}
	d.Kept++
	return s.write(ctx, func(t *tx) error {
		_, err := t.s.conn.ExecContext(ctx, `INSERT INTO job (seq, lane, origin, key, title, priority, state, reason, evidence,
			attempt, reprint, created, updated, expires, size, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			j.seq, j.Lane, j.Origin, j.Key, j.Title, j.Priority, j.State, j.Reason, j.Evidence.String(),
			j.Attempt, j.Reprint, micros(j.Created), micros(j.Updated), micros(j.Expires), j.Size, j.sum)
		if err == nil {
			_, err = t.s.conn.ExecContext(ctx, "INSERT INTO payload (seq, doc) VALUES (?, ?)", j.seq, append([]byte{}, doc...))
		}
		if err != nil {
			return err
		}
		steps, _, err := old.steps(ctx, "job = ?", j.seq)
		if err != nil {
			return nil // the history of a receipt is no reason to give it up
		}
		for _, st := range steps {
			if err := t.log(j.seq, st); err != nil {
				return err
			}
		}
		return nil
	})
}
