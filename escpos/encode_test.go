package escpos_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
)

// grey is a picture of w by h, from dark on the left to light on the right.
func grey(w, h int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i % w * 256 / w)
	}
	return m
}

// logo is a picture with white around and within.
func logo() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 200, 120))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for y := 10; y < 110; y++ {
		if y >= 50 && y < 80 {
			continue
		}
		for x := 40; x < 100; x++ {
			m.Pix[y*200+x] = 0
		}
	}
	return m
}

// elements are documents that show every element, and every command.
var elements = []struct {
	name string
	make func(d *escpos.Document)
}{
	{"text", func(d *escpos.Document) { d.Text("plain, ").Line("é € Ж ő") }},
	{"chinese", func(d *escpos.Document) {
		d.Underline(2).Size(2, 2).Line("你好 abc é 好").ResetStyle().Line("再见")
	}},
	{"align", func(d *escpos.Document) { d.Align(escpos.Center).Line("c").Align(escpos.Right).Line("r") }},
	{"bold", func(d *escpos.Document) { d.Bold(true).Line("x").Bold(false).Line("y") }},
	{"underline", func(d *escpos.Document) { d.Underline(1).Text("x").Underline(2).Text("y").Underline(0).Line("z") }},
	{"double-strike", func(d *escpos.Document) { d.DoubleStrike(true).Line("x") }},
	{"size", func(d *escpos.Document) { d.Size(3, 8).Line("x").Size(1, 1).Line("y") }},
	{"print-mode", func(d *escpos.Document) { d.Font(escpos.FontB).Bold(true).Size(2, 1).Line("x").ResetStyle().Line("y") }},
	{"font", func(d *escpos.Document) { d.Font(escpos.FontB).Line("x").Font(escpos.FontE).Line("y") }},
	{"invert", func(d *escpos.Document) { d.Invert(true).Line("x") }},
	{"rotate", func(d *escpos.Document) { d.Rotate(true).Line("x") }},
	{"upside-down", func(d *escpos.Document) { d.UpsideDown(true).Line("x") }},
	{"letter-spacing", func(d *escpos.Document) { d.LetterSpacing(4).Line("x") }},
	{"line-spacing", func(d *escpos.Document) { d.LineSpacing(50).Line("x").LineSpacing(-1).Line("y") }},
	{"indent", func(d *escpos.Document) { d.Indent(4).Item("left", "right") }},
	{"color", func(d *escpos.Document) { d.Color(escpos.Red).Line("x") }},
	{"item", func(d *escpos.Document) {
		d.Item("Milk", "1.29").Item("A very long name of a thing that nobody can remember for long", "12.99").Item("Käse", "3,49 €")
	}},
	{"row", func(d *escpos.Document) {
		d.Row(escpos.Column{Text: "left and wrapped where it is too long", Width: 16},
			escpos.Column{Text: "centre", Align: escpos.Center}, escpos.Column{Text: "cut short here", Width: 8, Align: escpos.Right, Overflow: escpos.Ellipsis})
	}},
	{"rule", func(d *escpos.Document) { d.Rule(0).Rule('═').Rule('─') }},
	{"paragraph", func(d *escpos.Document) {
		d.Paragraph("The quick brown fox jumps over the lazy dog and does not stop\nuntil the next line.")
	}},
	{"tabs", func(d *escpos.Document) { d.Tabs(10, 20).Line("a\tb\tc\td") }},
	{"feed", func(d *escpos.Document) { d.Text("x").Feed(2).Feed(20).Text("y").Feed(255) }},
	{"feed-dots", func(d *escpos.Document) { d.Text("x").FeedDots(300) }},
	{"cut", func(d *escpos.Document) { d.Line("x").Cut(escpos.CutPartial).Line("y").CutFeed(escpos.CutFull, 40) }},
	{"drawer", func(d *escpos.Document) { d.Drawer(2, 0, 0).Drawer(5, 100*time.Millisecond, 400*time.Millisecond) }},
	{"buzzer", func(d *escpos.Document) { d.Buzzer(3, 200*time.Millisecond) }},
	{"raw", func(d *escpos.Document) { d.Raw([]byte("\x1bc5\x01")) }},
	{"barcode", func(d *escpos.Document) {
		d.Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "400638133393", HRI: escpos.HRIBelow, Font: escpos.FontB}).
			Barcode(escpos.Barcode{Symbology: escpos.EAN8, Data: "9638507", HRI: escpos.HRIBelow, Font: escpos.FontB}).
			Barcode(escpos.Barcode{Symbology: escpos.UPCA, Data: "01234567890"}).
			Barcode(escpos.Barcode{Symbology: escpos.UPCE, Data: "0123456"}).
			Barcode(escpos.Barcode{Symbology: escpos.Code39, Data: "ABC-12", Height: 60, Width: 2}).
			Barcode(escpos.Barcode{Symbology: escpos.ITF, Data: "123456"}).
			Barcode(escpos.Barcode{Symbology: escpos.Codabar, Data: "A123B"}).
			Barcode(escpos.Barcode{Symbology: escpos.Code93, Data: "Abc"}).
			Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: "No. 12345678"}).
			Barcode(escpos.Barcode{Symbology: escpos.GS1128, Data: "(01)09501101530003(10)AB-1", Width: 2}).
			Barcode(escpos.Barcode{Symbology: escpos.DataBar, Data: "0950110153000"}).
			Barcode(escpos.Barcode{Symbology: escpos.DataBarTruncated, Data: "0950110153000"}).
			Barcode(escpos.Barcode{Symbology: escpos.DataBarLimited, Data: "0950110153000"}).
			Barcode(escpos.Barcode{Symbology: escpos.DataBarExpanded, Data: "(01)09501101530003", Width: 2})
	}},
	{"qr", func(d *escpos.Document) {
		d.QR(escpos.QR{Data: "https://example.com"}).QR(escpos.QR{Data: "4711", Size: 3, Level: escpos.QRLevelH}).
			QR(escpos.QR{Data: "4711", Model: escpos.QRModel1}).QR(escpos.QR{Data: "4711", Model: escpos.QRMicro})
	}},
	{"pdf417", func(d *escpos.Document) {
		d.PDF417(escpos.PDF417{Data: "PDF417"}).PDF417(escpos.PDF417{Data: "PDF417", Columns: 3, Rows: 12, Level: 2, Truncated: true})
	}},
	{"maxicode", func(d *escpos.Document) { d.MaxiCode(escpos.MaxiCode{Data: "MaxiCode"}) }},
	{"datamatrix", func(d *escpos.Document) {
		d.DataMatrix(escpos.DataMatrix{Data: "Data"}).DataMatrix(escpos.DataMatrix{Data: "Data", Rectangular: true})
	}},
	{"aztec", func(d *escpos.Document) {
		d.Aztec(escpos.Aztec{Data: "Aztec"}).Aztec(escpos.Aztec{Data: "Aztec", Compact: true, Percent: 50})
	}},
	{"databar-stacked", func(d *escpos.Document) {
		d.StackedDataBar(escpos.StackedDataBar{Data: "0950110153000"}).
			StackedDataBar(escpos.StackedDataBar{Kind: escpos.StackedExpanded, Data: "(01)09501101530003(10)AB-1", Size: 2})
	}},
	{"image", func(d *escpos.Document) {
		d.Image(escpos.Image{Source: logo()}).Align(escpos.Center).Image(escpos.Image{Source: logo()}).
			Image(escpos.Image{Source: grey(64, 8), Dither: escpos.Atkinson})
	}},
	{"logo", func(d *escpos.Document) {
		d.StoreLogo("A1", escpos.Image{Source: grey(16, 4)}).Logo("A1", 1, 2).DeleteLogo("A1")
	}},
	{"logo-large", func(d *escpos.Document) {
		d.StoreLogo("A2", escpos.Image{Source: grey(512, 1024), Dither: escpos.Threshold})
	}},
	{"page", func(d *escpos.Document) {
		d.PageStart().PageArea(escpos.Area{X: 0, Y: 0, Width: 256, Height: 200}).Line("one").
			PageArea(escpos.Area{X: 256, Y: 0, Width: 200, Height: 200, Direction: escpos.BottomToTop}).PagePosition(10, 40).Line("two").PagePrint()
	}},
}

