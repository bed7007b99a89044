package transport

import "errors"

// What a caller decides on. An [*OpError] wraps one of these where the cause
// is known; test with [errors.Is].
var (
	// ErrScheme: the URI names a scheme that nothing has registered.
	ErrScheme = errors.New("unknown scheme")
	// ErrURI: the URI is malformed or has a parameter out of range.
	ErrURI = errors.New("bad printer URI")
	// ErrNotFound: there is no such device or host name.
	ErrNotFound = errors.New("not found")
	// ErrNotDevice: the path is a directory or a file, not a device.
	ErrNotDevice = errors.New("not a device")
	// ErrPermission: the device is there, but this user may not open it.
	ErrPermission = errors.New("permission denied")
	// ErrBusy: another program or driver holds the device.
	ErrBusy = errors.New("in use by another program")
	// ErrRefused: the host is there, and the port refuses. Nothing listens,
	// or the printer takes one host at a time and another one has it.
	ErrRefused = errors.New("connection refused")
	// ErrUnreachable: no way to the host, or it does not answer.
	ErrUnreachable = errors.New("unreachable")
	// ErrUnsupported: this build or system cannot serve the medium.
	ErrUnsupported = errors.New("not supported by this build")
	// ErrClosed: the Conn was closed on this side.
	ErrClosed = errors.New("closed")
	// ErrGone: the link broke: unplugged, reset, or hung up.
	ErrGone = errors.New("link lost")
	// ErrNoBackChannel: the medium cannot read.
	ErrNoBackChannel = errors.New("no back channel")
)

// An OpError says what failed, where, and what to do about it.
type OpError struct {
	Op   string // "open", "read", "write", "close", "parse"
	URI  string // the printer's URI
	Err  error  // the cause; wraps a sentinel of this package where one fits
	Cure string // what a person can do, in a short phrase; may be empty
}

// NewOpError returns an [*OpError], or nil where err is nil. An err that is
// an OpError already is returned as it is.
func NewOpError(op, uri string, err error, cure string) error {
	if err == nil {
		return nil
	}
	var oe *OpError
	if errors.As(err, &oe) {
		return err
	}
	return &OpError{Op: op, URI: uri, Err: err, Cure: cure}
}

// Error implements error: "open tcp://192.0.2.7:9100: connection refused (is the printer on?)".
func (e *OpError) Error() string {
	s := e.Op + " " + e.URI + ": " + e.Err.Error()
	if e.Cure != "" {
		s += " (" + e.Cure + ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *OpError) Unwrap() error { return e.Err }

// Timeout reports whether the cause was a deadline.
func (e *OpError) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.As(e.Err, &t) && t.Timeout()
}
