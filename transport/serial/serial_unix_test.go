//go:build linux || darwin || freebsd

package serial_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
	"github.com/printerctl/printerctl/transport/serial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peer is the printer's end: the master of a pseudo terminal.
type peer struct{ *os.File }

func (p peer) Hangup() error { return p.Close() }

// link opens one end of a new pseudo terminal as a serial line.
func link(t *testing.T, query string) (*serial.Conn, peer, string) {
	t.Helper()
	master, slave, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { _ = master.Close() })
	path := slave.Name()
	c, err := serial.Open(t.Context(), &url.URL{Scheme: "serial", Path: path, RawQuery: query})
	require.NoError(t, err)
	require.NoError(t, slave.Close())
	return c, peer{master}, path
}

func TestConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		c, p, _ := link(t, "baud=115200")
		return c, p
	})
}

func TestConnXONXOFF(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		c, p, _ := link(t, "baud=115200&flow=xonxoff")
		return c, p
	}, conntest.Without(0x11, 0x13))
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ttyUSB0")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for uri, want := range map[string]error{
		"serial://" + dir + "/ttyUSB9": transport.ErrNotFound,
		"serial://" + file + "/x":      transport.ErrNotFound,
		"serial://" + dir:              transport.ErrNotDevice,
		"serial://" + file:             transport.ErrNotDevice,
		"serial:///dev/null":           transport.ErrNotDevice,
	} {
		_, err := transport.Open(t.Context(), uri)
		require.ErrorIs(t, err, want, uri)
		var oe *transport.OpError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, uri, oe.URI)
	}
	left, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestBusy(t *testing.T) {
	c, _, path := link(t, "")
	defer c.Close()
	_, err := transport.Open(t.Context(), "serial://"+path)
	require.ErrorIs(t, err, transport.ErrBusy)

	require.NoError(t, c.Close())
	again, err := transport.Open(t.Context(), "serial://"+path)
	require.NoError(t, err, "free after Close")
	require.NoError(t, again.Close())
}

// A pseudo terminal has no modem lines and cannot do parity: asked for what
// it cannot do, a port is refused, not used half-way.
func TestModeNotTaken(t *testing.T) {
	master, slave, err := pty.Open()
	require.NoError(t, err)
	defer master.Close()
	defer slave.Close()
	for _, query := range []string{"flow=rtscts", "flow=dtrdsr", "parity=even", "bits=7"} {
		_, err := transport.Open(t.Context(), "serial://"+slave.Name()+"?"+query)
		require.ErrorIs(t, err, transport.ErrUnsupported, query)
	}
	c, err := transport.Open(t.Context(), "serial://"+slave.Name())
	require.NoError(t, err, "nothing is left open")
	defer c.Close()
	_, err = c.(*serial.Conn).Signals()
	require.ErrorIs(t, err, transport.ErrUnsupported)
	require.False(t, errors.Is(err, transport.ErrGone), "%v", err)
}

// After an XOFF nothing leaves until the XON, and neither is seen by a reader.
func TestXOFF(t *testing.T) {
	c, p, _ := link(t, "flow=xonxoff")
	defer c.Close()
	require.False(t, c.SoftwareFlow(), "the kernel sees to it")
	buf := make([]byte, 8)
	say := func(b ...byte) {
		t.Helper()
		_, err := p.Write(b)
		require.NoError(t, err)
		n, err := c.Read(buf)
		require.NoError(t, err)
		require.Equal(t, b[1:], buf[:n], "the flow byte is gone, and has had its effect")
	}
	say(0x13, 0x16)
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(20*time.Millisecond)))
	n, err := c.Write([]byte("receipt"))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Zero(t, n)

	require.NoError(t, c.SetWriteDeadline(time.Time{}))
	say(0x11, 0x12)
	_, err = c.Write([]byte("receipt"))
	require.NoError(t, err)
	n, err = p.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "receipt", string(buf[:n]))
}

// A line without flow control passes the two bytes like any other, and says
// that it may lose data.
func TestNoFlow(t *testing.T) {
	c, p, _ := link(t, "baud=38400")
	defer c.Close()
	_, err := p.Write([]byte{0x13, 0x11})
	require.NoError(t, err)
	buf := make([]byte, 8)
	n, err := c.Read(buf)
	require.NoError(t, err)
	require.Equal(t, []byte{0x13, 0x11}, buf[:n])
	require.True(t, c.Lossy())
	require.Equal(t, 3840, c.BytesPerSecond())
	require.Equal(t, 38400, c.Mode().Baud)
	n, err = c.Write([]byte("x"))
	require.NoError(t, err)
	require.Equal(t, 1, n)
}
