package escpos

import (
	"bytes"
	"fmt"
	"slices"
)

// A Substitution tells of a character that the printer lacks, and what was
// printed in its place.
type Substitution struct {
	Element int    // index of the element
	Offset  int    // of the character, in bytes of the element's text in normalization form C; the texts of a row's columns count as one
	Rune    rune   // what should have been printed
	With    string // what was; empty where nothing could stand for it, such as a lone combining mark
}

// AppendEncode appends to dst the bytes that print d on a printer of profile
// p, and returns the longer slice. nil means GenericProfile. The bytes depend
// on nothing but d and p.
//
// They begin with ESC @, which also switches automatic status back off (GS a
// must follow it), and leave the printer as ESC @ does: what was set and not
// taken back is reset by another ESC @ at the end. A line that was left open
// is ended.
//
// Characters that the printer lacks are printed in the closest form that it
// has, or as '?', and reported, in order.
//
// An error is an *ElementError or a *ProfileError. It is found before
// anything is of use: dst is then returned as it came.
func (d *Document) AppendEncode(dst []byte, p *Profile) ([]byte, []Substitution, error) {
	if d.err != nil {
		return dst, nil, d.err
	}
	if p == nil {
		p = GenericProfile()
	}
	if err := p.usable(); err != nil {
		return dst, nil, err
	}
	e := encoder{
		dst:     slices.Grow(dst, len(d.arena)+16*len(d.ops)+64),
		p:       p,
		ops:     d.ops,
		arena:   d.arena,
		sent:    styleUnpinned,
		page:    -1,
		symbols: symbolDefaults,
	}
	e.dst = append(e.dst, esc, '@')
	if err := e.encode(d); err != nil {
		return dst, nil, err
	}
	return e.dst, e.subs, nil
}

// The bytes that commands begin with.
const (
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
	ff  = 0x0C
)

// encoder is the state of one AppendEncode.
type encoder struct {
	dst   []byte
	p     *Profile
	ops   []op
	arena []byte
	subs  []Substitution

	at      int // the op of the element that is being written
	counted int // ops, of which index are elements
	index   int
	base    int // of its text, in arena
	textEnd int // of its text

	style style // wanted
	sent  style // what the printer has
	cell  int   // dots that a cell is wide, at the style sent
	cols  int   // cells in a line

	x         int  // cells written in the line; > 0: it is open
	page      int  // index in p.pages of the code page that is selected; -1: unknown
	kanji     Tri  // multi-byte mode; Unknown until set
	kanjiLine byte // the underline of multi-byte characters, FS -, as sent
	utf8      bool // UTF-8 mode is on
	tabs      []byte
	inPage    bool
	areaDots  int  // in a page: how long a line of the area is; 0: that of the paper
	feedUnit  bool // GS P was sent
	dirty     bool // something was set that only ESC @ resets

	// The settings of symbols that were sent; 0: none, or the default.
	barHeight, barWidth, barHRI, barFont byte
	symbols                              [symbolSettings][2]byte
	dataMatrix                           [3]byte

	plainText bool // for people: no commands, see PlainText
	line      int  // there: where the line begins in dst
}

// styleUnpinned is in what the printer has, and never in what is wanted,
// until the character set of ASCII is set.
const styleUnpinned style = 1 << 63

