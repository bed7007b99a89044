package printer

import (
	"context"
	"errors"
	"time"

	"github.com/printerctl/printerctl/transport"
)

const (
	// bandTime is the line time that one piece may take: a question is not
	// delayed by more.
	bandTime = 250 * time.Millisecond
	// bandBytes is the size of a piece where the line rate is not known.
	bandBytes = 4096
	// pingEvery is how many bytes go out between two questions in a receipt.
	// Many printers forget their buffer when paper ends: then one of these is
	// forgotten, too.
	pingEvery = 1024
	// sip is how many bytes are under way at most where XON and XOFF are ours
	// to honour. Printers send XOFF with room to spare for more than that.
	sip = 32
	// patienceTick is how often a write that makes no headway is looked at.
	patienceTick = 500 * time.Millisecond
	// blockedAfter is how long a printer may take no byte before that counts
	// as a Stall, if nothing else is known.
	blockedAfter = 5 * time.Second
)

// band is the size of a piece.
func (r *run) band() int {
	size := bandBytes
	if r.kind != EvidenceNone {
		size = pingEvery
	}
	if rate := r.p.rate(); rate > 0 {
		size = min(size, max(64, int(int64(rate)*int64(bandTime)/int64(time.Second))))
	}
	return size
}

func (p *Printer) rate() int {
	if c, ok := p.conn.(transport.RateConn); ok {
		return c.BytesPerSecond()
	}
	return 0
}

func (p *Printer) lossy() bool {
	c, ok := p.conn.(transport.RateConn)
	return ok && c.Lossy()
}

// software reports whether XON and XOFF are ours to honour.
func (p *Printer) software() bool {
	c, ok := p.conn.(transport.FlowConn)
	return ok && c.SoftwareFlow()
}

// drain waits until the medium holds nothing back.
func (p *Printer) drain(ctx context.Context) error {
	c, ok := p.conn.(transport.DrainConn)
	if !ok {
		return nil
	}
	err := c.Drain(ctx)
	if err != nil && ctx.Err() == nil {
		p.fail(err)
		return p.Err()
	}
	return err
}

// drainFor is drain for the time d, after which it returns ErrNoAnswer.
func (p *Printer) drainFor(ctx context.Context, d time.Duration) error {
	dctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	err := p.drain(dctx)
	if err != nil && ctx.Err() == nil && dctx.Err() != nil {
		return ErrNoAnswer
	}
	return err
}

// send writes the plan up to the byte to, piece by piece.
func (r *run) send(ctx context.Context, to int) error {
	p := r.p
	for ; r.next < to; r.piece++ {
		end := r.plan.ends[r.piece]
		if err := r.checkpoint(ctx, end-r.next); err != nil {
			return err
		}
		n, err := r.piecewise(ctx, r.plan.bytes[r.next:end])
		r.next += n
		r.res.Sent += int64(n)
		if err != nil {
			if off := cutOff(r.plan.bytes[r.next-n:end], n); n > 0 && off > 0 {
				p.interrupted(off)
				p.fail(errCutOff)
			}
			return err
		}
		if r.next == r.plan.head { // ESC @ is out
			if err := r.rearm(ctx); err != nil {
				return err
			}
		}
		if r.job.OnProgress != nil {
			r.job.OnProgress(Progress{
				Sent: r.res.Sent, Total: r.res.Bytes, Band: r.piece + 1, Bands: len(r.plan.ends),
			})
		}
	}
	return nil
}

// errCutOff ends a link on which a job broke off inside a command.
var errCutOff = errors.New("a job was canceled inside a command")

// checkpoint looks, between two pieces, whether the printer goes on printing,
// and on a line that loses what the printer has no room for, whether the next
// n bytes fit.
func (r *run) checkpoint(ctx context.Context, n int) error {
	p := r.p
	if p.lossy() && r.kind != EvidenceNone && r.next > 0 {
		room := defaultBuffer
		if r.prof.ReceiveBuffer > 0 {
			room = r.prof.ReceiveBuffer
		}
		if r.unacked+n > room-oursAtMost {
			if err := r.mark(ctx, idBand); err != nil {
				return err
			}
		}
		r.unacked += n
	}
	if r.kind != EvidenceNone && r.next > r.plan.head {
		if r.unasked += n; r.unasked > pingEvery {
			r.unasked = n
			if err := r.ping(ctx); err != nil {
				return err
			}
		}
	}
	select {
	case <-p.asb.job:
	default:
		if p.pushes() || time.Since(r.looked) < r.interval(nil) {
			return nil
		}
	}
	stopped, err := r.look(ctx)
	if err != nil || stopped == nil {
		return err
	}
	return r.await(ctx, nil)
}

