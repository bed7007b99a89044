package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// selectJob reads a job; scanJob takes its columns.
const selectJob = `SELECT seq, lane, origin, key, title, priority, state, reason, evidence, attempt, reprint,
	created, updated, expires, size, sum FROM job`

// record is what is stored of a new receipt.
type record struct {
	lane, key, title string
	priority         int
	expires          time.Time
	doc              []byte
}

// micros is how times are stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us)
}

// id makes a job's public id of its number.
func (s *store) id(seq int64) string { return s.tag + "-" + strconv.FormatInt(seq, 10) }

// seq is the way back. The bare number will do as well.
func (s *store) seq(id string) (int64, error) {
	n, tagged := strings.CutPrefix(strings.ToLower(id), s.tag+"-")
	seq, err := strconv.ParseInt(n, 10, 64)
	if err != nil || seq < 1 || !tagged && strings.ContainsRune(id, '-') {
		return 0, ErrNotFound
	}
	return seq, nil
}

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(...any) error }

func (s *store) scanJob(row scanner) (Job, error) {
	var (
		j                         Job
		evidence                  string
		created, updated, expires int64
	)
	err := row.Scan(&j.seq, &j.Lane, &j.Origin, &j.Key, &j.Title, &j.Priority, &j.State, &j.Reason, &evidence,
		&j.Attempt, &j.Reprint, &created, &updated, &expires, &j.Size, &j.sum)
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, ErrNotFound
	}
	if err != nil {
		return Job{}, err
	}
	j.ID = s.id(j.seq)
	j.Created, j.Updated, j.Expires = fromMicros(created), fromMicros(updated), fromMicros(expires)
	if err := j.Evidence.UnmarshalText([]byte(evidence)); err != nil || !j.State.valid() {
		return j, fmt.Errorf("%w: job %s has state %q, evidence %q", ErrDamaged, j.ID, j.State, evidence)
	}
	return j, nil
}

// insert stores a new job, or returns the one that has the same key.
func (t *tx) insert(r *record, now time.Time) (Job, error) {
	ctx := context.Background()
	sum := sha256.Sum256(r.doc)
	res, err := t.s.stmts.insert.ExecContext(ctx, r.lane, r.key, r.title, r.priority, micros(now), micros(r.expires), len(r.doc), sum[:], t.s.floor)
	if err != nil {
		return Job{}, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return Job{}, err
	}
	if n == 0 {
		j, err := t.s.scanJob(t.s.stmts.byKey.QueryRowContext(ctx, r.lane, r.key))
		if err == nil && !bytes.Equal(j.sum, sum[:]) {
			return j, fmt.Errorf("%w: %q is job %s", ErrKeyConflict, r.key, j.ID)
		}
		return j, err
	}
	seq, err := res.LastInsertId()
	if err != nil {
		return Job{}, err
	}
	if _, err := t.s.stmts.payload.ExecContext(ctx, seq, r.doc); err != nil {
		return Job{}, err
	}
	t.job = max(t.job, seq)
	return Job{
		ID: t.s.id(seq), Lane: r.lane, Origin: r.lane, Key: r.key, Title: r.title, Priority: r.priority, Size: len(r.doc),
		State: Queued, Created: fromMicros(micros(now)), Updated: fromMicros(micros(now)), Expires: fromMicros(micros(r.expires)),
		seq: seq, sum: sum[:],
	}, nil
}

// read reads a job inside the transaction.
func (t *tx) read(seq int64) (Job, error) {
	return t.s.scanJob(t.s.stmts.bySeq.QueryRowContext(context.Background(), seq))
}

// quarantine settles a record that cannot be read as one, past the state
// machine: it is in no state.
func (t *tx) quarantine(seq int64, reason string, now time.Time) error {
	ctx := context.Background()
	_, err := t.s.conn.ExecContext(ctx, `UPDATE job SET state = 'failed', evidence = 'none', reprint = 0, reason = ?, updated = ? WHERE seq = ?`,
		reason, micros(now), seq)
	if err != nil {
		return err
	}
	_, err = t.s.conn.ExecContext(ctx, `INSERT INTO history (job, time, lane, state, event, reason, evidence, attempt, reprint, detail)
		SELECT seq, updated, lane, state, ?, reason, evidence, attempt, reprint, '' FROM job WHERE seq = ?`, JobFailed, seq)
	return err
}

// change is what a transition records besides the state.
type change struct {
	reason   string
	detail   string
	evidence printer.Evidence
	lane     string // causeRoute: where to
}

