// Package device holds what the media that are files under /dev have in
// common: what may be opened as a printer, and what an errno means to a
// person.
package device

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"github.com/printerctl/printerctl/transport"
)

// Check reports, as an [*transport.OpError], why path cannot be a device: it
// is missing, a directory, or a plain file. Opening anything but a character
// device could block, or write a receipt over somebody's file.
func Check(uri, path, group string) error {
	fi, err := os.Stat(path)
	if err != nil {
		return OpenError(uri, path, group, err)
	}
	kind := ""
	switch mode := fi.Mode(); {
	case mode.IsDir():
		kind = "a directory"
	case mode.IsRegular():
		kind = "a file"
	case mode&fs.ModeCharDevice == 0:
		kind = "no character device"
	default:
		return nil
	}
	return transport.NewOpError("open", uri, fmt.Errorf("%w: %s is %s", transport.ErrNotDevice, path, kind),
		"name the device, such as "+example(uri))
}

func example(uri string) string {
	switch {
	case len(uri) > 2 && uri[:2] == "lp":
		return "lp:///dev/usb/lp0"
	case runtime.GOOS == "darwin":
		return "serial:///dev/cu.usbserial-110"
	default:
		return "serial:///dev/ttyUSB0"
	}
}

// OpenError turns the error of opening path into an [*transport.OpError] with
// its sentinel and its cure. group is the group that such devices usually
// belong to.
func OpenError(uri, path, group string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	wrap := func(sentinel error, cure string) error {
		return transport.NewOpError("open", uri, fmt.Errorf("%w: %s: %w", sentinel, path, err), cure)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENXIO), errors.Is(err, syscall.ENODEV):
		return wrap(transport.ErrNotFound, "is the printer plugged in and switched on? printerctl devices lists what is there")
	case errors.Is(err, syscall.EBUSY):
		return wrap(transport.ErrBusy, cmp.Or(Holder(path), "close the program that holds it"))
	case errors.Is(err, fs.ErrPermission):
		return wrap(transport.ErrPermission, joinGroup(path, group))
	case errors.Is(err, syscall.ENOTDIR):
		return wrap(transport.ErrNotFound, "")
	case errors.Is(err, syscall.ENOTTY), errors.Is(err, syscall.EINVAL):
		return wrap(transport.ErrNotDevice, "")
	}
	return transport.NewOpError("open", uri, fmt.Errorf("%s: %w", path, err), "")
}

// fileClosing is the text of an error inside the os package that setting a
// deadline of, or a raw call on, a closed file returns, and that is not
// os.ErrClosed.
const fileClosing = "use of closed file"

// IOError turns the error of a read or write on an open device into what
// [transport.Conn] promises. A device that answers with an error once does
// not deserve the benefit of the doubt: whatever is not a deadline or a close
// is a broken link, to be opened anew.
func IOError(op, uri string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, transport.ErrNoBackChannel):
		return transport.NewOpError(op, uri, err, "")
	case errors.Is(err, os.ErrClosed), errors.Is(err, syscall.EBADF), err.Error() == fileClosing:
		return transport.NewOpError(op, uri, transport.ErrClosed, "")
	case errors.Is(err, io.EOF):
		return transport.NewOpError(op, uri, fmt.Errorf("%w: hung up", transport.ErrGone), "")
	}
	return transport.NewOpError(op, uri, fmt.Errorf("%w: %w", transport.ErrGone, err), "")
}
