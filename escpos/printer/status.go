package printer

import (
	"context"
	"errors"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// A Status is what a printer said of itself, and when. The zero value says
// nothing.
type Status struct {
	escpos.Status
	Time     time.Time // when the last answer came; when asking ended, if none did
	Asked    int       // how many of the questions DLE EOT 1 to 4 were put
	Answered int       // how many of these were answered
}

// Status asks the printer how it is, by DLE EOT 1, 2, 4 and 3, one at a
// time. It sends nothing else, and changes nothing.
//
// It takes Config.AnswerTimeout at the most, or what ctx leaves, in which each
// question has a deadline of its own. What is not answered is Unknown in the
// Status, up to all of it, and that is not an error. While a job's bytes are
// stuck in the middle of a command, no question can be put, and Asked is 0.
//
// Answers that contradict one another are asked for again. The error matches
// ErrLinkLost when the link has ended, or is that of ctx when it was canceled.
func (p *Printer) Status(ctx context.Context) (Status, error) {
	s, err := p.status(ctx, allQuestions)
	if errors.Is(err, context.DeadlineExceeded) && p.Err() == nil {
		err = nil // no time for an answer is no answer
	}
	return s, newError("status", p.uri, err)
}

// questions is a set of numbers n of DLE EOT n, as bits.
type questions uint8

const allQuestions questions = 1<<1 | 1<<2 | 1<<3 | 1<<4

func (q questions) has(n int) bool { return q>>n&1 != 0 }

func (q questions) count() (c int) {
	for n := 1; n <= 4; n++ {
		c += int(q >> n & 1)
	}
	return c
}

// status is Status for some of the questions.
func (p *Printer) status(ctx context.Context, which questions) (Status, error) {
	deadline := time.Now().Add(p.cfg.AnswerTimeout)
	if d, ok := ctx.Deadline(); ok {
		// The answer is worth more than the last twentieth of the time.
		if d = d.Add(-time.Until(d) / 20); d.Before(deadline) {
			deadline = d
		}
	}
	got, err := p.acquireBy(ctx, deadline)
	if err != nil || !got {
		return Status{Time: time.Now()}, err
	}
	defer p.release()
	return p.consult(ctx, which, deadline)
}

// acquireBy is acquire with a deadline, at which it gives up without an error.
func (p *Printer) acquireBy(ctx context.Context, deadline time.Time) (bool, error) {
	select {
	case <-p.done:
		return false, p.Err()
	case <-ctx.Done():
		return false, ctx.Err()
	default:
	}
	select {
	case <-p.turn: // the common case needs no timer
		return true, nil
	default:
	}
	tctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	err := p.acquire(tctx)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return false, nil
	}
	return err == nil, err
}

// consult puts the questions until their answers agree with one another. The
// caller has the turn.
func (p *Printer) consult(ctx context.Context, which questions, deadline time.Time) (Status, error) {
	p.mu.Lock()
	unquiet := p.asked == 0 || time.Since(p.in.strayed) < time.Second
	p.mu.Unlock()
	if unquiet {
		if err := p.settle(ctx); err != nil {
			return Status{Time: time.Now()}, err
		}
	}
	s, clean, err := p.round(ctx, inOrder, which, deadline)
	for try := 1; try < 3 && err == nil; try++ {
		if clean && !contradicts(s.Status) {
			return s, nil
		}
		if !clean {
			if err = p.settle(ctx); err != nil {
				break
			}
		} else if try == 2 {
			// The answers keep changing places: the printer may be one
			// answer behind.
			p.owe(classRealTime, 1)
		}
		var again Status
		var nowClean bool
		again, nowClean, err = p.round(ctx, otherOrder, which, deadline)
		if err != nil || again.Answered < s.Answered {
			break
		}
		same := clean && nowClean && again.Raw.RealTime == s.Raw.RealTime
		s, clean = again, nowClean
		if same {
			return s, nil // so it says, and insists
		}
	}
	if !clean {
		// More answers than questions: none of them can be told to be ours.
		s = Status{Time: s.Time, Asked: s.Asked}
	}
	return s, err
}

// What matters most is asked first. Asked in another order, a printer that is
// an answer behind gives other answers.
var (
	inOrder    = [...]int{1, 2, 4, 3}
	otherOrder = [...]int{2, 1, 3, 4}
)

// round puts each question once. It reports whether nothing came in that
// nobody asked for.
func (p *Printer) round(ctx context.Context, order [4]int, which questions, deadline time.Time) (s Status, clean bool, err error) {
	p.mu.Lock()
	before, stranger := p.in.stats.Strays, p.answers == 0
	p.mu.Unlock()
	left := which.count()
	for _, n := range order {
		if !which.has(n) {
			continue
		}
		rest := time.Until(deadline)
		d := min(rest/time.Duration(left), p.patience())
		switch {
		case p.latency > 0:
			// It answers: the time that is left is better spent on waiting.
			d = min(rest, p.patience())
		case stranger && left == 4:
			d = rest / 2 // it may be slow
		}
		left--
		if d <= 0 || d < p.latency {
			continue // no time for an answer
		}
		s.Asked++
		a, aerr := p.ask(ctx, realTime(n), classRealTime, d)
		if errors.Is(aerr, ErrNoAnswer) {
			continue
		}
		if aerr != nil {
			s.Time = time.Now()
			return s, true, aerr
		}
		s.Answered++
		s.ApplyRealTime(n, a.Byte, p.sensors())
		s.Time = time.Now()
	}
	if s.Answered == 0 {
		s.Time = time.Now()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.in.stats.Strays != before {
		return s, false, nil
	}
	for n := 1; n <= 4; n++ {
		if s.Raw.Has(n) {
			p.answers |= 1 << n
		}
	}
	p.said = s
	if p.asb.hinted && p.confirmed(p.asb.hint) {
		p.frame(p.asb.hint, s.Time)
	}
	return s, true, nil
}

// sensors is what is known of the printer's equipment.
func (p *Printer) sensors() escpos.Sensors {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sensorsLocked()
}

func (p *Printer) sensorsLocked() escpos.Sensors {
	switch {
	case p.cfg.Profile != nil:
		return p.cfg.Profile.Sensors()
	case p.prof != nil:
		return p.prof.Sensors()
	}
	return escpos.Sensors{}
}

// known returns the questions worth asking again and again: those that were
// answered before, or all of them if none was.
func (p *Printer) known() questions {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answers == 0 {
		return allQuestions
	}
	return p.answers
}

// silent reports whether the printer was asked, and never answered.
func (p *Printer) silent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked > 0 && p.answers == 0
}

// everAnswered reports whether the printer answered DLE EOT on this link.
func (p *Printer) everAnswered() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answers != 0
}

// lastSaid returns when the last round of questions was over.
func (p *Printer) lastSaid() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Time
}
