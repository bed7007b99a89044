//go:build linux

package vmtest

import (
	"os"
	"testing"
)

// Descriptors counts the open file descriptors of this process.
func Descriptors(t testing.TB) int {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(fds)
}
