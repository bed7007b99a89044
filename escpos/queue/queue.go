package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// Config says how a Queue works. A nil Config, and the zero value of each
// field, stands for the default.
type Config struct {
	// Logger hears of what is odd. nil: nobody hears of it.
	Logger *slog.Logger

	// OnEvent is called for each event, in order, in a goroutine of its
	// own. It may take its time: events wait in a buffer, and what does not
	// fit is counted in a Dropped event. Printing never waits for it.
	OnEvent func(Event)

	// EventBuffer is how many events may wait for OnEvent. 0: 1024.
	EventBuffer int

	// Retention says how long settled jobs are kept.
	Retention Retention
}

// Retention says how long settled jobs are kept: for as long as both limits
// allow. A job that is not settled is kept for ever, and so is the newest of
// all, until there is a newer one. The key of a job that was removed may be
// used again.
type Retention struct {
	Age   time.Duration // 0: 30 days; negative: no limit
	Count int           // 0: 10,000; negative: no limit
}

// A Queue keeps receipts until they are on paper. Its methods may be called
// from several goroutines, and the same directory may be open in several
// processes.
type Queue struct {
	cfg  Config
	log  *slog.Logger
	s    *store
	lock *os.File // see lockName
	feed feed

	damage *Damage
	now    func() time.Time

	// How a lane is taken, a receipt printed, and a printer's counters read.
	// Tests plant bugs here.
	lease func(dir, lane string) (*lease, error)
	print func(*printer.Printer, context.Context, *printer.Job) (printer.Result, error)
	count func(context.Context, *printer.Printer) (c reading, known bool, err error)

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	wg      sync.WaitGroup // what runs in the background
	closing sync.Once
	closed  error // of Close

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when something was stored
	polls   int           // how many need to hear of other processes
	stop    context.CancelFunc
	running map[string]bool
	runners map[*runner]bool
}

// Open opens the queue in a directory, which is made if it is not there,
// readable by its owner alone. ctx bounds the opening, not the life of the
// Queue.
//
// A store that is damaged is repaired, if no other process has it open: what
// can be read is kept, and Queue.Damage names what cannot. The damaged file
// stays beside it.
func Open(ctx context.Context, dir string, cfg *Config) (*Queue, error) {
	s, damage, lock, err := openSound(ctx, dir)
	if err != nil {
		return nil, opError("open", dir, err, "")
	}
	q := &Queue{
		s: s, damage: damage, lock: lock, now: time.Now,
		lease: takeLease, print: (*printer.Printer).Print, count: count,
		changed: make(chan struct{}), running: map[string]bool{}, runners: map[*runner]bool{},
	}
	if cfg != nil {
		q.cfg = *cfg
	}
	q.log = q.cfg.Logger
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	if damage != nil {
		q.log.Error("the store was damaged; what could be read was kept", "error", damage.Cause,
			"kept", damage.Kept, "lost", damage.Lost, "file", damage.File)
	}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	if q.cfg.OnEvent != nil {
		if q.cfg.EventBuffer <= 0 {
			q.cfg.EventBuffer = 1024
		}
		sub := q.feed.add(q.cfg.EventBuffer)
		q.wg.Go(func() {
			for e := range sub.C() {
				q.cfg.OnEvent(e)
			}
		})
	}
	return q, nil
}

// Close ends what runs, as if its context had ended, and closes the store.
// It waits for OnEvent to have seen what was still in its buffer. Closing
// again does nothing.
func (q *Queue) Close() error {
	q.closing.Do(func() {
		// Under the lock, so that no Run begins after this.
		q.mu.Lock()
		q.cancel()
		q.mu.Unlock()
		for {
			q.mu.Lock()
			n, c := len(q.running), q.changed
			q.mu.Unlock()
			if n == 0 {
				break
			}
			<-c
		}
		q.feed.close()
		q.wg.Wait()
		q.closed = opError("close", q.s.dir, errors.Join(q.s.close(), q.lock.Close()), "")
	})
	return q.closed
}

// Damage returns what was found and saved when the store was opened, or nil
// where it was sound.
func (q *Queue) Damage() *Damage { return q.damage }

