package escpos

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// PlainText returns d as text for people: laid out for 48 characters a line,
// without styles, and with a word in brackets where something is printed or
// done that is not text.
func (d *Document) PlainText() string {
	p := plainProfile
	e := encoder{
		dst:       make([]byte, 0, 2*len(d.arena)+64),
		p:         &p,
		ops:       d.ops,
		arena:     d.arena,
		page:      -1,
		plainText: true,
	}
	e.measure()
	for i := range e.ops {
		e.plainElement(i, &e.ops[i])
	}
	if e.x > 0 {
		e.newline()
	}
	return string(e.dst)
}

// plainProfile lays out PlainText.
var plainProfile = Profile{Name: "plain text", Width: 48, DPI: 1, UTF8: true, Fonts: []FontSize{{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}}

func (e *encoder) plainElement(i int, o *op) {
	e.begin(i, o)
	switch o.kind {
	case opText:
		e.text(int(o.off), int(o.off+o.n))
	case opItem:
		e.item(o)
	case opParagraph:
		e.paragraph(int(o.off), int(o.off+o.n))
	case opRow:
		if err := e.row(e.ops[i+1 : i+1+int(o.a)]); err != nil {
			e.note(err.Error())
		}
	case opRule:
		e.rule(rune(o.m))
	case opFeed:
		for n := int(o.a) + min(e.x, 1); n > 0; n-- {
			e.newline()
		}
	case opTabs:
		e.tabs = e.arena[o.off : o.off+o.n]
	case opColumn, opFeedDots, opPageStart, opPageArea, opPagePosition, opPagePrint:
	default:
		if !e.style.apply(o) {
			e.note(e.describe(o))
		}
		e.style &^= styleCells &^ styleIndent // all characters are of one size
	}
}

// note writes a line in brackets.
func (e *encoder) note(s string) {
	e.freshLine()
	e.dst = append(append(append(e.dst, '['), s...), ']')
	e.newline()
}

// describe names an element that is not text.
func (e *encoder) describe(o *op) string {
	data := e.arena[o.off : o.off+o.n]
	switch o.kind {
	case opDrawer:
		return fmt.Sprintf("drawer on pin %d", o.a)
	case opRaw:
		return fmt.Sprintf("%d raw bytes", o.n)
	case opBarcode:
		return fmt.Sprintf("%s %s", Symbology(o.a), printable(data[:o.m>>16]))
	case opQR, opPDF417, opMaxiCode, opDataMatrix, opAztec, opDataBarStacked:
		return fmt.Sprintf("%s %s", o.kind, printable(data))
	case opImage:
		_, width, height, _ := greys(data)
		return fmt.Sprintf("image of %d × %d", width, height)
	case opLogo, opLogoStore, opLogoDelete:
		return fmt.Sprintf("%s %s", o.kind, o.key())
	}
	return o.kind.String()
}

// printable shortens data for a note, and makes it fit to be shown.
func printable(b []byte) string {
	const most = 36
	var out []byte
	for i, r := range string(b) {
		if i > most {
			return string(out) + "…"
		}
		if !unicode.IsGraphic(r) || r == utf8.RuneError {
			r = '?'
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// alignPlain moves the line that has just ended to where its alignment says.
func (e *encoder) alignPlain() {
	line := e.dst[e.line:]
	line = bytes.TrimRight(line, " ")
	free := e.cols - uniseg.StringWidth(string(line))
	if e.sent.align() == Center {
		free /= 2
	}
	if e.sent.align() == Left {
		free = 0
	}
	if free = max(free, 0) + e.sent.indent(); len(line) == 0 {
		free = 0
	}
	text := string(line)
	e.dst = e.dst[:e.line]
	for range free {
		e.dst = append(e.dst, ' ')
	}
	e.dst = append(e.dst, text...)
}

// plainRune writes r for people.
func (e *encoder) plainRune(r rune) {
	if r < 0xA0 {
		r = '?'
	}
	e.dst = utf8.AppendRune(e.dst, r)
	n := unicodeWidth(r)
	e.advance(n, n)
}
