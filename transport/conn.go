package transport

import (
	"context"
	"io"
	"time"

	"github.com/printerctl/printerctl/transport/ieee1284"
	"github.com/printerctl/printerctl/transport/internal/deadline"
)

// A Conn is an open link to one printer.
//
// Read and Write follow [io.Reader] and [io.Writer]. One Read and one Write
// may run at the same time, from different goroutines. Close may be called
// from any goroutine, more than once, and ends a blocked Read or Write with
// an error that matches [ErrClosed].
//
// A deadline in the past ends a blocked call promptly with an error that
// matches [os.ErrDeadlineExceeded]; the Conn stays usable, and a Write then
// reports how many bytes the medium has taken. The zero time removes the
// deadline.
//
// A Read that finds the peer gone returns [io.EOF] or an error that matches
// [ErrGone]. A medium that cannot read (a printer with no back channel)
// returns [ErrNoBackChannel] from Read.
type Conn interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// A DrainConn is a Conn whose medium may hold bytes that it reported as
// written: a tty's output queue, usblp's last block. Drain returns when the
// medium has handed them to the printer, or ctx ends.
type DrainConn interface {
	Conn
	Drain(ctx context.Context) error
}

// A FlowConn is a Conn over which the printer may ask by XOFF (0x13) to be
// sent nothing until XON (0x11).
type FlowConn interface {
	Conn
	// SoftwareFlow reports whether it is for the owner to obey: the two bytes
	// arrive in the stream, and nothing but the owner stops a Write. Where it
	// is false, the medium sees to flow control by itself, or has none.
	SoftwareFlow() bool
}

// A RateConn is a Conn with a known line rate.
type RateConn interface {
	Conn
	// BytesPerSecond is the line rate in bytes a second, framing bits
	// counted. It is 0 where the rate is unknown or not limited.
	BytesPerSecond() int
	// Lossy reports whether bytes beyond the printer's buffer vanish
	// without a trace: a serial line without any flow control.
	Lossy() bool
}

// A PortConn is a Conn through a port that knows the printer apart from its
// data: the USB printer class, and the kernel's driver for it. What it tells
// is a hint: firmware often answers "paper there, no error" whatever happens.
// The printer's own status reply decides.
type PortConn interface {
	Conn
	// DeviceID returns the printer's IEEE 1284 device id.
	DeviceID(ctx context.Context) (ieee1284.DeviceID, error)
	// PortStatus returns the state of the port's status lines.
	PortStatus(ctx context.Context) (ieee1284.PortStatus, error)
	// SoftReset empties the printer's buffers and brings the port's pipes
	// back to their first state. It disturbs a receipt in progress.
	SoftReset(ctx context.Context) error
}

// Read reads from c until at least one byte has arrived, ctx ends, or the
// link fails. It owns the read deadline of c while it runs, and leaves it
// cleared. When ctx ends, the error is ctx.Err.
func Read(ctx context.Context, c Conn, p []byte) (int, error) {
	return deadline.Run(ctx, c.SetReadDeadline, func() (int, error) { return c.Read(p) })
}

// Write writes all of p to c, until ctx ends or the link fails. It owns the
// write deadline of c while it runs, and leaves it cleared. The count of
// bytes that the medium has taken is right also when ctx ends.
func Write(ctx context.Context, c Conn, p []byte) (int, error) {
	return deadline.Run(ctx, c.SetWriteDeadline, func() (int, error) { return c.Write(p) })
}