// commands lists the commands of b, one a line. Of one that is longer than
// pictures in bands are, it has only the beginning.
func commands(t testing.TB, b []byte) string {
	var s strings.Builder
	for c := range escpos.Commands(b) {
		require.True(t, c.Known, "% X", c.Bytes)
		require.Greater(t, len(c.Bytes), 0)
		if c.Name == "text" {
			fmt.Fprintf(&s, "%-8s %q\n", c.Name, c.Bytes)
			continue
		}
		if n := len(c.Bytes); n > 4096 {
			fmt.Fprintf(&s, "%-8s % X … %d bytes\n", c.Name, c.Bytes[:64], n)
			continue
		}
		fmt.Fprintf(&s, "%-8s % X\n", c.Name, c.Bytes)
	}
	return s.String()
}

// altered is a profile that comes with the package, but for what is replaced in
// its JSON.
func altered(t *testing.T, name string, replace ...string) *escpos.Profile {
	t.Helper()
	data, err := os.ReadFile("profiles/" + name + ".json")
	require.NoError(t, err)
	for i := 0; i < len(replace); i += 2 {
		require.Contains(t, string(data), replace[i])
		data = bytes.Replace(data, []byte(replace[i]), []byte(replace[i+1]), 1)
	}
	p, err := escpos.ParseProfile(data)
	require.NoError(t, err)
	return p
}

