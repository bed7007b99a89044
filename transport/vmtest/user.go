//go:build linux

package vmtest

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Ids of the guest's system, as in its /etc/group.
const (
	UserClerk = 1000
	GroupLP   = 7
	GroupTTY  = 20 // dialout
)

// AsUser runs f with the file permissions of a user who is not root and has
// one group.
func AsUser(t testing.TB, uid, gid int, f func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// The ids for file access are each thread's own; leaving 0 takes the
	// capabilities that override permissions along.
	if err := unix.Setfsgid(gid); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Setfsgid(0) }()
	if err := unix.Setfsuid(uid); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Setfsuid(0) }()
	f()
}
