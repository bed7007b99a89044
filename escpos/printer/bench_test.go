package printer_test

import (
	"context"
	"io"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// loopback returns both ends of a TCP connection.
func loopback(b testing.TB) (near, farEnd net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	defer l.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		c, _ := l.Accept()
		accepted <- c
	}()
	near, err = net.Dial("tcp", l.Addr().String())
	require.NoError(b, err)
	farEnd = <-accepted
	require.NotNil(b, farEnd)
	return near, farEnd
}

// answerer answers each three bytes with one.
func answerer(c net.Conn) {
	q := make([]byte, 3)
	for {
		if _, err := io.ReadFull(c, q); err != nil {
			return
		}
		if _, err := c.Write([]byte{0x12}); err != nil {
			return
		}
	}
}

// BenchmarkStatus asks four questions over loopback TCP, and compares that
// with the same bytes sent and received by a bare socket.
func BenchmarkStatus(b *testing.B) {
	near, farEnd := loopback(b)
	go answerer(farEnd)
	bare, bareFar := loopback(b)
	go answerer(bareFar)
	defer bareFar.Close()
	defer bare.Close()
	defer farEnd.Close()
	p := printer.New(near, "tcp://127.0.0.1", nil)
	defer p.Close()
	ctx := context.Background()
	_, err := p.Status(ctx) // the first one settles
	require.NoError(b, err)

	var ours, theirs time.Duration
	reply := make([]byte, 1)
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		s, err := p.Status(ctx)
		ours += time.Since(began)
		if err != nil || s.Answered != 4 {
			b.Fatal(s.Answered, err)
		}
		began = time.Now()
		for n := byte(1); n <= 4; n++ {
			if _, err := bare.Write([]byte{0x10, 4, n}); err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadFull(bare, reply); err != nil {
				b.Fatal(err)
			}
		}
		theirs += time.Since(began)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "×ping-pong")
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/4, "ns/question")
}

// BenchmarkPaperOut measures from the printer's write of a frame to the
// watcher, and compares that with a bare socket's way.
func BenchmarkPaperOut(b *testing.B) {
	near, farEnd := loopback(b)
	bare, bareFar := loopback(b)
	defer bareFar.Close()
	defer bare.Close()
	defer farEnd.Close()
	go io.Copy(io.Discard, farEnd)
	p := printer.New(near, "tcp://127.0.0.1", &printer.Config{AnswerTimeout: 40 * time.Millisecond})
	defer p.Close()
	w, err := p.Watch(context.Background(), nil)
	require.NoError(b, err)
	<-w.C() // nothing is known yet

	frames := [2][]byte{{0x18, 0, 0x0C, 0}, {0x10, 0, 0, 0}}
	arrived := make(chan struct{})
	go func() {
		buf := make([]byte, 4)
		for {
			if _, err := io.ReadFull(bare, buf); err != nil {
				return
			}
			arrived <- struct{}{}
		}
	}()
	var ours, theirs []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		_, err := farEnd.Write(frames[i%2])
		require.NoError(b, err)
		<-w.C()
		ours = append(ours, time.Since(began))
		began = time.Now()
		_, err = bareFar.Write(frames[i%2])
		require.NoError(b, err)
		<-arrived
		theirs = append(theirs, time.Since(began))
	}
	p99 := func(d []time.Duration) time.Duration {
		slices.Sort(d)
		return d[len(d)*99/100]
	}
	b.ReportMetric(float64((p99(ours) - p99(theirs)).Microseconds()), "µs-above-socket-p99")
	b.ReportMetric(float64(p99(ours).Microseconds()), "µs-p99")
}

// BenchmarkWatchedPrinters watches 1,000 virtual printers and counts what
// they take.
func BenchmarkWatchedPrinters(b *testing.B) {
	const count = 1000
	heap := func() (mem int64) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc + m.StackInuse)
	}
	for b.Loop() {
		conns := make([]transport.Conn, count)
		for i := range conns {
			v := virtual.New(nil)
			defer v.Close()
			c, err := v.Dial()
			require.NoError(b, err)
			conns[i] = c
		}
		before, goroutines := heap(), runtime.NumGoroutine()
		printers := make([]*printer.Printer, count)
		for i, c := range conns {
			p := printer.New(c, "virtual://", nil)
			w, err := p.Watch(context.Background(), nil)
			require.NoError(b, err)
			<-w.C()
			printers[i] = p
		}
		b.ReportMetric(float64(heap()-before)/count/1024, "KiB/printer")
		b.ReportMetric(float64(runtime.NumGoroutine()-goroutines)/count, "goroutines/printer")
		for _, p := range printers {
			require.NoError(b, p.Close())
		}
	}
}
