package discover

import "context"

// USB returns the USB printers. It reads the kernel's device tree, so that
// printers are found which this user may not open.
func (f *Finder) USB(context.Context) ([]Device, error) {
	printers, err := sysfsPrinters(f.sysfs())
	return usbDevices(printers), err
}

// Serial returns the serial ports, with the identity of their USB adapters.
func (f *Finder) Serial(context.Context) ([]Device, error) {
	return sysfsPorts(f.sysfs())
}
