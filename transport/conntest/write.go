package conntest

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

// fill writes until the medium takes no more, and returns what it took.
func (s *suite) fill(t *testing.T, c transport.Conn) []byte {
	t.Helper()
	chunk := s.data(1<<16, 4)
	var sent []byte
	for {
		require.NoError(t, c.SetWriteDeadline(time.Now().Add(5*moment)))
		r := async(t, "filling the medium", func() (int, error) { return c.Write(chunk) })()
		require.LessOrEqual(t, r.n, len(chunk))
		sent = append(sent, chunk[:r.n]...)
		if r.n < len(chunk) {
			require.ErrorIs(t, r.err, os.ErrDeadlineExceeded, "a short write says why")
		}
		if r.n == 0 {
			require.NoError(t, c.SetWriteDeadline(time.Time{}))
			return sent
		}
		require.Less(t, len(sent), 1<<28, "the medium never fills")
	}
}

// writes: a printer that takes nothing holds a Write up until its deadline;
// the count is what it gets later.
func (s *suite) writes(t *testing.T) {
	c, peer := s.link(t)
	n, err := c.Write(nil)
	require.NoError(t, err)
	require.Zero(t, n)

	require.NoError(t, c.SetWriteDeadline(longAgo))
	n, err = c.Write([]byte("x"))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Zero(t, n, "nothing leaves after the deadline")
	require.NoError(t, c.SetWriteDeadline(time.Time{}))

	sent := s.fill(t, c)
	if d, ok := c.(transport.DrainConn); ok {
		ctx, cancel := context.WithTimeout(t.Context(), moment)
		defer cancel()
		within(t, "drain of a printer that takes nothing", func() {
			if err := d.Drain(ctx); err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
			}
		})
	}
	require.Equal(t, sent, receive(t, "all that was counted", peer, len(sent)))
	if d, ok := c.(transport.DrainConn); ok {
		within(t, "drain of a printer that has taken all", func() { require.NoError(t, d.Drain(t.Context())) })
	}
	n, err = c.Write([]byte("x"))
	require.NoError(t, err, "the link is as good as before")
	require.Equal(t, 1, n)
	require.Equal(t, []byte("x"), receive(t, "after the deadline", peer, 1))
}

// fragments: bytes that come and go one at a time are the same bytes.
func (s *suite) fragments(t *testing.T) {
	c, peer := s.link(t)
	sent := s.data(256, 7)
	out := async(t, "writing bytes", func() (int, error) { return oneByOne(c.Write, sent) })
	back := async(t, "sending bytes", func() (int, error) { return oneByOne(peer.Write, sent) })
	require.Equal(t, sent, receive(t, "bytes to the printer", peer, len(sent)))
	require.Equal(t, sent, receive(t, "bytes from the printer", c, len(sent)))
	require.NoError(t, out().err)
	require.NoError(t, back().err)
}

func oneByOne(write func([]byte) (int, error), p []byte) (int, error) {
	for i := range p {
		if n, err := write(p[i : i+1]); err != nil {
			return i + n, err
		}
	}
	return len(p), nil
}

// bulkBothWays: much data in both directions at once arrives whole and in
// order.
func (s *suite) bulkBothWays(t *testing.T) {
	c, peer := s.link(t)
	down, up := s.data(s.bulk, 8), s.data(s.bulk, 9)
	written := async(t, "writing", func() (int, error) { return c.Write(down) })
	sent := async(t, "sending", func() (int, error) { return peer.Write(up) })
	read := make([]byte, s.bulk)
	received := async(t, "reading", func() (int, error) {
		n := 0
		for n < len(read) {
			m, err := c.Read(read[n:])
			if n += m; err != nil {
				return n, err
			}
		}
		return n, nil
	})
	taken := receive(t, "taking", peer, s.bulk)

	require.Equal(t, result{n: s.bulk}, written())
	require.NoError(t, sent().err)
	require.Equal(t, result{n: s.bulk}, received())
	requireSame(t, "to the printer", down, taken)
	requireSame(t, "from the printer", up, read)
}

// requireSame compares without printing a megabyte.
func requireSame(t *testing.T, what string, want, got []byte) {
	t.Helper()
	for i := range want {
		if want[i] != got[i] {
			t.Fatalf("%s: byte %d of %d is %#02x, not %#02x", what, i, len(want), got[i], want[i])
		}
	}
}

// close: Close ends what is blocked, may be called again, and what follows it
// fails.
func (s *suite) close(t *testing.T) {
	t.Run("reading", func(t *testing.T) {
		c, _ := s.link(t)
		blocked := async(t, "read at Close", func() (int, error) { return c.Read(make([]byte, 1)) })
		time.AfterFunc(moment, func() { _ = c.Close() })
		require.ErrorIs(t, blocked().err, transport.ErrClosed)
		within(t, "second Close", func() { require.NoError(t, c.Close()) })
	})
	t.Run("writing", func(t *testing.T) {
		c, _ := s.link(t)
		s.fill(t, c)
		blocked := async(t, "write at Close", func() (int, error) { return c.Write(make([]byte, 1<<20)) })
		time.AfterFunc(moment, func() { _ = c.Close() })
		require.ErrorIs(t, blocked().err, transport.ErrClosed)
	})
	t.Run("after", func(t *testing.T) {
		c, _ := s.link(t)
		within(t, "Close", func() { require.NoError(t, c.Close()) })
		_, err := c.Read(make([]byte, 1))
		require.ErrorIs(t, err, transport.ErrClosed)
		_, err = c.Write([]byte("x"))
		require.ErrorIs(t, err, transport.ErrClosed)
		require.ErrorIs(t, c.SetReadDeadline(time.Time{}), transport.ErrClosed)
		require.ErrorIs(t, c.SetWriteDeadline(time.Time{}), transport.ErrClosed)
	})
}
