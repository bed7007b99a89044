package virtual

import (
	"os"
	"time"

	"github.com/printerctl/printerctl/transport"
)

// Flow is the flow control of a serial line.
type Flow uint8

// The kinds of flow control.
const (
	// FlowNone: nobody tells the host to stop. What does not fit into the
	// receive buffer is lost without a trace.
	FlowNone Flow = iota
	// FlowXONXOFF: the printer sends XOFF when it is busy, and XON when it is
	// so no more. What the host sends nevertheless is lost if it does not
	// fit.
	FlowXONXOFF
	// FlowHardware: the printer drops RTS or DTR when it is busy, and Write
	// blocks as it does on a line that heeds it.
	FlowHardware
)

// Serial is a serial line.
type Serial struct {
	Baud int // 10 bits a byte; 0: as fast as you like
	Flow Flow
}

// DialSerial connects a host to the printer by a serial line. Unlike a
// network or USB, a line without hardware flow control delivers what the host
// sends, wanted or not: so real-time commands are recognised even when the
// buffer is full. The line outlives the printer's being switched off. The
// Conn is a transport.FlowConn and a transport.RateConn.
func (p *Printer) DialSerial(s Serial) (transport.Conn, error) {
	c, err := p.dialSerial(s)
	if err != nil {
		return nil, transport.NewOpError("open", uri, err, "")
	}
	return c, nil
}

func (p *Printer) dialSerial(s Serial) (*serialConn, error) {
	c, err := p.dial()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	c.l.line = &s
	p.report() // XOFF, if it is busy from the beginning
	p.mu.Unlock()
	return &serialConn{conn: c, line: s}, nil
}

// serialConn is the host's end of a serial line.
type serialConn struct {
	*conn
	line Serial
}

func (c *serialConn) SoftwareFlow() bool  { return c.line.Flow == FlowXONXOFF }
func (c *serialConn) BytesPerSecond() int { return c.line.Baud / 10 }
func (c *serialConn) Lossy() bool         { return c.line.Flow == FlowNone }

// Write returns when the last byte has gone over the line.
func (c *serialConn) Write(b []byte) (int, error) {
	if c.line.Baud <= 0 {
		return c.conn.Write(b)
	}
	const chunk = 16 // a UART's queue
	for n := 0; n < len(b); {
		part := b[n:min(n+chunk, len(b))]
		t := time.NewTimer(time.Duration(len(part)) * 10 * time.Second / time.Duration(c.line.Baud))
		select {
		case <-t.C:
		case <-c.wd.wait():
			t.Stop()
			return n, transport.NewOpError("write", uri, os.ErrDeadlineExceeded, "")
		}
		k, err := c.conn.Write(part)
		n += k
		if err != nil {
			return n, err
		}
	}
	return len(b), nil
}

// hear takes bytes from a serial line, all of them: what there is no room for
// is lost, after real-time commands in it were acted on.
func (p *Printer) hear(l *link, b []byte) {
	const chunk = 64
	for len(b) > 0 {
		b = b[p.accept(l, b[:min(len(b), chunk)]):]
		p.work()
	}
}

// signal tells the host of a serial line to stop, or to go on.
func (p *Printer) signal(l *link) {
	if l.line == nil || l.line.Flow != FlowXONXOFF || p.busy() == l.stopped {
		return
	}
	const xon, xoff = 0x11, 0x13
	l.stopped = !l.stopped
	if l.stopped {
		p.replyNow([]byte{xoff})
	} else {
		p.replyNow([]byte{xon})
	}
}
