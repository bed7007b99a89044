package printer

import (
	"errors"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// How often a watched printer is asked that does not tell by itself: quickly
// while something is wrong or has just changed, slowly while all is well.
const (
	pollQuick = time.Second
	pollSlow  = 10 * time.Second
	// keepAlive is how often a printer that does tell is asked all the same.
	// Network interfaces drop a link that is idle for 90 seconds.
	keepAlive = time.Minute
	// armTries is how often GS a is sent to a printer that sends no frame.
	armTries = 2
)

// A monitor asks a printer for its watches. There is one while there are
// watches.
type monitor struct {
	p       *Printer
	asked   bool
	armed   int       // times that GS a was sent in vain
	missed  int       // questions in a row that were not answered
	rounds  int       // of questions
	settled time.Time // since when nothing has changed
	last    escpos.Status
}

func (p *Printer) monitor() {
	defer p.wg.Done()
	defer p.unwatch()
	m := monitor{p: p}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-timer.C:
			if m.tick() != nil {
				return // the link has ended
			}
		case <-p.asb.poke:
		}
		d, on := m.next()
		if !on {
			return
		}
		timer.Reset(d)
	}
}

// unwatch ends the watches that are left when the link has ended.
func (p *Printer) unwatch() {
	select {
	case <-p.done:
	default:
		return // there were none left
	}
	p.mu.Lock()
	ws := p.asb.watches
	p.asb.watches = nil
	p.mu.Unlock()
	for _, w := range ws {
		w.Close()
	}
}

// next returns when to ask next. It reports false when there is nobody left to
// ask for.
func (m *monitor) next() (time.Duration, bool) {
	a := &m.p.asb
	m.p.mu.Lock()
	defer m.p.mu.Unlock()
	switch {
	case len(a.watches) == 0:
		a.running = false
		return 0, false
	case a.printing: // the job asks
		return keepAlive, true
	case !m.asked, a.doubt:
		return 0, true
	case m.missed > 0 && m.p.answers != 0:
		return pollQuick, true
	case a.live:
		m.armed = 0
		return keepAlive, true
	case m.p.answers == 0:
		return pollSlow, true
	case m.last.State() != escpos.StateReady:
		return pace(m.settled), true
	}
	return min(max(pollQuick, time.Since(m.settled)/4), pollSlow), true
}

// tick asks the printer, if it is time to.
func (m *monitor) tick() error {
	p := m.p
	m.asked = true
	p.mu.Lock()
	printing := p.asb.printing
	p.mu.Unlock()
	if printing {
		return nil
	}
	if s, pushed := p.pushed(); pushed {
		return m.keepAlive(s)
	}
	which := p.known()
	switch m.rounds++; {
	case m.last.Online == escpos.No && which.has(1) && m.missed == 0 && m.rounds%4 != 0:
		which = 1 << 1 // while it is offline, one question tells enough
	case m.rounds%10 == 0:
		which = allQuestions
	}
	s, err := p.status(p.life, which)
	if err != nil {
		return err
	}
	if s.Asked == 0 {
		return nil // a job has just begun
	}
	if err := m.heard(s); err != nil {
		return err
	}
	if which == 1<<1 && s.Online == escpos.No {
		return nil
	}
	if which == 1<<1 && s.Online == escpos.Yes {
		m.rounds = -1
		return m.tick()
	}
	if !same(s.Status, m.last) {
		m.last, m.settled = s.Status, time.Now()
	}
	p.publish(s)
	if s.Online == escpos.Yes && m.armed < armTries && p.mayPush() {
		m.armed++
		return p.arm()
	}
	return nil
}

// keepAlive asks one question, to keep the link alive, and to see whether the
// printer still is as it told us: if not, it does not tell any more.
func (m *monitor) keepAlive(told Status) error {
	p := m.p
	which := p.known() & (1 << 1)
	if which == 0 {
		which = p.known()
	}
	s, err := p.status(p.life, which)
	if err != nil {
		return err
	}
	if s.Asked > 0 {
		if err := m.heard(s); err != nil {
			return err
		}
	}
	if s.Online != escpos.Unknown && s.Online != told.Online {
		if now, ok := p.pushed(); ok && now.Online == s.Online {
			return nil // it has just told
		}
		p.unpush()
		m.asked, m.armed = false, 0
		return nil
	}
	if s.Answered > 0 {
		p.mu.Lock()
		p.asb.now.Time = s.Time // what it told by itself still stands
		p.mu.Unlock()
	}
	return nil
}

// heard counts the answers that did not come. A printer that used to answer
// and falls silent while nothing is under way is gone, whatever the link says.
func (m *monitor) heard(s Status) error {
	p := m.p
	if s.Answered > 0 {
		m.missed = 0
		return nil
	}
	m.missed++
	p.mu.Lock()
	gone := m.missed >= silence && p.answers != 0 && p.unfinished == 0
	p.mu.Unlock()
	if !gone {
		return nil
	}
	p.fail(errSilent)
	return p.Err()
}

// errSilent ends a link whose other end does not answer any more.
var errSilent = errors.New("the printer has stopped answering")

// mayPush reports whether it is worth switching automatic status on.
func (p *Printer) mayPush() bool {
	prof, _ := p.selected()
	return prof.ASB != escpos.No && p.Capabilities().ASB != escpos.No
}

// arm switches automatic status on.
func (p *Printer) arm() error {
	if err := p.acquire(p.life); err != nil {
		return err
	}
	defer p.release()
	p.unpush()
	p.mu.Lock()
	p.asb.armed = true
	p.mu.Unlock()
	_, err := p.put(p.life, setASB(asbMask), time.Now().Add(p.cfg.AnswerTimeout))
	if errors.Is(err, ErrNoAnswer) {
		return nil // it takes nothing just now
	}
	return err
}
