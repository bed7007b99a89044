package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// trust is what was learnt of a printer's own counters (GS g 2), by holding
// them against the echoes of receipts that provably came out.
//
// Cuts are counted one by one. What a line is, each model decides for itself:
// some count the feed to the cutter as well. So a receipt is held against the
// line feeds in its bytes, and what the printer counts beyond them must be the
// same for every receipt, give or take slack.
type trust struct {
	Counts escpos.Tri `json:"counts"` // it answers; No: never asked again
	Agreed int        `json:"agreed"` // receipts in a row of which it counted the cuts right, and the lines alike
	Least  int64      `json:"least"`  // lines that it counted beyond those of the receipt: the fewest,
	Most   int64      `json:"most"`   // and the most
}

// enough is how many receipts the counters must have agreed with.
const enough = 3

// slack is by how many lines receipts may differ in what was counted beyond
// their own.
const slack = 2

func (t trust) earned() bool { return t.Counts == escpos.Yes && t.Agreed >= enough }

// saw returns t after a receipt that provably came out, of the shape sh, and
// since which the counters have gone up by d.
func (t trust) saw(d reading, sh shape) trust {
	if sh.cuts == 0 || sh.lines < 0 {
		return t // nothing to hold them against
	}
	extra := d.lines - sh.lines
	least, most := min(t.Least, extra), max(t.Most, extra)
	switch {
	case d.cuts != sh.cuts || d.lines <= 0:
		t.Agreed = 0
	case t.Agreed == 0 || most-least > slack:
		t.Agreed, t.Least, t.Most = 1, extra, extra
	default:
		t.Agreed, t.Least, t.Most = min(t.Agreed+1, enough), least, most
	}
	return t
}

// whole reports whether counters that have gone up by d show that a receipt of
// the shape sh came out, all of it, and nothing else: the same cuts, and the
// lines of the receipt with what this printer counts beyond them. Where the
// lines cannot be told from the bytes, nothing shows it.
func (t trust) whole(d reading, sh shape) bool {
	return sh.cuts > 0 && sh.ended && d.cuts == sh.cuts &&
		sh.lines > 0 && d.lines >= sh.lines+t.Least && d.lines <= sh.lines+t.Most
}

// none reports whether counters that have gone up by d show that nothing of a
// receipt of the shape sh came out. Not every printer counts a picture in
// lines, so that of a receipt with one they show nothing by standing still.
func (sh shape) none(d reading) bool {
	return d == reading{} && sh.lines > 0
}

// reading is the part of the counters that decides.
type reading struct{ cuts, lines int64 }

func (c reading) since(before reading) reading {
	return reading{c.cuts - before.cuts, c.lines - before.lines}
}

// stake is what is stored before an attempt: the counters as they stand, and
// what the document will add to them.
type stake struct {
	before reading
	doc    shape
}

const stakeForm = "counters before: cuts=%d lines=%d; receipt: cuts=%d lines=%d ended=%t"

func (s stake) String() string {
	return fmt.Sprintf(stakeForm, s.before.cuts, s.before.lines, s.doc.cuts, s.doc.lines, s.doc.ended)
}

// parseStake finds what String wrote in the detail of a step.
func parseStake(text string) (s stake, ok bool) {
	n, err := fmt.Sscanf(text, stakeForm, &s.before.cuts, &s.before.lines, &s.doc.cuts, &s.doc.lines, &s.doc.ended)
	return s, err == nil && n == 5
}

// count reads the counters. known is false where the printer has none.
func count(ctx context.Context, p *printer.Printer) (c reading, known bool, err error) {
	all, err := p.Counters(ctx)
	if err != nil {
		return c, false, err
	}
	return reading{all.Cuts.Value, all.Lines.Value}, all.Cuts.Known && all.Lines.Known, nil
}

// shape is what must be known of a document to find it in the counters and
// in the printer's buffer.
type shape struct {
	cuts    int64
	lines   int64 // line feeds; -1: it feeds in other ways as well
	ended   bool  // the last thing printed is a cut
	longest int   // command, in bytes
}

func shapeOf(doc *escpos.Document, p *escpos.Profile) (s shape, err error) {
	if p == nil {
		p = escpos.GenericProfile()
	}
	b, _, err := doc.AppendEncode(nil, p)
	if err != nil {
		return s, err
	}
	counted := true
	for c := range escpos.Commands(b) {
		s.longest = max(s.longest, int(c.Length))
		switch {
		case c.Def == nil:
			s.ended = false // text
		case c.Def.Class == escpos.ClassCut:
			s.cuts++
			s.ended = true
		case c.Name == "LF":
			s.lines++
			s.ended = false
		case c.Name == "ESC d":
			s.lines += int64(c.Head[len(c.Head)-1])
			s.ended = false
		case c.Def.Class == escpos.ClassFeed, c.Def.Class == escpos.ClassImage, c.Def.Class == escpos.ClassBarcode:
			s.ended, counted = false, false
		}
	}
	if !counted {
		s.lines = -1
	}
	return s, nil
}

