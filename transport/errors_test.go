package transport_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

func TestOpError(t *testing.T) {
	require.NoError(t, transport.NewOpError("open", "tcp://h", nil, "cure"))

	err := transport.NewOpError("open", "tcp://192.0.2.7:9100", transport.ErrRefused, "is the printer on?")
	require.EqualError(t, err, "open tcp://192.0.2.7:9100: connection refused (is the printer on?)")
	require.ErrorIs(t, err, transport.ErrRefused)

	outer := transport.NewOpError("read", "tcp://other", fmt.Errorf("wrapped: %w", err), "")
	require.EqualError(t, outer, "wrapped: "+err.Error(), "the first to name the place is right")

	bare := transport.NewOpError("read", "lp:///dev/usb/lp0", transport.ErrGone, "")
	require.EqualError(t, bare, "read lp:///dev/usb/lp0: link lost")
}

func TestOpErrorTimeout(t *testing.T) {
	var oe *transport.OpError
	require.True(t, errors.As(transport.NewOpError("read", "u", os.ErrDeadlineExceeded, ""), &oe))
	require.True(t, oe.Timeout())
	require.True(t, errors.As(transport.NewOpError("read", "u", transport.ErrGone, ""), &oe))
	require.False(t, oe.Timeout())
}