// Every command, on printers that between them have all of them.
func TestCommandsGolden(t *testing.T) {
	printers := []*escpos.Profile{
		altered(t, "TM-T88VII", `"name": "TM-T88VII"`, `"name": "everything", "buzzer": "esc-(-a-97"`,
			`"symbols": ["qr"`, `"symbols": ["aztec", "datamatrix", "qr-micro", "qr"`),
		altered(t, "TM-U220"),
		altered(t, "XP-80"),
		altered(t, "generic-80", `"name": "generic-80"`, `"name": "the-other-way", "buzzer": "esc-bel", "barcodeForm": "A", "utf8": true`,
			`"feeds": true`, `"full": true`, `, "code93", "code128"]`, `]`, `"command": "raster"`, `"command": "graphics"`),
	}
	var multiByte []*escpos.Profile
	for _, set := range []string{"big5", "shift_jis", "euc-kr", "gbk"} {
		multiByte = append(multiByte, altered(t, "generic-80", `"name": "generic-80"`, `"name": "`+set+`"`, `"cancelKanji": true`, `"cjk": "`+set+`"`))
	}
	for _, e := range elements {
		d := new(escpos.Document)
		e.make(d)
		require.NoError(t, d.Err(), e.name)
		var all strings.Builder
		on := printers
		if e.name == "chinese" {
			on = slices.Concat(printers, multiByte) // which differ in nothing else
		}
		for _, p := range on {
			b, _, err := d.AppendEncode(nil, p)
			fmt.Fprintf(&all, "%s:\n", p.Name)
			if err != nil {
				fmt.Fprintf(&all, "%v\n\n", err)
				continue
			}
			require.Equal(t, e.name != "raw", escpos.ContainsRealTime(b) < 0 && e.name != "raw", e.name)
			all.WriteString(commands(t, b) + "\n")
		}
		golden(t, "commands/"+e.name+".txt", []byte(all.String()))
	}
}

