package usb

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// printer is the far end of the bus: a device that takes packets of bulk data
// while its buffer has room and NAKs otherwise, and that can stall, send
// empty packets and be pulled out. It answers as libusb reports: a canceled
// or failed transfer says how much of it has passed.
type printer struct {
	packet int
	buffer int // bytes that the device takes before it NAKs

	mu       sync.Mutex
	changed  chan struct{} // closed, and replaced, at every change
	taken    []byte
	packets  [][]byte // to the host
	gone     bool
	stallOut bool
	stallIn  bool
	answers  map[uint8]answer // by request
	requests []request
	closed   int
	reset    bool
}

type answer struct {
	data []byte
	err  error
}

type request struct {
	reqType, req uint8
	index        uint16
}

func newPrinter() *printer {
	return &printer{packet: 64, buffer: 4096, changed: make(chan struct{}), answers: map[uint8]answer{}}
}

// do changes the device's state.
func (p *printer) do(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

// transfer tries step, which reports whether the transfer is over, until it
// is or ctx ends.
func (p *printer) transfer(ctx context.Context, step func() (done bool, err error)) error {
	for {
		p.mu.Lock()
		if p.gone {
			p.mu.Unlock()
			return errNoDevice
		}
		done, err := step()
		changed := p.changed
		if done || err != nil {
			close(p.changed)
			p.changed = make(chan struct{})
		}
		p.mu.Unlock()
		if done || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return errCanceled
		}
	}
}

func (p *printer) out(ctx context.Context, b []byte) (int, error) {
	n := 0
	err := p.transfer(ctx, func() (bool, error) {
		if p.stallOut {
			return true, errStall
		}
		for n < len(b) && len(p.taken)+p.packet <= p.buffer {
			m := min(p.packet, len(b)-n)
			p.taken = append(p.taken, b[n:n+m]...)
			n += m
		}
		if n > 0 {
			close(p.changed)
			p.changed = make(chan struct{})
		}
		return n == len(b), nil
	})
	return n, err
}

func (p *printer) in(ctx context.Context, b []byte) (int, error) {
	n := 0
	err := p.transfer(ctx, func() (bool, error) {
		if p.stallIn {
			return true, errStall
		}
		if len(p.packets) == 0 {
			return false, nil
		}
		n = copy(b, p.packets[0]) // a packet is never larger than the buffer
		p.packets = p.packets[1:]
		return true, nil
	})
	return n, err
}

func (p *printer) control(_ time.Duration, reqType, req uint8, _, index uint16, data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return 0, errNoDevice
	}
	p.requests = append(p.requests, request{reqType, req, index})
	a, ok := p.answers[req]
	if !ok {
		return 0, errStall
	}
	return copy(data, a.data), a.err
}

func (p *printer) close(reset bool) error {
	p.do(func() { p.closed++; p.reset = reset })
	return nil
}

// Read, Write and Hangup make it a conntest.Peer.
func (p *printer) Read(b []byte) (n int, err error) {
	err = p.transfer(context.Background(), func() (bool, error) {
		if p.closed > 0 && len(p.taken) == 0 {
			return true, io.EOF
		}
		n = copy(b, p.taken)
		p.taken = p.taken[n:]
		return n > 0, nil
	})
	return n, err
}

func (p *printer) Write(b []byte) (int, error) {
	for n := 0; n < len(b); {
		err := p.transfer(context.Background(), func() (bool, error) {
			if p.closed > 0 {
				return true, io.ErrClosedPipe
			}
			if len(p.packets) >= 8 {
				return false, nil
			}
			m := min(p.packet, len(b)-n)
			p.packets = append(p.packets, append([]byte(nil), b[n:n+m]...))
			n += m
			return true, nil
		})
		if err != nil {
			return n, err
		}
	}
	return len(b), nil
}

func (p *printer) Hangup() error {
	p.do(func() { p.gone = true })
	return nil
}

// link connects a Conn to a new printer.
func link(t *testing.T) (*Conn, *printer) {
	t.Helper()
	p := newPrinter()
	c := newConn("usb://04b8:0202", p, printerSetting(1, 2, protoBidirectional))
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		require.Equal(t, 1, p.closed, "the device is released once")
	})
	return c, p
}

func TestConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) { return link(t) })
}

