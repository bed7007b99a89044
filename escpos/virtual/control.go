package virtual

import (
	"io"
	"slices"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/transport"
)

// do runs f on the printer, and lets it go on.
func (p *Printer) do(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	p.work()
}

// LoadPaper puts a roll of mm millimetres in, measured from the head; what
// was in the printer is torn off and becomes a receipt. If the cover is
// closed, it is opened and closed for it; if it is open, it stays so.
func (p *Printer) LoadPaper(mm float64) {
	p.do(func() {
		closed := !p.cover
		p.openCover()
		if p.pers.RepeatsLine && p.halted&haltPaper != 0 {
			p.repeat = p.strip.lastLine()
		}
		p.tear()
		p.paper = max(0, p.pers.dots(mm))
		if closed {
			p.closeCover()
		}
	})
}

// RemovePaper takes the roll out. What was printed on it is torn off.
func (p *Printer) RemovePaper() {
	p.do(func() {
		closed := !p.cover
		p.openCover()
		p.tear()
		p.paper = 0
		if closed {
			p.closeCover()
		}
	})
}

// OpenCover opens the cover. A line that is being printed is interrupted.
func (p *Printer) OpenCover() { p.do(p.openCover) }

// CloseCover closes the cover. If nothing else stands against it, the
// printer goes on with what is in its buffer.
func (p *Printer) CloseCover() { p.do(p.closeCover) }

func (p *Printer) openCover() {
	if p.cover {
		return
	}
	p.cover = true
	if !p.on {
		return
	}
	p.halted |= haltCover
	if !p.moving {
		return
	}
	p.interrupt(true)
	if p.pers.CoverIsError {
		p.fail(faultRecoverable)
	} else {
		p.fail(faultCover)
	}
}

func (p *Printer) closeCover() {
	if !p.cover {
		return
	}
	p.cover = false
	if !p.on {
		return
	}
	p.halted &^= haltCover
	p.clearFault(faultCover)
	if p.pers.CoverClearsError && !p.jammed {
		p.clearFault(faultRecoverable | faultCutter)
	}
	p.sense()
	stopped := p.halted&(haltPaper|haltNearEnd) != 0
	p.halted &^= haltPaper | haltNearEnd
	p.heed()
	if p.halted&haltPaper != 0 {
		return
	}
	if stopped && p.pers.WaitAfterPaper {
		p.halted |= haltRecovery
	}
	if p.repeat != nil {
		p.reprint(p.repeat.items, p.repeat.arena)
		p.repeat = nil
	}
}

// JamCutter makes the next cut fail.
func (p *Printer) JamCutter() { p.do(func() { p.jammed = true }) }

// ClearJam removes what jams the cutter. The error stays until the host
// recovers the printer with DLE ENQ, or it is switched off and on, or, on
// some, the cover is opened and closed.
func (p *Printer) ClearJam() { p.do(func() { p.jammed = false }) }

// OverheatHead makes the print head too hot to go on: an error that goes by
// itself, with CoolHead.
func (p *Printer) OverheatHead() { p.do(func() { p.fail(faultHeat) }) }

// CoolHead ends what OverheatHead began.
func (p *Printer) CoolHead() { p.do(func() { p.clearFault(faultHeat) }) }

// Break makes an error that nothing but the workshop can clear. PowerOff
// does, because this is only a virtual printer.
func (p *Printer) Break() { p.do(func() { p.fail(faultFatal) }) }

// PressFeed presses the FEED button and keeps it pressed: the printer goes
// offline and feeds a line, or, if it was waiting for the button, goes on.
func (p *Printer) PressFeed() {
	p.do(func() {
		if !p.on || p.button {
			return
		}
		p.button = true
		switch {
		case p.waiting():
			p.halted &^= haltRecovery | haltMacro
		case p.panelOff || p.halted != 0:
		default:
			p.halted |= haltButton
			p.feeding = true
			p.report() // the movement itself may take no time
			p.advance(p.pers.LineSpacing)
			p.heed()
		}
	})
}

// ReleaseFeed lets the FEED button go.
func (p *Printer) ReleaseFeed() {
	p.do(func() {
		p.button, p.feeding = false, false
		p.halted &^= haltButton
	})
}

// SetDrawerPin3 sets the level of pin 3 of the drawer connector. Whether a
// high level means an open drawer depends on the drawer.
func (p *Printer) SetDrawerPin3(high bool) { p.do(func() { p.pin3 = high }) }

// A Pulse is one pulse on the drawer connector.
type Pulse struct {
	Pin int           // 2 or 5
	On  time.Duration //
	Off time.Duration // until the next one may come
}

// Pulses returns the pulses on the drawer connector, oldest first: the last
// hundred.
func (p *Printer) Pulses() []Pulse {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Pulse(nil), p.pulses...)
}

const maxPulses = 100

func (p *Printer) pulse(m byte, onFor, offFor time.Duration) {
	if len(p.pulses) == maxPulses {
		p.pulses = append(p.pulses[:0], p.pulses[1:]...)
	}
	pin := 2
	if m&1 != 0 {
		pin = 5
	}
	p.pulses = append(p.pulses, Pulse{Pin: pin, On: onFor, Off: offFor})
}

// PowerOff switches the printer off: everything but its non-volatile memory
// is lost, and so are the links to its hosts, apart from serial lines, over
// which it is deaf and dumb. A line that is being printed stays half done.
func (p *Printer) PowerOff() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.powerOff()
}

func (p *Printer) powerOff() {
	p.links = slices.DeleteFunc(p.links, func(l *link) bool {
		if l.line == nil || p.closed {
			p.endLink(l, transport.ErrGone)
			return true
		}
		l.in.clear()
		l.out, l.rt, l.stopped = nil, escpos.RealTimeScanner{}, false
		return false
	})
	if p.booting != nil {
		p.booting.Stop()
	}
	p.interrupt(false)
	p.on = false
	p.rx.clear()
	p.full = false
	p.forget()
	p.later.clear()
	p.condition = condition{halted: haltPower, cover: p.cover, pin3: p.pin3, nearEnd: p.nearEnd, end: p.end}
	wake(&p.changed)
}

// PowerOn switches the printer on.
func (p *Printer) PowerOn() {
	p.do(func() {
		if p.on || p.closed {
			return
		}
		d := time.Duration(p.pers.BootTime)
		if p.speed <= 0 || d <= 0 {
			p.start()
			return
		}
		if p.booting != nil {
			p.booting.Stop() // switched on twice
		}
		p.booting = time.AfterFunc(d, func() {
			p.do(func() {
				if !p.closed && !p.on {
					p.start()
				}
			})
		})
	})
}

// CutLink breaks the links to all hosts, as if the cable were pulled. The
// printer keeps what it has received, and goes on.
func (p *Printer) CutLink() { p.do(func() { p.cutLinks(transport.ErrGone) }) }

// HangUp ends the links to all hosts in good order, as a network board does
// when it restarts.
func (p *Printer) HangUp() { p.do(func() { p.cutLinks(io.EOF) }) }

func (p *Printer) cutLinks(why error) {
	for _, l := range p.links {
		p.endLink(l, why)
	}
}
