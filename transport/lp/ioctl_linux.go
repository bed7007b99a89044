package lp

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ioctlBytes runs an ioctl that fills a buffer, for which x/sys/unix has no
// safe wrapper.
func ioctlBytes(fd int, req uint, buf []byte) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(req), uintptr(unsafe.Pointer(unsafe.SliceData(buf))))
	runtime.KeepAlive(buf)
	if errno != 0 {
		return errno
	}
	return nil
}
