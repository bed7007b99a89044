//go:build linux

package vmtest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Descriptors lists what this process has open, sorted.
func Descriptors(t testing.TB) []string {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var open []string
	for _, fd := range fds {
		target, err := os.Readlink("/proc/self/fd/" + fd.Name())
		if err == nil { // not the one that ReadDir had
			open = append(open, kind(target))
		}
	}
	slices.Sort(open)
	return open
}

// kind leaves out the number that tells two sockets or pipes apart.
func kind(target string) string {
	if name, _, found := strings.Cut(target, ":["); found {
		return name
	}
	return target
}
