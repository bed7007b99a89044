package virtual

import (
	"sync"
	"time"
)

// A deadline is a point in time that can be moved while somebody waits for
// it. The zero value never comes.
type deadline struct {
	mu    sync.Mutex
	timer *time.Timer
	done  chan struct{} // closed once the deadline has passed; nil: none made yet
}

// wait returns a channel that is closed when the deadline has passed.
func (d *deadline) wait() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done == nil {
		d.done = make(chan struct{})
	}
	return d.done
}

// passed reports whether the deadline has passed.
func (d *deadline) passed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.isPassed()
}

func (d *deadline) isPassed() bool {
	select {
	case <-d.done: // nil: blocks, so default
		return true
	default:
		return false
	}
}

// set moves the deadline to t. The zero time removes it.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	passed := d.isPassed()
	if passed {
		d.done = nil
	}
	if t.IsZero() {
		return
	}
	if d.done == nil {
		d.done = make(chan struct{})
	}
	done := d.done
	left := time.Until(t)
	if left <= 0 {
		close(done)
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(left, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.timer == timer { // not moved meanwhile
			d.timer = nil
			close(done)
		}
	})
	d.timer = timer
}
