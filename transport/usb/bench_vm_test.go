//go:build linux && cgo && vm

package usb_test

import (
	"testing"
	"time"

	"github.com/google/gousb"
	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// A bare link is gousb alone.
type bare struct {
	ctx   *gousb.Context
	dev   *gousb.Device
	cfg   *gousb.Config
	iface *gousb.Interface
	*gousb.OutEndpoint
	*gousb.InEndpoint
}

func openBare(b *testing.B) *bare {
	b.Helper()
	l := &bare{ctx: gousb.NewContext()}
	var err error
	l.dev, err = l.ctx.OpenDeviceWithVIDPID(0x04b8, 0x0202)
	require.NoError(b, err)
	require.NoError(b, l.dev.SetAutoDetach(true))
	l.cfg, err = l.dev.Config(1)
	require.NoError(b, err)
	l.iface, err = l.cfg.Interface(0, 0)
	require.NoError(b, err)
	l.OutEndpoint, err = l.iface.OutEndpoint(1)
	require.NoError(b, err)
	l.InEndpoint, err = l.iface.InEndpoint(2)
	require.NoError(b, err)
	return l
}

func (l *bare) close(b *testing.B) {
	b.Helper()
	l.iface.Close()
	require.NoError(b, l.cfg.Close())
	require.NoError(b, l.dev.Close())
	require.NoError(b, l.ctx.Close())
}

// Bytes through libusb, compared with a bare loop of transfers.
func BenchmarkVMWrite(b *testing.B) {
	vmtest.Guest(b)
	printer := vmtest.NewPrinter(&vmtest.PrinterConfig{HighSpeed: true})
	printer.Room(64 << 10)
	vmtest.Plug(b, printer.Device)
	sink := vmtest.NewSink(b, printer)
	const total, part = 8 << 20, 64 << 10
	vmtest.Compare(b, 9, func() time.Duration {
		l := openBare(b)
		took := sink.Take(b, l, total, part)
		l.close(b)
		return took
	}, func() time.Duration {
		c, err := transport.Open(b.Context(), "usb://")
		require.NoError(b, err)
		took := sink.Take(b, c, total, part)
		require.NoError(b, c.Close())
		return took
	})
}

// Opening, one question and its answer.
func BenchmarkVMOpen(b *testing.B) {
	vmtest.Guest(b)
	printer := vmtest.NewPrinter(nil)
	vmtest.Plug(b, printer.Device)
	vmtest.Answer(b, printer)
	vmtest.Compare(b, 25, func() time.Duration {
		start := time.Now()
		l := openBare(b)
		vmtest.Ask(b, l, 1)
		l.close(b)
		return time.Since(start)
	}, func() time.Duration {
		start := time.Now()
		c, err := transport.Open(b.Context(), "usb://")
		require.NoError(b, err)
		vmtest.Ask(b, c, 1)
		require.NoError(b, c.Close())
		return time.Since(start)
	})
}
