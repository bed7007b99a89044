package usb_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/usb"
)

// No device has the vendor id ffff. Without libusb, or without a USB bus to
// look at, the error says that instead, and how to get it.
func TestOpenNotThere(t *testing.T) {
	_, err := transport.Open(t.Context(), "usb://ffff:ffff/none")
	var oe *transport.OpError
	require.ErrorAs(t, err, &oe)
	require.NotEmpty(t, oe.Cure)
	if !errors.Is(err, transport.ErrUnsupported) {
		require.True(t, usb.Available)
		require.ErrorIs(t, err, transport.ErrNotFound)
	}
	_, err = transport.Open(t.Context(), "usb://ffff")
	require.ErrorIs(t, err, transport.ErrURI, "a typing error is one in every build")
}

func TestListEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := usb.List(ctx)
	require.Error(t, err)
}
