package queue

import (
	"context"
	"slices"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// conditions are what a printer can say of itself that people want to hear
// of: how it shows in a status, and the event that it raises.
var conditions = [...]struct {
	raise EventKind
	is    func(escpos.Status) escpos.Tri
	text  string
	clear string
}{
	{CoverOpen, func(s escpos.Status) escpos.Tri { return s.CoverOpen }, "cover open: close the cover", "cover closed"},
	{PaperOut, paperOut, "out of paper: load paper", "paper loaded"},
	{PaperNearEnd, nearEnd, "paper near its end: have a roll ready", "enough paper"},
	{ErrorRaised, hasError, "", "error cleared"},
	{Offline, func(s escpos.Status) escpos.Tri { return s.Online.Not() }, "printer offline", "printer online"},
}

func paperOut(s escpos.Status) escpos.Tri {
	if p := s.Paper(); p != escpos.PaperUnknown {
		return escpos.TriOf(p == escpos.PaperOut)
	}
	return escpos.Unknown
}

// nearEnd takes a near-end bit that is off at its word even where it is not
// known whether there is a sensor: only where it was on before does that
// clear anything, and then there is one.
func nearEnd(s escpos.Status) escpos.Tri {
	if s.PaperNearEnd == escpos.Unknown && s.Paper() == escpos.PaperOK {
		return escpos.No
	}
	return s.PaperNearEnd
}

func hasError(s escpos.Status) escpos.Tri {
	if e := s.Error(); e != escpos.ErrorUnknown {
		return escpos.TriOf(e >= escpos.ErrorRecoverable)
	}
	return escpos.Unknown
}

// errorText says what to do about a printer's error.
func errorText(s escpos.Status) string {
	switch s.Error() {
	case escpos.ErrorCutter:
		return "cutter jammed: open the cover, free the cutter, close the cover"
	case escpos.ErrorUnrecoverable:
		return "printer error: switch the printer off; it needs service"
	}
	return "printer error: look at the printer, then switch it off and on"
}

// Reasons of ours, beside those that the printer gives.
const (
	reasonUnreachable = "timed-out-error"       // no link to the printer, or no answer over it
	reasonDoubt       = "doubt"                 // a person must resolve a doubt
	reasonStore       = "spool-area-full-error" // the disk refuses
)

// setStatus takes in what the printer said, fires what that raises or
// clears, and holds or resumes the lane.
func (r *runner) setStatus(s printer.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	initial := !r.heardOnce
	r.heard, r.heardOnce = true, true
	answered := s.Answered > 0 || s.Raw.HasASB()
	if answered && r.linked {
		r.prove()
	}
	if r.silent = !answered && r.answers; r.silent {
		// What it said last still stands, and gets older. A printer that
		// used to answer and does not is no mute printer: its buffer may be
		// full while it waits for paper.
		r.update(initial)
		return
	}
	r.row.status, r.answers = s, answered
	for _, c := range conditions {
		switch text := c.text; c.is(s.Status) {
		case escpos.Yes:
			if text == "" {
				text = errorText(s.Status)
			}
			r.raise(c.raise, initial, Event{Status: &s, Reasons: s.Reasons(), Text: text})
		case escpos.No:
			r.clear(c.raise, Event{Status: &s, Reasons: s.Reasons(), Text: c.clear})
		}
	}
	r.update(initial)
}

// setLink notes whether there is a link. That the printer is reached is told
// when the link has proven to be good for something, and not before.
func (r *runner) setLink(up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.linked, r.heard = up, false
	if up {
		r.proven = false
		r.update(!r.tried)
		return
	}
	initial := !r.tried
	r.tried, r.away = true, true
	r.raise(Unreachable, initial, Event{Reasons: []string{reasonUnreachable}, Text: "printer not reachable: check power and cable"})
	r.update(initial)
}

// setGood notes that the link is good for something: the printer answered, or
// has not hung up for a while.
func (r *runner) setGood() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.linked {
		r.prove()
		r.update(false)
	}
}

func (r *runner) prove() {
	r.tried, r.proven, r.away = true, true, false
	r.clear(Unreachable, Event{Text: "printer reached"})
}

// good reports whether the link that has ended was good for something.
func (r *runner) good() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.proven
}

// setDoubt notes whether a doubt blocks the lane.
func (r *runner) setDoubt(doubt bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.doubt != doubt {
		r.doubt = doubt
		r.update(false)
	}
}

// setDisk notes whether the store refuses.
func (r *runner) setDisk(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if (r.disk == nil) != (err == nil) {
		r.disk = err
		r.update(false)
	}
}

// free reports whether nothing keeps the lane from printing. A refusal of
// the disk does not: trying again is how to find out that it is over.
func (r *runner) free() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.linked && r.heard && !r.doubt && len(r.holds()) == 0
}

