package serial

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"

	"github.com/printerctl/printerctl/transport"
)

var errNoSignals = fmt.Errorf("%w: the port has no modem lines", transport.ErrUnsupported)

// A line is a COM port. go.bug.st/serial opens it for itself alone and
// switches flow control off, so that here the port is opened without it: an
// overlapped handle, which the os package gives deadlines.
type line struct {
	f   *os.File
	raw syscall.RawConn
}

// The flags of a DCB, which x/sys/windows leaves unnamed (Microsoft Learn,
// winbase.h, DCB structure).
const (
	dcbBinary       = 1 << 0
	dcbParity       = 1 << 1
	dcbOutCTSFlow   = 1 << 2
	dcbOutDSRFlow   = 1 << 3
	dcbDTREnable    = 1 << 4
	dcbOutX         = 1 << 8
	dcbRTSEnable    = 1 << 12
	dcbRTSHandshake = 2 << 12
)

func openLine(uri, name string, m Mode) (*line, error) {
	path := name
	if !strings.HasPrefix(path, `\\.\`) {
		path = `\\.\` + path // COM10 and up need it
	}
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: %w", transport.ErrURI, err), "")
	}
	h, err := windows.CreateFile(p, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil,
		windows.OPEN_EXISTING, windows.FILE_FLAG_OVERLAPPED, 0)
	switch {
	case errors.Is(err, windows.ERROR_FILE_NOT_FOUND), errors.Is(err, windows.ERROR_PATH_NOT_FOUND):
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: %s", transport.ErrNotFound, name),
			"is the adapter plugged in? printerctl devices lists what is there")
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: %s", transport.ErrBusy, name),
			"close the program that holds the port")
	case err != nil:
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%s: %w", name, err), "")
	}
	if err := setUp(h, m); err != nil {
		windows.CloseHandle(h)
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: the port does not take %v: %w", transport.ErrUnsupported, m, err), "")
	}
	l := &line{f: os.NewFile(uintptr(h), name)}
	if l.raw, err = l.f.SyscallConn(); err == nil {
		err = l.f.SetDeadline(time.Time{})
	}
	if err != nil {
		l.f.Close()
		return nil, transport.NewOpError("open", uri, fmt.Errorf("%w: %s cannot be waited for", transport.ErrNotDevice, name), "")
	}
	return l, nil
}

func setUp(h windows.Handle, m Mode) error {
	var dcb windows.DCB
	if err := windows.GetCommState(h, &dcb); err != nil {
		return err
	}
	dcb.BaudRate = uint32(m.Baud)
	dcb.ByteSize = byte(m.DataBits)
	dcb.Parity = []byte{windows.NOPARITY, windows.ODDPARITY, windows.EVENPARITY, windows.MARKPARITY, windows.SPACEPARITY}[m.Parity]
	dcb.StopBits = map[int]byte{1: windows.ONESTOPBIT, 2: windows.TWOSTOPBITS}[m.StopBits]
	dcb.XonChar, dcb.XoffChar = 0x11, 0x13
	dcb.Flags = dcbBinary | dcbDTREnable | dcbRTSEnable
	if m.Parity != ParityNone {
		dcb.Flags |= dcbParity
	}
	switch m.Flow {
	case FlowXONXOFF:
		dcb.Flags |= dcbOutX
	case FlowRTSCTS:
		dcb.Flags = dcb.Flags&^dcbRTSEnable | dcbRTSHandshake | dcbOutCTSFlow
	case FlowDTRDSR:
		dcb.Flags |= dcbOutDSRFlow
	}
	if err := windows.SetCommState(h, &dcb); err != nil {
		return err
	}
	// A read returns what is there, or waits for the first byte.
	const longest = 0x7ffffffe // ms; some drivers take a set top bit for zero
	return windows.SetCommTimeouts(h, &windows.CommTimeouts{
		ReadIntervalTimeout:        0xffffffff,
		ReadTotalTimeoutMultiplier: 0xffffffff,
		ReadTotalTimeoutConstant:   longest,
	})
}

func (l *line) read(p []byte) (int, error) {
	for {
		n, err := l.f.Read(p)
		if n > 0 || err != io.EOF {
			return n, err
		}
		// The driver's own timeout, after 24 days.
	}
}

// obeysXOFF reports whether the system itself stops for XOFF.
func (l *line) obeysXOFF() bool { return true }

// obeysDSR reports whether the system itself stops for DSR.
func (l *line) obeysDSR() bool { return true }

func (l *line) signals() (Signals, error) {
	const cts, dsr, ring, rlsd = 0x10, 0x20, 0x40, 0x80 // MS_CTS_ON and on
	var b uint32
	err := l.control(func(h windows.Handle) error { return windows.GetCommModemStatus(h, &b) })
	return Signals{CTS: b&cts != 0, DSR: b&dsr != 0, DCD: b&rlsd != 0, RI: b&ring != 0}, err
}

// queued returns how many bytes the line has not sent.
func (l *line) queued() (int, error) {
	var errs uint32
	var st windows.ComStat
	err := l.control(func(h windows.Handle) error { return windows.ClearCommError(h, &errs, &st) })
	return int(st.CBOutQue), err
}

// flush drops the output that has not been sent.
func (l *line) flush() {
	_ = l.control(func(h windows.Handle) error {
		return windows.PurgeComm(h, windows.PURGE_TXABORT|windows.PURGE_TXCLEAR)
	})
}

func (l *line) close() error { return l.f.Close() }

// control runs f on the handle, while it is open.
func (l *line) control(f func(h windows.Handle) error) error {
	var ferr error
	if err := l.raw.Control(func(h uintptr) { ferr = f(windows.Handle(h)) }); err != nil {
		return err
	}
	return ferr
}
