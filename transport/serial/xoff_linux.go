package serial

import (
	"os"
	"path/filepath"
	"slices"
)

// xoffDrivers are the USB adapters whose drivers hand XON/XOFF down to the
// chip. The others (ch341 and cdc_acm among them) leave it to a line
// discipline that swallows the two bytes and stops nobody.
var xoffDrivers = []string{"cp210x", "ftdi_sio", "mos7840", "pl2303"}

// obeysXOFF reports whether the kernel stops the port at path for an XOFF.
// sys is where sysfs is mounted.
func obeysXOFF(sys, path string) bool {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	dev := filepath.Join(sys, "class", "tty", filepath.Base(path), "device")
	subsystem, err := os.Readlink(filepath.Join(dev, "subsystem"))
	if err != nil {
		return true // a pseudo terminal or a built-in port
	}
	switch filepath.Base(subsystem) {
	case "usb", "usb-serial":
		driver, err := os.Readlink(filepath.Join(dev, "driver"))
		return err == nil && slices.Contains(xoffDrivers, filepath.Base(driver))
	}
	return true
}
