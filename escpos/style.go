package escpos

import "fmt"

// Alignment is where a line stands between the margins.
type Alignment uint8

// The alignments. Left is the zero value.
const (
	Left Alignment = iota
	Center
	Right
)

var alignmentNames = [...]string{"left", "center", "right"}

// String returns "left", "center" or "right".
func (a Alignment) String() string { return nameOf(alignmentNames[:], int(a)) }

// Font is one of the printer's fonts. Font A is the zero value; which others
// there are is in Profile.Fonts.
type Font uint8

// The fonts.
const (
	FontA Font = iota
	FontB
	FontC
	FontD
	FontE
)

var fontNames = [...]string{"A", "B", "C", "D", "E"}

// String returns "A" to "E".
func (f Font) String() string { return nameOf(fontNames[:], int(f)) }

// Color is a printing colour.
type Color uint8

// The colours. A printer with one colour prints both black.
const (
	Black Color = iota
	Red         // the second colour, whatever the ribbon or the paper makes of it
)

var colorNames = [...]string{"black", "red"}

// String returns "black" or "red".
func (c Color) String() string { return nameOf(colorNames[:], int(c)) }

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%d", i)
}

// Align sets the alignment of the lines that follow. In the middle of a
// line, it takes effect with the next one. Epson: ESC a.
func (d *Document) Align(a Alignment) *Document {
	if int(a) >= len(alignmentNames) {
		return d.fail(opAlign, fmt.Errorf("there is no alignment %d", a))
	}
	return d.add(op{opHead: opHead{kind: opAlign, a: uint8(a)}})
}

// Bold switches emphasised printing. Epson: ESC E.
func (d *Document) Bold(on bool) *Document {
	return d.add(op{opHead: opHead{kind: opBold, a: flag(on)}})
}

// Underline underlines what follows: 0 not, 1 or 2 dots thick. Epson: ESC -
// and, for multi-byte characters, FS -.
func (d *Document) Underline(dots int) *Document {
	if dots < 0 || dots > 2 {
		return d.fail(opUnderline, fmt.Errorf("a line of %d dots; 0, 1 or 2 are possible", dots))
	}
	return d.add(op{opHead: opHead{kind: opUnderline, a: uint8(dots)}})
}

// DoubleStrike switches double-strike printing. Epson: ESC G.
func (d *Document) DoubleStrike(on bool) *Document {
	return d.add(op{opHead: opHead{kind: opDoubleStrike, a: flag(on)}})
}

// Size scales characters to w times their width and h times their height, 1
// to 8 each. Epson: GS !.
func (d *Document) Size(w, h int) *Document {
	if w < 1 || w > 8 || h < 1 || h > 8 {
		return d.fail(opSize, fmt.Errorf("size %d × %d; 1 to 8 are possible", w, h))
	}
	return d.add(op{opHead: opHead{kind: opSize, a: uint8(w - 1), b: uint8(h - 1)}})
}

// Font selects a font. A printer without it prints font A. Epson: ESC M.
func (d *Document) Font(f Font) *Document {
	if int(f) >= len(fontNames) {
		return d.fail(opFont, fmt.Errorf("there is no font %d", f))
	}
	return d.add(op{opHead: opHead{kind: opFont, a: uint8(f)}})
}

// Invert prints white on black. Epson: GS B.
func (d *Document) Invert(on bool) *Document {
	return d.add(op{opHead: opHead{kind: opInvert, a: flag(on)}})
}

// Rotate turns each character clockwise by 90°. Epson: ESC V.
func (d *Document) Rotate(on bool) *Document {
	return d.add(op{opHead: opHead{kind: opRotate, a: flag(on)}})
}

// UpsideDown turns lines by 180°. In the middle of a line, it takes effect
// with the next one. Epson: ESC {.
func (d *Document) UpsideDown(on bool) *Document {
	return d.add(op{opHead: opHead{kind: opUpsideDown, a: flag(on)}})
}

// LetterSpacing adds 0 to 255 dots to the right of each character. Epson:
// ESC SP.
func (d *Document) LetterSpacing(dots int) *Document {
	if dots < 0 || dots > 255 {
		return d.fail(opLetterSpacing, fmt.Errorf("%d dots; 0 to 255 are possible", dots))
	}
	return d.add(op{opHead: opHead{kind: opLetterSpacing, a: uint8(dots)}})
}

// LineSpacing sets the distance from line to line to 0 to 255 dots; -1 is the
// printer's default. Epson: ESC 3 and ESC 2.
func (d *Document) LineSpacing(dots int) *Document {
	if dots < -1 || dots > 255 {
		return d.fail(opLineSpacing, fmt.Errorf("%d dots; 0 to 255 are possible, and -1 for the default", dots))
	}
	return d.add(op{opHead: opHead{kind: opLineSpacing},
		m: uint32(dots + 1)})
}

