package hook

import "sync"

// ring is a bounded queue between goroutines. Putting never waits: where it
// is full, the oldest goes, and is counted.
type ring[T any] struct {
	max   int
	ready chan struct{} // there may be something to take, or the end

	mu      sync.Mutex
	items   []T
	dropped int
	closed  bool
}

func newRing[T any](max int) *ring[T] {
	return &ring[T]{max: max, ready: make(chan struct{}, 1)}
}

func (r *ring[T]) put(v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	if len(r.items) >= r.max {
		r.items = append(r.items[:0], r.items[1:]...)
		r.dropped++
	}
	r.items = append(r.items, v)
	r.wake()
}

// close lets take empty the ring, and then tell of the end.
func (r *ring[T]) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.wake()
}

func (r *ring[T]) wake() {
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

// take returns the oldest item, and how many were dropped before it. It does
// not wait. ended is set where nothing more will come.
func (r *ring[T]) take() (v T, dropped int, ok, ended bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.items) == 0 {
		return v, 0, false, r.closed
	}
	v, r.items = r.items[0], r.items[1:]
	dropped, r.dropped = r.dropped, 0
	return v, dropped, true, false
}
