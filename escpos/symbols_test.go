package escpos_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// bare is a profile without symbols: everything is drawn.
func bare(t testing.TB, command string) *escpos.Profile {
	t.Helper()
	p, err := escpos.ParseProfile([]byte(`{"schema": 1, "name": "bare", "vendor": "", "model": "", "language": "escpos",
		"sources": [], "paper": 80, "width": 576, "dpi": 203, "fonts": [{"width": 12, "height": 24}], "lineFeed": 30,
		"receiveBuffer": 0, "statusReplies": null, "asb": null, "processID": null, "clear": null, "nearEndSensor": null,
		"cutter": {}, "codePages": [], "barcodes": [], "symbols": [], "image": {"command": "` + command + `"}}`))
	require.NoError(t, err)
	return p
}

// paint is the picture that the image commands in b put on paper, and the
// blank rows that the feeds between them do, on white, with room around.
func paint(t testing.TB, b []byte) *image.Gray {
	t.Helper()
	const width, margin = 640, 40
	m := image.NewGray(image.Rect(0, 0, width+2*margin, 4000))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	y := margin
	stripe := func(data []byte, stride, rows int, at func(x, row int) bool) {
		for r := range rows {
			for x := range stride {
				if at(x, r) {
					m.SetGray(margin+x, y+r, color.Gray{})
				}
			}
		}
	}
	for c := range escpos.Commands(b) {
		require.True(t, c.Known, "% X", c.Bytes)
		switch c.Name {
		case "GS v 0", "GS ( L":
			w, h := 0, 0
			if c.Name == "GS v 0" {
				w, h = int(c.Head[4])+int(c.Head[5])<<8, int(c.Head[6])+int(c.Head[7])<<8
			} else if len(c.Data) > 0 {
				w, h = (int(c.Head[11])+int(c.Head[12])<<8+7)/8, int(c.Head[13])+int(c.Head[14])<<8
			}
			stripe(c.Data, w*8, h, func(x, r int) bool { return c.Data[r*w+x/8]&(0x80>>(x%8)) != 0 })
			y += h
		case "ESC *":
			n := int(c.Head[3]) + int(c.Head[4])<<8
			k := len(c.Data) / max(n, 1)
			stripe(c.Data, n, 8*k, func(x, r int) bool { return c.Data[x*k+r/8]&(0x80>>(r%8)) != 0 })
			y += 8 * k
		case "ESC J":
			y += int(c.Head[2])
		}
	}
	// No more than the black and its margin: scanners look in the middle.
	box := image.Rectangle{}
	for yy := range y {
		for x := range m.Rect.Dx() {
			if m.GrayAt(x, yy).Y == 0 {
				box = box.Union(image.Rect(x, yy, x+1, yy+1))
			}
		}
	}
	return m.SubImage(box.Inset(-margin)).(*image.Gray)
}

func scan(t testing.TB, r gozxing.Reader, m image.Image) string {
	t.Helper()
	bm, err := gozxing.NewBinaryBitmapFromImage(m)
	require.NoError(t, err)
	res, err := r.Decode(bm, nil)
	require.NoError(t, err)
	return res.GetText()
}

func TestDrawnSymbols(t *testing.T) {
	for _, command := range []string{"raster", "graphics", "column"} {
		p := bare(t, command)
		for _, c := range []struct {
			d      *escpos.Document
			reader gozxing.Reader
			want   string
		}{
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "400638133393"}), oned.NewEAN13Reader(), "4006381333931"},
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.EAN8, Data: "9638507"}), oned.NewEAN8Reader(), "96385074"},
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.UPCA, Data: "01234567890"}), oned.NewUPCAReader(), "012345678905"},
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.Code39, Data: "ABC-12"}), oned.NewCode39Reader(), "ABC-12"},
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.ITF, Data: "1234567890"}), oned.NewITFReader(), "1234567890"},
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: "Ab 1234567", Width: 2}), oned.NewCode128Reader(), "Ab 1234567"},
			// In code set C, 10 04 01 would be a status request.
			{new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: "99160401", HRI: escpos.HRIBelow}), oned.NewCode128Reader(), "99160401"},
			{new(escpos.Document).QR(escpos.QR{Data: "https://example.com/r/4711?x=ü", Level: escpos.QRLevelM}), qrcode.NewQRCodeReader(), "https://example.com/r/4711?x=ü"},
			{new(escpos.Document).Align(escpos.Center).QR(escpos.QR{Data: strings.Repeat("0123456789", 20), Size: 3}), qrcode.NewQRCodeReader(), strings.Repeat("0123456789", 20)},
			{new(escpos.Document).DataMatrix(escpos.DataMatrix{Data: "Data Matrix 123456", Size: 6}), datamatrix.NewDataMatrixReader(), "Data Matrix 123456"},
		} {
			b, _, err := c.d.AppendEncode(nil, p)
			require.NoError(t, err)
			require.Equal(t, -1, escpos.ContainsRealTime(b))
			require.Equal(t, c.want, scan(t, c.reader, paint(t, b)), command)
		}
	}
}

