// Package transport carries bytes between a host and a receipt printer.
//
// A [Conn] is one open link. [Open] makes one from a printer URI, by the
// scheme's opener; each medium is a package of its own that registers its
// scheme when it is imported:
//
//	import (
//		"github.com/printerctl/printerctl/transport"
//		_ "github.com/printerctl/printerctl/transport/tcp"
//	)
//
//	conn, err := transport.Open(ctx, "tcp://192.0.2.7:9100")
//
// The schemes are tcp://host[:9100], serial:///dev/ttyUSB0?baud=38400,
// usb://04b8:0202/SERIAL, lp:///dev/usb/lp0 and virtual:// (the printer made
// of software in escpos/virtual).
//
// [Open] takes a URI; package discover finds the printers on a machine and its
// network, with the URI of each. What a medium can do beyond a Conn it shows by
// a wider interface: [DrainConn], [RateConn], [FlowConn], [PortConn]. Package
// conntest is the suite that all of them pass.
//
// The package knows nothing of ESC/POS. A Conn moves bytes, in order, in both
// directions, and every call that can block ends by a deadline: [Read] and
// [Write] add a context to that.
package transport
