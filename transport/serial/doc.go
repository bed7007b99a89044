// Package serial carries bytes to printers on serial lines: RS-232 ports, USB
// serial adapters, Bluetooth serial ports. Importing it registers the scheme:
//
//	serial:///dev/ttyUSB0?baud=38400&flow=dtrdsr
//	serial://COM3?baud=9600
//
// The parameters, and what holds without them:
//
//	baud    line speed, 50 to 4000000        9600
//	bits    data bits, 5 to 8                8
//	parity  none, odd, even, mark, space     none
//	stop    stop bits, 1 or 2                1
//	flow    none, xonxoff, rtscts, dtrdsr    none
//
// They must be the same as on the printer, whose self-test slip prints them.
// Epson printers leave the factory with 9600 baud (some newer ones 38400 or
// 115200), 8 data bits, no parity and DTR/DSR.
//
// # Flow control
//
// A printer is slower than its line. With flow control it says when its
// buffer is full; without, what comes too much vanishes, and a [Conn] says so
// by [Conn.Lossy].
//
//   - rtscts: the host's CTS input. A cable for DTR/DSR often crosses the
//     printer's DTR to both DSR and CTS; then rtscts is the better choice, as
//     the hardware itself obeys it.
//   - dtrdsr: the host's DSR input. Windows obeys it by itself. Elsewhere no
//     system does: the package watches the line and never has more than a few
//     bytes under way. A Write then returns when its bytes have left, and its
//     count is exact.
//   - xonxoff: the printer's XOFF (0x13) and XON (0x11) bytes, which then do
//     not appear in what Read returns. Some USB adapters cannot do it; then
//     they do appear, and [Conn.SoftwareFlow] says that it is for the owner to
//     obey them. Nothing is ever sent back by the same means, as a stray 0x13
//     inside an image would be printed.
//
// # Damaged bytes
//
// By tradition a byte that arrives damaged is read as 0x00. To an ESC/POS
// host 0x00 says "paper present", so here damaged bytes and breaks are
// dropped.
package serial
