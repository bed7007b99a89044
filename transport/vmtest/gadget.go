//go:build linux

package vmtest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Where the kernel's gadget code is told what to be, and where its host side
// shows it. There is one emulated controller, so that one gadget can be.
const (
	gadgets     = "/sys/kernel/config/usb_gadget"
	controller  = "dummy_udc.0"
	gadgetPath  = "/sys/devices/platform/dummy_hcd.0/usb*/*-1"
	gadgetPorts = "/sys/devices/platform/dummy_hcd.0/usb*/*-0:1.0/usb*-port*"
	gadgetNode  = "/dev/g_printer0"
)

// GadgetSerial is the serial number of a [Gadget].
const GadgetSerial = "GADGET"

// A Gadget is a USB printer whose device side is not ours: the kernel's own
// printer function (usb_f_printer) on its emulated controller (dummy_hcd), at
// high speed, with the ids of an Epson TM. It is the far end of the link to
// it, and a peer for package conntest.
type Gadget struct {
	place
	dir    string // in configfs
	node   *os.File
	raw    syscall.RawConn // of node
	hangup sync.Once
}

// NewGadget plugs the gadget in, and returns when the kernel has configured
// it. It is removed when the test ends.
func NewGadget(t testing.TB) *Gadget {
	t.Helper()
	Guest(t)
	g := &Gadget{place: place{t: t}, dir: filepath.Join(gadgets, "printer")}
	t.Cleanup(g.remove)
	for _, dir := range []string{"", "strings/0x409", "configs/c.1", "functions/printer.0"} {
		if err := os.Mkdir(filepath.Join(g.dir, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, attr := range [][2]string{
		{"idVendor", "0x04b8"},
		{"idProduct", "0x0202"},
		{"strings/0x409/manufacturer", "EPSON"},
		{"strings/0x409/product", "TM-T88V"},
		{"strings/0x409/serialnumber", GadgetSerial},
		{"functions/printer.0/pnp_string", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;"},
	} {
		g.set(attr[0], attr[1])
	}
	if err := os.Symlink(filepath.Join(g.dir, "functions/printer.0"), filepath.Join(g.dir, "configs/c.1/printer.0")); err != nil {
		t.Fatal(err)
	}
	hurry(t, gadgetPorts)
	g.set("UDC", controller)
	g.appear(gadgetPath, 1)
	// Its own side cannot be opened before the host has configured it.
	Await(t, gadgetNode, func() (open bool) {
		var err error
		g.node, err = os.OpenFile(gadgetNode, os.O_RDWR|unix.O_NONBLOCK, 0)
		if err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.ENODEV) {
			t.Fatal(err)
		}
		return err == nil
	})
	var err error
	if g.raw, err = g.node.SyscallConn(); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *Gadget) set(attr, value string) {
	g.t.Helper()
	if err := os.WriteFile(filepath.Join(g.dir, attr), []byte(value+"\n"), 0); err != nil {
		g.t.Fatal(err)
	}
}

// Read reads what the host wrote.
func (g *Gadget) Read(p []byte) (int, error) {
	n, err := g.node.Read(p)
	// The function takes its emptied buffers into use again when it is next
	// asked, not before: asking now lets the host write on.
	_ = g.raw.Control(func(fd uintptr) {
		_, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
	})
	return n, err
}

// Write sends what the host shall read.
func (g *Gadget) Write(p []byte) (int, error) { return g.node.Write(p) }

// Hangup pulls the plug, and returns when the host's side knows.
func (g *Gadget) Hangup() error {
	g.hangup.Do(func() {
		g.set("UDC", "")
		if g.path != "" {
			g.vanish()
		}
	})
	return nil
}

// release ends blocked calls for good.
func (g *Gadget) release() {
	_ = g.node.SetDeadline(time.Unix(1, 0))
}

// remove undoes NewGadget, as far as that has come.
func (g *Gadget) remove() {
	if g.path != "" {
		_ = g.Hangup()
	}
	if g.node != nil {
		_ = g.node.Close()
	}
	for _, made := range []string{"configs/c.1/printer.0", "functions/printer.0", "configs/c.1", "strings/0x409", ""} {
		if err := os.Remove(filepath.Join(g.dir, made)); err != nil && !errors.Is(err, os.ErrNotExist) {
			g.t.Error(err)
		}
	}
}
