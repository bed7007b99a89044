//go:build darwin || freebsd

package serial

import "golang.org/x/sys/unix"

const (
	ioctlGetTermios = unix.TIOCGETA
	ioctlSetTermios = unix.TIOCSETA
)

// queued returns how many bytes the line has not sent.
func (l *line) queued() (n int, err error) {
	err = l.control(func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ)
		return err
	})
	return n, err
}

func flushOutput(fd int) error { return unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, unix.TCOFLUSH) }

// promptly closes the last descriptor of a port.
func promptly(closePort func() error) error { return closePort() }
