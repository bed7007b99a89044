// Package usb carries bytes to USB printers through libusb. Importing it
// registers the scheme:
//
//	usb://                  the first printer
//	usb://04b8:0202         the first with this vendor and product id
//	usb://04b8:0202/J5KF1   the one with this serial number
//	usb://?port=1-4.2       the one on this port: bus 1, port 4, its hub's port 2
//
// "First" is by bus and port, so that it stays the same while nothing is
// plugged. Printers of one model that were given no serial numbers are told
// apart by port, as printerctl devices shows it.
//
// The ids are four hexadecimal digits each. A printer is a device with an
// interface of the printer class (7/1), or the vendor-specific one of early
// Epson interfaces (04b8:0202); a device that is named by its ids may also
// have any other vendor-specific interface with a bulk output.
//
// # The kernel's driver
//
// On Linux the kernel's own driver usually holds the printer as
// /dev/usb/lp0. Open takes it away and Close gives it back; a program that
// has /dev/usb/lp0 open at that moment loses it. With the parameter detach=no
// Open fails with [transport.ErrBusy] instead.
//
// # Building
//
// The package needs cgo and libusb-1.0 with its headers (libusb-1.0-0-dev on
// Debian). Built with CGO_ENABLED=0, or with the tag nousb, it registers the
// scheme all the same, and Open fails with an error that matches
// [transport.ErrUnsupported] and says how to get it. On Linux lp:// serves
// USB printers without any of that.
//
// # Ends of a link
//
// Pulling the plug ends reads and writes promptly with [transport.ErrGone].
// So does a stall, the printer's refusal to go on: carrying on after one can
// lose a packet without a trace, so the port is reset when the Conn is
// closed, and the printer is to be opened anew.
package usb