// advance is the only way in which a job changes its state: by a row of the
// state machine. It fails with ErrState where the machine has none, and
// returns the job as it then is.
func (t *tx) advance(seq int64, on cause, c change, now time.Time) (Job, error) {
	j, err := t.read(seq)
	if err != nil {
		return j, err
	}
	row, ok := next(t.s.machine, j.State, on)
	if !ok {
		return j, fmt.Errorf("%w: %s", ErrState, j.State)
	}
	j.State, j.Reason, j.Evidence, j.Updated = row.to, c.reason, c.evidence, fromMicros(micros(now))
	if row.mark {
		j.Reprint = true
	}
	switch on {
	case causeStart:
		j.Attempt++
	case causeNothing:
		j.Attempt-- // a hold spends none
	}
	if c.lane != "" {
		j.Lane = c.lane
	}
	ctx := context.Background()
	_, err = t.s.stmts.advance.ExecContext(ctx, seq, j.Lane, j.State, j.Reason, j.Evidence.String(), j.Attempt, j.Reprint, micros(now))
	if err != nil {
		return j, err
	}
	event := row.raise
	if event == JobPrinted && j.Reprint {
		event = JobReprinted
	}
	return j, t.log(seq, Step{
		Time: now, Lane: j.Lane, State: j.State, Reason: j.Reason, Evidence: j.Evidence, Attempt: j.Attempt,
		Reprint: j.Reprint, Detail: c.detail, event: event,
	})
}

// log adds an entry to the history of a job.
func (t *tx) log(seq int64, st Step) error {
	res, err := t.s.stmts.history.ExecContext(context.Background(), seq, micros(st.Time), st.Lane, st.State, st.event, st.Reason,
		st.Evidence.String(), st.Attempt, st.Reprint, st.Detail)
	if err != nil {
		return err
	}
	n, err := res.LastInsertId()
	t.step = max(t.step, n)
	return err
}

// document reads the stored document of a job and holds it against its
// checksum.
func (s *store) document(ctx context.Context, j Job) (*escpos.Document, error) {
	var raw []byte
	err := s.reader.QueryRowContext(ctx, "SELECT doc FROM payload WHERE seq = ?", j.seq).Scan(&raw)
	switch sum := sha256.Sum256(raw); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("%w: the document of job %s is missing", ErrDamaged, j.ID)
	case err != nil:
		return nil, storeError(err)
	case !bytes.Equal(sum[:], j.sum):
		return nil, fmt.Errorf("%w: the document of job %s has another checksum", ErrDamaged, j.ID)
	}
	doc := new(escpos.Document)
	if err := doc.UnmarshalJSON(raw); err != nil {
		return nil, fmt.Errorf("%w: the document of job %s cannot be read: %w", ErrDamaged, j.ID, err)
	}
	return doc, nil
}

// jobs lists jobs.
func (s *store) jobs(ctx context.Context, f Filter) (jobs []Job, err error) {
	var where []string
	var args []any
	add := func(cond string, a ...any) {
		where = append(where, cond)
		args = append(args, a...)
	}
	if f.Lane != "" {
		add("lane = ?", f.Lane)
	}
	if f.Key != "" {
		add("key = ?", f.Key)
	}
	if len(f.States) > 0 {
		// Spelt out, so that the partial indexes can serve it.
		words := make([]string, len(f.States))
		for i, st := range f.States {
			if !st.valid() {
				return nil, fmt.Errorf("%w: no state is called %q", ErrNotFound, st)
			}
			words[i] = "'" + string(st) + "'"
		}
		add("state IN (" + strings.Join(words, ", ") + ")")
	}
	q := selectJob
	if len(where) > 0 {
		q += " WHERE " + strings.Join(where, " AND ")
	}
	q += " ORDER BY seq"
	if f.Newest {
		q += " DESC"
	}
	if f.Limit > 0 {
		q += " LIMIT " + strconv.Itoa(f.Limit)
	}
	return s.query(ctx, q, args...)
}

