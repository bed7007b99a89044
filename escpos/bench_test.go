package escpos_test

import (
	"image"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/printerctl/printerctl/escpos"
)

// goods are the lines of the receipt that the benchmarks print.
var goods = func() (g [32][2]string) {
	names := []string{"Organic whole milk 1 l", "Butter unsalted 250 g", "Sourdough bread 750 g", "Tomatoes on the vine"}
	prices := []string{"1.39 B", "2.49 B", "13.95 B", "2.36 B"}
	for i := range g {
		g[i] = [2]string{names[i%4], prices[i%4]}
	}
	return g
}()

// buildReceipt makes a receipt of 40 lines with a bar code and a QR Code.
func buildReceipt(d *escpos.Document) *escpos.Document {
	d.Align(escpos.Center).Size(2, 2).Line("GREEN BASKET").Size(1, 1).
		Line("12 Harbour Street, 24103 Kiel").Line("VAT no. DE 999 999 999").Align(escpos.Left).Rule('-')
	for i := range goods {
		d.Item(goods[i][0], goods[i][1])
	}
	return d.Rule('-').Bold(true).Item("TOTAL EUR", "161.52").Bold(false).Align(escpos.Center).
		Line("Thank you for your visit!").
		Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "4006381333931", HRI: escpos.HRIBelow, Height: 80}).
		QR(escpos.QR{Data: "https://example.com/r/4711", Size: 6}).
		Cut(escpos.CutPartial)
}

// pieces are the same bytes, as one would append them by hand: a piece for
// each line and each command.
func pieces(b []byte) (p [][]byte) {
	for c := range escpos.Commands(b) {
		if c.Name == "LF" && len(p) > 0 {
			last := &p[len(p)-1]
			*last = append((*last)[:len(*last):len(*last)], '\n')
			continue
		}
		p = append(p, c.Bytes)
	}
	return p
}

// ratio runs f and baseline in turns, so that whatever else the machine does
// meets both, and reports how the best turn of f compares.
func ratio(b *testing.B, name string, baseline, f func()) {
	b.Helper()
	f()
	baseline()
	const turn = 64
	mine, theirs := time.Hour, time.Hour
	for b.Loop() {
		start := time.Now()
		for range turn {
			baseline()
		}
		mid := time.Now()
		for range turn {
			f()
		}
		theirs = min(theirs, mid.Sub(start))
		mine = min(mine, time.Since(mid))
	}
	b.ReportMetric(float64(mine)/float64(theirs), name)
	b.ReportMetric(float64(mine.Nanoseconds())/turn, "ns/encode")
	b.ReportMetric(testing.AllocsPerRun(10, f), "allocs/encode")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkReceipt(b *testing.B) {
	p := escpos.GenericProfile()
	bytes, _, err := buildReceipt(new(escpos.Document)).AppendEncode(nil, p)
	if err != nil {
		b.Fatal(err)
	}
	parts := pieces(bytes)
	dst := make([]byte, 0, 2*len(bytes))
	bare := func() {
		dst = dst[:0]
		for _, p := range parts {
			dst = append(dst, p...)
		}
	}
	d := buildReceipt(new(escpos.Document))
	b.Run("reused", func(b *testing.B) {
		ratio(b, "×append", bare, func() {
			d.Reset()
			dst, _, _ = buildReceipt(d).AppendEncode(dst[:0], p)
		})
	})
	b.Run("encode", func(b *testing.B) {
		ratio(b, "×append", bare, func() { dst, _, _ = d.AppendEncode(dst[:0], p) })
	})
	b.Run("cold", func(b *testing.B) {
		ratio(b, "×append", bare, func() { _, _, _ = buildReceipt(new(escpos.Document)).AppendEncode(nil, p) })
	})
}

func BenchmarkChinese(b *testing.B) {
	text := strings.Repeat("小笼包蟹粉红烧肉清蒸鲈鱼松鼠桂鱼宫保鸡丁麻婆豆腐微辣\n", 40)
	p, err := escpos.ProfileByName("generic-58")
	if err != nil {
		b.Fatal(err)
	}
	d := new(escpos.Document).Text(text)
	dst := make([]byte, 0, 2*len(text))
	enc := simplifiedchinese.GB18030.NewEncoder()
	src := []byte(text)
	ratio(b, "×x/text", func() {
		enc.Reset()
		_, _, _ = enc.Transform(dst[:cap(dst)], src, true)
	}, func() { dst, _, _ = d.AppendEncode(dst[:0], p) })
}

// plainLoops are what one would write without thinking of speed.
var plainLoops = map[string]func(pix []byte, w, h int, out []byte){
	"threshold": func(pix []byte, w, h int, out []byte) {
		for y := range h {
			for x := range w {
				if pix[y*w+x] < 128 {
					out[y*(w/8)+x/8] |= 0x80 >> (x % 8)
				}
			}
		}
	},
	"floyd-steinberg": func(pix []byte, w, h int, out []byte) {
		v := make([]int, w*h)
		for i, p := range pix {
			v[i] = int(p)
		}
		spread := func(x, y, e int) {
			if x >= 0 && x < w && y < h {
				v[y*w+x] += e
			}
		}
		for y := range h {
			for x := range w {
				e := v[y*w+x]
				if e < 128 {
					out[y*(w/8)+x/8] |= 0x80 >> (x % 8)
				} else {
					e -= 255
				}
				spread(x+1, y, e*7/16)
				spread(x-1, y+1, e*3/16)
				spread(x, y+1, e*5/16)
				spread(x+1, y+1, e/16)
			}
		}
	},
	"atkinson": func(pix []byte, w, h int, out []byte) {
		v := make([]int, w*h)
		for i, p := range pix {
			v[i] = int(p)
		}
		spread := func(x, y, e int) {
			if x >= 0 && x < w && y < h {
				v[y*w+x] += e
			}
		}
		for y := range h {
			for x := range w {
				e := v[y*w+x]
				if e < 128 {
					out[y*(w/8)+x/8] |= 0x80 >> (x % 8)
				} else {
					e -= 255
				}
				e /= 8
				spread(x+1, y, e)
				spread(x+2, y, e)
				spread(x-1, y+1, e)
				spread(x, y+1, e)
				spread(x+1, y+1, e)
				spread(x, y+2, e)
			}
		}
	},
}

func BenchmarkImage(b *testing.B) {
	const w, h = 576, 400
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i*7 + i/w*3 + i%w/4)
	}
	p := escpos.GenericProfile()
	for _, how := range []escpos.Dither{escpos.Threshold, escpos.Atkinson, escpos.FloydSteinberg} {
		b.Run(how.String(), func(b *testing.B) {
			d := new(escpos.Document).Image(escpos.Image{Source: m, Dither: how})
			dst := make([]byte, 0, w*h/8+4096)
			loop := plainLoops[how.String()]
			out := make([]byte, w*h/8)
			ratio(b, "×loop", func() {
				clear(out)
				loop(m.Pix, w, h, out)
			}, func() { dst, _, _ = d.AppendEncode(dst[:0], p) })
		})
	}
}
