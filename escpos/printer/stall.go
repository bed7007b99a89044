package printer

import (
	"context"
	"errors"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

const (
	// lookEvery is how often a printer is asked how it is while a job waits
	// for it, where it does not tell by itself.
	lookEvery = time.Second
	// lookSeldom is the same where it does, or where asking costs a time-out.
	lookSeldom = 10 * time.Second
	// firstLook is when it is asked for the first time: most receipts are
	// printed by then.
	firstLook = 500 * time.Millisecond
	// silence is how many questions in a row a printer that used to answer
	// may leave unanswered before that counts as a stall.
	silence = 3
)

// await waits until m is reached; with a nil m, until nothing keeps the
// printer from printing. It calls the job's functions when the printer stops
// and when it goes on.
func (r *run) await(ctx context.Context, m *marker) error {
	p := r.p
	var got <-chan answer
	d := time.Duration(0)
	if m != nil {
		got, d = m.wait.got, firstLook
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	ready := time.Now() // since when nothing speaks against an answer
	for {
		select {
		case a := <-got:
			if m.take(a) {
				return r.resume()
			}
			r.again = m.evidence == EvidencePaperStatus && !plausible(a.Byte)
			continue
		case <-p.asb.job:
		case <-timer.C:
		case <-p.done:
			return p.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
		stopped, err := r.look(ctx)
		if err != nil {
			return err
		}
		switch {
		case errors.Is(stopped, errUnsure):
		case stopped != nil:
			ready = time.Now()
			if r.proved && errors.Is(stopped, ErrCutter) {
				r.res.Cut = escpos.No
				return stopped
			}
		case m == nil:
			return r.resume()
		case r.again:
			r.again = false
			if err := r.ping(ctx); err != nil {
				return err
			}
		case time.Since(ready) > r.patience():
			return ErrUnconfirmed
		}
		timer.Reset(r.interval(stopped))
	}
}

// patience is how long a printer that is ready may take to reach a marker:
// what its buffer can hold is printed at 200 bytes a second at least, four
// lines a second of text.
func (r *run) patience() time.Duration {
	room := defaultBuffer
	if r.prof != nil && r.prof.ReceiveBuffer > 0 {
		room = r.prof.ReceiveBuffer
	}
	n := min(r.next, room)
	if c := r.p.Capabilities(); c.ProcessID != escpos.Yes && c.PaperStatus != escpos.Yes {
		n = room // it may be full of what others have sent
	}
	return r.p.cfg.ConfirmTimeout + time.Duration(n)*time.Second/200
}

// interval is the time until the next look, after one that found stopped.
func (r *run) interval(stopped error) time.Duration {
	switch {
	case errors.Is(stopped, errUnsure):
		return firstLook
	case r.p.pushes(), r.mute > 0:
		return lookSeldom
	case r.stalled:
		return pace(r.res.Stalls[len(r.res.Stalls)-1].Since)
	}
	return lookEvery
}

// pace is how often to ask a printer that has been stopped since then. Each
// question may stay in its receive buffer until it goes on: asked every second
// for hours, it would be full of them.
func pace(since time.Time) time.Duration {
	return min(max(lookEvery, time.Since(since)/16), lookSeldom)
}

// errUnsure: not known yet, look again soon.
var errUnsure = errors.New("not known")

// look finds out what keeps the printer from going on, if anything does; it
// begins a Stall, or ends the one that lasts. The error it returns in stopped
// is the cause. ErrNoAnswer stands for a printer that fell silent.
func (r *run) look(ctx context.Context) (stopped, err error) {
	p := r.p
	r.looked = time.Now()
	s, pushed := p.pushed()
	if !pushed {
		if s, err = r.ask(ctx); err != nil {
			return nil, err
		}
		switch {
		case s.Asked == 0 && r.cause != nil:
			return r.cause, nil
		case s.Asked == 0: // it never answers
			return nil, nil
		case s.Answered > 0:
			r.mute = 0
			p.publish(s)
		case !p.everAnswered():
			return nil, nil
		default:
			if r.mute++; r.mute < silence && !r.stalled {
				return errUnsure, nil
			}
			return ErrNoAnswer, r.stall(ErrNoAnswer, Stall{Status: s})
		}
	}
	stopped = Stopped(s.Status)
	if err := r.nudge(ctx, s.Status); err != nil {
		return nil, err
	}
	if errors.Is(stopped, ErrOffline) && !r.stalled {
		// A printer is offline for a moment while it fires the drawer, or
		// while somebody holds the feed button.
		if r.offline++; r.offline < 2 {
			return errUnsure, nil
		}
	} else {
		r.offline = 0
	}
	if stopped == nil {
		return nil, r.resume()
	}
	return stopped, r.stall(stopped, Stall{Status: s})
}

// retryError is DLE ENQ 1: recover from the error, and begin again with the
// line in which it happened.
var retryError = []byte{0x10, 0x05, 1}

// nudge has a printer go on that waits, after an error, to be told so (DLE
// ENQ). It is told when somebody has seen to it, which shows in the cover
// having been opened and closed, and else once in a while; never while the
// cover is open.
func (r *run) nudge(ctx context.Context, s escpos.Status) error {
	waits := s.RecoverableError == escpos.Yes || s.AutocutterError == escpos.Yes
	switch {
	case s.CoverOpen == escpos.Yes:
		r.opened = true
		return nil
	case !waits, s.CoverOpen != escpos.No, s.UnrecoverableError == escpos.Yes, s.Paper() == escpos.PaperOut, !r.stalled:
		return nil
	case !r.opened && time.Since(r.nudged) < time.Minute:
		return nil
	}
	r.opened, r.nudged = false, time.Now()
	r.p.log.Info("telling the printer to go on after an error", "printer", r.p.uri)
	return r.write(ctx, retryError)
}

// ask asks the printer how it is. Asked is 0 where that is of no use: the
// printer never answers, or it is stopped as before.
func (r *run) ask(ctx context.Context) (Status, error) {
	p := r.p
	which := p.known()
	if p.cfg.Profile != nil && p.cfg.Profile.StatusReplies == escpos.No {
		return Status{}, nil
	}
	if p.silent() {
		if r.asked || time.Since(p.lastSaid()) < lookEvery {
			return Status{}, nil
		}
		which = 1<<1 | 1<<4
	}
	r.asked = true
	if r.stalled && which.has(1) && r.res.Stalls[len(r.res.Stalls)-1].Status.Online == escpos.No {
		s, err := p.status(ctx, 1<<1)
		if err != nil || s.Online == escpos.No {
			return Status{}, err
		}
	}
	return p.status(ctx, which)
}

// stall begins a Stall, unless one lasts already. It returns an error if the
// caller gives the job up.
func (r *run) stall(cause error, s Stall) error {
	if r.stalled || r.proved && errors.Is(cause, ErrCutter) {
		return nil
	}
	r.stalled, r.cause = true, cause
	r.opened, r.nudged = errors.Is(cause, ErrCoverOpen), time.Now()
	s.Since, s.Sent = time.Now(), r.res.Sent > 0
	r.res.Stalls = append(r.res.Stalls, s)
	r.p.log.Info("the job is held up", "printer", r.p.uri, "cause", cause, "sent", r.res.Sent)
	if r.job.OnStall == nil || r.job.OnStall(s) == Resume {
		return nil
	}
	return r.abandon(cause)
}

// resume ends the Stall, if one lasts.
func (r *run) resume() error {
	if !r.stalled {
		return nil
	}
	r.stalled, r.cause = false, nil
	s := &r.res.Stalls[len(r.res.Stalls)-1]
	s.For = time.Since(s.Since)
	r.p.log.Info("the job goes on", "printer", r.p.uri, "after", s.For)
	if r.job.OnResume != nil {
		r.job.OnResume(*s)
	}
	return nil
}

// abandonedError says why a job was given up.
type abandonedError struct{ cause error }

func (e *abandonedError) Error() string   { return "abandoned: " + e.cause.Error() }
func (e *abandonedError) Unwrap() []error { return []error{ErrAbandoned, e.cause} }

// abandon gives the job up. What was sent is thrown away, if the printer can
// do that: it is asked to clear its buffers, and must say that it did.
func (r *run) abandon(cause error) error {
	err := &abandonedError{cause}
	blocked := r.stalled && r.res.Stalls[len(r.res.Stalls)-1].Blocked
	if r.res.Sent == 0 || blocked || r.prof != nil && r.prof.Clear == escpos.No {
		return err
	}
	known := later(r.p.cfg.Known.Clear, r.p.Capabilities().Clear)
	if known == escpos.No || !r.p.everAnswered() || errors.Is(cause, ErrNoAnswer) {
		return err // nothing would confirm it
	}
	// The caller's context may be what ends the job: clearing has its own
	// deadline.
	r.res.Cleared = r.p.clear(context.Background()) == nil
	return err
}

// clearBuffers is DLE DC4 fn 8: clear the receive and print buffers.
var clearBuffers = []byte{0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8}

// Clear has the printer throw away what it has received and not printed, and
// recover from a recoverable error (DLE DC4 fn 8). It returns nil if the
// printer confirmed that, and an error that matches ErrNoAnswer if not: many
// models do not know the command. One that was asked how it is, and has never
// answered, is not tried. What was printed already, nobody can tell.
func (p *Printer) Clear(ctx context.Context) error {
	return newError("clear", p.uri, p.clear(ctx))
}

func (p *Printer) clear(ctx context.Context) error {
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer p.release()
	if p.silent() {
		return ErrNoAnswer
	}
	w := newWait(1, escpos.Reply.BufferCleared)
	p.addWait(w)
	defer p.dropWait(w)
	deadline := time.Now().Add(p.cfg.AnswerTimeout)
	if _, err := p.put(ctx, clearBuffers, deadline); err != nil {
		return err
	}
	p.timer.Reset(time.Until(deadline))
	defer p.timer.Stop()
	select {
	case <-w.got:
		p.cleared()
		p.mu.Lock()
		p.caps.Clear = escpos.Yes
		p.mu.Unlock()
		return nil
	case <-p.timer.C:
		p.mu.Lock()
		if p.answers != 0 && p.caps.Clear == escpos.Unknown {
			p.caps.Clear = escpos.No
		}
		p.mu.Unlock()
		return ErrNoAnswer
	case <-p.done:
		return p.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cleared notes that the questions in the printer's buffer are gone, too.
func (p *Printer) cleared() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.in.owed[classByte], p.in.owed[classInfo] = 0, 0
	p.unfinished = 0
}
