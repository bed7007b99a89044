package queue

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// A runner drives one lane: it takes the lease, keeps a link to the printer,
// watches it, and prints what waits whenever nothing holds it.
type runner struct {
	q    *Queue
	lane Lane
	log  *slog.Logger

	ping    chan struct{} // taken as a sign of life
	engaged atomic.Bool   // opening a link or printing: no ping is taken meanwhile
	ended   chan struct{} // closed when the goroutine has ended

	seen sync.Mutex // guards the numbers below: what events were told of
	seq  int64      // jobs up to this one
	step int64      // history up to this one

	mu        sync.Mutex
	row       laneRow
	peer      *printer.Printer   // at the other end of the link
	linked    bool               // there is a link
	proven    bool               // and it has shown to be good for something
	away      bool               // the last attempts to reach the printer came to nothing
	tried     bool               // it is known whether that is so
	heard     bool               // the printer was asked how it is, over this link
	heardOnce bool               // the same, over any link since the lane was taken
	answers   bool               // the printer is one that answers questions
	silent    bool               // and now it does not
	doubt     bool               // a job in doubt blocks the lane
	disk      error              // the store refuses
	raised    map[EventKind]bool // what was raised and not cleared
	nudge     chan struct{}      // the state of the printer or the lane changed
	dirty     chan struct{}      // the row changed
	unready   time.Time          // since when the lane has not been ready; zero: it is

	// Of the runner's goroutine alone.
	mem       memory    // of the printer
	before    *reading  // the counters as they stand; nil: not known on this link
	undecided []Job     // interrupted, and the counters may tell
	asking    time.Time // since when they are asked
}

func newRunner(q *Queue, l Lane) *runner {
	return &runner{
		q: q, lane: l,
		log:    q.log.With("lane", l.Name),
		row:    laneRow{name: l.Name, uri: l.URI, owner: owner()},
		raised: map[EventKind]bool{},
		nudge:  make(chan struct{}, 1),
		dirty:  make(chan struct{}, 1),
		ping:   make(chan struct{}),
		ended:  make(chan struct{}),
	}
}

// run drives the lane until ctx ends. An error means that the store is of no
// more use.
func (r *runner) run(ctx context.Context) error {
	l, err := r.awaitLease(ctx, laneLease(r.lane.Name), "another process runs the lane")
	if err != nil {
		return err
	}
	defer l.release()
	if name := r.lane.printerLease(); name != "" {
		l, err := r.awaitLease(ctx, name, "another lane drives the printer")
		if err != nil {
			return err
		}
		defer l.release()
	}
	if err := r.takeOver(ctx); err != nil {
		return err
	}
	pctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { r.publish(pctx) })
	defer wg.Wait()
	defer cancel()
	var backoff backoff
	for ctx.Err() == nil {
		var cfg printer.Config
		if r.lane.Printer != nil {
			cfg = *r.lane.Printer
		}
		cfg.Unfinished = r.mem.unfinished
		cfg.Known = cfg.Known.Learn(r.mem.known)
		r.engaged.Store(true)
		p, err := printer.Open(ctx, r.lane.URI, &cfg)
		r.engaged.Store(false)
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			r.log.Info("the printer cannot be reached", "error", err)
			r.setLink(false)
			r.idle(ctx, backoff.next())
			continue
		}
		err = r.serve(ctx, p)
		if r.good() {
			backoff.reset()
		}
		_ = p.Close() // says nothing that is not known
		r.before = nil
		r.keep(ctx, r.mem.ended(p))
		if err != nil {
			return err
		}
		if ctx.Err() == nil {
			r.setLink(false)
			r.idle(ctx, backoff.next())
		}
	}
	return nil
}

// backoff is how long to wait before the printer is tried again.
type backoff struct{ d time.Duration }

const minBackoff, maxBackoff = 250 * time.Millisecond, 10 * time.Second

func (b *backoff) next() time.Duration {
	b.d = min(max(2*b.d, minBackoff), maxBackoff)
	return b.d
}

func (b *backoff) reset() { b.d = 0 }

// linkHolds is how long a link must stand to be good for something, where the
// printer says nothing: one that is in use by another host may take a link,
// and hang up.
const linkHolds = 2 * time.Second

