// Package virtual is a receipt printer made of software, to test against.
//
// It takes ESC/POS as a printer does: bytes go through a receive buffer of
// finite size into an interpreter, which moves a mechanism line by line over
// a roll of finite length. Real-time commands are acted on at reception, the
// rest in its turn. The roll has a near-end point and an end, which a sensor
// sees some way before the head; the cover opens, the cutter jams, and the
// printer goes offline, keeps its buffer, and goes on when all is well again.
//
//	p := virtual.New(&virtual.Config{Paper: 300}) // 300 mm of paper
//	defer p.Close()
//	conn, _ := p.Dial() // a transport.Conn; or p.Serve for TCP
//	...
//	p.LoadPaper(80_000)
//	err := p.WaitReceipts(ctx, 1)
//	fmt.Print(p.Receipts()[0].Text)
//
// It is meant to be no kinder than a printer. A receipt that is cut without
// a feed keeps its last lines for the next one; data beyond a full buffer
// stall the link; a line that is interrupted by the cover is printed again.
// How printers differ is data: see [Personality].
//
// A host is connected by [Printer.Dial] and [Printer.DialSerial] in process, by
// [Printer.Serve] over TCP, and by [Printer.OpenPTY] for programs that want a
// serial port. The scheme virtual:// of package transport opens a fresh
// printer: virtual://?personality=tm-t20iii&paper=300&near-end=100&speed=150
// (mm, and mm/s). What stands at the printer are the methods of [Printer], or a
// program in any language through [Printer.Console].
//
// What came out is a list of [Receipt] values: text, items with their
// positions, the bytes, and the picture of the paper, dot for dot.
//
// Everything works under testing/synctest: time passes in the package time
// alone, and a printer at rest has no goroutine and no timer.
package virtual
