//go:build linux && vm

package lp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
	"github.com/printerctl/printerctl/transport/ieee1284"
	"github.com/printerctl/printerctl/transport/lp"
	"github.com/printerctl/printerctl/transport/vmtest"
)

func plug(t *testing.T, cfg *vmtest.PrinterConfig) (*vmtest.Printer, *vmtest.Port) {
	t.Helper()
	vmtest.Guest(t)
	printer := vmtest.NewPrinter(cfg)
	return printer, vmtest.Plug(t, printer.Device)
}

func open(t *testing.T, port *vmtest.Port) *lp.Conn {
	t.Helper()
	c, err := transport.Open(t.Context(), "lp://"+port.LP())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c.(*lp.Conn)
}

func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

// receive reads n bytes at the printer's side.
func receive(printer io.Reader, n int) <-chan []byte {
	got := make(chan []byte, 1)
	go func() {
		b := make([]byte, n)
		m, _ := io.ReadFull(printer, b)
		got <- b[:m]
	}()
	return got
}

func TestVMConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		printer, port := plug(t, nil)
		return open(t, port), vmtest.Peer(printer, port)
	})
}

func TestVMConnOneWay(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		printer, port := plug(t, &vmtest.PrinterConfig{OneWay: true})
		return open(t, port), vmtest.Peer(printer, port)
	}, conntest.OneWay())
}

// The other side is the kernel's own gadget driver, which knows nothing of
// what our emulation takes for granted.
func TestVMConnGadget(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		gadget := vmtest.NewGadget(t)
		c, err := transport.Open(t.Context(), "lp://"+gadget.LP())
		require.NoError(t, err)
		return c, gadget
	})
}

func TestVMBothWays(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	sent := noise(300_000)
	got := receive(printer, len(sent))
	go func() {
		for b := sent[:10_000]; len(b) > 0; {
			n := min(len(b), 1+len(b)%100)
			_, _ = printer.Write(b[:n])
			b = b[n:]
		}
	}()
	answers := make(chan []byte, 1)
	go func() {
		b := make([]byte, 10_000)
		n, _ := io.ReadFull(c, b)
		answers <- b[:n]
	}()
	for b, n := sent, 1; len(b) > 0; n = n*3%9973 + 1 {
		n := min(n, len(b))
		m, err := c.Write(b[:n])
		require.NoError(t, err)
		require.Equal(t, n, m)
		b = b[n:]
	}
	require.True(t, bytes.Equal(sent, <-got))
	require.True(t, bytes.Equal(sent[:10_000], <-answers))
}

// A zero-length packet is no end of file.
func TestVMZeroLengthPacket(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	for _, b := range []string{"", "", "A", "", "B"} {
		_, err := printer.Write([]byte(b))
		require.NoError(t, err)
	}
	got := make([]byte, 2)
	_, err := io.ReadFull(c, got)
	require.NoError(t, err)
	require.Equal(t, "AB", string(got))
}

func TestVMReadDeadline(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	require.NoError(t, c.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
	n, err := c.Read(make([]byte, 1))
	require.Zero(t, n)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NoError(t, c.SetReadDeadline(time.Time{}))

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err = transport.Read(ctx, c, make([]byte, 1))
	require.ErrorIs(t, err, context.Canceled)

	_, err = printer.Write([]byte("late"))
	require.NoError(t, err)
	b := make([]byte, 10)
	n, err = transport.Read(t.Context(), c, b)
	require.NoError(t, err)
	require.Equal(t, "late", string(b[:n]))
}

// A printer without paper acknowledges nothing for as long as it takes. What
// Write counts and what it does not must make the whole receipt, once.
func TestVMPaperOut(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	sent := noise(50_000)

	got := receive(printer, 160*64) // whole packets
	written := 0
	for printer.Unread() < 128 || len(got) == 0 { // it takes more
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		n, err := transport.Write(ctx, c, sent[written:])
		cancel()
		written += n
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
	first := <-got
	require.Less(t, written, len(sent))
	require.GreaterOrEqual(t, written, len(first))

	// The port status is answered by the printer's control endpoint, which
	// paper does not stop.
	printer.SetPortStatus(vmtest.PortPaperOut)
	status, err := c.PortStatus(t.Context())
	require.NoError(t, err)
	require.True(t, status.PaperEmpty())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.Drain(ctx), context.DeadlineExceeded, "the last block is still on its way")

	rest := receive(printer, len(sent)-len(first))
	_, err = transport.Write(t.Context(), c, sent[written:])
	require.NoError(t, err)
	require.NoError(t, c.Drain(t.Context()))
	require.True(t, bytes.Equal(sent, append(first, <-rest...)))
}

// Closing right after a write loses nothing that the printer takes soon.
func TestVMCloseAfterWrite(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	sent := noise(8000)
	printer.Mute(true)
	_, err := c.Write(sent)
	require.NoError(t, err)
	got := receive(printer, len(sent))
	time.AfterFunc(20*time.Millisecond, func() { printer.Mute(false) })
	require.NoError(t, c.Close())
	require.True(t, bytes.Equal(sent, <-got))
}

// Nor does a printer that takes nothing keep Close from ending.
func TestVMCloseWhileStuck(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	printer.Mute(true)
	ended := make(chan error, 2)
	go func() { _, err := c.Write(make([]byte, 50_000)); ended <- err }()
	go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-ended, transport.ErrClosed)
	require.ErrorIs(t, <-ended, transport.ErrClosed)
	require.NoError(t, c.Close())
}

