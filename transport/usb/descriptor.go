package usb

import (
	"cmp"
	"slices"
	"strconv"
)

// The codes that tell a printer (USB Device Class Definition for Printing
// Devices 1.1, section 4.2).
const (
	classPrinter    = 7
	classVendor     = 0xff
	subClassPrinter = 1

	protoUnidirectional = 1
	protoBidirectional  = 2
	protoIEEE1284_4     = 3 // framed; not spoken here
)

// Early Epson interfaces (M129C) carry the printer-class protocol under the
// vendor-specific class; so does any Epson printer switched to "vendor class"
// by its memory switches.
const (
	vendorEpson   = 0x04b8
	productEpson  = 0x0202
	maxPacketSize = 64 // where a descriptor says 0
)

// A setting is one alternate setting of one interface, as its descriptor
// tells.
type setting struct {
	iface, alt             int
	class, subClass, proto uint8
	out, in                []endpoint // bulk endpoints, in the order of their addresses
}

// An endpoint is one bulk endpoint.
type endpoint struct {
	addr      uint8 // 0x01, 0x82
	maxPacket int
}

// A device is what can be told of a USB device without opening it.
type device struct {
	vendor, product uint16
	bus             int
	ports           []int // from the root hub on
	settings        []setting
}

// port returns the device's port as the kernel writes it: "1-4.2".
func (d *device) port() string {
	if len(d.ports) == 0 {
		return ""
	}
	b := []byte(strconv.Itoa(d.bus) + "-")
	for i, p := range d.ports {
		if i > 0 {
			b = append(b, '.')
		}
		b = append(b, strconv.Itoa(p)...)
	}
	return string(b)
}

// matches reports whether d can be the printer that a names; the serial
// number is not known yet.
func (d *device) matches(a Address) bool {
	if a.Vendor != 0 && (a.Vendor != d.vendor || a.Product != d.product) {
		return false
	}
	if a.Port != "" && a.Port != d.port() {
		return false
	}
	_, ok := d.printer(a.Vendor != 0)
	return ok
}

// printer returns the setting to print through. An interface of the printer
// class comes before a vendor-specific one, which counts only on a device
// that was named or is known; the bidirectional protocol comes before the
// unidirectional one.
func (d *device) printer(named bool) (setting, bool) {
	var found []setting
	for _, s := range d.settings {
		if s.rank(named || d.vendor == vendorEpson && d.product == productEpson) > 0 {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return setting{}, false
	}
	slices.SortStableFunc(found, func(a, b setting) int { return cmp.Compare(b.rank(true), a.rank(true)) })
	return found[0], true
}

// rank orders settings by how well one can print through them; 0 is not at
// all.
func (s *setting) rank(vendor bool) int {
	switch {
	case len(s.out) == 0:
		return 0
	case s.class == classPrinter && s.subClass == subClassPrinter:
		switch s.proto {
		case protoBidirectional:
			return 5
		case protoUnidirectional:
			return 4
		case protoIEEE1284_4:
			return 0
		}
		return 3
	case s.class == classVendor && vendor && len(s.in) > 0:
		return 2
	case s.class == classVendor && vendor:
		return 1
	}
	return 0
}

// byPlace orders devices by bus and port.
func byPlace(a, b *device) int {
	if c := cmp.Compare(a.bus, b.bus); c != 0 {
		return c
	}
	return slices.Compare(a.ports, b.ports)
}