// A second document begins where the first began: nothing leaks.
func TestNothingLeaks(t *testing.T) {
	for _, e := range elements {
		d := new(escpos.Document)
		e.make(d)
		b, _, err := d.AppendEncode(nil, nil)
		if err != nil {
			continue // not for this printer
		}
		set := map[string]bool{} // what differs from how ESC @ leaves it
		for c := range escpos.Commands(b) {
			if c.Def == nil {
				continue
			}
			switch c.Def.Class {
			case escpos.ClassStyle, escpos.ClassCharset, escpos.ClassPosition, escpos.ClassBarcode, escpos.ClassPage:
				set[c.Name] = c.Bytes[len(c.Bytes)-1] != 0
			case escpos.ClassDevice:
				set[c.Name] = true
				if c.Name == "ESC @" {
					clear(set)
				}
			}
			switch c.Name {
			case "ESC 2":
				delete(set, "ESC 2")
				delete(set, "ESC 3")
			case "FS .":
				set["FS ."] = true // it was on, perhaps
			}
		}
		for name, is := range set {
			require.False(t, is, "%s: %s in\n%s", e.name, name, commands(t, b))
		}
	}
}

// drawDocument makes a document of any elements.
func drawDocument(t *rapid.T) *escpos.Document {
	d := new(escpos.Document)
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aé€Ж你\n\t \x1b\x10\x04\x01\x00w-")), 0, 30, -1)
	for range rapid.IntRange(0, 12).Draw(t, "elements") {
		switch k := rapid.IntRange(-4, len(elements)-1).Draw(t, "element"); {
		case k == -1:
			d.Text(text.Draw(t, "text"))
		case k == -2:
			d.Item(text.Draw(t, "left"), text.Draw(t, "right"))
		case k == -3:
			d.Row(escpos.Column{Text: text.Draw(t, "a"), Overflow: escpos.Overflow(rapid.IntRange(0, 2).Draw(t, "overflow"))},
				escpos.Column{Text: text.Draw(t, "b"), Width: rapid.IntRange(0, 9).Draw(t, "width"), Align: escpos.Right})
		case k == -4:
			d.Paragraph(text.Draw(t, "paragraph"))
		default:
			elements[k].make(d)
		}
	}
	return d
}

func TestAnyDocument(t *testing.T) {
	names := escpos.ProfileNames()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		require.NoError(t, d.Err())
		p, err := escpos.ProfileByName(rapid.SampledFrom(names).Draw(t, "profile"))
		require.NoError(t, err)
		b, _, err := d.AppendEncode(nil, p)

		// The JSON form says the same.
		j, jerr := json.Marshal(d)
		require.NoError(t, jerr)
		back := new(escpos.Document)
		require.NoError(t, json.Unmarshal(j, back))
		b2, _, err2 := back.AppendEncode(nil, p)
		require.Equal(t, err, err2)
		require.Equal(t, b, b2)
		require.NotPanics(t, func() { _ = d.PlainText() })
		if err != nil {
			return
		}

		// Nothing but commands that the table knows, and no control bytes
		// but theirs.
		n := 0
		for c := range escpos.Commands(b) {
			require.True(t, c.Known, "%s % X", c.Name, c.Bytes)
			require.NotContains(t, []string{"NUL", "CR", "HT", "CAN"}, c.Name)
			require.False(t, c.Def != nil && (c.Def.RealTime || c.Def.Replies), c.Name)
			n += len(c.Bytes)
		}
		require.Equal(t, len(b), n)
		require.Equal(t, -1, escpos.ContainsRealTime(b))
		require.True(t, strings.HasPrefix(string(b), "\x1b@"))
	})
}

