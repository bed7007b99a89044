package main

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// testPage is a page on which what is wrong can be seen.
func testPage(t target, p *escpos.Profile, now time.Time) *escpos.Document {
	d := new(escpos.Document)
	d.Align(escpos.Center).Size(2, 2).Line("printerctl").Size(1, 1)
	d.Line("test page").Align(escpos.Left)
	d.Rule('=')
	d.Item("Printer", t.Name)
	if t.Name != t.URI {
		d.Line(t.URI)
	}
	d.Item("Profile", p.Name)
	d.Item("Time", now.Format(time.DateTime))
	d.Rule('-')
	// Lines of a known number of characters: the longest one that is not
	// wrapped tells the width.
	for _, n := range []int{32, 42, 48} {
		d.Line(strings.Repeat("1234567890", 5)[:n-3] + " " + strconv.Itoa(n))
	}
	d.Rule('-')
	d.Text("plain ").Bold(true).Text("bold ").Bold(false).Underline(1).Text("underline").Underline(0).Text(" ")
	d.Invert(true).Text(" inverse ").Invert(false).Text("\n")
	d.Size(2, 1).Line("double width").Size(1, 2).Line("double height").Size(1, 1)
	for f := range p.Fonts[1:] {
		font := escpos.FontB + escpos.Font(f)
		d.Font(font).Line("font " + font.String() + ": the quick brown fox")
	}
	d.Font(escpos.FontA).Line("äöüß éèê ñ £ € ½")
	if p.CJK != "" {
		d.Line(p.CJK + ": " + cjkSamples[p.CJK])
	}
	codePages(d, p)
	symbols(d, p)
	d.Image(escpos.Image{Source: greyRamp(min(p.Width, 384), 48), Dither: escpos.FloydSteinberg}).Align(escpos.Left).Feed(1)
	d.Paragraph("The rule above and below reach from edge to edge, and the paper is cut.")
	d.Rule('=')
	return d.Cut(escpos.CutPartial)
}

// cjkSamples are words in the multi-byte character sets.
var cjkSamples = map[string]string{
	"gb18030": "欢迎光临 谢谢惠顾", "gbk": "欢迎光临 谢谢惠顾", "gb2312": "欢迎光临 谢谢惠顾",
	"big5": "歡迎光臨 謝謝惠顧", "shift_jis": "いらっしゃいませ 領収書", "euc-kr": "어서 오세요 영수증",
}

// codePages prints a line for each code page that the profile claims: bytes
// as they are, so that the page shows what the printer makes of them, not what
// we believe. The pages that are not the printer's own show themselves.
func codePages(d *escpos.Document, p *escpos.Profile) {
	d.Rule('-')
	for _, page := range p.CodePages {
		label := fmt.Sprintf("%3d %-11.11s ", page.Number, page.Name)
		var line []byte
		if p.CJK != "" || p.CancelKanji {
			line = append(line, 0x1C, '.') // else pairs of bytes are one character
		}
		line = append(line, 0x1B, 't', page.Number)
		line = append(line, label...)
		// Where the pages differ most: between them, most have lines of boxes.
		line = append(line, "\x84\x85\x86\x87\x88\x89\x8A\x8B\xE0\xE1\xE2\xE3\xE4\xE5\xE6\xE7\n"...)
		d.Raw(line)
	}
}

// sample is data for a bar code that shows what it is.
type sample struct {
	symbology escpos.Symbology
	data      string
}

var samples = []sample{
	{escpos.EAN13, "4006381333931"},
	{escpos.EAN8, "96385074"},
	{escpos.UPCA, "012345678905"},
	{escpos.UPCE, "01234565"},
	{escpos.Code39, "TEST-1"},
	{escpos.ITF, "123456"},
	{escpos.Codabar, "A123B"},
	{escpos.Code93, "Test 1"},
	{escpos.Code128, "Test 1234"},
	{escpos.GS1128, "(10)AB-1"},
	{escpos.DataBar, "09501101530003"},
	{escpos.DataBarTruncated, "09501101530003"},
	{escpos.DataBarLimited, "09501101530003"},
	{escpos.DataBarExpanded, "(10)AB-1"},
}

// symbols prints the bar codes that the profile claims, and EAN-13, CODE128 and
// QR Code in any case: they are drawn where the printer has none.
func symbols(d *escpos.Document, p *escpos.Profile) {
	d.Rule('-').Align(escpos.Center)
	for _, s := range samples {
		name := s.symbology.String()
		if slices.Contains(p.Barcodes, name) || s.symbology == escpos.EAN13 || s.symbology == escpos.Code128 {
			fitted(d, p, name, new(escpos.Document).
				Barcode(escpos.Barcode{Symbology: s.symbology, Data: s.data, Height: 40, Width: 2, HRI: escpos.HRIBelow}))
		}
	}
	fitted(d, p, "qr", new(escpos.Document).QR(escpos.QR{Data: "https://example.com/printerctl", Size: 4}))
	for _, s := range []struct {
		name string
		make func(d *escpos.Document)
	}{
		{"qr-model-1", func(d *escpos.Document) { d.QR(escpos.QR{Data: "Test", Model: escpos.QRModel1, Size: 4}) }},
		{"qr-micro", func(d *escpos.Document) { d.QR(escpos.QR{Data: "Test", Model: escpos.QRMicro, Size: 4}) }},
		{"pdf417", func(d *escpos.Document) { d.PDF417(escpos.PDF417{Data: "Test", Size: 2}) }},
		{"maxicode", func(d *escpos.Document) { d.MaxiCode(escpos.MaxiCode{Data: "Test"}) }},
		{"datamatrix", func(d *escpos.Document) { d.DataMatrix(escpos.DataMatrix{Data: "Test"}) }},
		{"aztec", func(d *escpos.Document) { d.Aztec(escpos.Aztec{Data: "Test"}) }},
		{"databar-stacked", func(d *escpos.Document) { d.StackedDataBar(escpos.StackedDataBar{Data: "09501101530003"}) }},
	} {
		if slices.Contains(p.Symbols, s.name) {
			symbol := new(escpos.Document)
			s.make(symbol)
			fitted(d, p, s.name, symbol)
		}
	}
}

// fitted appends a symbol under its name, or says that the paper is too narrow
// for it.
func fitted(d *escpos.Document, p *escpos.Profile, name string, symbol *escpos.Document) {
	if _, _, err := symbol.AppendEncode(nil, p); err != nil {
		d.Line(name + ": too wide")
		return
	}
	d.Line(name).Append(symbol).Feed(1)
}

// greyRamp goes from white to black.
func greyRamp(w, h int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.SetGray(x, y, color.Gray{Y: uint8(255 - 255*x/(w-1))})
		}
	}
	return img
}
