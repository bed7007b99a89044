package tcp_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/printerctl/printerctl/transport"
)

// echo answers every question of three bytes with one, as a printer does.
func echo(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				q := make([]byte, 3)
				for {
					if _, err := io.ReadFull(c, q); err != nil {
						return
					}
					if _, err := c.Write([]byte{0x12}); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// exchange asks once.
func exchange(b *testing.B, c transport.Conn) {
	if _, err := c.Write([]byte{0x10, 0x04, 1}); err != nil {
		b.Fatal(err)
	}
	var p [1]byte
	if _, err := c.Read(p[:]); err != nil {
		b.Fatal(err)
	}
	if err := c.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOpenExchange compares opening and one question with the same over
// a bare socket, in the same run: x-bare is the ratio.
func BenchmarkOpenExchange(b *testing.B) {
	addr := echo(b)
	var bare, ours time.Duration
	for b.Loop() {
		start := time.Now()
		c, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		exchange(b, c)
		mid := time.Now()
		oc, err := transport.Open(b.Context(), "tcp://"+addr)
		if err != nil {
			b.Fatal(err)
		}
		exchange(b, oc)
		bare += mid.Sub(start)
		ours += time.Since(mid)
	}
	b.ReportMetric(float64(ours)/float64(bare), "x-bare")
}
