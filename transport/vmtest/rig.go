//go:build linux

package vmtest

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"
)

// An End is the printer's end of a link: a [Printer], an [FTDI] or an [ACM].
type End interface {
	io.ReadWriter
	release()
}

// A LinkPeer is the far end of a link together with its plug, for package
// conntest.
type LinkPeer struct {
	End
	port *Port
}

// Peer returns the far end of whatever link the host opens to the device in a
// port. Its blocked calls end with the test.
func Peer(end End, port *Port) LinkPeer {
	port.t.Cleanup(end.release)
	return LinkPeer{end, port}
}

// Hangup pulls the plug.
func (p LinkPeer) Hangup() error {
	p.port.Unplug()
	return nil
}

// Connect puts a printer made of software behind a plug: what the host sends
// goes to far, and what far answers goes to the host. far is closed when the
// test ends. Where far takes no more, as a printer without paper does, the
// plug acknowledges nothing once its small buffer is full.
func Connect(t testing.TB, end End, far io.ReadWriteCloser) {
	var pumps sync.WaitGroup
	pumps.Go(func() { _, _ = io.Copy(far, struct{ io.Reader }{end}) })
	pumps.Go(func() { _, _ = io.Copy(struct{ io.Writer }{end}, far) })
	t.Cleanup(func() {
		end.release()
		_ = far.Close()
		pumps.Wait()
	})
}

// Media are the ways by which a [Rig] can be reached: usblp, libusb, an FTDI
// adapter, and a printer that poses as a serial port.
var Media = []string{"lp", "usb", "ftdi", "acm"}

// rigs counts them, so that each has names of its own.
var rigs atomic.Int32

// A Rig is a printer made of software at the end of a cable. It is plugged in
// at first.
type Rig struct {
	// URI opens it. It stays the same when the cable is plugged in again, as
	// the names that udev gives do.
	URI string

	t      testing.TB
	device *Device
	node   func(*Port) string // nil: none
	link   string
	port   *Port
}

// NewRig connects far by one of the Media.
func NewRig(t testing.TB, medium string, far io.ReadWriteCloser) *Rig {
	t.Helper()
	Guest(t)
	name := fmt.Sprintf("rig-%s-%d", medium, rigs.Add(1))
	r := &Rig{t: t, link: "/dev/" + name}
	var end End
	switch medium {
	case "lp", "usb":
		p := NewPrinter(&PrinterConfig{Serial: name})
		r.device, end = p.Device, p
		if medium == "usb" {
			r.URI = "usb://04b8:0202/" + name
			break
		}
		r.URI, r.node = "lp://"+r.link, (*Port).LP
	case "ftdi":
		f := NewFTDI(t)
		f.HoldAt(1024)
		r.device, end = f.Device, f
		r.URI, r.node = "serial://"+r.link+"?baud=115200&flow=rtscts", (*Port).TTY
	case "acm":
		a := NewACM()
		r.device, end = a.Device, a
		r.URI, r.node = "serial://"+r.link+"?baud=115200", (*Port).TTY
	default:
		t.Fatalf("no medium %q", medium)
	}
	Connect(t, end, far)
	r.Plug()
	return r
}

// Plug plugs the cable in.
func (r *Rig) Plug() {
	r.t.Helper()
	r.port = Plug(r.t, r.device)
	if r.node == nil {
		return
	}
	_ = os.Remove(r.link)
	if err := os.Symlink(r.node(r.port), r.link); err != nil {
		r.t.Fatal(err)
	}
}

// Unplug pulls it, and returns when the kernel knows.
func (r *Rig) Unplug() {
	r.t.Helper()
	r.port.Unplug()
	if r.node != nil {
		_ = os.Remove(r.link)
	}
}
