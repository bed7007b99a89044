package virtual_test

import (
	"image"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/aztec"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/symbol"
	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestItems(t *testing.T) {
	p := virtual.NewTest(t, nil)
	h := dial(t, p)
	h.send("\x1ba\x02\x1bE\x01total\x1bE\x00 9.99\n\x1ba\x00" +
		"\x1dv0\x00\x02\x00\x28\x00" + strings.Repeat("\xf0\x0f", 40) +
		"\x1dH\x02\x1dh\x32\x1dk\x44\x071234567" + cut)
	items := p.Receipts()[0].Items()
	for i := range items {
		items[i].Magnify = struct{ W, H int }{}
	}
	require.Equal(t, []virtual.Item{
		{Kind: virtual.TextItem, X: 576 - 10*12, Y: 104, W: 60, H: 24, Text: "total", Bold: true},
		{Kind: virtual.TextItem, X: 576 - 5*12, Y: 104, W: 60, H: 24, Text: " 9.99"},
		{Kind: virtual.ImageItem, X: 0, Y: 134, W: 16, H: 40},
		{Kind: virtual.BarcodeItem, X: 0, Y: 174, W: 67 * 3, H: 50, Code: symbol.EAN8, Data: []byte("12345670")},
		{Kind: virtual.LabelItem, X: (67*3 - 8*12) / 2, Y: 224, W: 8 * 12, H: 24, Text: "12345670"},
	}, items)
}

// crop cuts an item out of the picture of a receipt, with room around it.
func crop(r virtual.Receipt, it virtual.Item) image.Image {
	left := (r.Image().Rect.Dx() - 576) / 2
	const room = 30
	box := image.Rect(it.X+left-room, it.Y-room, it.X+left+it.W+room, it.Y+it.H+room)
	white := image.NewGray(box)
	for i := range white.Pix {
		white.Pix[i] = 0xFF
	}
	m := r.Image()
	for y := it.Y; y < it.Y+it.H; y++ {
		for x := it.X; x < it.X+it.W; x++ {
			white.Set(x+left, y, m.At(x+left, y))
		}
	}
	return white
}

// Every code is read back from the picture by somebody else's reader.
func TestCodesCanBeRead(t *testing.T) {
	const text = "https://example.com/r/0815"
	twoD := func(cn string, settings string) string {
		store := cn + "P0" + text
		return settings + "\x1d(k" + string([]byte{byte(len(store)), 0}) + store + "\x1d(k\x03\x00" + cn + "Q0"
	}
	for name, c := range map[string]struct {
		send   string
		reader gozxing.Reader
		want   string
	}{
		"EAN-13":      {"\x1dk\x43\x0c400638133393", oned.NewEAN13Reader(), "4006381333931"},
		"UPC-A":       {"\x1dk\x0001234567890\x00", oned.NewUPCAReader(), "012345678905"},
		"CODE39":      {"\x1dk\x04AB-12\x00", oned.NewCode39Reader(), "AB-12"},
		"ITF":         {"\x1dk\x46\x0812345678", oned.NewITFReader(), "12345678"},
		"CODE93":      {"\x1dk\x48\x05AB-12", oned.NewCode93Reader(), "AB-12"},
		"CODE128":     {"\x1dk\x49\x0a{BNo. 4711", oned.NewCode128Reader(), "No. 4711"},
		"CODABAR":     {"\x1dk\x47\x07A12345B", oned.NewCodaBarReader(), "12345"},
		"QR":          {twoD("1", "\x1d(k\x03\x00\x31C\x04\x1d(k\x03\x00\x31E\x32"), qrcode.NewQRCodeReader(), text},
		"Data Matrix": {twoD("6", "\x1d(k\x03\x00\x36C\x05"), datamatrix.NewDataMatrixReader(), text},
		"Aztec":       {twoD("5", "\x1d(k\x03\x00\x35C\x05"), aztec.NewAztecReader(), text},
	} {
		t.Run(name, func(t *testing.T) {
			p := virtual.NewTest(t, nil)
			h := dial(t, p)
			h.send("\x1ba\x01" + c.send + cut)
			r := p.Receipts()[0]
			items := r.Items()
			require.Len(t, items, 1)
			bits, err := gozxing.NewBinaryBitmapFromImage(crop(r, items[0]))
			require.NoError(t, err)
			got, err := c.reader.Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
			require.NoError(t, err)
			require.Equal(t, c.want, got.GetText())
		})
	}
}
