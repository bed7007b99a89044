//go:build linux

package vmtest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// Leaks notes what this process has open and what runs in it. The function it
// returns fails the test if there is more of either, once what is ending has
// had time to end.
func Leaks(t testing.TB) (check func()) {
	t.Helper()
	// The runtime's poller, which stays, comes with the first that uses it.
	if r, w, err := os.Pipe(); err == nil {
		_ = r.Close()
		_ = w.Close()
	}
	before, running := descriptors(t), goleak.IgnoreCurrent()
	return func() {
		t.Helper()
		if !await(func() bool { return slices.Equal(before, descriptors(t)) }) {
			t.Errorf("open before: %q\nopen now: %q", before, descriptors(t))
		}
		if !await(func() bool { return goleak.Find(running) == nil }) {
			t.Error(goleak.Find(running))
		}
	}
}

// descriptors lists what this process has open, sorted.
func descriptors(t testing.TB) []string {
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
