package usb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/ieee1284"
	"github.com/printerctl/printerctl/transport/internal/deadline"
)

// What a transfer can end with, besides success.
var (
	errCanceled = errors.New("canceled")
	errStall    = errors.New("the printer stalled the transfer")
	errNoDevice = errors.New("the printer is gone from the bus")
	errTimeout  = errors.New("no answer in time")
)

// A bus is a claimed printer interface: the transfers that libusb carries
// out. in and out return how many bytes have passed also when they fail.
type bus interface {
	out(ctx context.Context, p []byte) (int, error)
	in(ctx context.Context, p []byte) (int, error)
	control(timeout time.Duration, reqType, req uint8, value, index uint16, data []byte) (int, error)
	// close releases the interface and the device, resetting the port first
	// where reset is set. No transfer is in flight.
	close(reset bool) error
}

// block is the size of one transfer to the printer: large enough that the bus
// never idles between two.
const block = 64 << 10

// controlTimeout bounds a control request whose context allows longer.
const controlTimeout = time.Second

// A Conn is an open USB printer. It is a [transport.PortConn]. A Write
// returns when the printer has taken its bytes, and its count is exact to the
// packet, so that there is nothing to drain.
type Conn struct {
	uri string
	bus bus
	set setting

	rdead, wdead deadline.Deadline

	rmu     sync.Mutex // one Read
	buf     []byte
	rest    []byte // received and not yet read; part of buf
	restErr error  // what ended the transfer that rest came from

	wmu sync.Mutex // one Write
	cmu sync.Mutex // one control request

	mu      sync.Mutex
	closed  bool
	stalled bool

	once     sync.Once
	closeErr error
}

var _ transport.PortConn = (*Conn)(nil)

// newConn returns a Conn over b, whose interface has the setting set.
func newConn(uri string, b bus, set setting) *Conn {
	c := &Conn{uri: uri, bus: b, set: set}
	if len(set.in) > 0 {
		// One packet a transfer: a larger one would hold a reply of exactly
		// one full packet back until the next.
		c.buf = make([]byte, packet(set.in[0]))
	}
	return c
}

func packet(e endpoint) int {
	if e.maxPacket <= 0 {
		return maxPacketSize
	}
	return e.maxPacket
}

// Read reads what the printer sent. A zero-length packet is nothing; a
// printer without an input endpoint has [transport.ErrNoBackChannel].
func (c *Conn) Read(p []byte) (int, error) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	if c.buf == nil {
		return 0, transport.NewOpError("read", c.uri, transport.ErrNoBackChannel, "")
	}
	if len(p) == 0 {
		return 0, nil
	}
	for len(c.rest) == 0 {
		if err := c.stopped(&c.rdead); err != nil {
			return 0, c.wrap("read", err)
		}
		if c.restErr != nil {
			return 0, c.wrap("read", c.restErr)
		}
		n, err := c.bus.in(until{&c.rdead}, c.buf)
		c.rest = c.buf[:n]
		if err != errCanceled {
			c.restErr = err
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Write writes p.
func (c *Conn) Write(p []byte) (int, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	n := 0
	for n < len(p) {
		if err := c.stopped(&c.wdead); err != nil {
			return n, c.wrap("write", err)
		}
		m, err := c.bus.out(until{&c.wdead}, p[n:min(len(p), n+block)])
		n += m
		if err != nil && err != errCanceled {
			return n, c.wrap("write", err)
		}
	}
	return n, nil
}

// stopped returns why a call must not go on.
func (c *Conn) stopped(d *deadline.Deadline) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return transport.ErrClosed
	}
	if d.Expired() {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// SetReadDeadline implements [transport.Conn].
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(&c.rdead, t) }

// SetWriteDeadline implements [transport.Conn].
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.wdead, t) }

func (c *Conn) setDeadline(d *deadline.Deadline, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed { // Close has ended the transfers by the same means
		return transport.NewOpError("set deadline", c.uri, transport.ErrClosed, "")
	}
	d.Set(t)
	return nil
}

