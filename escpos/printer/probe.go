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
	if !p.everAnswered() && (p.cfg.Answers || p.cfg.Profile != nil && r.prof.StatusReplies == escpos.Yes) {
		return fmt.Errorf("%w: it is known to answer: another host may have it, or it is not up yet", ErrNoAnswer)
	}
	c := p.Capabilities()
	if c.ProcessID == escpos.Unknown && c.PaperStatus == escpos.Unknown {
		d := p.cfg.AnswerTimeout / 4
		switch {
		case r.sure(): // it may have something to print yet
			d = p.cfg.ConfirmTimeout
		case p.everAnswered():
			d = p.cfg.AnswerTimeout / 2
		}
		if err := p.probe(ctx, probing{prof: r.prof, byID: r.prof.ProcessID != escpos.No, patience: d}, r.write); err != nil {
			return err
		}
		c = p.Capabilities()
	}
	switch {
	case r.sure() && c.ProcessID == escpos.No && c.PaperStatus == escpos.No:
		return fmt.Errorf("%w: a %s answers GS ( H, and this printer does not: it is another model, or inside a command that was cut off",
			ErrUnconfirmed, r.prof.Name)
	case c.ProcessID == escpos.Yes:
		r.kind = EvidenceProcessID
	case c.PaperStatus == escpos.Yes:
		r.kind = EvidencePaperStatus
	}
	return nil
}

// sure reports whether the printer is one that answers markers, if it is what
// the user says it is.
func (r *run) sure() bool {
	return r.p.cfg.Profile != nil && r.prof.ProcessID == escpos.Yes && r.p.everAnswered()
}

// probing says how to probe.
type probing struct {
	prof     *escpos.Profile
	byID     bool // try GS ( H
	restore  bool // leave automatic status as it was
	patience time.Duration
}

// probe finds out which markers the printer answers, and whether it has
// automatic status. A printer that knows none of these commands takes some of
// the bytes for text, less than a line, without printing it; the ESC @ of the
// next receipt throws that away.
func (p *Printer) probe(ctx context.Context, how probing, write func(context.Context, []byte) error) error {
	talks := p.everAnswered()
	p.mu.Lock()
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
	id, status, err := p.heard(ctx, byID, paper, how.patience, write)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if byID.wait != nil {
		p.caps.ProcessID = escpos.TriOf(id)
	}
	p.caps.PaperStatus = escpos.TriOf(status)
	if p.caps.ASB == escpos.Unknown && push {
		p.caps.ASB = escpos.No
	}
	if how.restore && !wasArmed {
		p.asb.armed, p.asb.live = false, false
	}
	if p.prof != nil && p.prof.ProcessID == escpos.Yes && p.caps.ProcessID == escpos.No {
		p.reason = fmt.Sprintf("it says it is %s, and does not know GS ( H: taken for a clone", p.prof.Name)
		p.prof = escpos.GenericProfile()
	}
	return nil
}

// heard waits for the answers of a probe: for the time d, and as long again
// after each answer, as a printer that answers at all may have to print first
// what it has.
func (p *Printer) heard(ctx context.Context, byID, paper *marker, d time.Duration, write func(context.Context, []byte) error) (id, status bool, err error) {
	var ids <-chan answer
	if byID.wait != nil {
		ids = byID.wait.got
	}
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
