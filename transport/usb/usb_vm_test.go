//go:build linux && cgo && vm

package usb_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
	"github.com/printerctl/printerctl/transport/usb"
	"github.com/printerctl/printerctl/transport/vmtest"
)

func plug(t *testing.T, cfg *vmtest.PrinterConfig) (*vmtest.Printer, *vmtest.Port) {
	t.Helper()
	vmtest.Guest(t)
	printer := vmtest.NewPrinter(cfg)
	return printer, vmtest.Plug(t, printer.Device)
}

func open(t *testing.T, uri string) *usb.Conn {
	t.Helper()
	c, err := transport.Open(t.Context(), uri)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c.(*usb.Conn)
}

// arrive reads n bytes at the printer's side.
func arrive(t *testing.T, printer *vmtest.Printer, n int) string {
	t.Helper()
	require.NoError(t, printer.SetReadDeadline(time.Now().Add(20*time.Second)))
	b := make([]byte, n)
	_, err := io.ReadFull(printer, b)
	require.NoError(t, err)
	return string(b)
}

func TestVMConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		printer, port := plug(t, nil)
		return open(t, "usb://"), vmtest.Peer(printer, port)
	})
}

func TestVMConnHighSpeed(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		printer, port := plug(t, &vmtest.PrinterConfig{HighSpeed: true})
		return open(t, "usb://"), vmtest.Peer(printer, port)
	})
}

func TestVMConnOneWay(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		printer, port := plug(t, &vmtest.PrinterConfig{OneWay: true})
		return open(t, "usb://"), vmtest.Peer(printer, port)
	}, conntest.OneWay())
}

// The other side is the kernel's own gadget driver, which knows nothing of
// what our emulation takes for granted.
func TestVMConnGadget(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		gadget := vmtest.NewGadget(t)
		return open(t, "usb://04b8:0202/"+vmtest.GadgetSerial), gadget
	})
}

// Older Epson interfaces, and clones with endpoints of their own liking.
func TestVMOddInterfaces(t *testing.T) {
	for name, cfg := range map[string]*vmtest.PrinterConfig{
		"vendor class":    {VendorClass: true},
		"other endpoints": {Vendor: 0x0416, Product: 0x5011, EndpointOut: 0x03, EndpointIn: 0x81},
	} {
		t.Run(name, func(t *testing.T) {
			printer, port := plug(t, cfg)
			defer port.Unplug()
			c := open(t, "usb://")
			_, err := c.Write([]byte("hello"))
			require.NoError(t, err)
			require.Equal(t, "hello", arrive(t, printer, 5))
			_, err = printer.Write([]byte("answer"))
			require.NoError(t, err)
			b := make([]byte, 10)
			n, err := transport.Read(t.Context(), c, b)
			require.NoError(t, err)
			require.Equal(t, "answer", string(b[:n]))
		})
	}
}

func TestVMZeroLengthPacket(t *testing.T) {
	printer, _ := plug(t, nil)
	c := open(t, "usb://")
	for _, b := range []string{"", "", "A", "", strings.Repeat("B", 64)} {
		_, err := printer.Write([]byte(b))
		require.NoError(t, err)
	}
	got := make([]byte, 65)
	_, err := io.ReadFull(c, got)
	require.NoError(t, err)
	require.Equal(t, "A"+strings.Repeat("B", 64), string(got))
}

// A printer without paper acknowledges nothing for as long as it takes; the
// count of a Write that was cut off is exact to the packet.
func TestVMPaperOut(t *testing.T) {
	printer, _ := plug(t, nil)
	c := open(t, "usb://")
	printer.Room(640)
	ctx, cancel := context.WithCancel(t.Context())
	n, written := 0, make(chan error, 1)
	go func() {
		var err error
		n, err = transport.Write(ctx, c, make([]byte, 50_000))
		written <- err
	}()
	vmtest.Await(t, "a full printer", func() bool { return printer.Unread() == 640 })
	cancel()
	require.ErrorIs(t, <-written, context.Canceled)
	require.Equal(t, 640, n)
	require.Equal(t, 640, printer.Unread())

	printer.SetPortStatus(vmtest.PortPaperOut)
	status, err := c.PortStatus(t.Context())
	require.NoError(t, err)
	require.True(t, status.PaperEmpty())

	go func() { _, err := c.Write(make([]byte, 50_000-n)); written <- err }()
	require.Len(t, arrive(t, printer, 50_000), 50_000)
	require.NoError(t, <-written)
}

func TestVMUnplug(t *testing.T) {
	vmtest.Guest(t)
	leaks := vmtest.Leaks(t)
	printer, port := plug(t, &vmtest.PrinterConfig{Serial: "J5KF1"})
	for range 3 {
		c := open(t, "usb://04b8:0202/J5KF1")
		printer.Mute(true)
		ended := make(chan error, 2)
		go func() { _, err := c.Write(make([]byte, 50_000)); ended <- err }()
		go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
		timer := time.NewTimer(20 * time.Millisecond)
		<-timer.C
		port.Unplug()
		for range 2 {
			err := <-ended
			require.ErrorIs(t, err, transport.ErrGone)
			require.NotErrorIs(t, err, transport.ErrClosed)
		}
		_, err := c.Write([]byte("x"))
		require.ErrorIs(t, err, transport.ErrGone)
		_, err = transport.Open(t.Context(), "usb://04b8:0202/J5KF1")
		require.ErrorIs(t, err, transport.ErrNotFound)
		require.NoError(t, c.Close())
		printer.Mute(false)
		port = vmtest.Plug(t, printer.Device)
	}
	printer.Room(1 << 10) // what it took of the receipts that were cut off is still there
	c := open(t, "usb://04b8:0202/J5KF1")
	_, err := c.Write([]byte("again"))
	require.NoError(t, err)
	require.NoError(t, c.Close())
	port.Unplug()
	leaks()
}

