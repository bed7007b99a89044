// Package discover finds printers: on USB, on serial ports, on the network.
// Each [Device] comes with the URI to open it by, and with what proves that
// it is an ESC/POS printer, or how far the proof goes.
//
//	devices, err := new(discover.Finder).USB(ctx)
//
// Looking for USB and serial devices reads what the system knows and sends
// nothing. [Finder.Network] broadcasts one harmless question that Epson
// network interfaces answer. [Finder.Range] connects to port 9100 of each
// address in a range that the caller names, and closes again; it sends no
// byte, as a printer of another language would print it.
//
// [OtherUser] tells which other program uses a device.
package discover
