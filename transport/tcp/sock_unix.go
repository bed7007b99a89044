//go:build unix

package tcp

import (
	"net"
	"syscall"
)

const errRefused = syscall.ECONNREFUSED

// control runs f on the descriptor without taking the read or write lock: a
// Read may be blocked meanwhile.
func control(c *net.TCPConn, f func(fd int) error) error {
	rc, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var ferr error
	if err := rc.Control(func(fd uintptr) { ferr = f(int(fd)) }); err != nil {
		return err
	}
	return ferr
}

// discardInput reads what has arrived and nobody wants: closing a socket with
// unread input makes the kernel reset it and drop its output.
func discardInput(c *net.TCPConn) {
	var buf [512]byte
	_ = control(c, func(fd int) error {
		for {
			n, _, err := syscall.Recvfrom(fd, buf[:], 0) // the descriptor is non-blocking
			if n <= 0 || err != nil {
				return nil
			}
		}
	})
}
