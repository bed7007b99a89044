package printer

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/printerctl/printerctl/escpos"
)

// A marker is a question that the printer answers in its turn, when it has
// printed what stands before it.
type marker struct {
	evidence Evidence
	bytes    []byte
	wait     *wait
	need     int // answers until it is proved
}

// What the id of a marker begins with.
const (
	idProbe = 'P' // is the command known?
	idBand  = 'B' // so far, so good
	idKept  = 'K' // the buffer was kept: see ping
	idBody  = 'R' // everything but the cut
	idEnd   = 'Z'
)

// processID returns the four printable bytes that GS ( H fn 48 is to send
// back: what it stands for, and a number, which repeats after 94³ jobs.
// Space, which some print servers trim, is not used.
func processID(role byte, number uint32) [4]byte {
	id := [4]byte{role}
	for i := range 3 {
		id[3-i] = '!' + byte(number%94)
		number /= 94
	}
	return id
}

// askProcessID is GS ( H fn 48.
func askProcessID(id [4]byte) []byte {
	return []byte{0x1D, '(', 'H', 6, 0, '0', '0', id[0], id[1], id[2], id[3]}
}

// askPaperStatus is GS r 1.
var askPaperStatus = []byte{0x1D, 'r', 1}

// newMarker makes a marker of the kind of evidence, and waits for its answer
// from now on. The caller sends its bytes, and drops the wait.
//
// An answer to GS r does not say whose it is: as many as are owed must pass
// before it is ours. Of these, lost are for questions given up, which may
// never be answered, so as many more are asked for.
func (p *Printer) newMarker(e Evidence, role byte, number uint32, lost int) *marker {
	m := &marker{evidence: e, need: 1}
	switch e {
	case EvidenceProcessID:
		id := processID(role, number)
		m.bytes = askProcessID(id)
		m.wait = newWait(1, func(r escpos.Reply) bool {
			got, ok := r.ProcessID()
			return ok && got == id
		})
		p.addWait(m.wait)
	case EvidencePaperStatus:
		p.mu.Lock()
		m.need = p.in.owed[classByte] + 1
		m.wait = newWait(m.need, func(r escpos.Reply) bool { return r.Kind == escpos.ReplyByte })
		p.in.owed[classByte] += lost + 1
		p.in.waits = append(p.in.waits, m.wait)
		p.mu.Unlock()
		for range lost + 1 {
			m.bytes = append(m.bytes, askPaperStatus...)
		}
	}
	return m
}

// Answers to what another link asked, before it broke, may still come over this
// one: so many of them are reckoned with, and more after a job that broke off.
const (
	staleAnswers = 8
	staleOfAJob  = 16
)

// firstMarker is a GS r marker on a line that may still bring answers to what
// another link asked. It is reached after as many answers as those may be, and
// one: whoever waits for it asks again after each.
func (p *Printer) firstMarker() *marker {
	p.mu.Lock()
	stale := 0
	switch {
	case !p.fresh:
	case p.unfinished > 0:
		stale = staleOfAJob
	default:
		stale = staleAnswers
	}
	p.mu.Unlock()
	m := p.newMarker(EvidencePaperStatus, idProbe, 0, 0)
	m.need += stale
	return m
}

// caughtUp notes that all that was asked before has been answered, if it ever
// will be: the first marker was reached, and after it the line was quiet.
func (p *Printer) caughtUp() {
	p.mu.Lock()
	p.fresh = false
	p.in.owed[classByte] = 0
	p.mu.Unlock()
}

// reached notes what became of a marker.
func (p *Printer) reached(kind Evidence, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		p.vain = 0
		if kind == EvidenceProcessID {
			p.caps.ProcessID = escpos.Yes
		}
	case errors.Is(err, ErrUnconfirmed) && p.caps.ProcessID == escpos.Unknown:
		p.vain++
	}
}

// owed returns how many answers to GS r are to come.
func (p *Printer) owed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.in.owed[classByte]
}

// ping puts a question whose answer must come before that of the next marker.
// A printer that lost its buffer leaves it unanswered: then a GS r 1 marker is
// never reached, and with a GS ( H one it shows in checkKept.
func (r *run) ping(ctx context.Context) error {
	if r.kind == EvidenceProcessID {
		m := r.p.newMarker(r.kind, idKept, r.id+uint32(len(r.kept)), 0)
		r.kept = append(r.kept, m)
		return r.write(ctx, m.bytes)
	}
	r.p.owe(classByte, 1)
	return r.write(ctx, askPaperStatus)
}

// checkKept reports ErrUnconfirmed where one of the pings before a marker that
// was reached has not been answered: what stood around it was not printed.
func (r *run) checkKept() error {
	for _, m := range r.kept {
		if len(m.wait.got) == 0 {
			return ErrUnconfirmed
		}
	}
	return nil
}

// take counts an answer. It reports whether the marker is reached.
func (m *marker) take(a answer) bool {
	if m.evidence == EvidencePaperStatus && !plausible(a.Byte) {
		return false
	}
	m.need--
	return m.need <= 0
}

// plausible reports whether b can be the answer of a printer that goes on
// printing: both bits of each sensor agree, and there is paper. Epson's
// printers do not answer GS r without paper; a clone that does has not proved
// that it printed.
func plausible(b byte) bool {
	near, end := b&0x03, b&0x0C
	return (near == 0 || near == 0x03) && end == 0
}

// newNumber is a job number for callers that have none. It starts anywhere, so
// that an answer left over from an earlier program is not taken for ours.
func newNumber() uint32 { return rand.Uint32() }