// Close ends what is in progress, and gives the printer back to the driver
// that had it.
func (c *Conn) Close() error {
	c.once.Do(func() {
		c.mu.Lock()
		c.closed = true
		long := time.Unix(1, 0) // ago
		c.rdead.Set(long)
		c.wdead.Set(long)
		c.mu.Unlock()

		c.rmu.Lock()
		defer c.rmu.Unlock()
		c.wmu.Lock()
		defer c.wmu.Unlock()
		c.cmu.Lock()
		defer c.cmu.Unlock()
		c.closeErr = transport.NewOpError("close", c.uri, c.bus.close(c.stalled), "")
	})
	return c.closeErr
}

// The class requests of a printer interface (USB Device Class Definition for
// Printing Devices 1.1, section 4.2).
const (
	fromInterface = 0xa1
	toInterface   = 0x21

	getDeviceID   = 0
	getPortStatus = 1
	softReset     = 2
)

// DeviceID implements [transport.PortConn].
func (c *Conn) DeviceID(ctx context.Context) (ieee1284.DeviceID, error) {
	var buf [1024]byte
	n, err := c.control(ctx, "device id", fromInterface, getDeviceID, uint16(c.set.iface)<<8|uint16(c.set.alt), buf[:])
	if err != nil {
		return "", err
	}
	id, err := ieee1284.ParseResponse(buf[:n])
	return id, transport.NewOpError("device id", c.uri, err, "")
}

// PortStatus implements [transport.PortConn].
func (c *Conn) PortStatus(ctx context.Context) (ieee1284.PortStatus, error) {
	var buf [1]byte
	n, err := c.control(ctx, "port status", fromInterface, getPortStatus, uint16(c.set.iface), buf[:])
	if err == nil && n == 0 {
		err = transport.NewOpError("port status", c.uri, fmt.Errorf("%w: empty answer", transport.ErrUnsupported), "")
	}
	return ieee1284.PortStatus(buf[0]), err
}

// SoftReset implements [transport.PortConn].
func (c *Conn) SoftReset(ctx context.Context) error {
	_, err := c.control(ctx, "reset", toInterface, softReset, uint16(c.set.iface), nil)
	return err
}

// control carries out one class request. libusb cannot cancel it, so that it
// is bounded by the deadline of ctx or one second, whichever is earlier.
func (c *Conn) control(ctx context.Context, op string, reqType, req uint8, index uint16, data []byte) (int, error) {
	c.cmu.Lock()
	defer c.cmu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := c.stopped(new(deadline.Deadline)); err != nil {
		return 0, c.wrap(op, err)
	}
	timeout := controlTimeout
	if t, ok := ctx.Deadline(); ok {
		timeout = max(min(timeout, time.Until(t)), time.Millisecond)
	}
	n, err := c.bus.control(timeout, reqType, req, 0, index, data)
	switch {
	case err == errStall: // a stalled control request is one the printer does not know
		err = transport.NewOpError(op, c.uri, fmt.Errorf("%w: the printer does not know the request", transport.ErrUnsupported), "")
	case err == errTimeout && ctx.Err() != nil:
		err = ctx.Err()
	case err == errTimeout:
		err = transport.NewOpError(op, c.uri, os.ErrDeadlineExceeded, "")
	default:
		err = c.wrap(op, err)
	}
	return n, err
}

// wrap turns an error into what [transport.Conn] promises.
func (c *Conn) wrap(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case err == transport.ErrClosed, err == os.ErrDeadlineExceeded:
		return transport.NewOpError(op, c.uri, err, "")
	case err == errStall:
		c.mu.Lock()
		c.stalled = true
		c.mu.Unlock()
	}
	return transport.NewOpError(op, c.uri, fmt.Errorf("%w: %w", transport.ErrGone, err), "")
}

// until is a context that ends with a deadline which can be moved.
type until struct{ d *deadline.Deadline }

func (u until) Deadline() (time.Time, bool) { return time.Time{}, false }
func (u until) Done() <-chan struct{}       { return u.d.Done() }
func (u until) Value(any) any               { return nil }
func (u until) Err() error {
	if u.d.Expired() {
		return context.DeadlineExceeded
	}
	return nil
}