func (r *runner) profile() *escpos.Profile {
	if r.lane.Printer == nil {
		return nil
	}
	return r.lane.Printer.Profile
}

// learn reads the counters after a receipt, and holds them against its
// outcome. It runs while the lane is idle anyway: after a receipt, not before
// one.
func (r *runner) learn(ctx context.Context, p *printer.Printer, doc shape, res printer.Result) {
	before := r.before
	r.before = nil
	if r.mem.trust.Counts == escpos.No || ctx.Err() != nil || p.Err() != nil || res.Outcome != printer.Printed ||
		res.Evidence != printer.EvidenceProcessID && res.Evidence != printer.EvidencePaperStatus {
		return
	}
	after, known, err := r.q.count(ctx, p)
	if err != nil {
		return
	}
	m := r.mem
	m.trust.Counts = escpos.TriOf(known)
	if known {
		r.before = &after
		if before != nil && res.Cut != escpos.No {
			m.trust = m.trust.saw(after.since(*before), doc)
		}
	}
	r.keep(ctx, m)
}

// decidable reports whether the counters may tell what became of a job that
// was interrupted.
func (r *runner) decidable(ctx context.Context, j Job) bool {
	if !r.lane.CountersKeep || !r.mem.trust.earned() {
		return false
	}
	_, ok := r.staked(ctx, j)
	return ok
}

// staked returns what was stored before the last attempt.
func (r *runner) staked(ctx context.Context, j Job) (s stake, ok bool) {
	steps, err := r.q.s.history(ctx, j.seq)
	if err != nil {
		return s, false
	}
	for _, st := range steps {
		if st.State == Printing {
			s, ok = parseStake(st.Detail)
		}
	}
	return s, ok
}

// decideWithin bounds how long the counters are asked for, once the printer
// is ready.
const decideWithin = time.Minute

// decide asks the counters what became of the jobs that were interrupted.
// The printer answers when it has printed all that it still held. What they
// cannot tell becomes a doubt.
func (r *runner) decide(ctx context.Context, p *printer.Printer) error {
	for len(r.undecided) > 0 && ctx.Err() == nil {
		j := r.undecided[0]
		if r.asking.IsZero() {
			r.asking = time.Now()
		}
		after, known, err := r.q.count(ctx, p)
		switch {
		case err != nil:
			return nil // the link broke: the next one
		case !known && time.Since(r.asking) < decideWithin:
			return nil // it may still be printing
		}
		r.asking = time.Time{}
		on, c := r.verdict(ctx, j, after, known)
		if on == causeLost {
			err = r.toDoubt(ctx, j, c.reason, c.detail)
		} else {
			err = r.advance(ctx, func(t *tx) error {
				_, err := t.advance(j.seq, on, c, r.q.now())
				return err
			})
		}
		if err := r.ignoreState(err); err != nil {
			return err
		}
		r.undecided = r.undecided[1:]
	}
	return nil
}

// verdict holds the counters against the job.
//
// It comes to one only on printers of which a person has said that their
// counters are exact even if they are switched off: between the last byte and
// now the printer may have lost what it had not printed, and another host may
// have used it. So the cuts must be just those of the receipt, and the lines
// as well; and only counters that stand still show that nothing came out.
func (r *runner) verdict(ctx context.Context, j Job, after reading, known bool) (cause, change) {
	const lost = "interrupted while it was being printed"
	if !known {
		return causeLost, change{reason: lost + "; the printer's counters cannot be read"}
	}
	s, ok := r.staked(ctx, j)
	if !ok || !r.lane.CountersKeep {
		return causeLost, change{reason: lost}
	}
	d := after.since(s.before)
	c := change{detail: fmt.Sprintf("counters: %d cuts and %d lines since, of the receipt %d and %d", d.cuts, d.lines, s.doc.cuts, s.doc.lines)}
	switch {
	case r.mem.trust.whole(d, s.doc):
		c.reason, c.evidence = lost+"; the printer counted it", printer.EvidenceCounter
		return causeCounters, c
	case s.doc.none(d):
		c.reason = lost + "; the printer counted nothing"
		return causeUncounted, c
	}
	c.reason = lost + "; the printer's counters do not decide it"
	return causeLost, c
}
