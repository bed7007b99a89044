package escpos

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The methods as their authors describe them, dot by dot.
func plainDither(pix []byte, w, h int, how Dither, threshold int) *bitmap {
	m := new(bitmap)
	m.resize(w, h)
	v := make([]int, w*h) // in units of 1/16, for Floyd–Steinberg
	scale := 1
	if how == FloydSteinberg {
		scale = 16
	}
	spread := func(x, y, e int) {
		if x >= 0 && x < w && y < h {
			v[y*w+x] += e
		}
	}
	for y := range h {
		for x := range w {
			g := int(pix[y*w+x])
			if how == Bayer {
				if g < int(bayer[y&7][x&7]) {
					m.set(x, y)
				}
				continue
			}
			if scale > 1 {
				g += (v[y*w+x] + 8) >> 4
			} else {
				g += v[y*w+x]
			}
			e := g - 255
			if g < threshold {
				m.set(x, y)
				e = g
			}
			switch how {
			case FloydSteinberg:
				spread(x+1, y, 7*e)
				spread(x-1, y+1, 3*e)
				spread(x, y+1, 5*e)
				spread(x+1, y+1, e)
			case Atkinson:
				e >>= 3
				spread(x+1, y, e)
				spread(x+2, y, e)
				spread(x-1, y+1, e)
				spread(x, y+1, e)
				spread(x+1, y+1, e)
				spread(x, y+2, e)
			}
		}
	}
	return m
}

func TestDither(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][2]int{{1, 1}, {2, 3}, {7, 5}, {8, 8}, {9, 4}, {16, 16}, {33, 20}, {100, 40}} {
		w, h := size[0], size[1]
		pix := make([]byte, w*h)
		for i := range pix {
			pix[i] = byte(rnd.IntN(256))
		}
		for how := range Dither(len(ditherNames)) {
			for _, threshold := range []uint8{1, 90, 128, 255} {
				want := plainDither(pix, w, h, how, int(threshold))
				var got bitmap
				got.resize(w, h)
				got.dither(pix, how, threshold)
				require.True(t, bytes.Equal(want.bits, got.bits), "%v %d × %d, threshold %d", how, w, h, threshold)
			}
		}
	}
}

// A grey stays as dark as it was.
func TestDitherKeepsGrey(t *testing.T) {
	for how, slack := range map[Dither]float64{FloydSteinberg: 0.02, Bayer: 0.02} {
		for _, grey := range []byte{32, 64, 128, 200} {
			pix := bytes.Repeat([]byte{grey}, 128*128)
			var m bitmap
			m.resize(128, 128)
			m.dither(pix, how, 128)
			black := 0
			for y := range 128 {
				for x := range 128 {
					if m.bits[y*m.stride+x>>3]&(0x80>>(x&7)) != 0 {
						black++
					}
				}
			}
			require.InDelta(t, 1-float64(grey)/255, float64(black)/(128*128), slack, "%v of %d", how, grey)
		}
	}
}

func TestTransparencyIsWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(3, 5, 6, 6)) // not at the origin
	m.SetNRGBA(4, 5, color.NRGBA{A: 255})
	m.SetNRGBA(5, 5, color.NRGBA{R: 255, A: 255})
	require.Equal(t, []byte{255, 0, 76}, appendGrey(nil, m))

	g := image.NewGray(image.Rect(0, 0, 9, 9))
	for i := range g.Pix {
		g.Pix[i] = byte(i)
	}
	require.Equal(t, []byte{20, 21, 29, 30}, appendGrey(nil, g.SubImage(image.Rect(2, 2, 4, 4))))
}

func TestImageIsScaled(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 1200, 300))
	p := GenericProfile()
	for want, img := range map[int]Image{
		576: {Source: src},
		100: {Source: src, Width: 100},
	} {
		b, _, err := new(Document).Image(img).AppendEncode(nil, p)
		require.NoError(t, err)
		width, rows := 0, 0
		for c := range Commands(b) {
			if c.Name == "GS v 0" {
				width = 8 * int(c.Head[4])
				rows += int(c.Head[6])
				require.LessOrEqual(t, len(c.Data), bandBytes)
			}
		}
		require.Equal(t, (want+7)/8*8, width)
		require.Equal(t, want/4, rows)
	}
}

// Dots that spell a real-time command, at every place in a row and across
// rows, in every way to send them.
func TestPicturesCarryNoCommands(t *testing.T) {
	for _, command := range []string{imageRaster, imageGraphics, imageColumn} {
		p := *GenericProfile()
		p.Image.Command = command
		for _, seq := range []string{"\x10\x04\x01", "\x10\x05\x02", "\x10\x14\x01\x00\x01", "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"} {
			for at := range 24 {
				var m bitmap
				m.resize(64, 8)
				for i := range m.bits {
					m.bits[i] = 0xA5
				}
				copy(m.bits[at:], seq)
				e := encoder{p: &p, dst: nil, sent: styleUnpinned}
				e.picture(&m)
				require.Equal(t, -1, ContainsRealTime(e.dst), "%s % X at %d", command, seq, at)
				if command == imageRaster && at%8 == 7 && len(seq) == 3 {
					// Across rows, no dot has changed.
					var dots []byte
					for c := range Commands(e.dst) {
						if c.Name == "GS v 0" {
							dots = append(dots, c.Data...)
						}
					}
					require.Equal(t, m.bits, dots)
				}
			}
		}
	}
}
