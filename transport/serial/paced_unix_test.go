//go:build linux || darwin || freebsd

package serial

import (
	"bytes"
	"io"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
)

// paced opens a pseudo terminal whose printer's DSR is ready: pseudo
// terminals have no such line of their own.
func paced(t *testing.T, ready *atomic.Bool, baud string) (*Conn, *os.File) {
	t.Helper()
	master, slave, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { _ = master.Close() })
	c, err := Open(t.Context(), &url.URL{Scheme: "serial", Path: slave.Name(), RawQuery: "baud=" + baud})
	require.NoError(t, err)
	require.NoError(t, slave.Close())
	c.held = func() (bool, error) { return !ready.Load(), nil }
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c, master
}

type pacedPeer struct{ *os.File }

func (p pacedPeer) Hangup() error { return p.Close() }

// A paced write keeps what every Conn promises.
func TestPacedConn(t *testing.T) {
	var ready atomic.Bool
	ready.Store(true)
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		c, master := paced(t, &ready, "4000000")
		return c, pacedPeer{master}
	}, conntest.Bytes(64<<10))
}

// While the printer holds DSR down, not one byte leaves; between, all do, in
// order.
func TestPacedHolds(t *testing.T) {
	var ready atomic.Bool
	c, master := paced(t, &ready, "115200")
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(20*time.Millisecond)))
	n, err := c.Write([]byte("receipt"))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Zero(t, n)
	require.NoError(t, c.SetWriteDeadline(time.Time{}))

	looks := 0
	c.held = func() (bool, error) { looks++; return looks%8 >= 4, nil }
	sent := bytes.Repeat([]byte("0123456789abcdef\n"), 64)
	written := make(chan error, 1)
	go func() { _, err := c.Write(sent); written <- err }()
	got := make([]byte, len(sent))
	_, err = io.ReadFull(master, got)
	require.NoError(t, err)
	require.NoError(t, <-written)
	require.Equal(t, sent, got)
	require.Greater(t, looks, 8)
}

// What one Write has under way counts for the next: a receipt written byte by
// byte is no faster than the line.
func TestPacedAcrossWrites(t *testing.T) {
	var ready atomic.Bool
	ready.Store(true)
	c, _ := paced(t, &ready, "115200")
	start := time.Now()
	for range 256 {
		_, err := c.Write([]byte("x"))
		require.NoError(t, err)
	}
	require.GreaterOrEqual(t, c.pace.free.Sub(start), 256*(time.Second/11520))
}

// Close ends a Write that the printer holds up.
func TestPacedClose(t *testing.T) {
	var ready atomic.Bool
	c, _ := paced(t, &ready, "9600")
	looked := make(chan struct{})
	var once sync.Once
	c.held = func() (bool, error) { once.Do(func() { close(looked) }); return true, nil }
	written := make(chan error, 1)
	go func() { _, err := c.Write([]byte("receipt")); written <- err }()
	<-looked
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-written, transport.ErrClosed)
}

// A port that disappears while the printer is looked at ends the Write.
func TestPacedSignalsFail(t *testing.T) {
	var ready atomic.Bool
	c, _ := paced(t, &ready, "9600")
	c.held = func() (bool, error) { return false, unix.EIO }
	n, err := c.Write([]byte("receipt"))
	require.ErrorIs(t, err, transport.ErrGone)
	require.Zero(t, n)
}

// However the moments fall at which the line is looked at, no more is under
// way than it sends in a few milliseconds, and a line that is looked at often
// is never left idle.
func TestPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.IntRange(5, 400000).Draw(t, "rate")
		most := max(paceMin, rate*int(paceSpan/time.Millisecond)/1000+1)
		now := time.Unix(1000, 0)
		p := pace{rate: rate}
		underWay := 0.0
		for range rapid.IntRange(1, 50).Draw(t, "looks") {
			step := time.Duration(rapid.IntRange(0, 20000).Draw(t, "µs")) * time.Microsecond
			now = now.Add(step)
			underWay = max(0, underWay-float64(rate)*step.Seconds())
			room := p.room(now)
			if room > 0 {
				p.wrote(room)
				underWay += float64(room)
			}
			require.LessOrEqual(t, underWay, float64(most)+1)
			require.GreaterOrEqual(t, underWay, float64(most)-3, "the line is kept busy")
		}
	})
}
