package device_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/internal/device"
)

// A busy device names the program that has it, through a symbolic link too.
func TestBusyNamesHolder(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "ttyUSB0"), filepath.Join(dir, "by-id")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, os.Symlink(path, link))

	err = device.OpenError("serial://"+link, link, "dialout", syscall.EBUSY)
	require.ErrorContains(t, err, fmt.Sprintf("(process %d)", os.Getpid()))

	require.NoError(t, f.Close())
	err = device.OpenError("serial://"+link, link, "dialout", syscall.EBUSY)
	require.ErrorContains(t, err, "close the program that holds it")
}

// Who else has a device open is not this process.
func TestOtherUser(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ttyUSB0")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	require.Empty(t, device.OtherUser(path))

	other := exec.CommandContext(t.Context(), "sleep", "600")
	other.Stdin = f
	require.NoError(t, other.Start())
	require.Equal(t, fmt.Sprintf("sleep (process %d)", other.Process.Pid), device.OtherUser(path))
	require.NoError(t, other.Process.Kill())
	_ = other.Wait()
	require.Empty(t, device.OtherUser(path))
}