func (e *encoder) encode(d *Document) error {
	page := 0         // where the last one began
	able := ^style(0) // but for what the printer lacks
	if e.p.Colors < 2 {
		able &^= styleColor
	}
	for i := 0; i < len(e.ops); i++ {
		o := &e.ops[i]
		switch o.kind {
		case opText:
			if o.c&plain != 0 {
				if e.style != e.sent {
					e.sync()
				}
				if e.style == e.sent || o.c&oneLine != 0 {
					e.plain(e.arena[o.off : o.off+o.n])
					break
				}
				// Something of the style waits for a line to begin.
			}
			e.begin(i, o)
			e.text(int(o.off), int(o.off+o.n))
		case opItem:
			if e.style != e.sent || e.x > 0 {
				e.freshLine()
			}
			if !e.plainText {
				if n := e.briefItems(e.ops[i:]); n > 0 {
					i += n - 1
					break
				}
			}
			e.begin(i, o)
			e.item(o)
		case opParagraph:
			e.begin(i, o)
			e.paragraph(int(o.off), int(o.off+o.n))
		case opRow:
			e.begin(i, o)
			if err := e.row(e.ops[i+1 : i+1+int(o.a)]); err != nil {
				return e.fail(i, err)
			}
		case opColumn:
			continue // part of its row
		case opRule:
			e.begin(i, o)
			e.rule(rune(o.m))
		case opFeed:
			e.feed(int(o.a))
		case opFeedDots:
			e.feedDots(int(o.m))
		case opCut:
			if e.inPage {
				return e.fail(i, errInPage)
			}
			e.cut(o)
		case opDrawer:
			e.dst = append(e.dst, esc, 'p', o.a/5, o.b, o.c)
		case opRaw:
			e.dst = append(e.dst, e.arena[o.off:o.off+o.n]...)
			e.dirty = true
		case opBarcode:
			if err := e.barcode(o); err != nil {
				return e.fail(i, err)
			}
		case opQR, opPDF417, opMaxiCode, opDataMatrix, opAztec, opDataBarStacked:
			if err := e.matrixCode(o); err != nil {
				return e.fail(i, err)
			}
		case opImage:
			e.image(o)
		case opLogoStore, opLogo, opLogoDelete:
			if err := e.logo(o); err != nil {
				return e.fail(i, err)
			}
		case opBuzzer:
			e.buzzer(o)
		case opTabs:
			e.tabs = e.arena[o.off : o.off+o.n]
		case opPageStart, opPageArea, opPagePosition, opPagePrint:
			if o.kind == opPageStart {
				page = i
			}
			if err := e.pageElement(d, o); err != nil {
				return e.fail(i, err)
			}
		default:
			e.style.apply(o)
			e.style &= able
			if o.kind == opFont && int(o.a) >= len(e.p.Fonts) {
				e.style &^= styleFont // the printer does not have it
			}
		}
	}
	if e.inPage {
		e.index, e.counted = 0, 0
		return e.fail(page, errOpenPage)
	}
	e.end()
	return nil
}

// begin notes which element's text is being written.
func (e *encoder) begin(i int, o *op) {
	e.at, e.base, e.textEnd = i, int(o.off), int(o.off+o.n)
}

// fail makes the error of the element at ops[i].
func (e *encoder) fail(i int, err error) error {
	return &ElementError{Index: e.element(i), Element: e.ops[i].kind.String(), Err: err}
}

// element returns the index of the element at ops[i], which is not before the
// one asked for last.
func (e *encoder) element(i int) int {
	for ; e.counted < i; e.counted++ {
		if e.ops[e.counted].kind != opColumn {
			e.index++
		}
	}
	return e.index
}

// end leaves the printer as it was found.
func (e *encoder) end() {
	if e.x > 0 {
		e.newline()
	}
	if e.utf8 {
		e.dst = append(e.dst, fs, '(', 'C', 2, 0, 48, 49)
	}
	if e.dirty || e.sent&^styleUnpinned != 0 || e.page > 0 || e.kanji != Unknown {
		e.dst = append(e.dst, esc, '@')
	}
}

// plain writes text that goes out as it is.
func (e *encoder) plain(t []byte) {
	e.dst = append(e.dst, t...)
	if n := len(t); n > 0 && t[n-1] != '\n' {
		e.advance(n-1-bytes.LastIndexByte(t, '\n'), n)
	} else if n > 0 {
		e.x = 0
	}
}

// advance counts tail cells behind the last line feed of n.
func (e *encoder) advance(tail, n int) {
	if tail < n {
		e.x = 0
	}
	if e.x += tail; e.x > e.cols {
		// The printer broke the line when it was full.
		e.x = (e.x-1)%e.cols + 1
	}
}

