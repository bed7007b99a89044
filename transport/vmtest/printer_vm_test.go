//go:build linux && vm

package vmtest_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/vmtest"
)

// What usblp itself makes of the emulated printer: the ground that the tests
// of the media stand on.
func TestVMPrinterByUsblp(t *testing.T) {
	vmtest.Guest(t)
	printer := vmtest.NewPrinter(&vmtest.PrinterConfig{Serial: "J5KF1"})
	port := vmtest.Plug(t, printer.Device)
	require.Equal(t, "J5KF1", port.Attr("serial"))
	require.Contains(t, port.Attr("*/ieee1284_id"), "CMD:ESC/POS")

	lp, err := os.OpenFile(port.LP(), os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { _ = lp.Close() }()

	sent := make([]byte, 100<<10)
	_, _ = rand.Read(sent)
	got := make(chan []byte)
	go func() {
		b := make([]byte, len(sent))
		_, err := io.ReadFull(printer, b)
		if err != nil {
			b = nil
		}
		got <- b
	}()
	n, err := lp.Write(sent)
	require.NoError(t, err)
	require.Equal(t, len(sent), n)
	require.True(t, bytes.Equal(sent, <-got))

	for _, size := range []int{1, 4, 63, 64, 65, 128, 1000} {
		_, err = printer.Write(sent[:size])
		require.NoError(t, err)
		b := make([]byte, size)
		_, err = io.ReadFull(lp, b)
		require.NoError(t, err)
		require.Equal(t, sent[:size], b)
	}
	// An empty packet alone is an empty read, which os.File takes for an end.
	_, err = printer.Write(nil)
	require.NoError(t, err)
	_, err = lp.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)

	port.Unplug()
	_, err = lp.Read(make([]byte, 1))
	require.Error(t, err)
	again := vmtest.Plug(t, printer.Device)
	require.Equal(t, "J5KF1", again.Attr("serial"))
}

func TestVMPrinterAcknowledgesNothing(t *testing.T) {
	vmtest.Guest(t)
	printer := vmtest.NewPrinter(nil)
	port := vmtest.Plug(t, printer.Device)
	lp, err := os.OpenFile(port.LP(), os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { _ = lp.Close() }()

	// Nobody reads at the other side: the buffer takes its two packets.
	require.NoError(t, lp.SetWriteDeadline(time.Now().Add(200*time.Millisecond)))
	_, err = lp.Write(make([]byte, 16<<10))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	vmtest.Await(t, "two packets", func() bool { return printer.Unread() == 128 })
}
