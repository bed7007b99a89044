package virtual_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name, or writes it there with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update to write it")
	require.True(t, bytes.Equal(want, got), "%s differs; run go test -update if that is meant, and look at it", path)
}

// receipt encodes one of the receipts in testdata.
func receipt(t testing.TB, name string, p *escpos.Profile) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "receipts", name+".json"))
	require.NoError(t, err)
	d := new(escpos.Document)
	require.NoError(t, json.Unmarshal(b, d))
	out, _, err := d.AppendEncode(nil, p)
	require.NoError(t, err)
	return out
}

func profile(t testing.TB, name string) *escpos.Profile {
	t.Helper()
	p, err := escpos.ProfileByName(name)
	require.NoError(t, err)
	return p
}

// The receipts of testdata as they come out: 203 dpi with a Chinese font, and
// 180 dpi.
func TestGoldenReceipts(t *testing.T) {
	for _, c := range []struct{ receipt, profile, personality string }{
		{"supermarket", "TM-T20III", "tm-t20iii"},
		{"parking", "TM-T88V", "tm-t88iii"},
		{"card-slip", "generic-58", "clone-silent"},
		{"restaurant-zh", "XP-80", "modern-epson"},
	} {
		t.Run(c.receipt, func(t *testing.T) {
			p, h := start(t, &virtual.Config{Personality: personality(t, c.personality)})
			_, err := h.Write(receipt(t, c.receipt, profile(t, c.profile)))
			require.NoError(t, err)
			r := p.PendingReceipt()
			if rs := p.Receipts(); len(rs) > 0 {
				r = rs[0]
			}
			var b bytes.Buffer
			require.NoError(t, r.WritePNG(&b))
			golden(t, c.receipt+".png", b.Bytes())
			golden(t, c.receipt+".txt", []byte(r.Picture()))
			m, err := png.Decode(&b)
			require.NoError(t, err)
			require.Equal(t, r.Image().Bounds(), m.Bounds())
		})
	}
}

// Everything that a receipt can have, on one.
func TestGoldenSampler(t *testing.T) {
	p, h := start(t, nil)
	// A gradient of 256 × 64 dots.
	image := new(strings.Builder)
	for y := range 64 {
		for x := range 32 {
			var b byte
			for k := range 8 {
				if (8*x+k)*(y%8*8+k)%97 < 8*x/3 {
					b |= 0x80 >> k
				}
			}
			image.WriteByte(b)
		}
	}
	h.send("\x1b!\x30Large\x1b!\x00 normal \x1bM\x01font B \x1bM\x02font C\x1bM\x00\n" +
		"\x1bE\x01bold\x1bE\x00 \x1b-\x01under\x1b-\x02line\x1b-\x00 \x1dB\x01 invert \x1dB\x00 \x1bV\x01turn\x1bV\x00\n" +
		"\x1b{\x01upside down\n\x1b{\x00" +
		"\x1bt\x00\xda\xc4\xc4\xc2\xc4\xc4\xbf \xc9\xcd\xcd\xcb\xcd\xcd\xbb \xb0\xb1\xb2\xdb\n" +
		"\xb3ab\xb3cd\xb3 \xbaab\xbacd\xba caf\x82 \x9c5\n" +
		"\xc0\xc4\xc4\xc1\xc4\xc4\xd9 \xc8\xcd\xcd\xca\xcd\xcd\xbc\n" +
		"\x1d!\x77W\x1d!\x00\n" +
		"\x1ba\x01" + "\x1dv0\x00\x20\x00\x40\x00" + image.String() +
		"\x1dh\x50\x1dw\x03\x1dH\x02\x1dk\x43\x0d4006381333931" +
		"\x1d(k\x03\x00\x31C\x05\x1d(k\x1e\x00\x31P0https://example.com/receipt" + "\x1d(k\x03\x00\x31Q0" +
		"\x1ba\x00" + "\x1b*\x21\x18\x00" + strings.Repeat("\xff\x81\xff", 24) + " columns\n" +
		"\x1bL\x1bW\x00\x00\x00\x00\x00\x02\xc8\x00\x1bT\x01turned by\npage mode\x1bT\x00\x1d$\x40\x00\x1b$\x64\x00upright\x1bT\x02backwards\x0c" +
		cut)
	rs := p.Receipts()
	require.Len(t, rs, 1)
	var b bytes.Buffer
	require.NoError(t, rs[0].WritePNG(&b))
	golden(t, "sampler.png", b.Bytes())
	golden(t, "sampler.txt", []byte(rs[0].Picture()))
}

// Bars that are narrower than their text share its middle where lines are
// centred, and its edge where they are not.
func TestBarsAlignedAsTheirText(t *testing.T) {
	p, h := start(t, nil)
	const above, bars = 24, 40
	h.send("\x1dw\x02\x1dh\x28\x1dH\x01")
	for n, align := range []string{"left", "centre", "right"} {
		h.send("\x1ba" + string(rune(n)) + "\x1dkK\x0d0950110153000")
		m := p.PendingReceipt().Image()
		// span is where the black is in the last rows of the paper.
		span := func(from, to int) (first, last int) {
			first = -1
			for x := range m.Rect.Dx() {
				for y := m.Rect.Dy() - from; y < m.Rect.Dy()-to; y++ {
					if m.ColorIndexAt(x, y) == m.ColorIndexAt(0, 0) {
						continue
					}
					if first < 0 {
						first = x
					}
					last = x
				}
			}
			return first, last
		}
		textLeft, textRight := span(above+bars, bars)
		barLeft, barRight := span(bars, 0)
		require.Greater(t, textRight-textLeft, barRight-barLeft, align)
		switch align {
		case "left":
			require.InDelta(t, textLeft, barLeft, 6, align)
		case "right":
			require.InDelta(t, textRight, barRight, 6, align)
		default:
			require.InDelta(t, textLeft+textRight, barLeft+barRight, 12, align)
		}
	}
}
