package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// Run drives lanes until ctx ends or the Queue is closed, and returns nil
// then. It takes the lanes that no other process runs at once, and the
// others as soon as they are free. A receipt that is being printed when ctx
// ends is finished within Lane.Grace, or parked.
//
// One process at a time talks to a printer, by whatever lane: a lane whose
// printer another lane of another process has waits until that ends.
//
// Run returns an error at once where a lane is configured wrongly, or this
// Queue runs it already, or two of the lanes lead to the same printer; and
// later only if the store fails for good.
func (q *Queue) Run(ctx context.Context, lanes ...Lane) error {
	if len(lanes) == 0 {
		return &Error{Op: "run", Err: fmt.Errorf("%w: none named", ErrLane)}
	}
	for _, l := range lanes {
		if err := l.check(); err != nil {
			return err
		}
	}
	if err := apart(lanes); err != nil {
		return err
	}
	if err := q.claim(lanes); err != nil {
		return err
	}
	defer q.disclaim(lanes)

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(q.ctx, func() { cancel(nil) })()
	defer q.listen()()
	var wg sync.WaitGroup
	for _, l := range lanes {
		r := newRunner(q, l)
		q.enlist(r, true)
		wg.Go(func() {
			defer q.enlist(r, false)
			if err := r.run(ctx); err != nil && ctx.Err() == nil {
				cancel(opError("run", l.Name, err, ""))
			}
		})
	}
	wg.Go(func() { q.keepHouse(ctx) })
	wg.Wait()
	var failed *Error
	if errors.As(context.Cause(ctx), &failed) {
		return failed
	}
	return nil
}

// Alive asks each lane that this Queue runs for a sign of life, and names the
// first that gives none before ctx ends. One that is printing, or opening a
// link, is alive: these have time limits of their own.
func (q *Queue) Alive(ctx context.Context) error {
	q.mu.Lock()
	runners := slices.Collect(maps.Keys(q.runners))
	q.mu.Unlock()
	for _, r := range runners {
		if err := r.alive(ctx); err != nil {
			return &Error{Op: "run", What: r.lane.Name, Err: fmt.Errorf("it gives no sign of life: %w", err)}
		}
	}
	return nil
}

func (r *runner) alive(ctx context.Context) error {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !r.engaged.Load() {
		select {
		case r.ping <- struct{}{}:
			return nil
		case <-r.ended:
			return nil
		case <-look.C: // it may have begun something
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// enlist notes that a lane's goroutine has begun, or has ended.
func (q *Queue) enlist(r *runner, begins bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if begins {
		q.runners[r] = true
		return
	}
	delete(q.runners, r)
	close(r.ended)
}

// apart reports lanes that lead to the same printer.
func apart(lanes []Lane) error {
	by := map[string]string{}
	for _, l := range lanes {
		name := l.printerLease()
		if other, taken := by[name]; taken && name != "" && other != l.Name {
			return &Error{Op: "run", What: l.Name, Err: fmt.Errorf("%w: its printer %s is that of lane %q as well", ErrLane, l.URI, other),
				Cure: "queue the receipts of both on one lane"}
		}
		by[name] = l.Name
	}
	return nil
}

// claim notes that this Queue runs the lanes.
func (q *Queue) claim(lanes []Lane) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ctx.Err() != nil {
		return &Error{Op: "run", Err: ErrClosed}
	}
	for i, l := range lanes {
		if q.running[l.Name] {
			for _, l := range lanes[:i] {
				delete(q.running, l.Name)
			}
			return &Error{Op: "run", What: l.Name, Err: fmt.Errorf("%w: it runs already", ErrLane)}
		}
		q.running[l.Name] = true
	}
	return nil
}

func (q *Queue) disclaim(lanes []Lane) {
	q.mu.Lock()
	for _, l := range lanes {
		delete(q.running, l.Name)
	}
	q.mu.Unlock()
	q.announce()
}

// leaseEvery is how often a lane that another process runs is tried again.
const leaseEvery = 250 * time.Millisecond

// awaitLease takes a lease as soon as it is free. taken is what is the matter
// meanwhile.
func (r *runner) awaitLease(ctx context.Context, name, taken string) (*lease, error) {
	tick := time.NewTicker(leaseEvery)
	defer tick.Stop()
	for told := false; ; told = true {
		l, err := r.q.lease(r.q.s.dir, name)
		if err == nil || !errors.Is(err, errHeld) {
			return l, err
		}
		if !told {
			r.log.Info(taken + "; waiting for it")
		}
		select {
		case <-tick.C:
		case <-r.ping:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// owner names this process, for people.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "this host"
	}
	return fmt.Sprintf("pid %d on %s", os.Getpid(), host)
}

// keepHouse removes what is settled and old, now and then.
func (q *Queue) keepHouse(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := q.retire(ctx); err != nil && ctx.Err() == nil {
			q.log.Warn("cannot remove old receipts", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// retireBatch bounds how long a removal keeps others from writing.
const retireBatch = 200

// retire removes settled jobs beyond the limits of Config.Retention.
func (q *Queue) retire(ctx context.Context) error {
	age, count := q.cfg.Retention.Age, q.cfg.Retention.Count
	if age == 0 {
		age = 30 * 24 * time.Hour
	}
	if count == 0 {
		count = 10_000
	}
	for {
		var before time.Time
		if age > 0 {
			before = q.now().Add(-age)
		}
		var n int
		err := q.write(ctx, func(t *tx) (err error) {
			n, err = t.retire(before, count, retireBatch)
			return err
		})
		if err != nil || n < retireBatch {
			return err
		}
	}
}
