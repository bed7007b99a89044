package virtual

import (
	"io"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/transport"
)

// A link is the printer's end of a connection to one host. All of it is
// guarded by the printer's mutex.
type link struct {
	in  ring   // the interface's buffer: taken from the host, not yet by the printer
	out []byte // replies that the host has not read

	rt escpos.RealTimeScanner

	line    *Serial // nil: not a serial line
	stopped bool    // serial: the last flow control byte was XOFF

	over   error // why the host can use the link no more; nil while it can
	hungUp bool  // the host has closed; what it sent is still taken in

	// Closed and forgotten when something changes; nil where nobody waits.
	readable, writable chan struct{}

	idle *time.Timer
	last time.Time // when a byte moved, where idle is set
}

// waitFor returns the channel in *ch, which it makes if there is none.
func waitFor(ch *chan struct{}) <-chan struct{} {
	if *ch == nil {
		*ch = make(chan struct{})
	}
	return *ch
}

// wake releases those who wait for *ch.
func wake(ch *chan struct{}) {
	if *ch != nil {
		close(*ch)
		*ch = nil
	}
}

// connect makes a link for a new host, or says why not.
func (p *Printer) connect() (*link, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	hosts := 0
	for _, l := range p.links {
		if l.over == nil {
			hosts++
		}
	}
	switch {
	case p.closed:
		return nil, transport.ErrNotFound
	case !p.on:
		return nil, transport.ErrUnreachable
	case hosts >= p.pers.Hosts:
		return nil, transport.ErrRefused
	}
	l := &link{in: ring{cap: p.pers.InterfaceBuffer}}
	if d := time.Duration(p.pers.IdleTimeout); d > 0 {
		l.last = time.Now()
		l.idle = time.AfterFunc(d, func() { p.checkIdle(l) })
	}
	p.links = append(p.links, l)
	if p.pers.ASBAlways && l == p.active() {
		f := p.condition.asb()
		p.reply(f[:]...)
	}
	wake(&p.changed)
	return l, nil
}

// checkIdle hangs up on a host that has been silent for too long, as network
// boards do.
func (p *Printer) checkIdle(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.over != nil {
		return
	}
	if left := time.Duration(p.pers.IdleTimeout) - time.Since(l.last); left > 0 {
		l.idle.Reset(left)
		return
	}
	p.endLink(l, io.EOF)
	p.work()
}

// endLink ends a link for its host. What the interface holds is still printed.
func (p *Printer) endLink(l *link, why error) {
	if l.over != nil {
		return
	}
	l.over = why
	l.hungUp = true
	if l.idle != nil {
		l.idle.Stop()
	}
	if why != io.EOF {
		l.out = nil // lost on the way
	}
	wake(&l.readable)
	wake(&l.writable)
}

// active returns the link whose host is heard, or nil.
func (p *Printer) active() *link {
	if len(p.links) == 0 {
		return nil
	}
	return p.links[0]
}

// send takes bytes from the host, as far as there is room. Where some are
// left, it returns a channel that is closed when trying again may help.
func (p *Printer) send(l *link, b []byte) (int, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.over != nil {
		if l.over == io.EOF {
			return 0, nil, transport.ErrGone
		}
		return 0, nil, l.over
	}
	if l.line != nil && l.line.Flow != FlowHardware && l == p.active() {
		p.hear(l, b)
		return len(b), nil, nil
	}
	n := 0
	for n < len(b) && l == p.active() && l.in.len() == 0 {
		k := p.enter(l, b[n:])
		if k == 0 {
			break
		}
		n += k
		p.work()
	}
	n += l.in.write(b[n:])
	if n > 0 {
		if l.idle != nil {
			l.last = time.Now()
		}
		wake(&p.changed)
	}
	if n < len(b) {
		return n, waitFor(&l.writable), nil
	}
	return n, nil, nil
}

// receive hands replies to the host. Where there is none, it returns a
// channel that is closed when trying again may help.
func (p *Printer) receive(l *link, b []byte) (int, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(l.out) > 0 {
		n := copy(b, l.out)
		l.out = l.out[:copy(l.out, l.out[n:])]
		return n, nil, nil
	}
	if l.over != nil {
		return 0, nil, l.over
	}
	return 0, waitFor(&l.readable), nil
}

