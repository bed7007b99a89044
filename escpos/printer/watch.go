package printer

import (
	"context"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// WatchConfig says how a printer is watched. A nil WatchConfig, and the zero
// value of each field, stands for the default.
type WatchConfig struct {
	// Buffer is how many changes wait for a slow watcher. When it is full,
	// the oldest gives way, and Change.Missed counts it. 0: 16.
	Buffer int
}

// A Change is a change of what a printer says of itself.
type Change struct {
	Status Status
	Prev   Status // what the change before this one said; zero in the first
	Raw    []byte // the bytes it rests on: a frame of automatic status, or the answers to DLE EOT 1 to 4
	// Missed is how many changes between Prev and Status were dropped because
	// nobody took them.
	Missed int
}

// A Watch follows a printer. Close it when done.
type Watch struct {
	p      *Printer
	mu     sync.Mutex // one sender; guards ch against its closing
	ch     chan Change
	closed bool
	stop   func() bool // forgets the context
}

// Watch follows the printer until ctx ends, the link does, or the Watch is
// closed. The first Change says how the printer is now.
//
// Where the printer has automatic status back (GS a), it is switched on and
// the printer tells by itself; while nothing happens, nothing is sent but one
// question a minute, which keeps the link alive and finds one that is dead.
// Otherwise the printer is asked, more often while something is wrong. When
// the last Watch ends, automatic status is switched off with the link. That is
// what printers are switched on with; whether somebody had switched it on, no
// printer can be asked. Where a frame came before it was asked for, it is left
// on.
//
// A job switches automatic status off with its first command; Print switches
// it on again.
func (p *Printer) Watch(ctx context.Context, cfg *WatchConfig) (*Watch, error) {
	size := 16
	if cfg != nil && cfg.Buffer > 0 {
		size = cfg.Buffer
	}
	w := &Watch{p: p, ch: make(chan Change, size)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return nil, newError("watch", p.uri, p.err)
	}
	if err := ctx.Err(); err != nil {
		return nil, newError("watch", p.uri, err)
	}
	p.asb.watches = append(p.asb.watches, w)
	if p.asb.known {
		w.tell(Change{Status: p.asb.now, Raw: raw(p.asb.now)})
	}
	w.stop = context.AfterFunc(ctx, w.Close)
	if !p.asb.running {
		p.asb.running = true
		p.wg.Add(1)
		go p.monitor()
	}
	signal(p.asb.poke)
	return w, nil
}

// C returns the channel of changes. It is closed when the Watch has ended;
// Printer.Err tells whether the link has, too.
func (w *Watch) C() <-chan Change { return w.ch }

// Close ends the Watch. Closing again does nothing.
func (w *Watch) Close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.ch)
	}
	w.mu.Unlock()
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	w.stop()
	for i, x := range p.asb.watches {
		if x == w {
			p.asb.watches = append(p.asb.watches[:i], p.asb.watches[i+1:]...)
			break
		}
	}
	signal(p.asb.poke)
}

// tell hands a change over, and never waits.
func (w *Watch) tell(c Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	for {
		select {
		case w.ch <- c:
			return
		default:
		}
		select {
		case old := <-w.ch:
			c.Missed += old.Missed + 1
			c.Prev = old.Prev
		default:
		}
	}
}

// raw is the answers to DLE EOT that s rests on.
func raw(s Status) []byte {
	if s.Raw.HasASB() {
		return append([]byte(nil), s.Raw.ASB[:]...)
	}
	var b []byte
	for n := 1; n <= 4; n++ {
		if s.Raw.Has(n) {
			b = append(b, s.Raw.RealTime[n])
		}
	}
	return b
}

// publish tells the watches what the printer answered, unless it tells by
// itself: the two do not say all the same things.
func (p *Printer) publish(s Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.asb.live {
		p.publishLocked(s)
	}
}

// Heard returns when what the printer last told a Watch was last known to be
// so: a printer that goes on saying the same has no change to tell. It is zero
// before the first Change.
func (p *Printer) Heard() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asb.now.Time
}

func (p *Printer) publishLocked(s Status) {
	a := &p.asb
	if a.known && same(a.now.Status, s.Status) {
		if s.Answered > 0 || s.Raw.HasASB() {
			a.now.Time = s.Time
		}
		return
	}
	prev := a.now
	a.now, a.known = s, true
	for _, w := range a.watches {
		w.tell(Change{Status: s, Prev: prev, Raw: raw(s)})
	}
}

// same reports whether a and b say the same, apart from the bytes they rest
// on and from what only DLE EOT tells.
func same(a, b escpos.Status) bool {
	a.Raw, b.Raw = escpos.RawStatus{}, escpos.RawStatus{}
	if a.StoppedByPaperEnd == escpos.Unknown || b.StoppedByPaperEnd == escpos.Unknown {
		a.StoppedByPaperEnd, b.StoppedByPaperEnd = escpos.Unknown, escpos.Unknown
	}
	return a == b
}
