// Package lp carries bytes to a USB printer through the Linux kernel's own
// printer driver, usblp: the devices /dev/usb/lp0 and up. It needs no cgo.
// Importing it registers the scheme:
//
//	lp:///dev/usb/lp0
//
// There are no parameters. On other systems Open fails with
// [transport.ErrUnsupported].
//
// # What usblp does differently
//
// The device looks like a file and is not one (drivers/usb/class/usblp.c of
// the Linux kernel):
//
//   - A Write counts the block of up to 8192 bytes in hand as written once the
//     USB controller has it, though a printer without paper has not. The block
//     stays on its way while the device is open; closing kills it. [Conn.Drain]
//     waits for it. Close waits a quarter of a second.
//   - Nobody is told when such a block fails afterwards, and usblp never clears
//     a stall: a printer that stalls its input loses what is written, on this
//     link and the next, until it is plugged in again. usb:// reports a stall
//     and recovers. Only an answer of the printer proves that bytes arrived.
//   - While a request for the device id or the port status waits for the
//     printer, some kernels (6.1.192 is one) hold up every poll of the device,
//     and with it the runtime's poller: the whole program may stand for the
//     five seconds that a printer without an answer takes.
//   - A Read that returns nothing is a zero-length packet from the printer, not
//     the end of the file. Read waits on.
//   - Only one program may have the device open: [transport.ErrBusy].
//   - A printer without a way back (unidirectional interface) ends every Read
//     with [transport.ErrNoBackChannel].
//   - Pulling the plug ends reads and writes with [transport.ErrGone], and the
//     device is gone for good; after replugging it must be opened again, and
//     its number may have changed.
package lp
