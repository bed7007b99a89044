//go:build linux && vm

package lp_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// bare opens the device without anything of ours around it.
func bare(b *testing.B, node string) *os.File {
	b.Helper()
	f, err := os.OpenFile(node, os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(b, err)
	return f
}

// Bytes through usblp, compared with a bare loop of writes.
func BenchmarkVMWrite(b *testing.B) {
	vmtest.Guest(b)
	printer := vmtest.NewPrinter(&vmtest.PrinterConfig{HighSpeed: true})
	printer.Room(64 << 10)
	port := vmtest.Plug(b, printer.Device)
	node := port.LP()
	sink := vmtest.NewSink(b, printer)
	const total, part = 8 << 20, 64 << 10
	vmtest.Compare(b, 9, func() time.Duration {
		f := bare(b, node)
		took := sink.Take(b, f, total, part)
		require.NoError(b, f.Close())
		return took
	}, func() time.Duration {
		c, err := transport.Open(b.Context(), "lp://"+node)
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
	port := vmtest.Plug(b, printer.Device)
	node := port.LP()
	vmtest.Answer(b, printer)
	vmtest.Compare(b, 25, func() time.Duration {
		start := time.Now()
		f := bare(b, node)
		vmtest.Ask(b, f, 1)
		require.NoError(b, f.Close())
		return time.Since(start)
	}, func() time.Duration {
		start := time.Now()
		c, err := transport.Open(b.Context(), "lp://"+node)
		require.NoError(b, err)
		vmtest.Ask(b, c, 1)
		require.NoError(b, c.Close())
		return time.Since(start)
	})
}