// hangUp closes a link from the host's side.
func (p *Printer) hangUp(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endLink(l, transport.ErrClosed)
	p.work()
}

// fill moves bytes from the interface's buffer into the receive buffer, and
// lets the next host have its turn. It reports whether anything moved.
func (p *Printer) fill() bool {
	l := p.active()
	if l == nil {
		return false
	}
	moved := false
	for l.in.len() > 0 {
		k := p.enter(l, l.in.peek())
		if k == 0 {
			break
		}
		l.in.discard(k)
		moved = true
	}
	if moved {
		wake(&l.writable)
	}
	if l.hungUp && l.in.len() == 0 {
		p.links = p.links[1:]
		if len(p.links) == 0 {
			p.links = nil
		} else {
			wake(&p.links[0].writable)
		}
		return true
	}
	return moved
}

// enter is the reception of bytes by the printer: real-time commands are
// acted on here, whatever they are part of, and everything goes into the
// receive buffer. It takes what there is room for.
func (p *Printer) enter(l *link, b []byte) int {
	if p.busy() {
		return 0
	}
	return p.accept(l, b[:min(len(b), p.rx.free()-p.pers.FullAt)])
}

// accept puts bytes into the receive buffer, as far as they fit, and acts on
// the real-time commands in them. Each finds the printer as the bytes before
// it have left it, and may end the reception by making it busy. It returns
// how many bytes it dealt with.
func (p *Printer) accept(l *link, b []byte) int {
	if !p.on {
		return len(b)
	}
	n := 0
	for n < len(b) {
		cmd, k, ok := l.rt.Next(b[n:])
		p.rx.write(b[n : n+k])
		n += k
		if !ok {
			break
		}
		p.run()
		p.report()
		p.realTime(cmd)
		if p.busy() {
			break
		}
	}
	p.full = p.full || p.rx.free() <= p.pers.FullAt
	return n
}

// busy reports whether the printer takes nothing in.
func (p *Printer) busy() bool {
	if p.full && p.rx.free() >= p.pers.FreeAt {
		p.full = false
	}
	return p.full || p.halted&haltPower != 0 || p.pers.BusyWhenOffline && p.halted != 0
}

// reply sends one answer to the host. An answer that does not fit into the
// buffer is lost as a whole.
func (p *Printer) reply(b ...byte) {
	if d := time.Duration(p.pers.AnswerDelay); d > 0 {
		p.later.add(p, d, b)
		return
	}
	p.replyNow(b)
}

func (p *Printer) replyNow(b []byte) {
	l := p.active()
	if l == nil || l.over != nil || len(l.out)+len(b) > p.pers.ReplyBuffer {
		return
	}
	l.out = append(l.out, b...)
	if l.idle != nil {
		l.last = time.Now()
	}
	wake(&l.readable)
}

// delayed keeps the answers of a printer that is slow to answer.
type delayed struct {
	queue []answer
	timer *time.Timer
}

type answer struct {
	due time.Time
	b   []byte
}

func (d *delayed) add(p *Printer, after time.Duration, b []byte) {
	if len(d.queue) >= p.pers.ReplyBuffer {
		return
	}
	d.queue = append(d.queue, answer{time.Now().Add(after), append([]byte(nil), b...)})
	if len(d.queue) > 1 {
		return
	}
	if d.timer == nil {
		d.timer = time.AfterFunc(after, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			d.deliver(p)
		})
		return
	}
	d.timer.Reset(after)
}

func (d *delayed) deliver(p *Printer) {
	for len(d.queue) > 0 {
		left := time.Until(d.queue[0].due)
		if left > 0 {
			d.timer.Reset(left)
			return
		}
		p.replyNow(d.queue[0].b)
		d.queue = d.queue[1:]
	}
}

func (d *delayed) clear() {
	d.queue = nil
	if d.timer != nil {
		d.timer.Stop()
	}
}