// holds returns the reasons for which the printer holds the lane.
func (r *runner) holds() []string {
	s := r.row.status.Status
	switch {
	case r.away:
		return []string{reasonUnreachable}
	case printer.Stopped(s) != nil:
		return s.Reasons()
	case r.silent:
		return []string{reasonUnreachable}
	case r.lane.HoldNearEnd && s.PaperNearEnd == escpos.Yes:
		return []string{"media-low-warning"}
	}
	return nil
}

// raise fires an event that lasts, once until it is cleared.
func (r *runner) raise(k EventKind, initial bool, e Event) {
	if r.raised[k] {
		return
	}
	r.raised[k] = true
	e.Kind, e.Initial = k, initial
	r.fire(e)
}

// clear fires the partner of an event that was raised.
func (r *runner) clear(k EventKind, e Event) {
	if !r.raised[k] {
		return
	}
	delete(r.raised, k)
	e.Kind = pairs[k]
	r.fire(e)
}

func (r *runner) fire(e Event) {
	e.Time, e.Lane, e.URI = r.q.now(), r.lane.Name, r.lane.URI
	r.q.feed.send(e)
}

// update works out the state of the lane, tells of a change of it, and makes
// it known to other processes.
func (r *runner) update(initial bool) {
	state, reasons := LaneReady, r.holds()
	var text string
	switch {
	case r.doubt:
		state, reasons = LaneBlocked, append(reasons, reasonDoubt)
		text = "a receipt is in doubt: look at the paper, then resolve it"
	case len(reasons) > 0:
		state, text = LaneHeld, r.holdText()
	case r.disk != nil:
		state, reasons = LaneHeld, []string{reasonStore}
		text = "the disk refuses: " + r.disk.Error()
	}
	if state != r.row.state || !slices.Equal(reasons, r.row.reasons) {
		if state != r.row.state {
			r.row.since = r.q.now()
		}
		r.row.state, r.row.reasons = state, reasons
		if state == LaneReady {
			r.unready = time.Time{}
			r.clear(LaneHolds, Event{Text: "printing goes on"})
		} else {
			if r.unready.IsZero() {
				r.unready = time.Now()
			}
			// Another reason is told as well: who waits wants to know what
			// to do now.
			delete(r.raised, LaneHolds)
			status := r.row.status // the event outlives it
			r.raise(LaneHolds, initial, Event{Status: &status, Reasons: reasons, Text: text})
		}
	}
	signal(r.nudge)
	signal(r.dirty)
}

// signal wakes whoever waits on c, now or next.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// holdText tells a person why the lane is held, and what to do.
func (r *runner) holdText() string {
	if r.away {
		return "printer not reachable: check power and cable; printing resumes by itself"
	}
	s := r.row.status.Status
	for _, c := range conditions {
		if c.is(s) != escpos.Yes || c.raise == PaperNearEnd && !r.lane.HoldNearEnd {
			continue
		}
		text := c.text
		if text == "" {
			text = errorText(s)
		}
		return text + "; printing resumes by itself"
	}
	if r.silent {
		return "the printer does not answer: look at it, or switch it off and on; printing resumes by itself"
	}
	return "the printer has stopped; printing resumes by itself"
}

// refreshEvery is how old the stored time of an unchanged status may get.
const refreshEvery = time.Minute

func (r *runner) setPeer(p *printer.Printer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.peer = p
}

// refresh takes in when the printer last said the same as before: the watch
// tells of changes alone.
func (r *runner) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.peer == nil || r.silent || !r.heard {
		return
	}
	if at := r.peer.Heard(); at.After(r.row.status.Time) {
		r.row.status.Time = at
	}
}

// publish stores what is known of the lane whenever that is news, until ctx
// ends. It has a goroutine of its own: a slow disk must not keep the lane
// from hearing the printer. What cannot be stored now is stored with the next
// change: nothing rests on it.
func (r *runner) publish(ctx context.Context) {
	var was laneRow
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		r.mu.Lock()
		row := r.row
		r.mu.Unlock()
		news := was.state != row.state || !slices.Equal(was.reasons, row.reasons) ||
			was.status.Status != row.status.Status || row.status.Time.Sub(was.status.Time) >= refreshEvery
		if news && row.state != "" {
			err := r.q.settle(context.WithoutCancel(ctx), func(t *tx) error { return t.saveLane(row) })
			if err != nil {
				r.log.Warn("cannot store the state of the lane", "error", err)
			} else {
				was = row
			}
		}
		select {
		case <-r.dirty:
		case <-tick.C:
			r.refresh()
		case <-ctx.Done():
			return
		}
	}
}
