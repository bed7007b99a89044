package tcp

import (
	"net"

	"golang.org/x/sys/unix"
)

// notSentLowat is how many bytes the kernel may hold that it has not sent:
// the queue in front of a status question.
const notSentLowat = 4096

func limitUnsent(c *net.TCPConn) {
	control(c, func(fd int) error {
		return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, notSentLowat)
	})
}

// unacknowledged returns how many bytes the peer has not acknowledged.
func unacknowledged(c *net.TCPConn) (n int, err error) {
	err = control(c, func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.SIOCOUTQ)
		return err
	})
	return n, err
}
