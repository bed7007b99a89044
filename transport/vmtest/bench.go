//go:build linux

package vmtest

import (
	"errors"
	"io"
	"slices"
	"testing"
	"time"
)

// Compare runs bare and ours in turn, so that both see the same machine, and
// reports how long ours takes, in times of bare: the medians, for the machine
// has others to serve. They run so many times in each iteration. Each returns
// how long what is to be compared has taken.
func Compare(b *testing.B, times int, bare, ours func() time.Duration) {
	b.Helper()
	bare() // what happens once, happens now
	ours()
	var theirs, own []time.Duration
	for b.Loop() {
		for range times {
			theirs, own = append(theirs, bare()), append(own, ours())
		}
	}
	median := func(d []time.Duration) float64 {
		slices.Sort(d)
		return float64(d[(len(d)-1)/2]+d[len(d)/2]) / 2
	}
	b.ReportMetric(median(own)/median(theirs), "x-bare-time")
	b.ReportMetric(median(theirs)/median(own), "x-bare-speed")
	b.ReportMetric(median(own)/float64(time.Millisecond), "ms/op")
	b.ReportMetric(0, "ns/op")
}

// Sink reads everything that arrives at the far end of a link.
type Sink struct {
	want chan int
	done chan error
}

// NewSink begins to read. It ends when the test does.
func NewSink(t testing.TB, end End) *Sink {
	s := &Sink{want: make(chan int), done: make(chan error)}
	go func() {
		p := make([]byte, 64<<10)
		for n := range s.want {
			var err error
			for n > 0 && err == nil {
				var m int
				m, err = end.Read(p)
				n -= m
			}
			if n < 0 {
				err = errors.Join(err, errors.New("vmtest: more arrived than was sent"))
			}
			s.done <- err
		}
	}()
	t.Cleanup(func() { close(s.want) })
	return s
}

// Take sends total bytes in writes of part, and returns how long it took until
// the far end had all of them.
func (s *Sink) Take(t testing.TB, w io.Writer, total, part int) time.Duration {
	t.Helper()
	start := time.Now()
	s.want <- total
	p := make([]byte, part)
	for total > 0 {
		n, err := w.Write(p[:min(part, total)])
		if err != nil {
			t.Fatal(err)
		}
		total -= n
	}
	if err := <-s.done; err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

// Answer answers each question of three bytes with one, as a printer answers
// DLE EOT, until the test ends.
func Answer(t testing.TB, end End) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		q := make([]byte, 3)
		for {
			if _, err := io.ReadFull(end, q); err != nil {
				return
			}
			if _, err := end.Write([]byte{0x12}); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		end.release()
		<-done
	})
}

// Ask puts the question n of DLE EOT, and waits for the answer.
func Ask(t testing.TB, link io.ReadWriter, n byte) {
	t.Helper()
	if _, err := link.Write([]byte{0x10, 0x04, n}); err != nil {
		t.Fatal(err)
	}
	var p [1]byte
	for {
		// A read of nothing, an empty packet or a timer of the tty's, is none.
		n, err := link.Read(p[:])
		if n > 0 {
			return
		}
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	}
}