// newline ends the line.
func (e *encoder) newline() {
	if e.plainText {
		e.alignPlain()
	}
	e.dst = append(e.dst, '\n')
	e.x = 0
	e.line = len(e.dst)
}

// freshLine sees to it that what follows begins a line, in the style wanted.
func (e *encoder) freshLine() {
	if e.x > 0 {
		e.newline()
	}
	if e.style != e.sent {
		e.sync()
	}
}

// sync sends what sets the style wanted.
func (e *encoder) sync() {
	if e.plainText {
		if e.x == 0 {
			e.sent = e.style
			e.measure()
		}
		return
	}
	if e.sent.has(styleUnpinned) {
		// ASCII is ASCII only in the international character set of the USA,
		// and which one a printer starts with is a matter of its settings.
		e.dst = append(e.dst, esc, 'R', 0)
		e.sent &^= styleUnpinned
		e.measure()
	}
	if e.x == 0 {
		e.syncLine()
	}
	diff := (e.style ^ e.sent) &^ styleLine
	if diff == 0 {
		return
	}
	to := e.sent ^ diff
	if diff.has(stylePrintMode) && e.printModeServes(diff, to) {
		e.dst = append(e.dst, esc, '!', printMode(to))
		diff &^= stylePrintMode
	}
	if diff.has(styleFont) {
		e.dst = append(e.dst, esc, 'M', byte(to.font()))
	}
	if diff.has(styleBold) {
		e.dst = append(e.dst, esc, 'E', flag(to.has(styleBold)))
	}
	if diff.has(styleUnderline) {
		e.dst = append(e.dst, esc, '-', to.underline())
	}
	if diff.has(styleWidth | styleHeight) {
		e.dst = append(e.dst, gs, '!', byte((to.width()-1)<<4|(to.height()-1)))
	}
	if diff.has(styleDoubleStrike) {
		e.dst = append(e.dst, esc, 'G', flag(to.has(styleDoubleStrike)))
	}
	if diff.has(styleInvert) {
		e.dst = append(e.dst, gs, 'B', flag(to.has(styleInvert)))
	}
	if diff.has(styleRotate) {
		e.dst = append(e.dst, esc, 'V', flag(to.has(styleRotate)))
	}
	if diff.has(styleColor) {
		e.dst = append(e.dst, esc, 'r', flag(to.has(styleColor)))
	}
	if diff.has(styleLetterSpacing) {
		e.dst = append(e.dst, esc, ' ', byte(to.letterSpacing()))
	}
	if diff.has(styleLineSpacing) {
		e.lineSpacing(to)
	}
	cells := (to ^ e.sent).has(styleCells)
	e.sent = to
	if cells {
		e.measure()
	}
}

// syncLine sends the part of the style wanted that counts from the start of a
// line.
func (e *encoder) syncLine() {
	diff := (e.style ^ e.sent) & styleLine
	if e.inPage {
		return // they are of no effect there
	}
	to := e.sent ^ diff
	if diff.has(styleIndent) {
		dots := to.indent() * e.p.Fonts[FontA].Width
		e.dst = append(e.dst, gs, 'L', byte(dots), byte(dots>>8))
	}
	if diff.has(styleAlign) {
		e.dst = append(e.dst, esc, 'a', byte(to.align()))
	}
	if diff.has(styleUpsideDown) {
		e.dst = append(e.dst, esc, '{', flag(to.has(styleUpsideDown)))
	}
	e.sent = to
	if diff.has(styleIndent) {
		e.measure()
	}
}

func (e *encoder) lineSpacing(to style) {
	if n := to.lineSpacing(); n < 0 {
		e.dst = append(e.dst, esc, '2')
	} else {
		units := e.units(n)
		e.dst = append(e.dst, esc, '3', byte(min(units, 255)))
	}
}

