package main

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

func newTestCommand(a *app) *cobra.Command {
	o := actOptions{}
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Print a page that shows whether all is well",
		Long: `Print a page that shows what the printer can do and whether all is well: the
width of a line, the fonts and styles, each code page that its profile claims,
bar codes, a grey ramp, the cut.

Exit: 0 printed, or sent to a printer that cannot confirm · 1 failed, nothing
was printed · 4 in doubt.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := a.target()
			if err != nil {
				return err
			}
			p, err := a.profileOf(cmd.Context(), t, o.profile)
			if err != nil {
				return err
			}
			return a.act(cmd.Context(), "test page", testPage(t, p, time.Now()), o)
		},
	}
	o.flags(cmd.Flags())
	return cmd
}

// profileOf returns the profile named, or the one that the printer's own word
// chooses, or the generic one where it cannot be asked now.
func (a *app) profileOf(ctx context.Context, t target, name string) (*escpos.Profile, error) {
	cfg, err := t.config(name, a.timeout)
	if err != nil || cfg.Profile != nil {
		return cfg.Profile, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	p, err := printer.Open(ctx, t.URI, cfg)
	if err != nil {
		return escpos.GenericProfile(), nil
	}
	defer p.Close()
	info, err := p.Info(ctx)
	if err != nil || info.Profile == nil {
		return escpos.GenericProfile(), nil
	}
	return info.Profile, nil
}

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
	d.Font(escpos.FontB).Line("font B: the quick brown fox").Font(escpos.FontA)
	d.Line("äöüß éèê ñ £ € ½")
	if p.CJK != "" {
		d.Line(p.CJK + ": " + cjkSamples[p.CJK])
	}
	codePages(d, p)
	d.Rule('-').Align(escpos.Center)
	d.Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "4006381333931", Height: 60, HRI: escpos.HRIBelow}).Feed(1)
	d.Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: "Test 0123456", Height: 60, Width: 2, HRI: escpos.HRIBelow}).Feed(1)
	d.QR(escpos.QR{Data: "https://example.com/printerctl"}).Feed(1)
	d.Image(escpos.Image{Source: greyRamp(min(p.Width, 384), 48), Dither: escpos.FloydSteinberg}).Align(escpos.Left).Feed(1)
	d.Line("The rule above and below reach from")
	d.Line("edge to edge, and the paper is cut.")
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
		for b := 0xC0; b < 0xC0+16; b++ {
			line = append(line, byte(b))
		}
		d.Raw(append(line, '\n'))
	}
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
