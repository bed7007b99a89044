package printer

import (
	"context"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// asbMask is what GS a is asked to report: drawer, online, errors, paper and
// the feed button. The other bits are reserved.
const asbMask = 0x4F

func setASB(mask byte) []byte { return []byte{0x1D, 'a', mask} }

// asbState is what is known of automatic status back, guarded by Printer.mu.
type asbState struct {
	last    escpos.ASB
	at      time.Time
	armed   bool // we switched it on
	unasked bool // frames came before we did
	live    bool // a frame came since it was last switched
	doubt   bool // what the last frame said may be noise, or be over: ask

	hint   escpos.ASB // a frame that nothing has confirmed yet
	hinted bool       // hint is set

	now     Status // what the watches were told last
	known   bool   // now is set
	watches []*Watch
	running bool // the monitor

	printing bool          // a job looks after the printer
	job      chan struct{} // a frame came: for the job
	poke     chan struct{} // something changed: for the monitor
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// frame takes in an automatic status frame that stood in no noise. p.mu is
// held.
func (p *Printer) frame(f escpos.ASB, now time.Time) {
	a := &p.asb
	defer signal(a.job)
	defer signal(a.poke)
	if !a.armed && !a.live {
		a.unasked = true
	}
	again := a.hinted && a.hint == f
	if p.caps.ASB != escpos.Yes && !again && !p.confirmed(f) {
		a.hint, a.hinted = f, true
		return
	}
	a.last, a.at, a.live, a.doubt, a.hinted = f, now, true, false, false
	p.caps.ASB = escpos.Yes
	p.publishLocked(p.framed())
}

// confirmed reports whether the first frame on a link is one: four bytes of
// noise may look the same. The printer is known to send frames, or has just
// said the same when it was asked. p.mu is held.
func (p *Printer) confirmed(f escpos.ASB) bool {
	a := &p.asb
	if a.armed && p.cfg.Known.ASB == escpos.Yes {
		return true
	}
	var s escpos.Status
	s.ApplyASB(f, p.sensorsLocked())
	return p.said.Online != escpos.Unknown && s.Online == p.said.Online &&
		agree(s.CoverOpen, p.said.CoverOpen) && agree(s.PaperEnd, p.said.PaperEnd) && agree(s.PaperNearEnd, p.said.PaperNearEnd)
}

func agree(a, b escpos.Tri) bool { return a == b || a == escpos.Unknown || b == escpos.Unknown }

// distrust notes that there was noise: whoever relies on frames asks instead,
// until the next one that stands alone. p.mu is held.
func (p *Printer) distrust() {
	a := &p.asb
	a.hinted = false
	if a.live {
		a.live, a.doubt = false, true
		signal(a.job)
		signal(a.poke)
	}
}

// framed is the Status of the last frame. p.mu is held.
func (p *Printer) framed() Status {
	s := Status{Time: p.asb.at}
	s.ApplyASB(p.asb.last, p.sensorsLocked())
	return s
}

// pushes reports whether the printer tells by itself how it is.
func (p *Printer) pushes() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asb.live && !p.asb.doubt
}

// pushed returns the Status that the printer told by itself. It reports false
// where it does not, or where the frame cannot be relied on.
func (p *Printer) pushed() (Status, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.asb.live || p.asb.doubt {
		p.asb.doubt = false
		return Status{}, false
	}
	return p.framed(), true
}

// unpush notes that frames are no longer to be expected: GS a is about to be
// switched, or ESC @ to switch it off.
func (p *Printer) unpush() {
	p.mu.Lock()
	p.asb.live = false
	p.mu.Unlock()
}

func (p *Printer) setPrinting(on bool) {
	p.mu.Lock()
	p.asb.printing = on
	p.mu.Unlock()
	signal(p.asb.poke)
}

// hasASB reports whether the printer has automatic status. p.mu is held.
func (p *Printer) hasASB() bool {
	return later(p.cfg.Known.ASB, p.caps.ASB) == escpos.Yes
}

// rearm switches automatic status on for the job: ESC @ has switched it off.
func (r *run) rearm(ctx context.Context) error {
	p := r.p
	p.unpush()
	p.mu.Lock()
	has := p.hasASB()
	if has {
		p.asb.armed = true
	}
	p.mu.Unlock()
	if !has {
		return nil
	}
	return r.write(ctx, setASB(asbMask))
}

// restore leaves automatic status, at the end of a job, as the watches need
// it.
func (r *run) restore(ctx context.Context) error {
	p := r.p
	p.mu.Lock()
	has, watched := p.hasASB(), len(p.asb.watches) > 0 || p.asb.unasked
	if has && !watched {
		p.asb.armed = false
	}
	p.mu.Unlock()
	switch {
	case !has:
		return nil
	case watched:
		return r.rearm(ctx)
	}
	p.unpush()
	return r.write(ctx, setASB(0))
}

// disarm switches off what was switched on, if the printer takes that at
// once.
func (p *Printer) disarm() {
	p.mu.Lock()
	armed := p.asb.armed && !p.asb.unasked && p.err == nil
	p.asb.armed = false
	p.mu.Unlock()
	if !armed {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if p.acquire(ctx) != nil {
		return
	}
	defer p.release()
	_, _ = p.put(ctx, setASB(0), time.Now().Add(100*time.Millisecond)) // the link ends anyway
}