// Subscribe returns a subscription to the events of the lanes that this
// Queue runs. buffer is how many may wait, at least 2.
func (q *Queue) Subscribe(buffer int) *Subscription { return q.feed.add(buffer) }

// Enqueue stores a receipt. After it has returned nil, the receipt is on the
// disk, and comes out, or somebody is told why not.
//
// Where the lane has a job of the same key already, that is returned, and
// nothing is stored; if its document is another one, the error matches
// ErrKeyConflict.
func (q *Queue) Enqueue(ctx context.Context, r Receipt) (Job, error) {
	rec, err := newRecord(r)
	if err != nil {
		return Job{}, &Error{Op: "enqueue", What: r.Lane, Err: err}
	}
	var j Job
	err = q.write(ctx, func(t *tx) (err error) {
		j, err = t.insert(rec, q.now())
		return err
	})
	if err != nil {
		cure := ""
		if errors.Is(err, ErrKeyConflict) {
			cure = "use a key of its own for each receipt"
		}
		return Job{}, opError("enqueue", r.Lane, err, cure)
	}
	return j, nil
}

const maxTitle = 200

func newRecord(r Receipt) (*record, error) {
	switch {
	case strings.TrimSpace(r.Lane) == "":
		return nil, fmt.Errorf("%w: it names no lane", ErrReceipt)
	case r.Document == nil:
		return nil, fmt.Errorf("%w: it has no document", ErrReceipt)
	case len(r.Lane) > maxTitle || len(r.Key) > 1000:
		return nil, fmt.Errorf("%w: the name of the lane or the key is too long", ErrReceipt)
	case !utf8.ValidString(r.Lane) || !utf8.ValidString(r.Key):
		return nil, fmt.Errorf("%w: the name of the lane or the key is not UTF-8", ErrReceipt)
	}
	doc, err := r.Document.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	title := strings.ToValidUTF8(r.Title, "�")
	for len(title) > maxTitle {
		_, n := utf8.DecodeLastRuneInString(title)
		title = title[:len(title)-n]
	}
	return &record{lane: r.Lane, key: r.Key, title: title, priority: r.Priority, expires: r.Expires, doc: doc}, nil
}

// Job returns a job. An id is what Enqueue returned; the number in it alone
// will do.
func (q *Queue) Job(ctx context.Context, id string) (Job, error) {
	seq, err := q.s.seq(id)
	var j Job
	if err == nil {
		err = q.read(func() error {
			j, err = q.s.scanJob(q.s.reader.QueryRowContext(ctx, selectJob+" WHERE seq = ?", seq))
			return err
		})
	}
	return j, q.jobError("show", id, err)
}

// Jobs lists jobs, in the order in which they were queued.
func (q *Queue) Jobs(ctx context.Context, f Filter) (jobs []Job, err error) {
	err = q.read(func() error {
		jobs, err = q.s.jobs(ctx, f)
		return err
	})
	return jobs, opError("list", f.Lane, err, "")
}

// Document returns the document of a job, as it was queued.
func (q *Queue) Document(ctx context.Context, id string) (*escpos.Document, error) {
	j, err := q.Job(ctx, id)
	if err != nil {
		return nil, err
	}
	var doc *escpos.Document
	err = q.read(func() error {
		doc, err = q.s.document(ctx, j)
		return err
	})
	return doc, opError("show", id, err, "")
}

// History returns what happened to a job, oldest first.
func (q *Queue) History(ctx context.Context, id string) (steps []Step, err error) {
	seq, err := q.s.seq(id)
	if err == nil {
		err = q.read(func() error {
			steps, err = q.s.history(ctx, seq)
			return err
		})
	}
	return steps, q.jobError("show", id, err)
}

// Wait waits until a job is settled or in doubt, and returns it. It does not
// matter which process prints it. When ctx ends, the error is that of ctx,
// and the job is as it then was.
func (q *Queue) Wait(ctx context.Context, id string) (Job, error) {
	defer q.listen()()
	var j Job
	for {
		changed := q.change()
		now, err := q.Job(ctx, id)
		switch {
		case err == nil:
			if j = now; j.State.Settled() || j.State == Doubt {
				return j, nil
			}
		case ctx.Err() != nil:
			return j, ctx.Err()
		default:
			return j, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return j, ctx.Err()
		case <-q.ctx.Done():
			return j, opError("wait", id, ErrClosed, "")
		}
	}
}

