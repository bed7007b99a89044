package printer

import (
	"context"
	"fmt"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// prepare chooses the markers for the job, by what the printer answers.
func (r *run) prepare(ctx context.Context) error {
	p := r.p
	if r.prof.StatusReplies == escpos.No {
		return nil
	}
	known := p.cfg.Known
	if !p.everAnswered() && (known.Talks() || p.cfg.Profile != nil && r.prof.StatusReplies == escpos.Yes) {
		return fmt.Errorf("%w: it is known to answer: another host may have it, or it is not up yet", ErrNoAnswer)
	}
	c := p.Capabilities()
	if known.ProcessID == escpos.Yes && c.ProcessID == escpos.Unknown && p.vain == 0 {
		r.kind = EvidenceProcessID
		return nil
	}
	if c.ProcessID != escpos.Yes && c.PaperStatus == escpos.Unknown {
		how := probing{prof: r.prof, byID: r.prof.ProcessID != escpos.No, patience: r.probePatience(), held: r.held}
		if err := p.probe(ctx, how, r.write); err != nil {
			return err
		}
		c = p.Capabilities()
	}
	switch {
	case c.ProcessID == escpos.Yes:
		r.kind = EvidenceProcessID
	case c.PaperStatus == escpos.Yes:
		r.kind = EvidencePaperStatus
	case r.sure():
		return fmt.Errorf("%w: a %s answers GS ( H, and this printer does not: it is another model, or inside a command that was cut off",
			ErrUnconfirmed, r.prof.Name)
	case r.answered() && p.denied():
		return fmt.Errorf("%w: it used to answer the question behind a receipt, and does not: it is busy, or another printer stands there", ErrUnconfirmed)
	}
	return nil
}

// sure reports whether the printer is one that answers markers, if it is what
// the user says it is.
func (r *run) sure() bool {
	return r.p.cfg.Profile != nil && r.prof.ProcessID == escpos.Yes && r.p.everAnswered()
}

// answered reports whether the printer used to answer markers.
func (r *run) answered() bool {
	known := r.p.cfg.Known
	return known.ProcessID == escpos.Yes || known.PaperStatus == escpos.Yes
}

// believed is how many jobs in a row must find that the printer does not
// answer what it used to, before that is believed: somebody has put another
// printer in its place.
const believed = 3

// denied notes that the printer has not answered a marker that it is known to
// answer. It reports false when it is time to believe that.
func (p *Printer) denied() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.vain++; p.vain >= believed {
		return false
	}
	p.caps.ProcessID, p.caps.PaperStatus = escpos.Unknown, escpos.Unknown
	return true
}

// probePatience is how long a first marker may take. A printer that answers
// DLE EOT and not this may have to print first what other hosts have sent.
func (r *run) probePatience() time.Duration {
	p := r.p
	known, seen := p.cfg.Known, p.Capabilities()
	switch {
	case r.sure(), r.answered():
		return r.patience()
	case !p.everAnswered():
		return p.cfg.AnswerTimeout / 4
	case seen.Identity == escpos.Yes, known.PaperStatus == escpos.No:
		return p.cfg.AnswerTimeout / 2 // it is not busy; it has never answered
	}
	return p.cfg.ConfirmTimeout
}

// held waits while the printer says why it does not go on. It reports whether
// it did.
func (r *run) held(ctx context.Context) (bool, error) {
	stopped, err := r.look(ctx)
	if err != nil || stopped == nil {
		return false, err
	}
	return true, r.await(ctx, nil)
}

// probing says how to probe.
type probing struct {
	prof     *escpos.Profile
	byID     bool // try GS ( H
	restore  bool // leave automatic status as it was
	patience time.Duration
	held     func(context.Context) (bool, error) // waits for a printer that has stopped; nil: nobody does
}

