package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// trust is what was learnt of a printer's own counters (GS g 2), by holding
// them against the echoes of receipts that provably came out.
type trust struct {
	Counts escpos.Tri `json:"counts"` // it answers; No: never asked again
	Agreed int        `json:"agreed"` // receipts in a row after which the cutter had counted right
}

// enough is how many receipts the counters must have agreed with.
const enough = 3

func (t trust) earned() bool { return t.Counts == escpos.Yes && t.Agreed >= enough }

func (t trust) String() string {
	b, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return string(b)
}

func parseTrust(s string) (t trust) {
	if json.Unmarshal([]byte(s), &t) != nil {
		return trust{}
	}
	return t
}

// reading is the part of the counters that decides.
type reading struct{ cuts, lines int64 }

func (c reading) String() string {
	return fmt.Sprintf("counters before: cuts=%d lines=%d", c.cuts, c.lines)
}

// parseReading finds what String wrote in the detail of a step.
func parseReading(s string) (c reading, ok bool) {
	n, err := fmt.Sscanf(s, "counters before: cuts=%d lines=%d", &c.cuts, &c.lines)
	return c, err == nil && n == 2
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
	ended   bool // the last thing printed is a cut
	longest int  // command, in bytes
}

func shapeOf(doc *escpos.Document, p *escpos.Profile) (s shape, err error) {
	if p == nil {
		p = escpos.GenericProfile()
	}
	b, _, err := doc.AppendEncode(nil, p)
	if err != nil {
		return s, err
	}
	for c := range escpos.Commands(b) {
		s.longest = max(s.longest, int(c.Length))
		switch {
		case c.Def == nil:
			s.ended = false // text
		case c.Def.Class == escpos.ClassCut:
			s.cuts++
			s.ended = true
		case c.Def.Class == escpos.ClassFeed, c.Def.Class == escpos.ClassImage, c.Def.Class == escpos.ClassBarcode:
			s.ended = false
		}
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
func (r *runner) learn(ctx context.Context, p *printer.Printer, doc *escpos.Document, res printer.Result) {
	before := r.before
	r.before = nil
	if r.trust.Counts == escpos.No || ctx.Err() != nil || p.Err() != nil || res.Outcome != printer.Printed ||
		res.Evidence != printer.EvidenceProcessID && res.Evidence != printer.EvidencePaperStatus {
		return
	}
	after, known, err := count(ctx, p)
	if err != nil {
		return
	}
	t := r.trust
	t.Counts = escpos.TriOf(known)
	if known {
		r.before = &after
		if sh, err := shapeOf(doc, r.profile()); before != nil && err == nil && sh.cuts > 0 && res.Cut != escpos.No {
			if after.cuts-before.cuts == sh.cuts && after.lines > before.lines {
				t.Agreed = min(t.Agreed+1, enough)
			} else {
				t.Agreed = 0
			}
		}
	}
	if t == r.trust {
		return
	}
	r.trust = t
	if err := r.q.settle(ctx, func(x *tx) error { return x.saveTrust(r.lane.Name, t) }); err != nil {
		r.log.Warn("cannot store what was learnt of the counters", "error", err)
	}
}

func (t *tx) saveTrust(lane string, tr trust) error {
	_, err := t.s.conn.ExecContext(context.Background(), "UPDATE lane SET counters = ? WHERE name = ?", tr.String(), lane)
	return err
}

// decidable reports whether the counters may tell what became of a job that
// was interrupted.
func (r *runner) decidable(ctx context.Context, j Job) bool {
	if !r.trust.earned() {
		return false
	}
	steps, err := r.q.s.history(ctx, j.seq)
	if err != nil {
		return false
	}
	_, ok := startReading(steps)
	return ok
}

// startReading returns the counters before the last attempt.
func startReading(steps []Step) (c reading, ok bool) {
	for _, s := range steps {
		if s.State == Printing {
			c, ok = parseReading(s.Detail)
		}
	}
	return c, ok
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
		after, known, err := count(ctx, p)
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
// That they have gone up by just what the receipt needs proves that it came
// out, whatever happened in between: a printer does not count cuts that it
// does not make. That they stand still proves nothing, unless they are known
// to survive a power cycle.
func (r *runner) verdict(ctx context.Context, j Job, after reading, known bool) (cause, change) {
	const lost = "interrupted while it was being printed"
	if !known {
		return causeLost, change{reason: lost + "; the printer's counters cannot be read"}
	}
	steps, err := r.q.s.history(ctx, j.seq)
	before, ok := startReading(steps)
	doc, derr := r.q.s.document(ctx, j)
	if err != nil || derr != nil || !ok {
		return causeLost, change{reason: lost}
	}
	sh, err := shapeOf(doc, r.profile())
	cuts, lines := after.cuts-before.cuts, after.lines-before.lines
	c := change{detail: fmt.Sprintf("counters: %d cuts and %d lines since, %d cuts expected", cuts, lines, sh.cuts)}
	switch {
	case err != nil:
		c.reason = lost
		return causeLost, c
	case sh.cuts > 0 && sh.ended && cuts == sh.cuts && lines > 0:
		c.reason, c.evidence = lost+"; the printer counted it", printer.EvidenceCounter
		return causeCounters, c
	case cuts == 0 && lines == 0 && r.lane.CountersKeep:
		c.reason = lost + "; the printer counted nothing"
		return causeUncounted, c
	}
	c.reason = lost + "; the printer's counters do not decide it"
	return causeLost, c
}
