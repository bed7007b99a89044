//go:build unix

package device

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// joinGroup names the group that may use the device, as the device itself
// tells: it is dialout on Debian, uucp on Arch. Where the device belongs to
// root alone, only a udev rule helps.
func joinGroup(path, usual string) string {
	if fi, err := os.Stat(path); err == nil {
		if st, ok := fi.Sys().(*syscall.Stat_t); ok {
			if fi.Mode().Perm()&0o060 != 0o060 || st.Gid == 0 {
				return "the device is open to root alone: add a udev rule that gives it to the group " + usual
			}
			gid := strconv.FormatUint(uint64(st.Gid), 10)
			if g, err := user.LookupGroupId(gid); err == nil {
				usual = g.Name
			} else {
				usual = gid
			}
		}
	}
	return "join the group " + usual + ": sudo usermod -aG " + usual + " $USER, then log in again"
}
