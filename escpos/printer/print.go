package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// A Job is a receipt to be printed once.
//
// The functions are called by Print, in its own goroutine; while one runs, the
// job waits. In a Stall that is Blocked nothing else can be sent either: do not
// ask the printer from there.
type Job struct {
	// Document is what to print. Required.
	Document *escpos.Document

	// ID makes the marks of this job tell themselves from those of any other
	// (GS ( H): a number that is new for each job and each attempt. 0: Print
	// takes one.
	ID uint32

	// OnProgress hears of each piece that was sent.
	OnProgress func(Progress)

	// OnStall is told that the printer cannot go on, once for each Stall, and
	// decides what to do. nil: Resume. A Stall with Sent unset came before the
	// first byte.
	OnStall func(Stall) Action

	// OnResume is told that a Stall is over; its For is set.
	OnResume func(Stall)
}

// Print prints a receipt and finds out whether it came out. One job prints at
// a time; others wait for their turn.
//
// Print waits as long as ctx allows for a printer that cannot go on. When ctx
// ends before the first byte, the Outcome is NotPrinted; after it, Doubt. The
// error is nil if and only if the Outcome is Printed. Otherwise it says why
// not, and matches ErrLinkLost, ErrAbandoned, ErrUnconfirmed or the error of
// ctx.
//
// A Printer whose job was canceled inside a command is closed: what came next
// would be taken for the rest of that command.
func (p *Printer) Print(ctx context.Context, job *Job) (Result, error) {
	r := &run{p: p, job: job, res: Result{Outcome: NotPrinted, Began: time.Now()}}
	err := r.queue(ctx)
	r.res.Ended = time.Now()
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = r.ended(err)
	}
	return r.res, newError("print", p.uri, err)
}

// ended says what the end of the context cut short.
func (r *run) ended(err error) error {
	during := "before anything was sent"
	switch {
	case r.res.Sent > 0 && r.next >= r.plan.tail:
		during = "before the printer confirmed the receipt"
	case r.res.Sent > 0:
		during = "in the middle of the receipt"
	}
	if r.stalled {
		during += ": " + r.cause.Error()
	}
	return endedBy(err, during)
}

// run is one call of Print.
type run struct {
	p    *Printer
	job  *Job
	prof *escpos.Profile
	plan *plan
	id   uint32
	res  Result

	next    int       // bytes of the plan that were sent
	piece   int       // pieces that were sent
	kind    Evidence  // of the markers to use
	proved  bool      // everything but the cut was printed
	looked  time.Time // when the printer was last looked at
	asked   bool      // it was asked in this job
	offline int       // looks in a row that said offline, for no known cause
	mute    int       // looks in a row that were not answered
	again   bool      // a marker was answered by "no paper": put it again
	stalled bool      // the last of res.Stalls lasts
	cause   error     // why
	opened  bool      // and the cover was open since
	nudged  time.Time // when the printer was last told to go on
	lost    int       // answers to GS r still owed to earlier jobs
	unacked int       // bytes since the last marker, on a lossy line
	unasked int       // bytes since the last ping
	kept    []*marker // pings of this job, where they say whose they are
}

// errNoDocument is a mistake of the caller.
var errNoDocument = errors.New("job without a document")

// queue waits for the turn to print, and prints.
func (r *run) queue(ctx context.Context) error {
	p := r.p
	if r.job == nil || r.job.Document == nil {
		return errNoDocument
	}
	select {
	case <-p.jobs:
		defer func() { p.jobs <- struct{}{} }()
	case <-p.done:
		return p.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := p.Err(); err != nil {
		return err
	}
	p.setPrinting(true)
	defer p.setPrinting(false)
	if r.id = r.job.ID; r.id == 0 {
		r.id = newNumber()
	}
	return r.print(ctx)
}

func (r *run) print(ctx context.Context) (err error) {
	p := r.p
	// Stopped printers do not tell who they are: wait first, ask afterwards.
	if err := r.await(ctx, nil); err != nil {
		return err
	}
	if n := p.Unfinished(); n > 0 {
		r.prof, _ = p.selected()
		if err := r.recover(ctx, n); err != nil {
			return err
		}
	}
	if r.prof, err = p.profile(ctx); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	// It may have shown itself to be another one, or said so late.
	if r.prof, err = p.profile(ctx); err != nil {
		return err
	}
	b, subs, err := r.job.Document.AppendEncode(nil, r.prof)
	if err != nil {
		return fmt.Errorf("encoding for %s: %w", r.prof.Name, err)
	}
	if !bytes.HasPrefix(b, escAt) {
		b = append(append([]byte{}, escAt...), b...)
	}
	r.plan = newPlan(b, r.band())
	r.lost = p.owed()
	r.res.Bytes, r.res.Substitutions = int64(len(b)), subs

	if err := r.separate(ctx); err != nil {
		return err
	}
	if err := r.body(ctx); err != nil && !r.proved {
		return err
	}
	p.whole()
	r.res.Outcome = Printed
	return nil
}

// body sends the receipt and confirms it. On the way the Outcome is Doubt.
func (r *run) body(ctx context.Context) (err error) {
	p := r.p
	defer func() {
		for _, m := range r.kept {
			p.dropWait(m.wait)
		}
		if err != nil && r.res.Sent > 0 {
			r.res.Outcome = Doubt
			if !r.proved {
				p.interrupted(r.plan.longest)
			}
		}
	}()
	if err := r.send(ctx, r.plan.tail); err != nil {
		return err
	}
	if r.plan.cut {
		if err := r.mark(ctx, idBody); err != nil {
			return err
		}
		if r.kind != EvidenceNone {
			r.proved, r.res.Evidence = true, r.kind
		}
		if err := r.send(ctx, len(r.plan.bytes)); err != nil {
			return err
		}
	}
	if err := r.restore(ctx); err != nil {
		return err
	}
	if err := r.mark(ctx, idEnd); err != nil {
		return err
	}
	if r.kind != EvidenceNone {
		r.proved, r.res.Evidence = true, r.kind
		return r.checkCut(ctx)
	}
	if err := r.await(ctx, nil); err != nil {
		return err
	}
	if err := r.drain(ctx); err != nil {
		return err
	}
	r.proved, r.res.Evidence = true, EvidenceSent
	return nil
}

// checkCut asks whether the cutter did what it was told.
func (r *run) checkCut(ctx context.Context) error {
	if !r.plan.cut || r.kind == EvidenceNone {
		return nil
	}
	s, err := r.p.status(ctx, 1<<3)
	if err != nil {
		return err
	}
	r.res.Cut = s.AutocutterError.Not()
	return nil
}

// mark puts a marker and waits until the printer has reached it.
func (r *run) mark(ctx context.Context, role byte) error {
	if r.kind == EvidenceNone {
		return nil
	}
	m := r.p.newMarker(r.kind, role, r.id, r.lost)
	defer r.p.dropWait(m.wait)
	if err := r.write(ctx, m.bytes); err != nil {
		return err
	}
	r.unacked = 0
	err := r.await(ctx, m)
	r.p.reached(r.kind, err)
	if err == nil {
		err = r.checkKept()
	}
	return err
}