// probe finds out which markers the printer answers, and whether it has
// automatic status. A printer that knows none of these commands takes some of
// the bytes for text, less than a line, without printing it; the ESC @ of the
// next receipt throws that away.
func (p *Printer) probe(ctx context.Context, how probing, write func(context.Context, []byte) error) error {
	talks := p.everAnswered()
	p.mu.Lock()
	noise := p.in.stats.Unknown
	push := talks && how.prof.ASB != escpos.No && p.caps.ASB == escpos.Unknown
	wasArmed := p.asb.armed
	if push {
		p.asb.armed, p.asb.live = true, false
	}
	p.mu.Unlock()
	var b []byte
	if push {
		b = append(b, setASB(asbMask)...)
	}
	byID := p.newMarker(EvidenceNone, idProbe, 0, 0)
	if talks && how.byID {
		byID = p.newMarker(EvidenceProcessID, idProbe, newNumber(), 0)
		defer p.dropWait(byID.wait)
		b = append(b, byID.bytes...)
	}
	paper := p.firstMarker()
	defer p.dropWait(paper.wait)
	b = append(b, paper.bytes...)
	if push && how.restore && !wasArmed {
		b = append(b, setASB(0)...)
	}
	if err := write(ctx, b); err != nil {
		return err
	}
	id, status, err := p.heard(ctx, byID, paper, how, write)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if byID.wait != nil {
		p.caps.ProcessID = escpos.TriOf(id)
	}
	// Noise has bytes like this answer, too.
	p.caps.PaperStatus = escpos.TriOf(status && p.in.stats.Unknown == noise)
	if p.caps.ASB == escpos.Unknown && push && !p.asb.hinted {
		p.caps.ASB = escpos.No
	}
	if how.restore && !wasArmed {
		p.asb.armed, p.asb.live = false, false
	}
	p.unmask()
	return nil
}

// unmask drops the profile of a printer that does not behave like the model it
// says it is. p.mu is held.
func (p *Printer) unmask() {
	if p.prof != nil && p.prof.ProcessID == escpos.Yes && p.caps.ProcessID == escpos.No {
		p.reason = fmt.Sprintf("it says it is %s, and does not know GS ( H: taken for a clone", p.prof.Name)
		p.prof = escpos.GenericProfile()
	}
}

// heard waits for the answers of a probe: for the time how.patience, and as
// long again after each answer, as a printer that answers at all may have to
// print first what it has.
func (p *Printer) heard(ctx context.Context, byID, paper *marker, how probing, write func(context.Context, []byte) error) (id, status bool, err error) {
	var ids <-chan answer
	if byID.wait != nil {
		ids = byID.wait.got
	}
	d := how.patience
	timer := time.NewTimer(d)
	defer timer.Stop()
	last, asked := time.Now(), 0
	for {
		select {
		case <-ids:
			id = true
		case a := <-paper.wait.got:
			if status = paper.take(a) || status; !status {
				if asked++; asked > maxAsked {
					return id, false, nil // what it answers is no paper status
				}
				p.owe(classByte, 1)
				if err := write(ctx, askPaperStatus); err != nil {
					return id, status, err
				}
			}
		case <-timer.C:
			if status {
				p.caughtUp()
			}
			if !id && !status && how.held != nil {
				if again, err := how.held(ctx); err != nil || again {
					if err != nil {
						return id, status, err
					}
					break
				}
			}
			return id, status, nil
		case <-p.done:
			return id, status, p.Err()
		case <-ctx.Done():
			return id, status, ctx.Err()
		}
		switch {
		case id && status:
			return id, status, nil // an id is never taken for another one
		case id, status:
			// The answers come in order: the other one would be here by now,
			// or is held back for a moment. Those that nobody waits for any
			// more come in this time, too.
			timer.Reset(max(grace, 2*time.Since(last)))
		default:
			timer.Reset(max(d, p.cfg.ConfirmTimeout))
		}
		last = time.Now()
	}
}

// maxAsked is how often the first marker is asked for at most.
const maxAsked = 32

// grace is how long answers that belong together may be apart.
const grace = 50 * time.Millisecond