// idle waits, while receipts expire and other processes do things.
func (r *runner) idle(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		changed := r.q.change()
		r.housekeep(ctx)
		select {
		case <-timer.C:
			return
		case <-r.ping:
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// takeOver settles what the last owner of the lane left behind.
func (r *runner) takeOver(ctx context.Context) error {
	if err := r.q.s.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT max(seq) FROM job), 0),
		coalesce((SELECT max(n) FROM history), 0)`).Scan(&r.seq, &r.step); err != nil {
		return err
	}
	lanes, err := r.q.s.lanes(ctx)
	if err != nil {
		return err
	}
	if r.mem, err = r.q.s.recall(ctx, r.lane.printerKey()); err != nil {
		return err
	}
	r.mu.Lock()
	r.row.state, r.row.since = LaneReady, r.q.now()
	for _, l := range lanes {
		if l.Name == r.lane.Name && l.URI == r.lane.URI {
			r.answers = (l.Status.Answered > 0 || l.Status.Raw.HasASB()) && r.lane.answers() != escpos.No
		}
	}
	r.mu.Unlock()
	jobs, err := r.q.s.open(ctx, r.lane.Name)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if j.State != Printing {
			continue
		}
		// It stands in the memory, unless a damaged store had to be repaired.
		if doc, err := r.q.s.document(ctx, j); err == nil {
			if sh, err := shapeOf(doc, r.profile()); err == nil {
				r.mem = r.mem.begun(sh)
			}
		}
		if err := r.interrupted(ctx, j, "interrupted: the program ended while it was being printed", ""); err != nil {
			return err
		}
	}
	return nil
}

// interrupted deals with a job of which nobody knows how far it got: it is
// left to the counters where they may tell, and in doubt otherwise.
func (r *runner) interrupted(ctx context.Context, j Job, reason, detail string) error {
	if r.decidable(ctx, j) {
		r.undecided = append(r.undecided, j)
		return nil
	}
	return r.toDoubt(ctx, j, reason, detail)
}

// toDoubt puts a job in doubt, and does at once what the lane's policy says
// of that.
func (r *runner) toDoubt(ctx context.Context, j Job, reason, detail string) error {
	return r.advance(ctx, func(t *tx) error {
		j, err := t.advance(j.seq, causeLost, change{reason: reason, detail: detail}, r.q.now())
		if err != nil {
			return err
		}
		switch {
		case r.lane.AfterDoubt == Reprint && j.Attempt <= r.lane.maxReprints():
			_, err = t.advance(j.seq, causeSaysAgain, change{reason: reason}, r.q.now())
		case r.lane.AfterDoubt == Drop:
			_, err = t.advance(j.seq, causeDrop, change{reason: reason}, r.q.now())
		}
		if err != nil {
			return err
		}
		return t.remember(r.lane.printerKey(), r.mem)
	})
}

// advance changes jobs and tells of it. It does not give up where the disk
// fails for a while: what is known of a receipt must not get lost.
func (r *runner) advance(ctx context.Context, f func(*tx) error) error {
	var backoff backoff
	for {
		err := r.q.settle(context.WithoutCancel(ctx), f)
		if err == nil {
			r.setDisk(nil)
			r.tell(ctx)
			return nil
		}
		err = storeError(err)
		if !errors.Is(err, ErrFull) && !errors.Is(err, ErrBusy) || ctx.Err() != nil {
			return err
		}
		r.setDisk(err)
		select {
		case <-time.After(backoff.next()):
		case <-r.ping:
		case <-ctx.Done():
		}
	}
}

// serve works over one link until it breaks or ctx ends. An error means that
// the store is of no more use.
func (r *runner) serve(ctx context.Context, p *printer.Printer) error {
	// The watch outlives ctx for as long as a receipt is being finished.
	wctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	w, err := p.Watch(wctx, nil)
	if err != nil {
		r.log.Info("the printer cannot be watched", "error", err)
		return nil
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	r.setPeer(p)
	defer r.setPeer(nil)
	r.setLink(true)
	// A printer that never answers is there if it does not hang up.
	defer time.AfterFunc(linkHolds, r.setGood).Stop()
	wg.Go(func() {
		for c := range w.C() {
			r.setStatus(c.Status)
		}
	})
	for ctx.Err() == nil && p.Err() == nil {
		changed := r.q.change()
		due := r.housekeep(ctx)
		more, err := r.work(ctx, p)
		switch {
		case ctx.Err() != nil:
		case errors.Is(err, ErrFull), errors.Is(err, ErrBusy):
			r.setDisk(err)
			due.Reset(retryDisk)
		case err != nil:
			due.Stop()
			return err
		case more:
			due.Stop()
			continue
		}
		select {
		case <-changed:
		case <-r.nudge:
		case <-r.ping:
		case <-p.Done():
		case <-due.C:
		case <-ctx.Done():
		}
		due.Stop()
	}
	return nil
}

// work does the next thing for the receipts of the lane, if nothing holds
// it. more is true where there may be more to do at once.
func (r *runner) work(ctx context.Context, p *printer.Printer) (more bool, err error) {
	if !r.free() {
		return false, nil
	}
	if len(r.undecided) > 0 {
		if err := r.decide(ctx, p); err != nil || len(r.undecided) > 0 {
			return false, storeError(err)
		}
		return true, nil // it may be a doubt now
	}
	j, ok, err := r.q.s.head(ctx, r.lane.Name)
	if errors.Is(err, ErrDamaged) {
		reason := err.Error()
		return true, r.advance(ctx, func(t *tx) error { return t.quarantine(j.seq, reason, r.q.now()) })
	}
	if err != nil || !ok {
		return false, storeError(err)
	}
	r.engaged.Store(true)
	more, err = r.print(ctx, p, j)
	r.engaged.Store(false)
	return more, storeError(err)
}

// retryDisk is how soon a lane tries again after the store refused.
const retryDisk = 2 * time.Second

// housekeep does what is due on the lane beside printing, and returns a
// timer for when something is due next.
func (r *runner) housekeep(ctx context.Context) *time.Timer {
	r.tell(ctx)
	r.expire(ctx)
	r.lookForDoubt(ctx)
	wait := time.Hour
	if next, err := r.q.s.nextExpiry(ctx, r.lane.Name); err == nil && !next.IsZero() {
		wait = max(min(next.Sub(r.q.now()), wait), time.Millisecond)
	}
	if len(r.undecided) > 0 {
		wait = min(wait, time.Second)
	}
	if d, on := r.route(ctx); on {
		wait = min(wait, d)
	}
	return time.NewTimer(wait)
}

// expire settles the jobs whose time is over.
func (r *runner) expire(ctx context.Context) {
	now := r.q.now()
	jobs, err := r.q.s.overdue(ctx, r.lane.Name, now)
	for _, j := range jobs {
		if err != nil {
			break
		}
		err = r.q.settle(ctx, func(t *tx) error {
			_, err := t.advance(j.seq, causeExpire, change{reason: "its time was over before it could be printed"}, now)
			return err
		})
		if errors.Is(err, ErrState) || errors.Is(err, ErrNotFound) {
			err = nil // somebody was faster
		}
	}
	if err != nil && ctx.Err() == nil {
		r.log.Warn("cannot expire receipts", "error", err)
	}
	if len(jobs) > 0 {
		r.tell(ctx)
	}
}

// lookForDoubt finds out whether the lane is blocked.
func (r *runner) lookForDoubt(ctx context.Context) {
	jobs, err := r.q.s.open(ctx, r.lane.Name)
	if err != nil {
		return
	}
	r.setDoubt(slices.ContainsFunc(jobs, func(j Job) bool { return j.State == Doubt }))
}

// tell fires the events of what was stored since it was last called, by
// this process or another one.
func (r *runner) tell(ctx context.Context) {
	r.seen.Lock()
	defer r.seen.Unlock()
	ctx = context.WithoutCancel(ctx)
	fresh, err := r.q.s.query(ctx, selectJob+` WHERE seq > ? ORDER BY seq`, r.seq)
	if err != nil {
		r.log.Warn("cannot read what is new", "error", err)
		return
	}
	for _, j := range fresh {
		r.seq = j.seq
		if j.Origin == r.lane.Name {
			j.Lane, j.State, j.Updated = j.Origin, Queued, j.Created // as it was then
			r.q.feed.send(Event{Kind: JobQueued, Time: j.Created, Lane: r.lane.Name, URI: r.lane.URI, Job: &j})
		}
	}
	steps, last, err := r.q.s.steps(ctx, "n > ?", r.step)
	if err != nil {
		r.log.Warn("cannot read what happened", "error", err)
		return
	}
	r.step = max(r.step, last)
	for _, st := range steps {
		if st.Lane != r.lane.Name || st.event == "" {
			continue
		}
		j, err := r.q.s.scanJob(r.q.s.reader.QueryRowContext(ctx, selectJob+" WHERE seq = ?", st.seq))
		if err != nil {
			continue // removed, or damaged
		}
		// As it was at that step, whatever came after.
		j.State, j.Reason, j.Evidence, j.Attempt, j.Reprint, j.Updated = st.State, st.Reason, st.Evidence, st.Attempt, st.Reprint, st.Time
		r.q.feed.send(Event{Kind: st.event, Time: st.Time, Lane: r.lane.Name, URI: r.lane.URI, Job: &j, Text: st.Reason})
	}
}
