package transport_test

import (
	"context"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

func TestReadCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, printer := net.Pipe()
		defer host.Close()
		defer printer.Close()

		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := transport.Read(ctx, host, make([]byte, 1))
		require.Equal(t, context.DeadlineExceeded, err)
		_, err = transport.Read(ctx, host, make([]byte, 1))
		require.Equal(t, context.DeadlineExceeded, err, "an ended context starts nothing")

		go func() { _, _ = printer.Write([]byte("x")) }()
		n, err := transport.Read(t.Context(), host, make([]byte, 8))
		require.NoError(t, err, "the deadline that ended the first Read is gone")
		require.Equal(t, 1, n)
	})
}

func TestWriteCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, printer := net.Pipe()
		defer host.Close()
		defer printer.Close()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		taken := make([]byte, 4)
		go func() { _, _ = io.ReadFull(printer, taken) }()
		n, err := transport.Write(ctx, host, []byte("receipt"))
		require.Equal(t, 4, n, "what the printer took is counted")
		require.Equal(t, context.DeadlineExceeded, err)
		require.Equal(t, "rece", string(taken))
	})
}

// A deadline of the caller's own is not mistaken for the end of the context.
func TestReadOwnDeadline(t *testing.T) {
	host, printer := net.Pipe()
	defer host.Close()
	defer printer.Close()
	require.NoError(t, host.SetReadDeadline(time.Unix(1, 0)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := transport.Read(ctx, host, make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NotErrorIs(t, err, context.Canceled)
}
