package conntest

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

// moment is a deadline that a blocked call surely reaches, and a person does
// not notice.
const moment = 10 * time.Millisecond

var longAgo = time.Unix(1, 0)

func (s *suite) noReads(t *testing.T) {
	c, _ := s.link(t)
	within(t, "read", func() {
		n, err := c.Read(make([]byte, 1))
		require.Zero(t, n)
		require.ErrorIs(t, err, transport.ErrNoBackChannel)
	})
}

// reads: what the printer sends in one piece is read in the pieces that the
// host has room for.
func (s *suite) reads(t *testing.T) {
	c, peer := s.link(t)
	sent := s.data(10, 1)
	_, err := peer.Write(sent)
	require.NoError(t, err)

	n, err := c.Read(nil)
	require.NoError(t, err, "an empty read has nothing to wait for")
	require.Zero(t, n)
	require.Equal(t, sent[:3], receive(t, "first piece", c, 3))
	require.Equal(t, sent[3:], receive(t, "second piece", c, 7))
}

// readDeadlines: a deadline ends a Read, and nothing else.
func (s *suite) readDeadlines(t *testing.T) {
	c, peer := s.link(t)
	p := make([]byte, 64)
	expire := func(what string) {
		t.Helper()
		r := async(t, what, func() (int, error) { return c.Read(p) })()
		require.Zero(t, r.n, what)
		require.ErrorIs(t, r.err, os.ErrDeadlineExceeded, what)
		require.NotErrorIs(t, r.err, transport.ErrGone, what)
	}
	require.NoError(t, c.SetReadDeadline(longAgo))
	expire("deadline in the past")
	expire("deadline in the past, again")
	require.NoError(t, c.SetReadDeadline(time.Now().Add(moment)))
	expire("deadline to come")

	require.NoError(t, c.SetReadDeadline(time.Time{}))
	blocked := async(t, "deadline set while blocked", func() (int, error) { return c.Read(p) })
	timer := time.AfterFunc(moment, func() { _ = c.SetReadDeadline(longAgo) })
	defer timer.Stop()
	require.ErrorIs(t, blocked().err, os.ErrDeadlineExceeded)

	n, err := c.Write([]byte("still there"))
	require.NoError(t, err, "a read deadline is no write deadline")
	require.Equal(t, 11, n)
	require.Equal(t, "still there", string(receive(t, "after deadlines", peer, 11)))

	require.NoError(t, c.SetReadDeadline(time.Time{}))
	sent := s.data(50, 2)
	_, err = peer.Write(sent)
	require.NoError(t, err)
	require.Equal(t, sent, receive(t, "after deadlines", c, 50))
}

// cancel: a context ends a blocked read or write promptly, with its own
// error; no byte is lost by it, and the count of a cut-off write is right.
func (s *suite) cancel(t *testing.T) {
	t.Run("read", func(t *testing.T) {
		c, peer := s.link(t)
		sent := s.data(300, 3)
		for i := range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), moment)
			r := async(t, "canceled read", func() (int, error) { return transport.Read(ctx, c, make([]byte, 64)) })()
			cancel()
			require.Zero(t, r.n)
			require.Equal(t, context.DeadlineExceeded, r.err)

			part := sent[100*i : 100*(i+1)]
			_, err := peer.Write(part)
			require.NoError(t, err)
			require.Equal(t, part, receive(t, "read after a cancel", reader{t.Context(), c}, 100))
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := transport.Read(ended, c, make([]byte, 1))
		require.Equal(t, context.Canceled, err)
	})
	t.Run("write", func(t *testing.T) {
		c, peer := s.link(t)
		sent := s.fill(t, c)
		more := s.data(1<<20, 5)
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), moment)
			r := async(t, "canceled write", func() (int, error) { return transport.Write(ctx, c, more) })()
			cancel()
			require.Equal(t, context.DeadlineExceeded, r.err)
			sent = append(sent, more[:r.n]...)
			more = more[r.n:]
		}
		rest := async(t, "write after a cancel", func() (int, error) { return transport.Write(t.Context(), c, more[:1000]) })
		sent = append(sent, more[:1000]...)
		require.Equal(t, sent, receive(t, "all that was counted", peer, len(sent)))
		require.NoError(t, rest().err)
	})
}

// reader is an io.Reader over transport.Read.
type reader struct {
	ctx context.Context
	c   transport.Conn
}

func (r reader) Read(p []byte) (int, error) { return transport.Read(r.ctx, r.c, p) }

// gone: the printer's end disappears while the host waits for it.
func (s *suite) gone(t *testing.T) {
	c, peer := s.link(t)
	blocked := async(t, "read of a lost link", func() (int, error) { return c.Read(make([]byte, 1)) })
	require.NoError(t, peer.Hangup())
	isGone(t, blocked().err)
	isGone(t, async(t, "read again", func() (int, error) { return c.Read(make([]byte, 1)) })().err)

	// The medium may take some bytes before it notices.
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(watchdog)))
	err := error(nil)
	for p := make([]byte, 1024); err == nil; {
		_, err = c.Write(p)
	}
	require.ErrorIs(t, err, transport.ErrGone)
}

func isGone(t *testing.T, err error) {
	t.Helper()
	if err != io.EOF {
		require.ErrorIs(t, err, transport.ErrGone)
	}
	require.False(t, errors.Is(err, os.ErrDeadlineExceeded), "%v", err)
}

// halfClose: a printer that has said its last word still listens.
func (s *suite) halfClose(t *testing.T) {
	c, peer := s.link(t)
	hc, ok := peer.(HalfCloser)
	if !ok {
		return // the medium has no such thing
	}
	sent := s.data(100, 6)
	_, err := peer.Write(sent)
	require.NoError(t, err)
	require.NoError(t, hc.CloseWrite())
	require.Equal(t, sent, receive(t, "sent before the half-close", c, 100))
	isGone(t, async(t, "read at the end", func() (int, error) { return c.Read(make([]byte, 1)) })().err)

	n, err := c.Write(sent)
	require.NoError(t, err)
	require.Equal(t, 100, n)
	require.Equal(t, sent, receive(t, "written after the half-close", peer, 100))
}