func TestVMUnplug(t *testing.T) {
	vmtest.Guest(t)
	leaks := vmtest.Leaks(t)
	printer, port := plug(t, nil)
	for range 3 {
		c := open(t, port)
		uri := "lp://" + port.LP()
		printer.Mute(true)
		ended := make(chan error, 2)
		go func() { _, err := c.Write(make([]byte, 50_000)); ended <- err }()
		go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		<-ctx.Done()
		cancel()
		port.Unplug()
		for range 2 {
			err := <-ended
			require.ErrorIs(t, err, transport.ErrGone)
			require.NotErrorIs(t, err, transport.ErrClosed)
		}
		_, err := c.Write([]byte("x"))
		require.ErrorIs(t, err, transport.ErrGone)
		_, err = transport.Open(t.Context(), uri)
		require.ErrorIs(t, err, transport.ErrNotFound)
		require.NoError(t, c.Close())
		printer.Mute(false)
		port = vmtest.Plug(t, printer.Device)
	}
	printer.Room(1 << 10) // what it took of the receipts that were cut off is still there
	c := open(t, port)
	_, err := c.Write([]byte("again"))
	require.NoError(t, err)
	require.NoError(t, c.Drain(t.Context()))
	require.NoError(t, c.Close())
	port.Unplug()
	leaks()
}

func TestVMBusy(t *testing.T) {
	_, port := plug(t, nil)
	open(t, port)
	_, err := transport.Open(t.Context(), "lp://"+port.LP())
	require.ErrorIs(t, err, transport.ErrBusy)
	require.ErrorContains(t, err, "held by lp.test")
}

func TestVMStall(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	printer.HaltIn()
	_, err := c.Read(make([]byte, 1))
	require.ErrorIs(t, err, transport.ErrGone)
}

func TestVMPortRequests(t *testing.T) {
	printer, port := plug(t, nil)
	c := open(t, port)
	id, err := c.DeviceID(t.Context())
	require.NoError(t, err)
	require.Equal(t, ieee1284.DeviceID("MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;"), id)
	status, err := c.PortStatus(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, vmtest.PortHealthy, status)
	require.NoError(t, c.SoftReset(t.Context()))
	require.Equal(t, 1, printer.Resets())
}

func TestVMOneWay(t *testing.T) {
	printer, port := plug(t, &vmtest.PrinterConfig{OneWay: true})
	c := open(t, port)
	_, err := c.Read(make([]byte, 1))
	require.ErrorIs(t, err, transport.ErrNoBackChannel)
	got := receive(printer, 5)
	_, err = c.Write([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, "hello", string(<-got))
}

func TestVMPermission(t *testing.T) {
	_, port := plug(t, nil)
	uri := "lp://" + port.LP()
	try := func(uid, gid int) (err error) {
		vmtest.AsUser(t, uid, gid, func() {
			var c transport.Conn
			if c, err = transport.Open(t.Context(), uri); err == nil {
				err = c.Close()
			}
		})
		return err
	}
	err := try(vmtest.UserClerk, vmtest.UserClerk)
	require.ErrorIs(t, err, transport.ErrPermission)
	require.ErrorContains(t, err, "udev rule")

	// As udev leaves it.
	require.NoError(t, os.Chown(port.LP(), 0, vmtest.GroupLP))
	require.NoError(t, os.Chmod(port.LP(), 0o660))
	err = try(vmtest.UserClerk, vmtest.UserClerk)
	require.ErrorIs(t, err, transport.ErrPermission)
	var oe *transport.OpError
	require.True(t, errors.As(err, &oe))
	require.Contains(t, oe.Cure, "usermod -aG lp")
	require.NoError(t, try(vmtest.UserClerk, vmtest.GroupLP))
}
