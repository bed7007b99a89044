package serial

import (
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

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

// promptly closes the last descriptor of a port. The kernel waits there for
// output to be sent, half a minute by default, which only root may change; and
// its USB drivers cannot drop output. But a signal ends the wait, and SIGURG is
// one that the runtime sends its own threads and takes for nothing.
func promptly(closePort func() error) error {
	const patience = 50 * time.Millisecond
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, thread := unix.Getpid(), unix.Gettid()
	closed := make(chan struct{})
	var nudger sync.WaitGroup
	nudger.Go(func() {
		nudge := time.NewTicker(patience)
		defer nudge.Stop()
		for {
			select {
			case <-closed:
				return
			case <-nudge.C:
				_ = unix.Tgkill(pid, thread, unix.SIGURG)
			}
		}
	})
	err := closePort()
	close(closed)
	nudger.Wait()
	return err
}
