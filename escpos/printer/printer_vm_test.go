//go:build linux && vm

package printer_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
	_ "github.com/printerctl/printerctl/transport/lp"
	_ "github.com/printerctl/printerctl/transport/serial"
	_ "github.com/printerctl/printerctl/transport/usb"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// overEach runs f over each medium of a real kernel, with a virtual printer at
// the end of the cable.
func overEach(t *testing.T, cfg virtual.Config, f func(t *testing.T, v *virtual.Printer, rig *vmtest.Rig)) {
	for _, medium := range vmtest.Media {
		t.Run(medium, func(t *testing.T) {
			v := virtual.New(&cfg)
			t.Cleanup(func() { require.NoError(t, v.Close()) })
			conn, err := v.Dial()
			require.NoError(t, err)
			f(t, v, vmtest.NewRig(t, medium, conn))
		})
	}
}

func openRig(t *testing.T, rig *vmtest.Rig, cfg *printer.Config) *printer.Printer {
	t.Helper()
	p, err := printer.Open(t.Context(), rig.URI, cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// soon bounds what would hang.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// bill is a receipt of so many numbered lines.
func bill(name string, lines int) *escpos.Document {
	d := new(escpos.Document)
	for i := range lines {
		d.Line(fmt.Sprintf("%s line %d", name, i))
	}
	return d.Feed(4).Cut(escpos.CutFull)
}

// onPaper counts those of a bill on paper.
func onPaper(v *virtual.Printer, name string) int {
	return strings.Count(v.Printed(), name+" line ")
}

func TestVMStatus(t *testing.T) {
	overEach(t, virtual.Config{}, func(t *testing.T, v *virtual.Printer, rig *vmtest.Rig) {
		p := openRig(t, rig, nil)
		s, err := p.Status(soon(t))
		require.NoError(t, err)
		require.Equal(t, 4, s.Answered)
		require.Equal(t, escpos.Yes, s.Online)
		require.Equal(t, escpos.PaperOK, s.Paper())

		v.OpenCover()
		s, err = p.Status(soon(t))
		require.NoError(t, err)
		require.Equal(t, escpos.Yes, s.CoverOpen)
		require.Equal(t, escpos.No, s.Online)
	})
}

func TestVMPrintWithEvidence(t *testing.T) {
	overEach(t, virtual.Config{}, func(t *testing.T, v *virtual.Printer, rig *vmtest.Rig) {
		p := openRig(t, rig, nil)
		for i := range 3 {
			res, err := p.Print(soon(t), &printer.Job{Document: bill(fmt.Sprint("bill", i), 100)})
			require.NoError(t, err)
			require.Equal(t, printer.Printed, res.Outcome)
			require.Equal(t, printer.EvidenceProcessID, res.Evidence)
			require.Equal(t, 100, onPaper(v, fmt.Sprint("bill", i)))
		}
		require.Len(t, v.Receipts(), 3)
	})
}

// The device's side is the kernel's own gadget driver. A receipt with a
// picture comes out of the printer behind it, through usblp and through libusb,
// dot for dot as it comes out without a cable.
func TestVMGadget(t *testing.T) {
	vmtest.Guest(t)
	noise := image.NewGray(image.Rect(0, 0, 512, 1000))
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise.Pix)
	doc := bill("bill", 50).Image(escpos.Image{Source: noise}).Line("the end").Feed(4).Cut(escpos.CutFull)

	print := func(t *testing.T, p *printer.Printer, v *virtual.Printer) [sha256.Size]byte {
		t.Helper()
		s, err := p.Status(soon(t))
		require.NoError(t, err)
		require.Equal(t, 4, s.Answered)
		require.Equal(t, escpos.PaperOK, s.Paper())
		res, err := p.Print(soon(t), &printer.Job{Document: doc})
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Greater(t, res.Bytes, int64(64_000))
		paper := v.Receipts()
		require.Len(t, paper, 2)
		h := sha256.New()
		for _, r := range paper {
			h.Write(r.Image().Pix)
		}
		return [sha256.Size]byte(h.Sum(nil))
	}
	behind := func(t *testing.T) (*virtual.Printer, transport.Conn) {
		t.Helper()
		v := virtual.New(nil)
		t.Cleanup(func() { require.NoError(t, v.Close()) })
		conn, err := v.Dial()
		require.NoError(t, err)
		return v, conn
	}
	v, conn := behind(t)
	p := printer.New(conn, "virtual://", nil)
	defer p.Close()
	want := print(t, p, v)

	for _, medium := range []string{"lp", "usb"} {
		t.Run(medium, func(t *testing.T) {
			v, conn := behind(t)
			gadget := vmtest.NewGadget(t)
			vmtest.Connect(t, gadget, conn)
			uri := "usb://04b8:0202/" + vmtest.GadgetSerial
			if medium == "lp" {
				uri = "lp://" + gadget.LP()
			}
			p, err := printer.Open(t.Context(), uri, nil)
			require.NoError(t, err)
			t.Cleanup(func() { _ = p.Close() })
			require.Equal(t, want, print(t, p, v))
		})
	}
}

// The paper ends in the middle of a receipt, and the printer acknowledges
// nothing once its buffer is full. With new paper it goes on where it was.
func TestVMPaperEnd(t *testing.T) {
	overEach(t, virtual.Config{}, func(t *testing.T, v *virtual.Printer, rig *vmtest.Rig) {
		v.LoadPaper(v.Personality().PaperFor(50))
		p := openRig(t, rig, nil)
		stalled := make(chan printer.Stall, 1)
		go func() {
			<-stalled
			v.LoadPaper(10_000)
		}()
		res, err := p.Print(soon(t), &printer.Job{
			Document: bill("bill", 1000),
			OnStall: func(s printer.Stall) printer.Action {
				select {
				case stalled <- s:
				default:
				}
				return printer.Resume
			},
		})
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.NotEmpty(t, res.Stalls)
		require.Equal(t, 1000, onPaper(v, "bill"))
	})
}

// The cable is pulled in the middle of a receipt: it is in doubt, and the next
// link begins on firm ground.
func TestVMUnplugInTheMiddle(t *testing.T) {
	overEach(t, virtual.Config{}, func(t *testing.T, v *virtual.Printer, rig *vmtest.Rig) {
		v.LoadPaper(v.Personality().PaperFor(20))
		p := openRig(t, rig, nil)
		res, err := p.Print(soon(t), &printer.Job{
			Document: bill("first", 2000),
			OnStall: func(printer.Stall) printer.Action {
				rig.Unplug()
				return printer.Resume
			},
		})
		require.ErrorIs(t, err, printer.ErrLinkLost)
		require.Equal(t, printer.Doubt, res.Outcome)
		<-p.Done()
		require.NoError(t, p.Close())
		_, err = printer.Open(t.Context(), rig.URI, nil)
		require.ErrorIs(t, err, transport.ErrNotFound)

		rig.Plug()
		v.LoadPaper(50_000)
		p = openRig(t, rig, &printer.Config{Unfinished: p.Unfinished()})
		res, err = p.Print(soon(t), &printer.Job{Document: bill("second", 30)})
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Equal(t, 30, onPaper(v, "second"))
		require.Less(t, onPaper(v, "first"), 2000)
	})
}

// A Dialer waits for a printer that comes back.
func TestVMDialer(t *testing.T) {
	overEach(t, virtual.Config{}, func(t *testing.T, v *virtual.Printer, rig *vmtest.Rig) {
		d := &printer.Dialer{URI: rig.URI, MinBackoff: 10 * time.Millisecond, MaxBackoff: 100 * time.Millisecond}
		for i := range 3 {
			p, err := d.Dial(soon(t))
			require.NoError(t, err)
			_, err = p.Print(soon(t), &printer.Job{Document: bill(fmt.Sprint("bill", i), 5)})
			require.NoError(t, err)
			rig.Unplug()
			<-p.Done()
			require.ErrorIs(t, p.Err(), printer.ErrLinkLost)
			require.NoError(t, p.Close())
			plugged := make(chan struct{})
			go func() {
				defer close(plugged)
				rig.Plug()
			}()
			p, err = d.Dial(soon(t))
			require.NoError(t, err)
			<-plugged
			require.NoError(t, p.Close())
		}
		require.Len(t, v.Receipts(), 3)
	})
}
