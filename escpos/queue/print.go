package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// print takes one job through one attempt. The error is that of the store;
// what becomes of the receipt is in the record. more is false where the next
// attempt must wait until something has changed.
func (r *runner) print(ctx context.Context, p *printer.Printer, j Job) (more bool, err error) {
	doc, err := r.q.s.document(ctx, j)
	if errors.Is(err, ErrDamaged) {
		damage := err.Error()
		return true, r.ignoreState(r.advance(ctx, func(t *tx) error {
			_, err := t.advance(j.seq, causeDamage, change{reason: damage}, r.q.now())
			return err
		}))
	}
	if err != nil {
		return false, err
	}
	// What goes out, but for the number of the attempt.
	sh, _ := shapeOf(r.lane.Marks.mark(doc, j, r.q.now()), r.profile()) // the driver will say why it fails
	var start change
	if r.before != nil {
		start.detail = stake{*r.before, sh}.String()
	}
	begun := r.mem.begun(sh)
	// From here on the receipt may be on paper, as far as the disk knows, and
	// the printer inside of any command.
	err = r.advance(ctx, func(t *tx) (err error) {
		if j, err = t.advance(j.seq, causeStart, start, r.q.now()); err != nil {
			return err
		}
		return t.remember(r.lane.printerKey(), begun)
	})
	if err != nil {
		return true, r.ignoreState(err)
	}
	a := newAttempt(ctx, r, p, j.ID)
	res, perr := r.q.print(p, a.ctx, &printer.Job{
		Document:   r.lane.Marks.mark(doc, j, r.q.now()),
		OnProgress: a.progressed,
		OnStall:    a.stalled,
		OnResume:   a.resumed,
	})
	a.end()
	if res.Outcome == printer.Doubt && !res.Cleared && ctx.Err() != nil && p.Err() == nil {
		// Parking: what the printer still holds must not come out after the
		// receipt has been queued again.
		cctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
		res.Cleared = p.Clear(cctx) == nil
		cancel()
	}
	r.mem = r.mem.ended(p)
	if err := r.settle(ctx, j, res, perr); err != nil {
		return false, err
	}
	r.learn(ctx, p, sh, res)
	return res.Outcome != printer.NotPrinted || refused(perr), nil
}

// ignoreState passes over that somebody else was faster: the job was
// canceled, or removed.
func (r *runner) ignoreState(err error) error {
	if errors.Is(err, ErrState) || errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// settle records what became of an attempt.
func (r *runner) settle(ctx context.Context, j Job, res printer.Result, perr error) error {
	c := change{detail: describe(res)}
	if perr != nil {
		c.reason = words(perr)
		c.detail += "; " + perr.Error()
	}
	var on cause
	switch {
	case res.Outcome == printer.Printed:
		on, c.evidence = causeProof, res.Evidence
		if res.Cut == escpos.No {
			c.reason = "printed, but the cutter reports an error"
		}
	case res.Outcome == printer.NotPrinted && refused(perr):
		on = causeRefused
	case res.Outcome == printer.NotPrinted:
		on = causeNothing
	case res.Cleared:
		on, c.reason = causeCleared, "interrupted ("+c.reason+"); the printer threw the rest away"
	default:
		return r.interrupted(ctx, j, "interrupted: "+c.reason, c.detail)
	}
	return r.advance(ctx, func(t *tx) error {
		if _, err := t.advance(j.seq, on, c, r.q.now()); err != nil {
			return err
		}
		return t.remember(r.lane.printerKey(), r.mem)
	})
}

// refused reports whether err is about the receipt and not about the printer
// or the link: then no other attempt will do better.
func refused(err error) bool {
	var ee *escpos.ElementError
	return errors.As(err, &ee)
}

// describe keeps what was learnt in an attempt.
func describe(res printer.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d bytes sent", res.Sent, res.Bytes)
	for _, s := range res.Stalls {
		cause := "the printer took no more bytes"
		if err := s.Err(); err != nil {
			cause = err.Error()
		}
		fmt.Fprintf(&b, "; stopped by %s", cause)
		if s.For > 0 {
			fmt.Fprintf(&b, " for %s", s.For.Round(time.Millisecond))
		}
	}
	if res.Cut == escpos.No {
		b.WriteString("; not cut")
	}
	return b.String()
}

// attempt ends a print in good order when the lane is told to end: at once
// where the printer has stopped or does nothing, and after the grace while it
// prints.
type attempt struct {
	r      *runner
	p      *printer.Printer
	job    string
	ctx    context.Context
	cancel context.CancelFunc
	disarm func() bool

	mu     sync.Mutex
	stall  bool
	ending bool
	timer  *time.Timer
	sent   printer.Progress
	looks  sync.WaitGroup
}

// answerWithin is how long a printer may take to answer when the lane is told
// to end.
const answerWithin = time.Second

func newAttempt(ctx context.Context, r *runner, p *printer.Printer, job string) *attempt {
	a := &attempt{r: r, p: p, job: job}
	a.ctx, a.cancel = context.WithCancel(context.WithoutCancel(ctx))
	a.disarm = context.AfterFunc(ctx, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.ctx.Err() != nil {
			return // it has ended by itself
		}
		a.ending = true
		if a.stall {
			a.cancel()
			return
		}
		a.timer = time.AfterFunc(r.lane.grace(), a.cancel)
		a.looks.Go(func() { a.look(a.sent) })
	})
	return a
}

