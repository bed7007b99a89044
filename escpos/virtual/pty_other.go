//go:build !unix

package virtual

import (
	"context"
	"errors"
)

// A PTY is a pseudo-terminal with the printer at its other end. There are
// none on this system.
type PTY struct{}

// OpenPTY fails: this system has no pseudo-terminals.
func (p *Printer) OpenPTY() (*PTY, error) {
	return nil, errors.New("virtual: this system has no pseudo-terminals (use TCP)")
}

// Name returns nothing.
func (t *PTY) Name() string { return "" }

// Serve does nothing.
func (t *PTY) Serve(context.Context) error { return nil }