// What would spell a real-time command is drawn even where the printer could
// have made it.
func TestSymbolWithRealTimeBytes(t *testing.T) {
	for _, d := range []*escpos.Document{
		new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: "99160401"}),
		new(escpos.Document).QR(escpos.QR{Data: "x\x10\x14\x01\x00\x01y"}),
		new(escpos.Document).PDF417(escpos.PDF417{Data: "x\x10\x05\x01"}),
		new(escpos.Document).DataMatrix(escpos.DataMatrix{Data: "\x10\x04\x04"}),
	} {
		b, _ := encode(t, d, "TM-T88VII")
		require.Equal(t, -1, escpos.ContainsRealTime(b), "% X", b)
		require.Contains(t, string(b), "\x1dv0")
	}
}

func TestBadSymbols(t *testing.T) {
	wide := "element 0 (qr): wider than the paper: 177 modules of 4 dots are 708 of 576"
	for want, d := range map[string]*escpos.Document{
		"element 1 (barcode): EAN-13: wrong length: 11, want 12 or 13 digits":                             new(escpos.Document).Line("x").Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "12345678901"}),
		"element 0 (barcode): EAN-13: wrong check digit at byte 12: is 2, should be 1":                    new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "4006381333932"}),
		"element 0 (barcode): bars of 256 dots; 1 to 255 are possible":                                    new(escpos.Document).Barcode(escpos.Barcode{Data: "1", Height: 256}),
		"element 0 (qr): QR Code: too much data: 8192 bytes do not fit at this model and level":           new(escpos.Document).QR(escpos.QR{Data: strings.Repeat("x", 8192)}),
		"element 0 (qr): there is no data":                                                                new(escpos.Document).QR(escpos.QR{}),
		"element 0 (image): 20000 × 1 pixels; at most 10000 on a side, and 16777216 in all, are possible": new(escpos.Document).Image(escpos.Image{Source: image.NewGray(image.Rect(0, 0, 20000, 1))}),
		"element 0 (image): there is no image":                                                            new(escpos.Document).Image(escpos.Image{}),
		"element 0 (row): the columns take 50 cells of the line's 48":                                     new(escpos.Document).Row(escpos.Column{Width: 25}, escpos.Column{Width: 25}),
		"element 0 (barcode): wider than the paper: 2190 dots of 576":                                     new(escpos.Document).Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: strings.Repeat("x", 30), Width: 6}),
		wide: new(escpos.Document).QR(escpos.QR{Data: strings.Repeat("x", 2900), Size: 4}),
	} {
		dst := []byte("kept")
		b, _, err := d.AppendEncode(dst, nil)
		require.EqualError(t, err, want)
		require.Equal(t, "kept", string(b))
	}
}

func TestSymbolsInJSON(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	d := new(escpos.Document).
		Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "400638133393", HRI: escpos.HRIBelow, Font: escpos.FontB}).
		Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: "a\x01ÿ", Height: 40, Width: 2}).
		QR(escpos.QR{Data: "\xff\x00", Model: escpos.QRModel1, Level: escpos.QRLevelH, Size: 3}).
		QR(escpos.QR{Data: "12345", Model: escpos.QRMicro}).
		PDF417(escpos.PDF417{Data: "abc", Columns: 4, Level: 5, Truncated: true}).
		PDF417(escpos.PDF417{Data: "abc", Percent: 50, Size: 2, RowHeight: 5}).
		DataMatrix(escpos.DataMatrix{Data: "abc", Rectangular: true, Rows: 8, Columns: 32}).
		Image(escpos.Image{Source: m, Width: 40, Dither: escpos.Atkinson, Threshold: 100, Gamma: 1.8}).
		Image(escpos.Image{Source: m})
	require.NoError(t, d.Err())
	b, err := json.Marshal(d)
	require.NoError(t, err)
	golden(t, "json/symbols.json", b)
	back := new(escpos.Document)
	require.NoError(t, json.Unmarshal(b, back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	for _, p := range escpos.ProfileNames() {
		profile, err := escpos.ProfileByName(p)
		require.NoError(t, err)
		x, _, err := d.AppendEncode(nil, profile)
		y, _, err2 := back.AppendEncode(nil, profile)
		require.Equal(t, err, err2)
		require.True(t, bytes.Equal(x, y))
	}
}
