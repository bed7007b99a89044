package serial

import (
	"context"
	"errors"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/deadline"
	"github.com/printerctl/printerctl/transport/internal/device"
	"github.com/printerctl/printerctl/transport/internal/drain"
)

func init() {
	transport.Register("serial", func(ctx context.Context, u *url.URL) (transport.Conn, error) {
		c, err := Open(ctx, u)
		if err != nil {
			return nil, err
		}
		return c, nil
	})
}

// A Conn is an open serial line. It is a [transport.DrainConn], a
// [transport.RateConn] and a [transport.FlowConn].
type Conn struct {
	uri  string
	mode Mode
	line *line // the system's half

	held     func() (bool, error) // whether the printer holds the line; nil: the system sees to it
	wdead    deadline.Deadline    // for paced writes
	wmu      sync.Mutex           // one paced write at a time
	pace     pace
	writing  atomic.Int32 // calls of Write in progress
	closing  chan struct{}
	closed   sync.Once
	closeErr error
}

var (
	_ transport.DrainConn = (*Conn)(nil)
	_ transport.RateConn  = (*Conn)(nil)
	_ transport.FlowConn  = (*Conn)(nil)
)

// Signals is the state of the lines that the printer drives, as the host sees
// them. A line that is not wired reads false.
type Signals struct {
	CTS bool // clear to send
	DSR bool // data set ready
	DCD bool // carrier detect
	RI  bool // ring
}

// Open opens the port that u names and sets the line. Errors are
// [*transport.OpError] values that match [transport.ErrURI],
// [transport.ErrNotFound], [transport.ErrNotDevice],
// [transport.ErrPermission], [transport.ErrBusy], or
// [transport.ErrUnsupported] for a mode that the port cannot take.
func Open(_ context.Context, u *url.URL) (*Conn, error) {
	port, mode, err := ParseURI(u)
	if err != nil {
		return nil, err
	}
	c := &Conn{uri: u.String(), mode: mode, closing: make(chan struct{})}
	if c.line, err = openLine(c.uri, port, mode); err != nil {
		return nil, err
	}
	if mode.Flow == FlowDTRDSR && !c.line.obeysDSR() {
		c.held = func() (bool, error) {
			s, err := c.line.signals()
			return !s.DSR, err
		}
	}
	return c, nil
}

// Read reads what the printer sent.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.line.read(p)
	return n, device.IOError("read", c.uri, err)
}

// Write writes p, while the printer lets it. Its count is what the system has
// taken: see [Conn.Drain].
func (c *Conn) Write(p []byte) (int, error) {
	c.writing.Add(1)
	defer c.writing.Add(-1)
	if c.held != nil {
		n, err := c.writePaced(p)
		return n, device.IOError("write", c.uri, err)
	}
	n, err := c.line.f.Write(p)
	return n, device.IOError("write", c.uri, err)
}

// SetReadDeadline implements [transport.Conn].
func (c *Conn) SetReadDeadline(t time.Time) error {
	return device.IOError("set deadline", c.uri, c.line.f.SetReadDeadline(t))
}

// SetWriteDeadline implements [transport.Conn].
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.wdead.Set(t)
	return device.IOError("set deadline", c.uri, c.line.f.SetWriteDeadline(t))
}

// Drain waits until the line has sent every byte written, or ctx ends.
func (c *Conn) Drain(ctx context.Context) error {
	return drain.Poll(ctx, func() (int, error) {
		n, err := c.line.queued()
		return n, device.IOError("drain", c.uri, err)
	})
}

// Mode returns how the line is set.
func (c *Conn) Mode() Mode { return c.mode }

// BytesPerSecond implements [transport.RateConn].
func (c *Conn) BytesPerSecond() int { return c.mode.BytesPerSecond() }

// Lossy reports whether the line has no flow control.
func (c *Conn) Lossy() bool { return c.mode.Flow == FlowNone }

// SoftwareFlow implements [transport.FlowConn]: it is true with flow=xonxoff
// on a USB adapter whose Linux driver cannot do it (ch341 and cdc_acm, for
// example).
func (c *Conn) SoftwareFlow() bool { return c.mode.Flow == FlowXONXOFF && !c.line.obeysXOFF() }

// Signals returns the state of the printer's lines. A port that has none, as
// a pseudo terminal, fails with [transport.ErrUnsupported].
func (c *Conn) Signals() (Signals, error) {
	s, err := c.line.signals()
	if errors.Is(err, errNoSignals) {
		return s, transport.NewOpError("signals", c.uri, err, "")
	}
	return s, device.IOError("signals", c.uri, err)
}

// Close closes the port. Bytes that Write took are sent first, for as long as
// the line moves; once it has stood still for half a second, or where a Write
// is blocked, they are dropped.
func (c *Conn) Close() error {
	c.closed.Do(func() {
		close(c.closing)
		if c.writing.Load() == 0 {
			c.sendRest()
		}
		c.line.flush()
		c.closeErr = c.line.close()
		if errors.Is(c.closeErr, os.ErrClosed) {
			c.closeErr = nil
		}
	})
	return device.IOError("close", c.uri, c.closeErr)
}

// sendRest returns when the output queue is empty or has stood still for half
// a second.
func (c *Conn) sendRest() {
	const patience = 500 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	giveUp := time.AfterFunc(patience, cancel)
	defer giveUp.Stop()
	last := -1
	_ = drain.Poll(ctx, func() (int, error) {
		n, err := c.line.queued()
		if n != last {
			last = n
			giveUp.Reset(patience)
		}
		return n, err
	})
}
