package device_test

import (
	"fmt"
	"os"
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
