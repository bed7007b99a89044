package printer_test

import (
	"bytes"
	"context"
	"net"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

func TestOpenCloseLeaksNothing(t *testing.T) {
	v := virtual.New(nil)
	defer v.Close()
	ctx := t.Context()
	cycle := func() {
		p, err := printer.Open(ctx, "virtual://test", &printer.Config{
			Dial: func(context.Context) (transport.Conn, error) { return v.Dial() },
		})
		require.NoError(t, err)
		w, err := p.Watch(ctx, nil)
		require.NoError(t, err)
		w.Close()
		require.NoError(t, p.Close())
		require.NoError(t, p.Close())
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for range 100 {
		cycle()
	}
	goroutines, before := runtime.NumGoroutine(), heap()
	for range 10_000 {
		cycle()
	}
	require.Less(t, int64(heap())-int64(before), int64(1<<20))
	require.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
}

func TestHalfACommandIsMadeWhole(t *testing.T) {
	image := append([]byte{0x1D, 'v', '0', 0, 72, 0, 0xC8, 0}, make([]byte, 72*200)...)
	for _, c := range []struct {
		model string
		want  printer.Evidence
	}{
		{"tm-t20iii", printer.EvidenceProcessID},           // has DLE DC4 8, but the profile is not known yet
		{"clone-no-near-end", printer.EvidencePaperStatus}, // has not
		{"clone-silent", printer.EvidenceSent},
	} {
		t.Run(c.model, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := virtual.New(&virtual.Config{Speed: 200, Personality: personality(t, c.model)})
				defer v.Close()
				var cut atomic.Int64
				cut.Store(5000)
				d := printer.Dialer{URI: "virtual://test", Config: &printer.Config{
					Dial: func(context.Context) (transport.Conn, error) {
						conn, err := v.Dial()
						return &scissors{Conn: conn, left: &cut}, err
					},
				}}
				p, err := d.Dial(t.Context())
				require.NoError(t, err)
				res, err := p.Print(t.Context(), &printer.Job{Document: new(escpos.Document).Line("first").Raw(image).Line("end")})
				require.ErrorIs(t, err, printer.ErrLinkLost)
				require.Equal(t, printer.Doubt, res.Outcome)
				require.GreaterOrEqual(t, p.Unfinished(), len(image))
				require.NoError(t, p.Close())

				cut.Store(1 << 30)
				p, err = d.Dial(t.Context())
				require.NoError(t, err)
				defer p.Close()
				s, err := p.Status(t.Context())
				require.NoError(t, err)
				require.NotEqual(t, escpos.StateStopped, s.State())
				res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
				require.NoError(t, err)
				require.Equal(t, c.want, res.Evidence)
				require.NoError(t, v.WaitIdle(t.Context()))
				for _, line := range numbered(3) {
					require.Contains(t, v.Printed(), line)
				}
				require.Zero(t, p.Unfinished())
			})
		})
	}
}

// scissors cut a link after so many bytes.
type scissors struct {
	transport.Conn
	left *atomic.Int64
}

func (s *scissors) Write(p []byte) (int, error) {
	left := s.left.Add(-int64(len(p)))
	if left >= 0 {
		return s.Conn.Write(p)
	}
	n := max(0, len(p)+int(left))
	n, _ = s.Conn.Write(p[:n])
	_ = s.Conn.Close()
	return n, transport.ErrGone
}

// A line is a serial line of 9600 baud to a printer with a small buffer, which
// prints a little slower than the line sends.
type line struct {
	net.Conn
	rate        int
	lossy, soft bool
}

func (l *line) BytesPerSecond() int { return l.rate }
func (l *line) Lossy() bool         { return l.lossy }
func (l *line) SoftwareFlow() bool  { return l.soft }

// slowPrinter is the far end of a line: a receive buffer that is emptied at a
// steady pace, that overflows, and that says XOFF and XON if it can.
type slowPrinter struct {
	*far
	size, pace int // bytes, bytes a second
	soft       bool

	buf       []byte
	done      []byte // what was taken out of the buffer
	lost, max int
	xoff      bool
}

func (s *slowPrinter) run() {
	in := make(chan []byte)
	go func() {
		defer close(in)
		for {
			b := make([]byte, 64)
			n, err := s.Read(b)
			if err != nil {
				return
			}
			in <- b[:n]
		}
	}()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case b, ok := <-in:
			if !ok {
				return
			}
			for _, c := range b {
				if len(s.buf) == s.size {
					s.lost++
					continue
				}
				s.buf = append(s.buf, c)
			}
			s.max = max(s.max, len(s.buf))
			if tail := bytes.LastIndex(b, []byte{0x10, 4}); tail >= 0 {
				s.say(0x12) // acted on at reception
			}
			if s.soft && !s.xoff && s.size-len(s.buf) < 128 {
				s.xoff = true
				s.say(0x13)
			}
		case <-tick.C:
			n := min(len(s.buf), s.pace/100)
			was := len(s.done)
			s.done = append(s.done, s.buf[:n]...)
			s.buf = s.buf[n:]
			for range bytes.Count(s.done[max(0, was-2):], []byte{0x1D, 'r', 1}) {
				s.say(0)
			}
			if s.xoff && s.size-len(s.buf) > 256 {
				s.xoff = false
				s.say(0x11)
			}
		}
	}
}

func TestABigImageOnASlowLine(t *testing.T) {
	for _, c := range []struct {
		name        string
		lossy, soft bool
	}{
		{"XON and XOFF", false, true},
		{"nothing at all", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, farEnd := net.Pipe()
				s := &slowPrinter{far: &far{Conn: farEnd}, size: 4096, pace: 700, soft: c.soft}
				stopped := make(chan struct{})
				go func() {
					defer close(stopped)
					s.run()
				}()
				p := printer.New(&line{Conn: &metered{Conn: near, rate: 960}, rate: 960, lossy: c.lossy, soft: c.soft}, "serial:///dev/test?baud=9600", nil)

				d := new(escpos.Document)
				band := append([]byte{0x1D, 'v', '0', 0, 72, 0, 24, 0}, bytes.Repeat([]byte{0x20}, 72*24)...)
				for range 38 { // 64 KB
					d.Raw(band)
				}
				res, err := p.Print(t.Context(), &printer.Job{Document: d})
				_ = p.Close()
				_ = farEnd.Close()
				<-stopped
				require.NoError(t, err)
				require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
				require.Zero(t, s.lost)
				require.Equal(t, 38, bytes.Count(s.done, band))
			})
		})
	}
}

// metered sends as fast as a line does, byte by byte.
type metered struct {
	net.Conn
	rate int
}

func (m *metered) Write(p []byte) (int, error) {
	for i := range p {
		time.Sleep(time.Second / time.Duration(m.rate))
		if n, err := m.Conn.Write(p[i : i+1]); err != nil {
			return i + n, err
		}
	}
	return len(p), nil
}
