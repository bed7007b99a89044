package printer

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// maxRounds is how often a question is put at most to get back into step;
// Epson allows four real-time commands at a time.
const maxRounds = 4

// quiet is how long the line must be silent before a first question, so that
// what the printer said before anybody asked is not taken for the answer.
const quiet = 3 * time.Millisecond

// past is a deadline that has always expired.
var past = time.Unix(1, 0)

// ask puts a question and returns its answer. The caller has the turn.
//
// The answers do not say what they answer. After a question that was not
// answered in time, an answer that comes may be that one's: so the question is
// put once more for each answer owed, and the last one counts. This is right
// both where the printer is late and where it never answers some questions.
//
// Where no answer comes within d, the error is [ErrNoAnswer].
func (p *Printer) ask(ctx context.Context, q []byte, c class, d time.Duration) (answer, error) {
	rounds, err := p.beginAsk(c)
	if err != nil {
		return answer{}, err
	}
	defer p.endAsk()
	deadline := time.Now().Add(d)
	p.timer.Reset(d)
	defer p.timer.Stop()
	for {
		p.owe(c, 1)
		sent := time.Now()
		if n, err := p.put(ctx, q, deadline); err != nil {
			if n == 0 {
				p.owe(c, -1)
			}
			return answer{}, err
		}
		select {
		case a := <-p.in.got:
			p.latency = max(time.Since(sent), p.latency*3/4)
			if rounds--; rounds == 0 {
				return a, nil
			}
		case <-p.timer.C:
			return answer{}, ErrNoAnswer
		case <-p.done:
			return answer{}, p.Err()
		case <-ctx.Done():
			return answer{}, ctx.Err()
		}
	}
}

func (p *Printer) beginAsk(c class) (rounds int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.in.mute {
		return 0, ErrNoAnswer
	}
	for len(p.in.got) > 0 {
		<-p.in.got
	}
	p.in.asking = c
	return min(p.in.owed[c]+1, maxRounds), nil
}

func (p *Printer) endAsk() {
	p.mu.Lock()
	p.in.asking = classNone
	p.mu.Unlock()
}

// owe notes that n more answers of class c are to come.
func (p *Printer) owe(c class, n int) {
	p.mu.Lock()
	p.in.owed[c] = max(0, p.in.owed[c]+n)
	p.mu.Unlock()
}

// patience is how long one question may wait for its answer: a quarter of the
// time for four, but more for a printer that was seen to be slow. The caller
// has the turn.
func (p *Printer) patience() time.Duration {
	return max(p.cfg.AnswerTimeout/4, 2*p.latency)
}

// settle waits until the line has been quiet for a moment, but not for long:
// a line that is never quiet is dealt with by counting. The caller has the
// turn.
func (p *Printer) settle(ctx context.Context) error {
	for range 20 {
		p.mu.Lock()
		rest := quiet - time.Since(p.in.last)
		p.mu.Unlock()
		if rest <= 0 {
			return nil
		}
		p.timer.Reset(rest)
		select {
		case <-p.timer.C:
		case <-p.done:
			p.timer.Stop()
			return p.Err()
		case <-ctx.Done():
			p.timer.Stop()
			return ctx.Err()
		}
	}
	return nil
}

// put writes b, until the deadline or the end of ctx, and returns how much of
// it the medium took. Where the deadline came first, the error is
// [ErrNoAnswer]. Any other failure ends the link, and so does half a question:
// what follows would be read as its rest. The caller has the turn.
func (p *Printer) put(ctx context.Context, b []byte, deadline time.Time) (int, error) {
	n, err := p.write(ctx, b, deadline)
	if err != nil && n > 0 && n < len(b) {
		p.fail(err)
		return n, p.Err()
	}
	return n, err
}

// write is put for bytes that may stay half written.
func (p *Printer) write(ctx context.Context, b []byte, deadline time.Time) (int, error) {
	if err := p.conn.SetWriteDeadline(deadline); err != nil {
		p.fail(err)
		return 0, p.Err()
	}
	var stop func() bool
	var fired chan struct{}
	if ctx.Done() != nil {
		fired = make(chan struct{})
		stop = context.AfterFunc(ctx, func() {
			defer close(fired)
			_ = p.conn.SetWriteDeadline(past) // a closed Conn has ended the Write already
		})
	}
	n, err := p.conn.Write(b)
	if stop != nil && !stop() {
		<-fired
	}
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		return n, ErrNoAnswer
	}
	p.fail(err)
	return n, p.Err()
}

// realTime is the question DLE EOT n.
func realTime(n int) []byte { return realTimeQuestions[n][:] }

var realTimeQuestions = [5][3]byte{
	1: {0x10, 0x04, 1}, 2: {0x10, 0x04, 2}, 3: {0x10, 0x04, 3}, 4: {0x10, 0x04, 4},
}

// contradicts reports whether the answers of s cannot all be true at once: the
// printer changed between two questions, or an answer went to the wrong one.
func contradicts(s escpos.Status) bool {
	e := s.AutocutterError == escpos.Yes || s.RecoverableError == escpos.Yes || s.UnrecoverableError == escpos.Yes
	noError := s.AutocutterError == escpos.No && s.UnrecoverableError == escpos.No &&
		s.RecoverableError != escpos.Yes && s.AutoRecoverableError != escpos.Yes
	switch {
	case s.Online == escpos.Yes:
		return e || s.CoverOpen == escpos.Yes || s.StoppedByPaperEnd == escpos.Yes || s.PaperEnd == escpos.Yes
	case s.StoppedByPaperEnd == escpos.Yes && s.PaperEnd == escpos.No:
		return true
	case s.ErrorExists == escpos.Yes && noError, s.ErrorExists == escpos.No && e:
		return true
	}
	return false
}