// Cancel takes a job out of the queue that waits. One that is being printed,
// in doubt or settled is left alone, and the error matches ErrState.
func (q *Queue) Cancel(ctx context.Context, id string) error {
	return q.advance(ctx, "cancel", id, causeCancel, "canceled by hand")
}

// Resolve ends a doubt. The error matches ErrState where there is none.
func (q *Queue) Resolve(ctx context.Context, id string, r Resolution) error {
	switch r {
	case ResolvePrinted:
		return q.advance(ctx, "resolve", id, causeSaysDone, "somebody saw that it came out")
	case ResolveReprint:
		return q.advance(ctx, "resolve", id, causeSaysAgain, "somebody asked for another copy")
	case ResolveDrop:
		return q.advance(ctx, "resolve", id, causeDrop, "given up by hand")
	}
	return &Error{Op: "resolve", What: id, Err: fmt.Errorf("%w: no such resolution", ErrState)}
}

func (q *Queue) advance(ctx context.Context, op, id string, on cause, reason string) error {
	seq, err := q.s.seq(id)
	if err == nil {
		err = q.write(ctx, func(t *tx) error {
			_, err := t.advance(seq, on, change{reason: reason}, q.now())
			return err
		})
	}
	return q.jobError(op, id, err)
}

func (q *Queue) jobError(op, id string, err error) error {
	cure := ""
	if errors.Is(err, ErrNotFound) {
		cure = "\"printerctl queue list\" shows what there is"
	}
	return opError(op, id, err, cure)
}

// Stats counts jobs.
func (q *Queue) Stats(ctx context.Context) (st Stats, err error) {
	err = q.read(func() error {
		st, err = q.s.stats(ctx)
		return err
	})
	return st, opError("count", "", err, "")
}

// Lanes lists what is known of the lanes, by name.
func (q *Queue) Lanes(ctx context.Context) (lanes []LaneInfo, err error) {
	err = q.read(func() error {
		lanes, err = q.s.lanes(ctx)
		return err
	})
	return lanes, opError("list lanes", "", err, "")
}

// read guards what reads the store.
func (q *Queue) read(f func() error) error {
	if q.ctx.Err() != nil {
		return ErrClosed
	}
	return f()
}

// write changes the store and lets everybody know.
func (q *Queue) write(ctx context.Context, f func(*tx) error) error {
	if q.ctx.Err() != nil {
		return ErrClosed
	}
	return q.settle(ctx, f)
}

// settle is write for what must still be written while the Queue closes.
func (q *Queue) settle(ctx context.Context, f func(*tx) error) error {
	err := q.s.write(ctx, f)
	if err == nil {
		q.announce()
	}
	return err
}

// announce wakes whoever waits for a change.
func (q *Queue) announce() {
	q.mu.Lock()
	defer q.mu.Unlock()
	close(q.changed)
	q.changed = make(chan struct{})
}

// change returns a channel that is closed at the next change.
func (q *Queue) change() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.changed
}

// pollEvery is how often the store is asked whether another process changed
// it, while somebody here wants to know. It is one read of shared memory.
const pollEvery = 200 * time.Millisecond

// listen makes changes by other processes known, until the function that it
// returns is called.
func (q *Queue) listen() (done func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.polls++; q.polls == 1 && q.ctx.Err() == nil {
		var ctx context.Context
		ctx, q.stop = context.WithCancel(q.ctx)
		q.wg.Go(func() { q.poll(ctx) })
	}
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.polls--; q.polls == 0 && q.stop != nil {
			q.stop()
			q.stop = nil
		}
	}
}

func (q *Queue) poll(ctx context.Context) {
	conn, err := q.s.reader.Conn(ctx)
	if err != nil {
		q.log.Warn("cannot hear of other processes", "error", err)
		return
	}
	defer func() { _ = conn.Close() }()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	seen := -1
	for {
		var version int
		switch err := conn.QueryRowContext(context.Background(), "PRAGMA data_version").Scan(&version); {
		case err != nil:
			q.log.Warn("cannot ask whether the store changed", "error", err)
		case version != seen:
			seen = version
			q.announce()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
