//go:build linux

package vmtest

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// The two ends of the guest's null modem, a pair of 16550 ports without modem
// lines. QEMU does not simulate their rate.
const (
	NullModemNear = "/dev/ttyS2"
	NullModemFar  = "/dev/ttyS3"
)

// OpenTTY opens a tty as the device at its other end would: raw, without flow
// control, with deadlines. It is closed when the test ends.
func OpenTTY(t testing.TB, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	fd := int(f.Fd())
	tio, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	tio.Iflag, tio.Oflag, tio.Lflag = 0, 0, 0
	tio.Cflag = unix.CS8 | unix.CREAD | unix.CLOCAL | unix.B115200
	tio.Ispeed, tio.Ospeed = unix.B115200, unix.B115200
	tio.Cc[unix.VMIN], tio.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, tio); err != nil {
		t.Fatal(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // Fd made it blocking
		t.Fatal(err)
	}
	return f
}
