package tcp_test

import (
	"context"
	"net"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
	"github.com/printerctl/printerctl/transport/tcp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peer is the printer's socket.
type peer struct{ *net.TCPConn }

// Hangup resets the connection, as a printer that lost power and came back.
func (p peer) Hangup() error {
	if err := p.SetLinger(0); err != nil {
		return err
	}
	return p.Close()
}

// link connects to a listener on loopback.
func link(t *testing.T, network, host string) (*tcp.Conn, peer) {
	t.Helper()
	l, err := net.Listen(network, net.JoinHostPort(host, "0"))
	require.NoError(t, err)
	defer l.Close()
	u := &url.URL{Scheme: "tcp", Host: l.Addr().String()}
	c, err := tcp.Open(t.Context(), u)
	require.NoError(t, err)
	nc, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = nc.Close() })
	return c, peer{nc.(*net.TCPConn)}
}

func TestConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) { return link(t, "tcp4", "127.0.0.1") })
}

func TestConnIPv6(t *testing.T) {
	c, p := link(t, "tcp6", "::1")
	defer c.Close()
	_, err := c.Write([]byte("x"))
	require.NoError(t, err)
	n, err := p.Read(make([]byte, 8))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, p.LocalAddr(), c.RemoteAddr())
	require.Equal(t, p.RemoteAddr(), c.LocalAddr())
}

func TestURI(t *testing.T) {
	for uri, cure := range map[string]string{
		"tcp://":                       "tcp://192.0.2.7",
		"tcp://:9100":                  "tcp://192.0.2.7",
		"tcp://127.0.0.1:0":            "from 1 to 65535",
		"tcp://127.0.0.1:70000":        "from 1 to 65535",
		"tcp://127.0.0.1/queue":        "tcp://127.0.0.1",
		"tcp://127.0.0.1?timeout=3":    "takes no parameters",
		"tcp://root:secret@127.0.0.1/": "user name",
	} {
		_, err := transport.Open(t.Context(), uri)
		require.ErrorIs(t, err, transport.ErrURI, uri)
		require.ErrorContains(t, err, cure, uri)
	}
}

func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	uri := "tcp://" + l.Addr().String()
	require.NoError(t, l.Close())

	_, err = transport.Open(t.Context(), uri)
	require.ErrorIs(t, err, transport.ErrRefused)
	require.NotErrorIs(t, err, transport.ErrUnreachable)
	require.ErrorContains(t, err, "open "+uri+": connection refused")
}

func TestOpenCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := transport.Open(ctx, "tcp://127.0.0.1:9")
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, transport.ErrUnreachable)
}
