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
	paceSpan = 10 * time.Millisecond // the line time that may be under way
	paceMin  = 16                    // bytes
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

// writePaced writes p, and returns when the system has taken it. What it
// leaves under way is no more than what was under way all along.
func (c *Conn) writePaced(p []byte) (int, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()

	c.pace.rate = c.mode.BytesPerSecond()
	tick := time.NewTicker(paceTick)
	defer tick.Stop()
	n := 0
	for n < len(p) {
		held, err := c.held()
		if err != nil {
			return n, err
		}
		if room := c.pace.room(time.Now()); room > 0 && !held {
			m, err := c.line.f.Write(p[n:min(len(p), n+room)])
			n += m
			c.pace.wrote(m)
			if err != nil {
				return n, err
			}
			continue
		}
		select {
		case <-tick.C:
		case <-c.wdead.Done():
			return n, os.ErrDeadlineExceeded
		case <-c.closing:
			return n, os.ErrClosed
		}
	}
	return n, nil
}
