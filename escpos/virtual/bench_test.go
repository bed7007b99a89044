package virtual_test

import (
	"bytes"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func benchPrint(b *testing.B, job []byte) {
	p, h := start(b, &virtual.Config{Paper: 1e9, Keep: 10})
	b.SetBytes(int64(len(job)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Write(job); err != nil {
			b.Fatal(err)
		}
	}
	require.Equal(b, 10, len(p.Receipts()))
}

// fortyLines is a receipt of 40 lines and 42 columns.
func fortyLines() string {
	var s strings.Builder
	for range 40 {
		s.WriteString("Organic whole milk 1 l              1.39 B\n")
	}
	return reset + s.String()
}

// BenchmarkPrint prints a receipt of 40 lines; with an image of 576 × 200
// dots in it.
func BenchmarkPrint(b *testing.B) {
	image := "\x1dv0\x00\x48\x00\xc8\x00" + strings.Repeat("\x0f\xa5", 72*200/2)
	b.Run("text", func(b *testing.B) { benchPrint(b, []byte(fortyLines()+cut)) })
	b.Run("image", func(b *testing.B) { benchPrint(b, []byte(fortyLines()+image+cut)) })
}

// BenchmarkRender compares drawing and writing a PNG with writing one that is
// drawn.
func BenchmarkRender(b *testing.B) {
	p, h := start(b, nil)
	h.send(fortyLines() + cut)
	r := p.Receipts()[0]
	m := r.Image()
	b.Run("png alone", func(b *testing.B) {
		for b.Loop() {
			if err := png.Encode(io.Discard, m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("render", func(b *testing.B) {
		for b.Loop() {
			if err := r.WritePNG(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A printer that nobody uses costs little memory, and no goroutine that could
// wake up.
func TestIdlePrintersCostLittle(t *testing.T) {
	const n = 1000
	printers := make([]*virtual.Printer, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	goroutines := runtime.NumGoroutine()
	for i := range printers {
		printers[i] = virtual.New(nil)
		c, err := printers[i].Dial()
		require.NoError(t, err)
		_, err = c.Write([]byte(reset + "a line\n"))
		require.NoError(t, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, (after.HeapAlloc-before.HeapAlloc)/n, uint64(32<<10))
	require.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
	for _, p := range printers {
		require.NoError(t, p.Close())
	}
}

func TestPNGIsTheImage(t *testing.T) {
	p, h := start(t, nil)
	h.send("dots\n" + cut)
	r := p.Receipts()[0]
	var b bytes.Buffer
	require.NoError(t, r.WritePNG(&b))
	m, err := png.Decode(&b)
	require.NoError(t, err)
	want := r.Image()
	require.Equal(t, want.Bounds(), m.Bounds())
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			require.Equal(t, want.At(x, y), m.At(x, y))
		}
	}
}
