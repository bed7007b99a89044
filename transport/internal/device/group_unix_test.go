//go:build unix

package device_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/internal/device"
)

// A device that only root may open wants a rule; one that a group may open
// wants that group, whatever its name is.
func TestPermissionCure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lp0")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	err := device.OpenError("lp://"+path, path, "lp", syscall.EACCES)
	require.ErrorContains(t, err, "add a udev rule that gives it to the group lp")

	require.NoError(t, os.Chmod(path, 0o660))
	if os.Chown(path, -1, 1) == nil { // root may; then the file's own group is named
		err = device.OpenError("lp://"+path, path, "lp", syscall.EACCES)
		require.ErrorContains(t, err, "sudo usermod -aG ")
		require.NotContains(t, err.Error(), "udev")
	}
}
