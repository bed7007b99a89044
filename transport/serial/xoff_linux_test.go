package serial

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// sysfs as the kernel lays it out for three kinds of port.
func TestObeysXOFF(t *testing.T) {
	sys := t.TempDir()
	port := func(name, subsystem, driver string) {
		dev := filepath.Join(sys, "class", "tty", name, "device")
		require.NoError(t, os.MkdirAll(dev, 0o755))
		require.NoError(t, os.Symlink("../../../bus/"+subsystem, filepath.Join(dev, "subsystem")))
		require.NoError(t, os.Symlink("../../../bus/"+subsystem+"/drivers/"+driver, filepath.Join(dev, "driver")))
	}
	port("ttyUSB0", "usb-serial", "ftdi_sio")
	port("ttyUSB1", "usb-serial", "ch341-uart")
	port("ttyACM0", "usb", "cdc_acm")
	port("ttyS0", "serial-base", "port")
	for name, want := range map[string]bool{
		"ttyUSB0": true, "ttyUSB1": false, "ttyACM0": false, "ttyS0": true, "pts/7": true,
	} {
		require.Equal(t, want, obeysXOFF(sys, "/dev/"+name), name)
	}

	link := filepath.Join(t.TempDir(), "usb-1a86_USB_Serial-if00-port0")
	target := filepath.Join(t.TempDir(), "ttyUSB1")
	require.NoError(t, os.WriteFile(target, nil, 0o600))
	require.NoError(t, os.Symlink(target, link))
	require.False(t, obeysXOFF(sys, link), "a name under /dev/serial/by-id is the port behind it")
}