// oursAtMost is how many bytes that are not the receipt's stand in the buffer
// beside it: questions and settings.
const oursAtMost = 64

// defaultBuffer is the receive buffer, in bytes, of a printer whose profile
// does not tell: the smallest that Epson's current models have.
const defaultBuffer = 4096

// write writes bytes of ours: markers and settings.
func (r *run) write(ctx context.Context, b []byte) error {
	n, err := r.piecewise(ctx, b)
	if err != nil && n > 0 && n < len(b) {
		r.p.interrupted(len(b))
		r.p.fail(errCutOff)
	}
	return err
}

// piecewise writes one piece, as fast as the printer takes it, and returns how
// much of it was taken. A printer that takes nothing for a while is a Stall;
// the piece stays pending.
func (r *run) piecewise(ctx context.Context, b []byte) (n int, err error) {
	p := r.p
	if err := p.acquire(ctx); err != nil {
		return 0, err
	}
	defer p.release()
	portion := len(b)
	soft := p.software()
	if soft {
		portion = sip
	}
	moved := time.Now()
	for n < len(b) {
		if err := p.xon(ctx, time.Now().Add(patienceTick)); err == nil {
			var k int
			k, err = p.write(ctx, b[n:min(len(b), n+portion)], time.Now().Add(patienceTick))
			n += k
			if k > 0 {
				moved = time.Now()
			}
			if err == nil && soft {
				err = p.drainFor(ctx, patienceTick)
			}
			if err != nil && !errors.Is(err, ErrNoAnswer) {
				return n, err
			}
		} else if !errors.Is(err, ErrNoAnswer) {
			return n, err
		}
		if err := r.blocked(time.Since(moved)); err != nil {
			return n, err
		}
	}
	if err := r.unblocked(); err != nil {
		return n, err
	}
	if p.rate() == 0 {
		return n, nil
	}
	return n, r.drain(ctx)
}

// drain waits until the medium holds nothing back. A medium that gets rid of
// nothing for a while is a Stall.
func (r *run) drain(ctx context.Context) error {
	began := time.Now()
	for {
		err := r.p.drainFor(ctx, patienceTick)
		if err == nil {
			return r.unblocked()
		}
		if errors.Is(err, ErrNoAnswer) {
			err = r.blocked(time.Since(began))
		}
		if err != nil {
			return err
		}
	}
}

// blocked deals with a write that has made no headway for the time d.
func (r *run) blocked(d time.Duration) error {
	if d < patienceTick || r.stalled {
		return nil
	}
	s, pushed := r.p.pushed()
	cause := error(nil)
	if pushed {
		cause = Stopped(s.Status)
	}
	if cause == nil {
		if d < blockedAfter {
			return nil
		}
		cause, s = ErrNoAnswer, Status{Time: time.Now()}
	}
	return r.stall(cause, Stall{Status: s, Blocked: true})
}

// unblocked ends the Stall of a write that made no headway.
func (r *run) unblocked() error {
	if !r.stalled || !r.res.Stalls[len(r.res.Stalls)-1].Blocked {
		return nil
	}
	return r.resume()
}

// xon waits until XOFF does not hold. At the deadline the error is
// ErrNoAnswer.
func (p *Printer) xon(ctx context.Context, deadline time.Time) error {
	if !p.software() {
		return nil
	}
	p.mu.Lock()
	flow := p.in.flow
	p.mu.Unlock()
	if flow == nil {
		return nil
	}
	p.timer.Reset(time.Until(deadline))
	defer p.timer.Stop()
	select {
	case <-flow:
		return nil
	case <-p.timer.C:
		return ErrNoAnswer
	case <-p.done:
		return p.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// interrupted notes that the printer may be inside a command of n bytes.
func (p *Printer) interrupted(n int) {
	p.mu.Lock()
	p.unfinished, p.fragment = max(p.unfinished, n), true
	p.mu.Unlock()
}

// Unfinished returns, after the link has ended, the length of the longest
// command that may have been cut off by that; 0 if the printer is at a
// command boundary. Hand it to the Config of the next Printer; a [Dialer]
// does.
func (p *Printer) Unfinished() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fragment {
		return max(p.unfinished, 1) // what is on paper is yet to be cut off
	}
	return p.unfinished
}
