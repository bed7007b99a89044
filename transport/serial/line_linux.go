package serial

import "golang.org/x/sys/unix"

const (
	ioctlGetTermios = unix.TCGETS
	ioctlSetTermios = unix.TCSETS
)

// queued returns how many bytes the line has not sent. The driver's queue
// does not count those in the chip, so that the last one is asked about
// separately, where the driver can tell.
func (l *line) queued() (n int, err error) {
	err = l.control(func(fd int) (err error) {
		if n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ); err != nil || n > 0 {
			return err
		}
		if lsr, err := unix.IoctlGetInt(fd, unix.TIOCSERGETLSR); err == nil && lsr&unix.TIOCSER_TEMT == 0 {
			n = 1
		}
		return nil
	})
	return n, err
}

func flushOutput(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCOFLUSH) }