// look ends the attempt where the printer has taken no more of the receipt,
// and does not answer either.
func (a *attempt) look(before printer.Progress) {
	ctx, cancel := context.WithTimeout(a.ctx, answerWithin)
	defer cancel()
	status, err := a.p.Status(ctx)
	if err == nil && status.Answered > 0 {
		return
	}
	<-ctx.Done()
	a.mu.Lock()
	defer a.mu.Unlock()
	talks := a.p.Capabilities().Talks() || a.r.mem.known.Talks()
	if a.sent == before && (talks || before.Total == 0 || before.Sent < before.Total) {
		a.cancel()
	}
}

func (a *attempt) progressed(p printer.Progress) {
	a.mu.Lock()
	a.sent = p
	a.mu.Unlock()
	if hear := a.r.lane.OnProgress; hear != nil {
		hear(a.job, p)
	}
}

// stalled decides what to do when the printer stops.
func (a *attempt) stalled(s printer.Stall) printer.Action {
	if s.Status.Answered > 0 {
		a.r.setStatus(s.Status)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stall = true
	if a.ending || a.r.lane.AfterStop == Restart {
		return printer.Abandon
	}
	return printer.Resume
}

func (a *attempt) resumed(printer.Stall) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stall = false
}

func (a *attempt) end() {
	a.disarm()
	a.cancel()
	a.mu.Lock()
	if a.timer != nil {
		a.timer.Stop()
	}
	a.mu.Unlock()
	a.looks.Wait()
}

// words says for people why an attempt ended. What the machine says of it is
// in the detail of the step.
func words(err error) string {
	var ee *escpos.ElementError
	if errors.As(err, &ee) {
		return "it cannot be printed: " + ee.Error()
	}
	for _, w := range reasonWords {
		if errors.Is(err, w.err) {
			return w.words
		}
	}
	return "printing failed"
}

// reasonWords are looked through in order: what is more particular comes
// first.
var reasonWords = [...]struct {
	err   error
	words string
}{
	{printer.ErrPaperEnd, "the paper ran out"},
	{printer.ErrCoverOpen, "the cover was open"},
	{printer.ErrCutter, "the cutter jammed"},
	{printer.ErrFault, "the printer had an error"},
	{printer.ErrOffline, "the printer went offline"},
	{printer.ErrUnconfirmed, "the printer did not confirm it"},
	{printer.ErrNoAnswer, "the printer did not answer"},
	{printer.ErrAbandoned, "the printer had stopped"},
	{context.Canceled, "the program was told to end"},
	{printer.ErrLinkLost, "the link to the printer broke"},
}