func TestConnOneWay(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		p := newPrinter()
		return newConn("usb://", p, setting{class: classPrinter, subClass: subClassPrinter, proto: protoUnidirectional, out: bulkOut}), p
	}, conntest.OneWay())
}

// A zero-length packet is how some printers end a reply of full packets, or
// say that there is nothing. It is no data, and no disconnect.
func TestZeroLengthPacket(t *testing.T) {
	c, p := link(t)
	p.do(func() { p.packets = [][]byte{{}, {}, {0x12}, {}} })
	buf := make([]byte, 8)
	n, err := c.Read(buf)
	require.NoError(t, err)
	require.Equal(t, []byte{0x12}, buf[:n])

	require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	_, err = c.Read(buf)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
}

func TestUnplugged(t *testing.T) {
	c, p := link(t)
	reading := make(chan error, 1)
	writing := make(chan error, 1)
	go func() { _, err := c.Read(make([]byte, 8)); reading <- err }()
	go func() { _, err := c.Write(make([]byte, 1<<16)); writing <- err }()
	p.do(func() { p.gone = true })
	require.ErrorIs(t, <-reading, transport.ErrGone)
	require.ErrorIs(t, <-writing, transport.ErrGone)
	_, err := c.PortStatus(t.Context())
	require.ErrorIs(t, err, transport.ErrGone)
	require.NoError(t, c.Close())
	require.False(t, p.reset, "there is nothing to reset")
}

// After a stall the two ends may disagree about the next packet, so that the
// link is over, and the port is reset when it is closed.
func TestStall(t *testing.T) {
	for name, stall := range map[string]func(*printer){
		"out": func(p *printer) { p.stallOut = true },
		"in":  func(p *printer) { p.stallIn = true },
	} {
		c, p := link(t)
		p.do(func() { stall(p) })
		var err error
		if name == "out" {
			_, err = c.Write([]byte("receipt"))
		} else {
			_, err = c.Read(make([]byte, 8))
		}
		require.ErrorIs(t, err, transport.ErrGone, name)
		require.ErrorContains(t, err, "stalled", name)
		require.NoError(t, c.Close())
		require.True(t, p.reset, name)
	}
}

// What arrived before the failure is read before the failure is told.
func TestDataBeforeFailure(t *testing.T) {
	c, p := link(t)
	p.do(func() { p.packets = [][]byte{[]byte("last words")} })
	buf := make([]byte, 4)
	_, err := io.ReadFull(c, buf)
	require.NoError(t, err)
	p.do(func() { p.gone = true })
	rest := make([]byte, 6)
	_, err = io.ReadFull(c, rest)
	require.NoError(t, err)
	require.Equal(t, "last words", string(buf)+string(rest))
	_, err = c.Read(buf)
	require.ErrorIs(t, err, transport.ErrGone)
}

func TestClassRequests(t *testing.T) {
	c, p := link(t)
	id := "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;"
	p.answers[getDeviceID] = answer{data: append([]byte{0, byte(len(id) + 2)}, id...)}
	p.answers[getPortStatus] = answer{data: []byte{0x38}}
	p.answers[softReset] = answer{}

	got, err := c.DeviceID(t.Context())
	require.NoError(t, err)
	require.Equal(t, "TM-T88V", got.Model())
	status, err := c.PortStatus(t.Context())
	require.NoError(t, err)
	require.True(t, status.PaperEmpty())
	require.NoError(t, c.SoftReset(t.Context()))
	require.Equal(t, []request{{0xa1, 0, 0x0102}, {0xa1, 1, 1}, {0x21, 2, 1}}, p.requests)
}

func TestClassRequestErrors(t *testing.T) {
	c, p := link(t)
	_, err := c.PortStatus(t.Context())
	require.ErrorIs(t, err, transport.ErrUnsupported, "a stalled request is an unknown one")
	require.NotErrorIs(t, err, transport.ErrGone)

	p.answers[getPortStatus] = answer{err: errTimeout}
	_, err = c.PortStatus(t.Context())
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)

	p.answers[getPortStatus] = answer{}
	_, err = c.PortStatus(t.Context())
	require.ErrorIs(t, err, transport.ErrUnsupported, "no byte is no status")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.DeviceID(ctx)
	require.ErrorIs(t, err, context.Canceled)

	require.NoError(t, c.Close())
	_, err = c.DeviceID(t.Context())
	require.ErrorIs(t, err, transport.ErrClosed)
	require.False(t, errors.Is(err, transport.ErrGone))
}