// Indent sets the left margin of the lines that follow, in cells of font A.
// In the middle of a line, it takes effect with the next one. Epson: GS L.
func (d *Document) Indent(cells int) *Document {
	if cells < 0 || cells > maxIndent {
		return d.fail(opIndent, fmt.Errorf("%d cells; 0 to %d are possible", cells, maxIndent))
	}
	return d.add(op{opHead: opHead{kind: opIndent, a: uint8(cells)}})
}

const maxIndent = 127

// Color selects the printing colour. Epson: ESC r.
func (d *Document) Color(c Color) *Document {
	if int(c) >= len(colorNames) {
		return d.fail(opColor, fmt.Errorf("there is no colour %d", c))
	}
	return d.add(op{opHead: opHead{kind: opColor, a: uint8(c)}})
}

// ResetStyle takes back everything that Align, Bold, Underline,
// DoubleStrike, Size, Font, Invert, Rotate, UpsideDown, LetterSpacing,
// LineSpacing, Indent and Color have set.
func (d *Document) ResetStyle() *Document { return d.add(op{opHead: opHead{kind: opResetStyle}}) }

func flag(on bool) uint8 {
	if on {
		return 1
	}
	return 0
}

// style is everything that shapes text, packed so that two can be compared
// at once. The zero value is how a printer starts.
type style uint64

// The fields of a style.
const (
	styleAlign         style = 0x3
	styleBold          style = 1 << 2
	styleUnderline     style = 0x3 << 3
	styleDoubleStrike  style = 1 << 5
	styleFont          style = 0x7 << 6
	styleWidth         style = 0x7 << 9 // times − 1
	styleHeight        style = 0x7 << 12
	styleInvert        style = 1 << 15
	styleRotate        style = 1 << 16
	styleUpsideDown    style = 1 << 17
	styleColor         style = 1 << 18
	styleLetterSpacing style = 0xFF << 19
	styleLineSpacing   style = 0x1FF << 27 // 0: default; else dots + 1
	styleIndent        style = 0x7F << 36

	// Those that count from the start of a line.
	styleLine = styleAlign | styleUpsideDown | styleIndent
	// Those that change how many cells a line has.
	styleCells = styleFont | styleWidth | styleHeight | styleRotate | styleLetterSpacing | styleIndent
)

func (s style) align() Alignment    { return Alignment(s & styleAlign) }
func (s style) underline() uint8    { return uint8(s & styleUnderline >> 3) }
func (s style) font() Font          { return Font(s & styleFont >> 6) }
func (s style) width() int          { return int(s&styleWidth>>9) + 1 }
func (s style) height() int         { return int(s&styleHeight>>12) + 1 }
func (s style) letterSpacing() int  { return int(s & styleLetterSpacing >> 19) }
func (s style) lineSpacing() int    { return int(s&styleLineSpacing>>27) - 1 }
func (s style) indent() int         { return int(s & styleIndent >> 36) }
func (s style) has(mask style) bool { return s&mask != 0 }

// apply takes in an element that sets style, and reports whether o is one.
func (s *style) apply(o *op) bool {
	set := func(mask style, shift int, v uint32) {
		*s = *s&^mask | style(v)<<shift&mask
	}
	switch o.kind {
	case opAlign:
		set(styleAlign, 0, uint32(o.a))
	case opBold:
		set(styleBold, 2, uint32(o.a))
	case opUnderline:
		set(styleUnderline, 3, uint32(o.a))
	case opDoubleStrike:
		set(styleDoubleStrike, 5, uint32(o.a))
	case opFont:
		set(styleFont, 6, uint32(o.a))
	case opSize:
		set(styleWidth, 9, uint32(o.a))
		set(styleHeight, 12, uint32(o.b))
	case opInvert:
		set(styleInvert, 15, uint32(o.a))
	case opRotate:
		set(styleRotate, 16, uint32(o.a))
	case opUpsideDown:
		set(styleUpsideDown, 17, uint32(o.a))
	case opColor:
		set(styleColor, 18, uint32(o.a))
	case opLetterSpacing:
		set(styleLetterSpacing, 19, uint32(o.a))
	case opLineSpacing:
		set(styleLineSpacing, 27, o.m)
	case opIndent:
		set(styleIndent, 36, uint32(o.a))
	case opResetStyle:
		*s = 0
	default:
		return false
	}
	return true
}
