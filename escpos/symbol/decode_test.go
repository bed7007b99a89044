package symbol

import (
	"image"
	"image/color"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/stretchr/testify/require"
)

// picture draws the symbol black on white with its quiet zone, scale pixels a
// module.
func (l *Linear) picture(scale int) *image.Gray {
	const height = 20
	quiet := max(l.Kind.QuietZone(), 10) * scale
	wide := Wide(scale)
	img := image.NewGray(image.Rect(0, 0, l.Width(scale, wide)+2*quiet, height))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	x := quiet
	for i, w := range l.AppendWidths(nil, scale, wide) {
		for range w {
			if i%2 == 0 {
				for y := range height {
					img.SetGray(x, y, color.Gray{})
				}
			}
			x++
		}
	}
	return img
}

func (m *Matrix) picture(scale int) *image.Gray {
	quiet := max(m.Kind.QuietZone(), 4) * scale
	img := image.NewGray(image.Rect(0, 0, m.Width*scale+2*quiet, m.Height*scale+2*quiet))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for y := range m.Height * scale {
		for x := range m.Width * scale {
			if m.At(x/scale, y/scale) {
				img.SetGray(x+quiet, y+quiet, color.Gray{})
			}
		}
	}
	return img
}

// bits returns the modules as the decoders want them.
func (m *Matrix) bits(t require.TestingT) *gozxing.BitMatrix {
	b, err := gozxing.NewBitMatrix(m.Width, m.Height)
	require.NoError(t, err)
	for y := range m.Height {
		for x := range m.Width {
			if m.At(x, y) {
				b.Set(x, y)
			}
		}
	}
	return b
}

// read decodes the picture of a symbol with a reader that knows nothing of this
// package.
func read(t require.TestingT, r gozxing.Reader, img image.Image, hints map[gozxing.DecodeHintType]any) string {
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	require.NoError(t, err)
	h := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}
	for k, v := range hints {
		h[k] = v
	}
	res, err := r.Decode(bmp, h)
	require.NoError(t, err)
	return res.GetText()
}

func mustEncode(t require.TestingT, kind Kind, data string) *Linear {
	l, err := Encode(kind, data)
	require.NoError(t, err, "%s %q", kind, data)
	require.Equal(t, 1, len(l.Elements)%2, "bars first and last")
	return l
}

func requireDataError(t testing.TB, err, is error, pos int) {
	t.Helper()
	var de *DataError
	require.ErrorAs(t, err, &de)
	require.ErrorIs(t, err, is)
	require.Equal(t, pos, de.Pos, "%v", err)
}
