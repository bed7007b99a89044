//go:build linux || darwin || freebsd

package serial

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	bugst "go.bug.st/serial"
	"golang.org/x/sys/unix"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/device"
)

// group is the group that serial ports usually belong to.
const group = "dialout"

var errNoSignals = fmt.Errorf("%w: the port has no modem lines", transport.ErrUnsupported)

// A line is a serial port, opened twice. go.bug.st/serial sets speed and
// framing, each system's own way, and makes the port exclusive; it can
// neither end a blocked write nor switch on flow control, and its descriptor
// may not be used while it is being closed. The descriptor of f does the rest.
type line struct {
	f    *os.File
	raw  syscall.RawConn
	port bugst.Port
	xoff bool // the kernel stops for XOFF
}

// openLine opens the port and sets it to m. The own descriptor comes first:
// go.bug.st makes the port exclusive.
func openLine(uri, path string, m Mode) (_ *line, err error) {
	if err := device.Check(uri, path, group); err != nil {
		return nil, err
	}
	l := &line{xoff: obeysXOFF("/sys", path)}
	l.f, err = os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, device.OpenError(uri, path, group, err)
	}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.raw, err = l.f.SyscallConn(); err != nil {
		return nil, device.OpenError(uri, path, group, err)
	}
	if err := l.f.SetDeadline(time.Time{}); err != nil {
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: %s cannot be waited for", transport.ErrNotDevice, path), "")
	}
	// The exclusive flag of a tty does not stop root; a lock, which other
	// serial programs take as well, does.
	if err := l.control(func(fd int) error { return unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) }); err != nil {
		if err == unix.EWOULDBLOCK {
			l.f.Close()
			err = unix.EBUSY
		}
		return nil, device.OpenError(uri, path, group, err)
	}
	l.port, err = bugst.Open(path, &bugst.Mode{
		BaudRate: m.Baud, DataBits: m.DataBits,
		Parity:   []bugst.Parity{bugst.NoParity, bugst.OddParity, bugst.EvenParity, bugst.MarkParity, bugst.SpaceParity}[m.Parity],
		StopBits: map[int]bugst.StopBits{1: bugst.OneStopBit, 2: bugst.TwoStopBits}[m.StopBits],
	})
	if err != nil {
		return nil, portError(uri, path, err)
	}
	if m.Flow == FlowRTSCTS || m.Flow == FlowDTRDSR {
		if _, err := l.signals(); err != nil {
			return nil, transport.NewOpError("open", uri, err, "use flow=none or flow=xonxoff")
		}
	}
	if err := l.setFlags(m); err != nil {
		return nil, transport.NewOpError("open", uri, err, "")
	}
	return l, nil
}

// framing are the flags that a driver drops silently when it cannot do them.
const framing = unix.CSIZE | unix.PARENB | unix.PARODD | unix.CSTOPB | unix.CRTSCTS

// setFlags sets what go.bug.st leaves out, and then looks whether the port
// has taken the mode.
func (l *line) setFlags(m Mode) error {
	return l.control(func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, ioctlGetTermios)
		if err != nil {
			return err
		}
		t.Iflag &^= unix.IXON | unix.IXOFF | unix.IXANY
		t.Iflag |= unix.IGNPAR | unix.IGNBRK
		if m.Flow == FlowXONXOFF && l.xoff {
			t.Iflag |= unix.IXON
		}
		c := t.Cflag &^ framing
		switch m.DataBits {
		case 5:
			c |= unix.CS5
		case 6:
			c |= unix.CS6
		case 7:
			c |= unix.CS7
		case 8:
			c |= unix.CS8
		}
		if m.Parity != ParityNone {
			c |= unix.PARENB
		}
		if m.Parity == ParityOdd || m.Parity == ParityMark {
			c |= unix.PARODD // mark with CMSPAR, which go.bug.st has set
		}
		if m.StopBits == 2 {
			c |= unix.CSTOPB
		}
		if m.Flow == FlowRTSCTS {
			c |= unix.CRTSCTS
		}
		t.Cflag = c
		if err := unix.IoctlSetTermios(fd, ioctlSetTermios, t); err != nil {
			return err
		}
		if t, err = unix.IoctlGetTermios(fd, ioctlGetTermios); err != nil {
			return err
		}
		if t.Cflag&framing != c&framing {
			return fmt.Errorf("%w: the port does not take %v", transport.ErrUnsupported, m)
		}
		return nil
	})
}

// portError turns an error of go.bug.st into ours.
func portError(uri, path string, err error) error {
	var pe *bugst.PortError
	if !errors.As(err, &pe) {
		return device.OpenError(uri, path, group, err)
	}
	switch pe.Code() {
	case bugst.PortBusy:
		return device.OpenError(uri, path, group, unix.EBUSY)
	case bugst.PortNotFound:
		return device.OpenError(uri, path, group, unix.ENOENT)
	case bugst.PermissionDenied:
		return device.OpenError(uri, path, group, unix.EACCES)
	case bugst.InvalidSerialPort:
		return transport.NewOpError("open", uri, fmt.Errorf("%w: %s is no serial port", transport.ErrNotDevice, path), "")
	}
	return transport.NewOpError("open", uri, fmt.Errorf("%w: %w", transport.ErrUnsupported, err), "")
}

func (l *line) read(p []byte) (int, error) { return l.f.Read(p) }

// obeysXOFF reports whether the system itself stops for XOFF.
func (l *line) obeysXOFF() bool { return l.xoff }

// obeysDSR reports whether the system itself stops for DSR.
func (l *line) obeysDSR() bool { return false }

func (l *line) signals() (Signals, error) {
	var b int
	err := l.control(func(fd int) (err error) {
		b, err = unix.IoctlGetInt(fd, unix.TIOCMGET)
		return err
	})
	if err == unix.ENOTTY || err == unix.EINVAL {
		err = errNoSignals
	}
	if err != nil {
		return Signals{}, err
	}
	return Signals{
		CTS: b&unix.TIOCM_CTS != 0,
		DSR: b&unix.TIOCM_DSR != 0,
		DCD: b&unix.TIOCM_CD != 0,
		RI:  b&unix.TIOCM_RI != 0,
	}, nil
}

// flush drops the output that has not been sent.
func (l *line) flush() { _ = l.control(flushOutput) }

func (l *line) close() error {
	err := l.f.Close()
	if l.port != nil {
		err = errors.Join(err, promptly(l.port.Close))
	}
	return err
}

// control runs f on the descriptor, which stays non-blocking.
func (l *line) control(f func(fd int) error) error {
	var ferr error
	if err := l.raw.Control(func(fd uintptr) { ferr = f(int(fd)) }); err != nil {
		return err
	}
	return ferr
}
