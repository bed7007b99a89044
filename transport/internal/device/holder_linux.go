package device

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Holder says which program has path open, as far as /proc shows it to this
// user; "" where it shows none.
func Holder(path string) string {
	if who := opener(path, 0); who != "" {
		return "held by " + who
	}
	return ""
}

// OtherUser names another program than this one that has path open, as far as
// /proc shows it to this user; "" where it shows none.
func OtherUser(path string) string { return opener(path, os.Getpid()) }

// opener names the first process, but for one, that has path open.
func opener(path string, but int) string {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	procs, err := os.ReadDir("/proc")
	if err != nil {
		return ""
	}
	for _, p := range procs {
		pid, err := strconv.Atoi(p.Name())
		if err != nil || pid == but {
			continue
		}
		dir := filepath.Join("/proc", p.Name())
		fds, err := os.ReadDir(filepath.Join(dir, "fd"))
		if err != nil {
			continue // another user's process, or one that has ended
		}
		for _, fd := range fds {
			target, err := os.Readlink(filepath.Join(dir, "fd", fd.Name()))
			if err != nil || target != real {
				continue
			}
			name, _ := os.ReadFile(filepath.Join(dir, "comm"))
			return strings.TrimSpace(string(name)) + " (process " + strconv.Itoa(pid) + ")"
		}
	}
	return ""
}
