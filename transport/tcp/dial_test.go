package tcp

import (
	"context"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

func TestAddress(t *testing.T) {
	for uri, want := range map[string]string{
		"tcp://192.0.2.7":                    "192.0.2.7:9100",
		"tcp://192.0.2.7/":                   "192.0.2.7:9100",
		"tcp://printer.example:515":          "printer.example:515",
		"tcp://[2001:db8::7]":                "[2001:db8::7]:9100",
		"tcp://[fe80::1%25eth0]:9101":        "[fe80::1%eth0]:9101",
		"tcp://xn--drucker-kche-xob.example": "xn--drucker-kche-xob.example:9100",
	} {
		u, err := url.Parse(uri)
		require.NoError(t, err)
		got, err := address(u)
		require.NoError(t, err, uri)
		require.Equal(t, want, got)
	}
}

// What a network does to a connection attempt cannot be done on loopback; the
// errors are those that net makes of it.
func TestDialError(t *testing.T) {
	u := &url.URL{Scheme: "tcp", Host: "printer.example"}
	syscallError := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errno)}
	}
	for name, c := range map[string]struct {
		err  error
		want error
		text string
	}{
		"unknown name": {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "printer.example", Err: "no such host", IsNotFound: true}},
			transport.ErrNotFound, "no host named printer.example"},
		"no name server": {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "printer.example", Err: "server misbehaving", IsTemporary: true}},
			transport.ErrUnreachable, "use the printer's address"},
		"no route":   {syscallError(syscall.EHOSTUNREACH), transport.ErrUnreachable, "no route to host"},
		"no network": {syscallError(syscall.ENETUNREACH), transport.ErrUnreachable, "network is unreachable"},
		"silence":    {&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, transport.ErrUnreachable, "is the printer on"},
		"firewall":   {syscallError(syscall.EPERM), transport.ErrPermission, "firewall"},
		"refused":    {syscallError(syscall.ECONNREFUSED), transport.ErrRefused, "does another host hold the printer"},
	} {
		err := dialError(t.Context(), u, c.err)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.text, name)
		require.NotContains(t, err.Error(), "dial tcp", "%s: the URI says it already", name)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := dialError(ctx, u, syscallError(syscall.EINTR))
	require.ErrorIs(t, err, context.Canceled)
}
