package discover

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/printerctl/printerctl/transport/ieee1284"
	"github.com/printerctl/printerctl/transport/usb"
)

// A usbPrinter is a USB printer interface as the system describes it.
type usbPrinter struct {
	vendor, product            uint16
	port                       string
	manufacturer, name, serial string
	class, subClass            uint8
	driver                     string
	deviceID                   ieee1284.DeviceID
	lp                         string // "/dev/usb/lp0", where usblp has it
}

const (
	classPrinter = 7
	classVendor  = 0xff
)

// makers are the vendor ids under which receipt printers are sold, for those
// whose interface is of no class.
var makers = map[uint16]string{
	0x0419: "Samsung", 0x04b8: "EPSON", 0x0519: "Star", 0x0aa7: "Wincor Nixdorf",
	0x0dd4: "Custom", 0x1504: "BIXOLON", 0x154f: "SNBC", 0x1d90: "CITIZEN",
}

// isPrinter reports whether the interface is worth showing.
func (p *usbPrinter) isPrinter() bool {
	switch p.class {
	case classPrinter:
		return p.subClass == 1
	case classVendor:
		return makers[p.vendor] != ""
	}
	return false
}

// usbDevices makes devices of printers, with URIs that tell each from the
// others.
func usbDevices(printers []usbPrinter) []Device {
	type ids struct {
		vendor, product uint16
		serial          string
	}
	same := map[ids]int{}
	for _, p := range printers {
		same[ids{p.vendor, p.product, ""}]++
		if p.serial != "" {
			same[ids{p.vendor, p.product, p.serial}]++
		}
	}
	devices := make([]Device, 0, len(printers))
	for _, p := range printers {
		d := Device{
			Kind: USB, Vendor: p.vendor, Product: p.product, Port: p.port, Driver: p.driver, DeviceID: p.deviceID,
			Maker:  cmp.Or(p.deviceID.Manufacturer(), p.manufacturer, makers[p.vendor]),
			Model:  cmp.Or(p.deviceID.Model(), p.name),
			Serial: cmp.Or(p.serial, p.deviceID.SerialNumber()),
		}
		addr := usb.Address{Vendor: p.vendor, Product: p.product}
		switch {
		case p.serial != "" && same[ids{p.vendor, p.product, p.serial}] == 1:
			addr.Serial = p.serial
		case same[ids{p.vendor, p.product, ""}] > 1:
			addr.Port = p.port // clones leave the factory with one serial number
		}
		d.URI = addr.String()
		if p.lp != "" {
			d.Also = []string{"lp://" + p.lp}
			if !usb.Available {
				d.URI, d.Also = d.Also[0], []string{d.URI}
			}
		}
		switch p.class {
		case classPrinter:
			d.Class, d.Proof, d.Evidence = "printer", Printer, "USB printer class"
		case classVendor:
			d.Class, d.Proof = "vendor", Unproven
			d.Evidence = fmt.Sprintf("vendor-specific interface of a maker of receipt printers (%04x)", p.vendor)
		}
		if p.deviceID.ESCPOS() {
			d.Proof, d.Evidence = ESCPOS, "its device id names ESC/POS"
		}
		devices = append(devices, d)
	}
	slices.SortFunc(devices, func(a, b Device) int { return cmp.Compare(a.Port, b.Port) })
	return devices
}