// query collects jobs. A damaged record among them is passed over: whoever
// lists wants to see the rest.
func (s *store) query(ctx context.Context, q string, args ...any) (jobs []Job, err error) {
	rows, err := s.reader.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		j, err := s.scanJob(rows)
		if err != nil && !errors.Is(err, ErrDamaged) {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}

// head returns the job that a lane prints next. ok is false where none waits.
func (s *store) head(ctx context.Context, lane string) (j Job, ok bool, err error) {
	j, err = s.scanJob(s.reader.QueryRowContext(ctx, selectJob+
		` WHERE lane = ? AND state = 'queued' ORDER BY priority DESC, seq LIMIT 1`, lane))
	if errors.Is(err, ErrNotFound) {
		return Job{}, false, nil
	}
	return j, err == nil, err
}

// open returns the jobs of a lane that are being printed or in doubt, oldest
// first.
func (s *store) open(ctx context.Context, lane string) ([]Job, error) {
	return s.query(ctx, selectJob+` WHERE lane = ? AND state IN ('printing', 'doubt') ORDER BY seq`, lane)
}

// overdue returns the jobs of a lane whose time is over at now.
func (s *store) overdue(ctx context.Context, lane string, now time.Time) ([]Job, error) {
	return s.query(ctx, selectJob+` WHERE lane = ? AND state = 'queued' AND expires <> 0 AND expires <= ?
		ORDER BY expires LIMIT 1000`, lane, micros(now))
}

// nextExpiry returns when the next job of a lane expires; zero: none does.
func (s *store) nextExpiry(ctx context.Context, lane string) (time.Time, error) {
	var us sql.NullInt64
	err := s.reader.QueryRowContext(ctx, `SELECT min(expires) FROM job
		WHERE lane = ? AND state = 'queued' AND expires <> 0`, lane).Scan(&us)
	return fromMicros(us.Int64), err
}

// history returns what happened to a job, oldest first.
func (s *store) history(ctx context.Context, seq int64) ([]Step, error) {
	steps, _, err := s.steps(ctx, "job = ?", seq)
	return steps, err
}

// steps reads history entries, and the event and number of each.
func (s *store) steps(ctx context.Context, where string, arg any) (steps []Step, last int64, err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT n, job, time, lane, state, event, reason, evidence, attempt, reprint, detail
		FROM history WHERE `+where+` ORDER BY n`, arg)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var (
			st       Step
			at       int64
			evidence string
		)
		if err := rows.Scan(&last, &st.seq, &at, &st.Lane, &st.State, &st.event, &st.Reason, &evidence, &st.Attempt, &st.Reprint, &st.Detail); err != nil {
			return nil, 0, err
		}
		st.Job, st.Time = s.id(st.seq), fromMicros(at)
		if err := st.Evidence.UnmarshalText([]byte(evidence)); err != nil {
			st.Evidence = printer.EvidenceNone
		}
		steps = append(steps, st)
	}
	return steps, last, rows.Err()
}

// settledStates is the list of settled states in SQL.
const settledStates = `('printed', 'failed', 'canceled', 'expired')`

// retire removes settled jobs that were last touched before a time, and the
// oldest beyond count (negative: no limit), at most limit of them. The job
// with the highest number stays, whatever it is: its number must not be used
// again. It returns how many it removed.
func (t *tx) retire(before time.Time, count, limit int) (int, error) {
	ctx := context.Background()
	excess := 0
	if count >= 0 {
		var settled int
		err := t.s.conn.QueryRowContext(ctx, `SELECT count(*) FROM job WHERE state IN `+settledStates).Scan(&settled)
		if err != nil {
			return 0, err
		}
		excess = max(settled-count, 0)
	}
	rows, err := t.s.conn.QueryContext(ctx, `SELECT seq, updated FROM job WHERE state IN `+settledStates+`
		AND seq < (SELECT max(seq) FROM job) ORDER BY seq LIMIT ?`, limit)
	if err != nil {
		return 0, err
	}
	var old []int64
	for i := 0; rows.Next(); i++ {
		var seq, updated int64
		if err = rows.Scan(&seq, &updated); err != nil {
			break
		}
		if i < excess || !before.IsZero() && updated < micros(before) {
			old = append(old, seq)
		}
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return 0, err
	}
	for _, seq := range old {
		for _, q := range []string{
			"DELETE FROM payload WHERE seq = ?", "DELETE FROM history WHERE job = ?", "DELETE FROM job WHERE seq = ?",
		} {
			if _, err := t.s.conn.ExecContext(ctx, q, seq); err != nil {
				return 0, err
			}
		}
	}
	if len(old) > 0 {
		_, err = t.s.conn.ExecContext(ctx, "UPDATE meta SET value = value + ? WHERE name = 'removed'", len(old))
	}
	return len(old), err
}
