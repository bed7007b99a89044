// Package deadline turns contexts into deadlines and deadlines into contexts,
// for media that know only one of them.
package deadline

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

// past is a deadline that has always expired.
var past = time.Unix(1, 0)

// Run runs one blocking call under a context: the end of the context becomes
// a deadline in the past, and the watcher is joined before the deadline is
// cleared, so that it cannot hit a later call.
func Run(ctx context.Context, set func(time.Time) error, call func() (int, error)) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if ctx.Done() == nil {
		return call()
	}
	fired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(fired)
		_ = set(past) // a closed Conn has ended the call already
	})
	n, err := call()
	if !stop() {
		<-fired
		if cerr := set(time.Time{}); cerr != nil && err == nil {
			return n, cerr
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = ctx.Err()
		}
	}
	return n, err
}

// A Deadline is a deadline that can be moved while somebody waits for it. The
// zero value is no deadline.
type Deadline struct {
	mu      sync.Mutex
	timer   *time.Timer
	expired chan struct{} // closed once the deadline has passed
}

// Set moves the deadline; the zero time removes it.
func (d *Deadline) Set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.done() // the timer is about to close it: let it
	}
	d.timer = nil
	select {
	case <-d.done():
		d.expired = make(chan struct{})
	default:
	}
	switch wait := time.Until(t); {
	case t.IsZero():
	case wait <= 0:
		close(d.expired)
	default:
		ch := d.expired
		d.timer = time.AfterFunc(wait, func() { close(ch) })
	}
}

// Done returns a channel that is closed once the deadline has passed. A call
// that waits on it sees a deadline that is set later, too.
func (d *Deadline) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done()
}

func (d *Deadline) done() chan struct{} {
	if d.expired == nil {
		d.expired = make(chan struct{})
	}
	return d.expired
}

// Expired reports whether the deadline has passed.
func (d *Deadline) Expired() bool {
	select {
	case <-d.Done():
		return true
	default:
		return false
	}
}
