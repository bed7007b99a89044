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
		if err != nil {
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
			return "held by " + strings.TrimSpace(string(name)) + " (process " + strconv.Itoa(pid) + ")"
		}
	}
	return ""
}
