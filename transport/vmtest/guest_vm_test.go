//go:build linux && vm

package vmtest_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/vmtest"
)

func TestVMHasTheDrivers(t *testing.T) {
	vmtest.Guest(t)
	for _, path := range []string{
		"/sys/devices/platform/vhci_hcd.0/attach",
		"/sys/bus/usb/drivers/usblp",
		"/sys/bus/usb/drivers/cdc_acm",
		"/sys/bus/usb/drivers/ftdi_sio",
		"/sys/kernel/config/usb_gadget",
		vmtest.NullModemNear,
		vmtest.NullModemFar,
	} {
		_, err := os.Stat(path)
		require.NoError(t, err)
	}
}

// The two 16550 ports are the ends of one cable.
func TestVMNullModem(t *testing.T) {
	vmtest.Guest(t)
	near, far := vmtest.OpenTTY(t, vmtest.NullModemNear), vmtest.OpenTTY(t, vmtest.NullModemFar)
	for _, end := range []struct{ from, to *os.File }{{near, far}, {far, near}} {
		_, err := end.from.Write([]byte("0123456789"))
		require.NoError(t, err)
		got := make([]byte, 10)
		for n := 0; n < len(got); {
			m, err := end.to.Read(got[n:])
			require.NoError(t, err)
			n += m
		}
		require.Equal(t, "0123456789", string(got))
	}
}
