package printer

import (
	"context"
	"errors"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/transport"
)

// What a caller decides on. An [*Error] wraps one of these; test with
// [errors.Is].
var (
	// ErrLinkLost: the link broke or was closed; open a new Printer.
	ErrLinkLost = errors.New("link lost")
	// ErrClosed: the Printer was closed on this side. It matches ErrLinkLost
	// as well.
	ErrClosed error = closedError{}
	// ErrNoAnswer: the printer did not answer within the time given.
	ErrNoAnswer = errors.New("no answer")
	// ErrPaperEnd: the printer has no paper.
	ErrPaperEnd = errors.New("out of paper")
	// ErrCoverOpen: the cover of the printer is open.
	ErrCoverOpen = errors.New("cover open")
	// ErrCutter: the autocutter is jammed.
	ErrCutter = errors.New("cutter error")
	// ErrFault: the printer reports another error.
	ErrFault = errors.New("printer error")
	// ErrOffline: the printer is offline and does not say why.
	ErrOffline = errors.New("offline")
	// ErrAbandoned: Job.OnStall answered Abandon.
	ErrAbandoned = errors.New("abandoned")
	// ErrUnconfirmed: all bytes were taken, and the printer, though ready,
	// did not answer the question behind them.
	ErrUnconfirmed = errors.New("not confirmed by the printer")
	// ErrUnsupported: the printer does not know the command.
	ErrUnsupported = errors.New("not supported by the printer")
)

// errPowerCycled ends a link whose printer was switched off or on under it.
var errPowerCycled = errors.New("the printer was switched off or on")

type closedError struct{}

func (closedError) Error() string        { return "printer closed" }
func (closedError) Is(target error) bool { return target == ErrLinkLost }

// An Error says what failed, on which printer, and what to do about it.
type Error struct {
	Op   string // "status", "print", "watch", "info", "counters", "logos", "clear"
	URI  string // the printer's URI
	Err  error  // the cause; wraps a sentinel of this package, or a context's error
	Cure string // what a person can do, in a short phrase; may be empty
}

func newError(op, uri string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		err = endedBy(err, "")
	}
	return &Error{Op: op, URI: uri, Err: err, Cure: cure(err)}
}

// An endedError says in words that a context ended, and on what.
type endedError struct {
	words string
	cause error
}

// endedBy returns the error for what the end of a context cut short, in words
// that begin with "stopped" or "out of time". It matches err.
func endedBy(err error, during string) error {
	var e *endedError
	if errors.As(err, &e) {
		return err
	}
	e = &endedError{words: "stopped", cause: err}
	if errors.Is(err, context.DeadlineExceeded) {
		e.words = "out of time"
	}
	if during != "" {
		e.words += " " + during
	}
	return e
}

func (e *endedError) Error() string { return e.words }
func (e *endedError) Unwrap() error { return e.cause }

// Error implements error: "print tcp://192.0.2.7:9100: out of paper (load paper)".
func (e *Error) Error() string {
	s := e.Op + " " + e.URI + ": " + e.Err.Error()
	if e.Cure != "" {
		s += " (" + e.Cure + ")"
	}
	return s
}

// Reason returns what failed in words for people who know which printer is
// meant: "out of paper".
func (e *Error) Reason() string {
	var op *transport.OpError
	if errors.Is(e.Err, ErrLinkLost) && errors.As(e.Err, &op) {
		return ErrLinkLost.Error() + ": " + op.Err.Error()
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether the printer did not answer in time.
func (e *Error) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.Is(e.Err, ErrNoAnswer) || errors.As(e.Err, &t) && t.Timeout()
}

// cures are looked through in order: what is more particular comes first.
var cures = []struct {
	err  error
	cure string
}{
	{ErrClosed, ""},
	{ErrLinkLost, "check power and cable; open the printer anew"},
	{ErrPaperEnd, "load paper"},
	{ErrCoverOpen, "close the cover"},
	{ErrCutter, "open the cover, free the cutter, close the cover"},
	{ErrFault, "switch the printer off and on"},
	{ErrOffline, "look at the printer's panel"},
	{ErrNoAnswer, "check power, cable and baud rate"},
	{ErrUnconfirmed, "look whether the receipt came out"},
}

func cure(err error) string {
	for _, c := range cures {
		if errors.Is(err, c.err) {
			return c.cure
		}
	}
	return ""
}

// Stopped returns the sentinel of what keeps a printer in this state from
// printing, the gravest that a person can act on first: ErrCoverOpen,
// ErrPaperEnd, ErrCutter, ErrFault or ErrOffline. It is nil where nothing
// known does; a state that is unknown stops nothing.
func Stopped(s escpos.Status) error {
	switch e := s.Error(); {
	case s.CoverOpen == escpos.Yes:
		return ErrCoverOpen
	case s.Paper() == escpos.PaperOut:
		return ErrPaperEnd
	case e == escpos.ErrorCutter:
		return ErrCutter
	case e >= escpos.ErrorRecoverable:
		return ErrFault
	case s.Online == escpos.No:
		return ErrOffline
	}
	return nil
}