// Opening takes the printer from usblp, and closing gives it back. A program
// that has /dev/usb/lp0 open loses it, unless it was asked for otherwise.
func TestVMKernelDriver(t *testing.T) {
	printer, port := plug(t, nil)
	node := port.LP()
	lp, err := os.OpenFile(node, os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { _ = lp.Close() }()

	_, err = transport.Open(t.Context(), "usb://?detach=no")
	require.ErrorIs(t, err, transport.ErrBusy)

	c := open(t, "usb://")
	_, err = lp.Write([]byte("x"))
	require.Error(t, err)
	require.NoFileExists(t, node)
	_, err = transport.Open(t.Context(), "usb://")
	require.ErrorIs(t, err, transport.ErrBusy)
	_, err = c.Write([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, "hello", arrive(t, printer, 5))

	require.NoError(t, c.Close())
	require.FileExists(t, port.LP())
}

// A stall ends the link; the next one starts afresh.
func TestVMStall(t *testing.T) {
	printer, _ := plug(t, nil)
	for _, halt := range []func(){printer.HaltOut, printer.HaltIn, printer.HaltOut} {
		c := open(t, "usb://")
		written, err := c.Write([]byte("hello"))
		require.NoError(t, err)
		require.Equal(t, "hello", arrive(t, printer, written))
		halt()
		_, err = c.Write([]byte("x"))
		if err == nil {
			require.Equal(t, "x", arrive(t, printer, 1))
			_, err = c.Read(make([]byte, 1))
		}
		require.ErrorIs(t, err, transport.ErrGone)
		require.ErrorContains(t, err, "stall")
		require.NoError(t, c.Close())
	}
}

func TestVMPortRequests(t *testing.T) {
	printer, _ := plug(t, nil)
	c := open(t, "usb://")
	id, err := c.DeviceID(t.Context())
	require.NoError(t, err)
	require.True(t, id.ESCPOS())
	require.Equal(t, "TM-T88V", id.Model())
	status, err := c.PortStatus(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, vmtest.PortHealthy, status)
	require.NoError(t, c.SoftReset(t.Context()))
	require.Equal(t, 1, printer.Resets())
}

// Several printers of one model are told apart by serial number, or by port.
func TestVMSeveral(t *testing.T) {
	vmtest.Guest(t)
	printers := map[string]*vmtest.Printer{}
	var ports []*vmtest.Port
	for _, serial := range []string{"A1", "B2", ""} {
		printers[serial] = vmtest.NewPrinter(&vmtest.PrinterConfig{Serial: serial})
		ports = append(ports, vmtest.Plug(t, printers[serial].Device))
	}
	for uri, serial := range map[string]string{
		"usb://":             "A1",
		"usb://04b8:0202":    "A1",
		"usb://04b8:0202/B2": "B2",
		"usb://?port=" + filepath.Base(ports[1].Path()):          "B2",
		"usb://04b8:0202?port=" + filepath.Base(ports[2].Path()): "",
	} {
		c := open(t, uri)
		_, err := c.Write([]byte(uri))
		require.NoError(t, err)
		require.Equal(t, uri, arrive(t, printers[serial], len(uri)))
		require.NoError(t, c.Close())
	}
	_, err := transport.Open(t.Context(), "usb://04b8:0202/C3")
	require.ErrorIs(t, err, transport.ErrNotFound)
	require.ErrorContains(t, err, "B2")
}

func TestVMPermission(t *testing.T) {
	_, port := plug(t, nil)
	number := func(attr string) string {
		n := port.Attr(attr)
		return strings.Repeat("0", 3-len(n)) + n
	}
	node := "/dev/bus/usb/" + number("busnum") + "/" + number("devnum")
	try := func(uid, gid int) (err error) {
		vmtest.AsUser(t, uid, gid, func() {
			var c transport.Conn
			if c, err = transport.Open(t.Context(), "usb://"); err == nil {
				err = c.Close()
			}
		})
		return err
	}
	err := try(vmtest.UserClerk, vmtest.UserClerk)
	require.ErrorIs(t, err, transport.ErrPermission)
	require.ErrorContains(t, err, "usermod -aG lp")

	// As udev leaves it.
	require.NoError(t, os.Chown(node, 0, vmtest.GroupLP))
	require.NoError(t, os.Chmod(node, 0o660))
	require.ErrorIs(t, try(vmtest.UserClerk, vmtest.UserClerk), transport.ErrPermission)
	require.NoError(t, try(vmtest.UserClerk, vmtest.GroupLP))
}
