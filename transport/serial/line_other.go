//go:build !linux && !darwin && !freebsd && !windows

package serial

import (
	"fmt"
	"os"

	"github.com/printerctl/printerctl/transport"
)

var errNoSignals = fmt.Errorf("%w: the port has no modem lines", transport.ErrUnsupported)

// A line cannot be had on this system.
type line struct{ f *os.File }

func openLine(uri, _ string, _ Mode) (*line, error) {
	return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: serial ports", transport.ErrUnsupported), "")
}

func (l *line) read([]byte) (int, error)  { return 0, transport.ErrUnsupported }
func (l *line) obeysXOFF() bool           { return false }
func (l *line) obeysDSR() bool            { return false }
func (l *line) signals() (Signals, error) { return Signals{}, errNoSignals }
func (l *line) queued() (int, error)      { return 0, transport.ErrUnsupported }
func (l *line) flush()                    {}
func (l *line) close() error              { return nil }
