package discover

import (
	"github.com/printerctl/printerctl/transport/ieee1284"
)

// A Device is a printer, or a port that may have one.
type Device struct {
	Kind Kind
	// URI opens the device.
	URI string
	// Also are other URIs for the same device, such as lp:///dev/usb/lp0 for
	// a USB printer.
	Also []string
	// Maker, Model and Serial are what the device says of itself; each may be
	// empty.
	Maker, Model, Serial string
	// Vendor and Product are the ids of a USB printer, or of the USB adapter
	// of a serial port; both are 0 for other devices.
	Vendor, Product uint16
	// Port is the place on USB, such as "1-4.2": bus 1, port 4 of it, port 2
	// of the hub there.
	Port string
	// Class is the class of the USB interface, "printer" or "vendor".
	Class string
	// DeviceID is the IEEE 1284 device id, where the system has read it.
	DeviceID ieee1284.DeviceID
	// Driver is the kernel driver that holds a USB printer's interface, or
	// that drives a serial port; empty for none.
	Driver string
	// Proof says how far it is proven that this is an ESC/POS printer, and
	// Evidence by what, in a few words.
	Proof    Proof
	Evidence string
}

// Name returns maker and model, or what else names the device best.
func (d Device) Name() string {
	switch {
	case d.Maker != "" && d.Model != "":
		return d.Maker + " " + d.Model
	case d.Model != "":
		return d.Model
	case d.Maker != "":
		return d.Maker
	}
	return d.URI
}

// Kind is how a device is connected.
type Kind uint8

// The kinds of connection.
const (
	USB Kind = iota + 1
	Serial
	Network
)

// String returns "usb", "serial" or "network".
func (k Kind) String() string {
	switch k {
	case USB:
		return "usb"
	case Serial:
		return "serial"
	case Network:
		return "network"
	}
	return "unknown"
}

// Proof is how far it is proven that a device is an ESC/POS printer. None of
// it is as good as an answer to a status question.
type Proof uint8

// The proofs, from none to the best.
const (
	Unproven Proof = iota // a port: what is on it is not known
	Printer               // a printer; its language is not known
	ESCPOS                // it says itself that it speaks ESC/POS
)

// String returns "unproven", "printer" or "esc/pos".
func (p Proof) String() string {
	switch p {
	case Printer:
		return "printer"
	case ESCPOS:
		return "esc/pos"
	}
	return "unproven"
}

// A Finder looks for printers. The zero value looks on this machine and its
// networks.
type Finder struct {
	// SysFS is where the Linux kernel's device tree is mounted; empty means
	// /sys.
	SysFS string
	// Broadcast are the addresses, with port, that [Finder.Network] asks;
	// none means port 3289 of each network that this machine is on.
	Broadcast []string
	// Port is the port that [Finder.Range] connects to; 0 means 9100.
	Port uint16
}

func (f *Finder) sysfs() string {
	if f.SysFS != "" {
		return f.SysFS
	}
	return "/sys"
}
