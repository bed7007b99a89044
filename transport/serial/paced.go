package serial

import (
	"os"
	"time"
)

// Where the system knows no flow control of the kind that the printer uses,
// writing is paced: no more bytes are under way than the line sends in a few
// milliseconds, and before each portion the printer is looked at. A printer
// signals while it still has room (16 bytes at the least on Epson TM
// printers), so that the portion under way when it does still fits.
const (
	paceTick = 2 * time.Millisecond
	paceSpan = 8 * time.Millisecond // the line time that may be under way
	paceMin  = 16                   // bytes
)

// A pace keeps count of what is under way, from one Write to the next: bytes
// that the line will not have sent yet, wherever between here and the printer
// they are. An adapter's chip has a buffer that no system tells of.
type pace struct {
	rate int       // bytes a second
	free time.Time // when the line will have sent all that was written
}

// room returns how many bytes may be written now.
func (p *pace) room(now time.Time) int {
	span := max(paceSpan, paceMin*time.Second/time.Duration(p.rate))
	if p.free.Before(now) {
		p.free = now
	}
	return int((span - p.free.Sub(now)) * time.Duration(p.rate) / time.Second)
}

// wrote notes n bytes written just after a call of room.
func (p *pace) wrote(n int) {
	p.free = p.free.Add(time.Duration(n) * time.Second / time.Duration(p.rate))
}

// writePaced writes p and returns when it has left the system. If it must give up before
// that, it takes back what the system still holds; the count is of the bytes
// that have left.
func (c *Conn) writePaced(p []byte) (int, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()

	c.pace.rate = c.mode.BytesPerSecond()
	tick := time.NewTicker(paceTick)
	defer tick.Stop()
	n := 0
	for {
		held, err := c.held()
		if err != nil {
			return n - c.takeBack(), err
		}
		switch room := c.pace.room(time.Now()); {
		case held:
		case n == len(p):
			q, err := c.line.queued()
			if err != nil || q == 0 {
				return n, err
			}
		case room > 0:
			m, err := c.line.f.Write(p[n:min(len(p), n+room)])
			n += m
			c.pace.wrote(m)
			if err != nil {
				return n - c.takeBack(), err
			}
			continue
		}
		select {
		case <-tick.C:
		case <-c.wdead.Done():
			return n - c.takeBack(), os.ErrDeadlineExceeded
		case <-c.closing:
			return n - c.takeBack(), os.ErrClosed
		}
	}
}

// takeBack drops what the system has not sent, and returns how much that was.
func (c *Conn) takeBack() int {
	before, err := c.line.queued()
	if err != nil || before == 0 {
		return 0
	}
	c.line.flush()
	after, err := c.line.queued()
	if err != nil {
		return 0
	}
	return max(before-after, 0)
}