// One document, encoded by many at a time, for two printers.
func TestConcurrentEncode(t *testing.T) {
	d := receipt(t, "restaurant-zh")
	for _, e := range elements {
		if e.name != "page" && !strings.HasPrefix(e.name, "logo") { // not for these printers
			e.make(d.ResetStyle())
		}
	}
	want := map[string][]byte{}
	for _, name := range []string{"XP-80", "generic-80"} {
		want[name], _ = encode(t, d, name)
	}
	var wg sync.WaitGroup
	for range 4 {
		for name := range want {
			wg.Go(func() {
				p, err := escpos.ProfileByName(name)
				if err != nil {
					return
				}
				b, _, err := d.AppendEncode(nil, p)
				if err != nil || string(b) != string(want[name]) {
					t.Errorf("%s: %v, %d bytes", name, err, len(b))
				}
			})
		}
	}
	wg.Wait()
}

func TestPageErrors(t *testing.T) {
	area := escpos.Area{Width: 100, Height: 100}
	for want, d := range map[string]*escpos.Document{
		"element 1 (page-start): the page is not printed; PagePrint prints it":                   new(escpos.Document).Line("x").PageStart(),
		"element 0 (page-area): there is no page; PageStart begins one":                          new(escpos.Document).PageArea(area),
		"element 1 (page-start): a page has begun before; PagePrint ends it":                     new(escpos.Document).PageStart().PageStart(),
		"element 1 (cut): not within a page":                                                     new(escpos.Document).PageStart().Cut(escpos.CutFull),
		"element 1 (page-area): wider than the paper: the area ends at 600 dots of 512":          new(escpos.Document).PageStart().PageArea(escpos.Area{X: 500, Width: 100, Height: 10}),
		"element 0 (page-area): an area of 0 × 0 dots at 0, 0; sides of 1 to 16383 are possible": new(escpos.Document).PageArea(escpos.Area{}),
	} {
		p, err := escpos.ProfileByName("TM-T88V")
		require.NoError(t, err)
		_, _, err = d.AppendEncode(nil, p)
		require.EqualError(t, err, want)
	}
	_, _, err := new(escpos.Document).PageStart().PagePrint().AppendEncode(nil, nil)
	require.EqualError(t, err, "element 0 (page-start): the printer has no page mode")
}

func TestMechanismErrors(t *testing.T) {
	ms := time.Millisecond
	for want, d := range map[string]*escpos.Document{
		"element 0 (drawer): pin 1; drawers are wired to pin 2 or pin 5":                                    new(escpos.Document).Drawer(1, 0, 0),
		"element 0 (drawer): 200ms on and 400ms off would overheat the solenoid; off must be four times on": new(escpos.Document).Drawer(2, 200*ms, 400*ms),
		"element 0 (drawer): a pulse of 600ms; 2 to 510 ms are possible":                                    new(escpos.Document).Drawer(2, 600*ms, 400*ms),
		"element 0 (buzzer): 10 times; 1 to 9 are possible":                                                 new(escpos.Document).Buzzer(10, 100*ms),
		"element 0 (tabs): a stop at 5; they ascend from 1 to 255":                                          new(escpos.Document).Tabs(5, 5),
		"element 0 (logo): a key is two characters of printable ASCII":                                      new(escpos.Document).Logo("x", 1, 1),
		"element 0 (feed): 256 lines; 0 to 255 are possible":                                                new(escpos.Document).Feed(256),
		"element 0 (row): column 0 is -1 cells wide; 0 to 1000 are possible":                                new(escpos.Document).Row(escpos.Column{Width: -1}),
		"element 0 (rule): U+000A cannot fill a line":                                                       new(escpos.Document).Rule('\n'),
		"element 0 (indent): 200 cells; 0 to 127 are possible":                                              new(escpos.Document).Indent(200),
	} {
		require.EqualError(t, d.Err(), want)
	}
	require.Equal(t, 2, new(escpos.Document).StoreLogo("A1", escpos.Image{Source: logo()}).DeleteLogo("A1").NonvolatileWrites())
}
