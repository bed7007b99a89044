package lp_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/term"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
	"github.com/printerctl/printerctl/transport/lp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peer is the printer's end: the master of a pseudo terminal, a character
// device that can be waited for as usblp's can.
type peer struct{ *os.File }

func (p peer) Hangup() error { return p.Close() }

func link(t *testing.T) (*lp.Conn, peer) {
	t.Helper()
	master, slave, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { _ = master.Close() })
	_, err = term.MakeRaw(int(slave.Fd()))
	require.NoError(t, err)
	c, err := lp.Open(t.Context(), &url.URL{Scheme: "lp", Path: slave.Name()})
	require.NoError(t, err)
	require.NoError(t, slave.Close())
	return c, peer{master}
}

func TestConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) { return link(t) })
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "lp0")
	require.NoError(t, os.WriteFile(file, []byte("a receipt"), 0o600))
	for uri, want := range map[string]error{
		"lp://" + dir + "/lp9": transport.ErrNotFound,
		"lp://" + file + "/x":  transport.ErrNotFound,
		"lp://" + dir:          transport.ErrNotDevice,
		"lp://" + file:         transport.ErrNotDevice,
		"lp:///dev/null":       transport.ErrNotDevice,
		"lp://lp0":             transport.ErrURI,
		"lp://":                transport.ErrURI,
		"lp:///dev/lp0?x=1":    transport.ErrURI,
	} {
		_, err := transport.Open(t.Context(), uri)
		require.ErrorIs(t, err, want, uri)
		var oe *transport.OpError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, uri, oe.URI)
	}
	left, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "a receipt", string(left), "a file is no printer")
}

// A device that is not usblp's says so, instead of inventing an answer.
func TestNotUsblp(t *testing.T) {
	c, _ := link(t)
	defer c.Close()
	_, err := c.PortStatus(t.Context())
	require.ErrorIs(t, err, transport.ErrUnsupported)
	_, err = c.DeviceID(t.Context())
	require.ErrorIs(t, err, transport.ErrUnsupported)
	require.ErrorIs(t, c.SoftReset(t.Context()), transport.ErrUnsupported)
}
