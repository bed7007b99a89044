//go:build !linux

package discover

import (
	"context"
	"errors"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/usb"
)

// USB returns the USB printers, through libusb; where the build has none, it
// returns nothing.
func (f *Finder) USB(ctx context.Context) ([]Device, error) {
	infos, err := usb.List(ctx)
	if errors.Is(err, transport.ErrUnsupported) {
		return nil, nil
	}
	printers := make([]usbPrinter, 0, len(infos))
	for _, i := range infos {
		p := usbPrinter{
			vendor: i.Vendor, product: i.Product, port: i.Port, serial: i.Serial,
			manufacturer: i.Manufacturer, name: i.Name, class: i.Class, subClass: 1,
		}
		if p.isPrinter() {
			printers = append(printers, p)
		}
	}
	return usbDevices(printers), err
}

// Serial returns the serial ports, with the identity of their USB adapters
// where the system tells it.
func (f *Finder) Serial(context.Context) ([]Device, error) { return ports() }