// units converts dots of feed to what the printer counts in, which it is told
// first where the profile says so.
func (e *encoder) units(dots int) int {
	if e.p.SetFeedUnit && dots > 0 && !e.feedUnit {
		e.dst = append(e.dst, gs, 'P', 0, byte(e.p.DPI))
		e.feedUnit, e.dirty = true, true
	}
	return e.p.feedUnits(dots)
}

// measure works out how many cells a line has.
func (e *encoder) measure() {
	f := e.p.Fonts[e.sent.font()]
	w := (f.Width + e.sent.letterSpacing()) * e.sent.width()
	if e.sent.has(styleRotate) {
		w = (f.Height + e.sent.letterSpacing()) * e.sent.height()
	}
	e.cell = w
	line := e.p.Width - e.sent.indent()*e.p.Fonts[FontA].Width
	if e.areaDots > 0 {
		line = e.areaDots
	}
	e.cols = max(line/w, 1)
}

// stylePrintMode is what ESC ! sets, all at once.
const stylePrintMode = styleFont | styleBold | styleUnderline | styleWidth | styleHeight

// printModeServes reports whether ESC ! is shorter than the commands that it
// replaces, and says the same. It sets no other fonts than A and B, no other
// sizes than 1 and 2, and, for multi-byte characters, only the emphasis.
func (e *encoder) printModeServes(diff, to style) bool {
	n := 0
	for _, m := range [...]style{styleFont, styleBold, styleUnderline, styleWidth | styleHeight} {
		if diff.has(m) {
			n++
		}
	}
	return n >= 2 && e.p.cjk == nil &&
		to.font() <= FontB && to.width() <= 2 && to.height() <= 2 && to.underline() == 0
}

func printMode(s style) byte {
	return byte(s.font()) | flag(s.has(styleBold))<<3 | byte(s.height()-1)<<4 | byte(s.width()-1)<<5
}

// feed ends the line and feeds n more.
func (e *encoder) feed(n int) {
	if diff := (e.style ^ e.sent) & styleLineSpacing; diff != 0 {
		e.lineSpacing(e.style)
		e.sent ^= diff
	}
	if e.x > 0 {
		n++
		e.x = 0
	}
	for ; n > 255; n -= 255 {
		e.dst = append(e.dst, esc, 'd', 255)
	}
	if n > 2 {
		e.dst = append(e.dst, esc, 'd', byte(n))
		return
	}
	for ; n > 0; n-- {
		e.dst = append(e.dst, '\n')
	}
}

// feedDots ends the line and feeds n dots more.
func (e *encoder) feedDots(n int) {
	if e.x > 0 {
		e.newline()
	}
	for n = e.units(n); n > 0; n -= 255 {
		e.dst = append(e.dst, esc, 'J', byte(min(n, 255)))
	}
}

// cut cuts, in the way that the profile's cutter knows.
func (e *encoder) cut(o *op) {
	if e.x > 0 {
		e.newline()
	}
	c := &e.p.Cutter
	mode := byte(1)
	if CutMode(o.a) == CutFull && c.Full || !c.Partial {
		mode = 0
	}
	switch {
	case !c.Full && !c.Partial:
		e.feedDots(int(o.b))
		e.feed(c.FeedLines)
	case c.Feeds:
		units := e.units(int(o.b))
		e.dst = append(e.dst, gs, 'V', 65+mode, byte(min(units, 255)))
	default:
		e.feedDots(int(o.b))
		e.feed(c.FeedLines)
		e.dst = append(e.dst, gs, 'V', mode)
	}
}

func (e *encoder) report(pos int, r rune, with string) {
	e.subs = append(e.subs, Substitution{Element: e.element(e.at), Offset: pos - e.base, Rune: r, With: with})
}

// String formats s for people.
func (s Substitution) String() string {
	return fmt.Sprintf("element %d, byte %d: %q (%U) printed as %q", s.Element, s.Offset, s.Rune, s.Rune, s.With)
}
