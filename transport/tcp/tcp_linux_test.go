package tcp_test

import (
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

// What a Write has taken stays close to what the printer has: the send buffer
// of a socket would hold megabytes in front of a status question.
func TestWriteStaysNear(t *testing.T) {
	c, p := link(t, "tcp4", "127.0.0.1")
	defer c.Close()
	require.NoError(t, p.SetReadBuffer(4096)) // a printer's window
	var sent int
	for {
		require.NoError(t, c.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
		n, err := c.Write(make([]byte, 1<<16))
		sent += n
		if err != nil {
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			break
		}
	}
	require.Less(t, sent, 1<<20)
	n, err := io.ReadFull(p, make([]byte, sent))
	require.NoError(t, err)
	require.Equal(t, sent, n)
}

// Drain returns once the printer's side has every byte, read or not.
func TestDrain(t *testing.T) {
	c, _ := link(t, "tcp4", "127.0.0.1")
	_, err := c.Write([]byte("receipt"))
	require.NoError(t, err)
	require.NoError(t, c.Drain(t.Context()))
	require.NoError(t, c.Close())
	require.ErrorIs(t, c.Drain(t.Context()), transport.ErrClosed)
}

// A printer that talks while nobody listens must not cost the end of the
// receipt: a close with unread input makes a kernel drop unsent output.
func TestCloseWithUnreadInput(t *testing.T) {
	c, p := link(t, "tcp4", "127.0.0.1")
	_, err := p.Write([]byte{0x10, 0x00, 0x00, 0x00}) // status that nobody asked for
	require.NoError(t, err)
	_, err = c.Read(make([]byte, 1)) // it is there
	require.NoError(t, err)
	_, err = p.Write(make([]byte, 1000))
	require.NoError(t, err)

	receipt := make([]byte, 4000)
	_, err = c.Write(receipt)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	got, err := io.ReadAll(p)
	require.NoError(t, err, "an orderly end, no reset")
	require.Len(t, got, len(receipt))
}
