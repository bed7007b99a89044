//go:build linux && vm

package printer_test

import (
	"context"
	"fmt"
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
