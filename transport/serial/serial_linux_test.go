package serial_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A damaged byte must not read as 0x00, which is a printer's "paper present".
// A pseudo terminal damages none; its flags are what can be looked at.
func TestDamagedBytesAreDropped(t *testing.T) {
	c, p, _ := link(t, "")
	defer c.Close()
	raw, err := p.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		flags, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		require.NoError(t, err)
		require.NotZero(t, flags.Iflag&unix.IGNPAR)
		require.NotZero(t, flags.Iflag&unix.IGNBRK)
		require.Zero(t, flags.Iflag&(unix.PARMRK|unix.ISTRIP|unix.ICRNL|unix.INLCR|unix.IGNCR|unix.IXON|unix.IXOFF))
	}))
}
