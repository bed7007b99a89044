package virtual

import (
	"io"
	"os"
	"time"

	"github.com/printerctl/printerctl/transport"
)

// uri names an in-process link in errors.
const uri = "virtual://"

// Dial connects a host to the printer, in process. The Conn has the
// back-pressure of the real thing: Write returns when the printer's interface
// has taken the bytes, and blocks while it has no room.
//
// The errors wrap transport.ErrRefused (the printer has as many hosts as it
// takes), transport.ErrUnreachable (it is switched off) and
// transport.ErrNotFound (it was closed).
func (p *Printer) Dial() (transport.Conn, error) {
	c, err := p.dial()
	if err != nil {
		return nil, transport.NewOpError("open", uri, err, "")
	}
	return c, nil
}

func (p *Printer) dial() (*conn, error) {
	l, err := p.connect()
	if err != nil {
		return nil, err
	}
	return &conn{p: p, l: l}, nil
}

// conn is the host's end of a link.
type conn struct {
	p      *Printer
	l      *link
	rd, wd deadline
}

func (c *conn) Read(b []byte) (int, error) {
	for {
		if c.rd.passed() {
			return 0, transport.NewOpError("read", uri, os.ErrDeadlineExceeded, "")
		}
		if len(b) == 0 {
			return 0, nil
		}
		n, more, err := c.p.receive(c.l, b)
		switch {
		case err == io.EOF:
			return 0, err
		case err != nil:
			return 0, transport.NewOpError("read", uri, err, "")
		case n > 0:
			return n, nil
		}
		select {
		case <-more:
		case <-c.rd.wait():
		}
	}
}

func (c *conn) Write(b []byte) (int, error) {
	n := 0
	for {
		if c.wd.passed() {
			return n, transport.NewOpError("write", uri, os.ErrDeadlineExceeded, "")
		}
		k, more, err := c.p.send(c.l, b[n:])
		n += k
		switch {
		case err != nil:
			return n, transport.NewOpError("write", uri, err, "")
		case more == nil:
			return n, nil
		}
		select {
		case <-more:
		case <-c.wd.wait():
		}
	}
}

func (c *conn) Close() error {
	c.p.hangUp(c.l)
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.setDeadline(&c.rd, t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.wd, t) }

func (c *conn) setDeadline(d *deadline, t time.Time) error {
	c.p.mu.Lock()
	closed := c.l.over == transport.ErrClosed
	c.p.mu.Unlock()
	if closed {
		return transport.NewOpError("set deadline", uri, transport.ErrClosed, "")
	}
	d.set(t)
	return nil
}
