package conntest

import (
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/printerctl/printerctl/transport"
)

// A Peer is the printer's end of a link. Reads and writes of it block; the
// function that made it closes it when the test ends.
type Peer interface {
	// Read reads what the host wrote.
	// Write sends what the host shall read.
	io.ReadWriter
	// Hangup ends the link the way the medium's links end: the printer is
	// switched off or unplugged. What is under way may be lost.
	Hangup() error
}

// A HalfCloser is a Peer that can end its sending side and go on receiving.
type HalfCloser interface {
	Peer
	CloseWrite() error
}

// An Opener opens a link. Whatever it starts it ends by t.Cleanup.
type Opener func(t *testing.T) (transport.Conn, Peer)

// An Option fits the suite to a medium.
type Option func(*suite)

// Bytes sets how much travels in each direction in the bulk tests; 1 MiB
// where it is not given.
func Bytes(n int) Option { return func(s *suite) { s.bulk = n } }

// OneWay is for a medium that cannot read: every Read must end with
// [transport.ErrNoBackChannel].
func OneWay() Option { return func(s *suite) { s.oneWay = true } }

// Without names bytes that the medium does not carry from the printer, as
// XON and XOFF on a line that takes them for flow control.
func Without(b ...byte) Option { return func(s *suite) { s.without = b } }

// watchdog bounds each step of a test, so that a Conn that hangs fails by
// name.
const watchdog = 30 * time.Second

type suite struct {
	open    Opener
	bulk    int
	oneWay  bool
	without []byte
}

// Run runs the suite as subtests of t.
func Run(t *testing.T, open func(t *testing.T) (transport.Conn, Peer), opts ...Option) {
	s := &suite{open: open, bulk: 1 << 20}
	for _, opt := range opts {
		opt(s)
	}
	t.Run("writes", s.writes)
	if s.oneWay {
		t.Run("reads", s.noReads)
		return
	}
	t.Run("reads", s.reads)
	t.Run("fragments", s.fragments)
	t.Run("bulk", s.bulkBothWays)
	t.Run("deadlines", s.readDeadlines)
	t.Run("cancel", s.cancel)
	t.Run("close", s.close)
	t.Run("gone", s.gone)
	t.Run("half-close", s.halfClose)
}

// link opens a link; the Conn is closed when the test ends.
func (s *suite) link(t *testing.T) (transport.Conn, Peer) {
	t.Helper()
	c, peer := s.open(t)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return c, peer
}

// data returns n bytes that the medium carries and that no shift, loss or
// repetition maps onto themselves.
func (s *suite) data(n int, seed byte) []byte {
	src := rand.NewChaCha8([32]byte{seed})
	p := make([]byte, n)
	_, _ = src.Read(p)
	for i, b := range p {
		for slices.Contains(s.without, b) {
			b += 0x20
		}
		p[i] = b
	}
	return p
}

// within runs f and fails the test if it hangs.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	await(t, what, done)
}

// await waits for done, and fails the test if it does not come.
func await(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	timer := time.NewTimer(watchdog)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		t.Fatalf("%s: still blocked after %v", what, watchdog)
	}
}

// result is what a call in another goroutine returned.
type result struct {
	n   int
	err error
}

// async runs call in another goroutine; the function it returns waits for the
// result.
func async(t *testing.T, what string, call func() (int, error)) func() result {
	var r result
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.n, r.err = call()
	}()
	return func() result {
		t.Helper()
		await(t, what, done)
		return r
	}
}

// receive reads n bytes from r.
func receive(t *testing.T, what string, r io.Reader, n int) []byte {
	t.Helper()
	p := make([]byte, n)
	got := async(t, what, func() (int, error) { return io.ReadFull(r, p) })()
	if got.err != nil {
		t.Fatalf("%s: %d of %d bytes: %v", what, got.n, n, got.err)
	}
	return p
}
