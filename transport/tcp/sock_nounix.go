//go:build !unix

package tcp

import (
	"net"
	"syscall"
)

// errRefused is WSAECONNREFUSED; syscall.ECONNREFUSED is an invented number
// on Windows.
const errRefused = syscall.Errno(10061)

func discardInput(*net.TCPConn) {}
