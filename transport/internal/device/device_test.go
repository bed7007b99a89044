package device_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/device"
)

func TestOpenError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ttyUSB0")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	for errno, want := range map[syscall.Errno]error{
		syscall.ENOENT: transport.ErrNotFound,
		syscall.ENXIO:  transport.ErrNotFound,
		syscall.ENODEV: transport.ErrNotFound,
		syscall.EACCES: transport.ErrPermission,
		syscall.EPERM:  transport.ErrPermission,
		syscall.EBUSY:  transport.ErrBusy,
		syscall.ENOTTY: transport.ErrNotDevice,
	} {
		err := device.OpenError("serial://"+path, path, "dialout", &fs.PathError{Op: "open", Path: path, Err: errno})
		require.ErrorIs(t, err, want, errno.Error())
		require.ErrorContains(t, err, path, "what")
		var oe *transport.OpError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, "open", oe.Op)
	}
}

func TestIOError(t *testing.T) {
	require.NoError(t, device.IOError("read", "u", nil))
	for name, c := range map[string]struct{ err, want error }{
		"deadline":  {os.ErrDeadlineExceeded, os.ErrDeadlineExceeded},
		"closed":    {&fs.PathError{Op: "read", Err: os.ErrClosed}, transport.ErrClosed},
		"hung up":   {io.EOF, transport.ErrGone},
		"unplugged": {&fs.PathError{Op: "read", Err: syscall.ENODEV}, transport.ErrGone},
		"I/O error": {syscall.EIO, transport.ErrGone},
		"one way":   {transport.ErrNoBackChannel, transport.ErrNoBackChannel},
	} {
		require.ErrorIs(t, device.IOError("read", "u", c.err), c.want, name)
	}

	// The os package has an error of its own for a closed file, which no
	// sentinel matches.
	f, err := os.Open(os.DevNull)
	require.NoError(t, err)
	raw, err := f.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, f.Close())
	err = raw.Control(func(uintptr) {})
	require.ErrorIs(t, device.IOError("read", "u", err), transport.ErrClosed)
}
