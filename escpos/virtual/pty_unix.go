//go:build unix

package virtual

import (
	"context"
	"os"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// A PTY is a pseudo-terminal with the printer at its other end, for programs
// that want a serial port.
type PTY struct {
	p           *Printer
	master, tty *os.File
	link        *serialConn
}

// OpenPTY connects the printer to a new pseudo-terminal. It is the host's one
// link: a serial cable that stays plugged in while programs come and go.
func (p *Printer) OpenPTY() (*PTY, error) {
	link, err := p.dialSerial(Serial{Flow: FlowHardware})
	if err != nil {
		return nil, err
	}
	master, tty, err := pty.Open()
	if err != nil {
		_ = link.Close()
		return nil, err
	}
	t := &PTY{p: p, master: master, tty: tty, link: link}
	// The terminal stays open on this side as well: otherwise the first
	// program that closes it would end it.
	if _, err := term.MakeRaw(int(tty.Fd())); err != nil {
		_ = t.close()
		return nil, err
	}
	return t, nil
}

// Name returns the path of the terminal, to be opened as a serial port.
func (t *PTY) Name() string { return t.tty.Name() }

// Serve carries bytes until ctx ends or the link is cut, and closes the
// terminal. A printer that takes nothing in stops the host, as with hardware
// flow control.
func (t *PTY) Serve(ctx context.Context) error {
	defer t.close()
	stop := context.AfterFunc(ctx, func() { _ = t.close() })
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		relay(t.master, t.link)
		_ = t.close()
	}()
	relay(t.link, t.master)
	_ = t.close()
	<-done
	return nil
}

func (t *PTY) close() error {
	_ = t.link.Close()
	_ = t.tty.Close()
	return t.master.Close()
}
