package escpos

import (
	"math/bits"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// tabWidth is the distance of tab stops, in cells, where Tabs set none.
const tabWidth = 8

// text writes arena[i:j].
func (e *encoder) text(i, j int) {
	if e.style != e.sent {
		e.sync()
	}
	for i < j {
		c := e.arena[i]
		switch {
		case c-0x20 <= 0x7E-0x20:
			k := i + 1
			for k < j && e.arena[k]-0x20 <= 0x7E-0x20 {
				k++
			}
			e.dst = append(e.dst, e.arena[i:k]...)
			e.advance(k-i, k-i)
			i = k
		case c&0xF0 == 0xE0:
			// Three bytes, as most of East Asia; the arena is valid UTF-8.
			b := e.arena[i : i+3]
			r := rune(b[0]&0x0F)<<12 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F)
			e.put(r, i, i+3)
			i += 3
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(e.arena[i:j])
			e.put(r, i, i+n)
			i += n
		case c == '\n':
			e.newline()
			if e.style != e.sent {
				e.sync() // what waited for a new line
			}
			i++
		case c == '\r' && i+1 < j && e.arena[i+1] == '\n':
			i++
		case c == '\t':
			n := e.toTab()
			e.skip(e.x, n)
			e.advance(n, n)
			i++
		default:
			e.put(rune(c), i, i+1)
			i++
		}
	}
}

// toTab returns how many cells it is to the next tab stop.
func (e *encoder) toTab() int {
	for _, stop := range e.tabs {
		if int(stop) > e.x {
			return int(stop) - e.x
		}
	}
	return tabWidth - e.x%tabWidth
}

// glyphKind says how a rune is printed.
type glyphKind uint8

const (
	singleByte  glyphKind = iota // as a byte of a code page, one cell wide
	doubleByte                   // in the multi-byte mode, two cells wide
	unicodeText                  // in UTF-8
	substituted
)

// glyph is how a profile prints a rune.
type glyph struct {
	kind  glyphKind
	cells int
	with  string // substituted: by what
}

// glyph tells how r, which is not printable ASCII, is printed.
//
// Where a printer has both code pages and a multi-byte font, letters are
// printed from the code pages, as wide as other letters, and everything that
// East Asian fonts draw wide, from the multi-byte font.
func (p *Profile) glyph(r rune) glyph {
	switch {
	case r < 0xA0:
		return glyph{substituted, 1, mark}
	case p.UTF8:
		if s, ok := invisible(r); ok {
			return glyph{substituted, 0, s}
		}
		return glyph{unicodeText, unicodeWidth(r), ""}
	case p.cjk != nil && wideFirst(r) && p.cjk.has(r):
		return glyph{doubleByte, 2, ""}
	case p.inPage(r):
		if isThaiMark(r) {
			return glyph{singleByte, 0, ""} // over or under a Thai letter
		}
		return glyph{singleByte, 1, ""}
	case p.cjk != nil && p.cjk.has(r):
		return glyph{doubleByte, 2, ""}
	}
	with := p.closest(r)
	return glyph{substituted, utf8.RuneCountInString(with), with}
}

// wideFirst reports whether r is looked for in a multi-byte font before the
// code pages: what East Asian text prints wide, its punctuation included, but
// neither the euro nor what tables are drawn with.
func wideFirst(r rune) bool {
	return r >= 0x2010 && r != '€' && !(r >= 0x2500 && r <= 0x259F) && !(r >= 0xFF61 && r <= 0xFF9F)
}

// unicodeWidth returns the cells of a rune in a font that has all of Unicode.
func unicodeWidth(r rune) int {
	var b [utf8.UTFMax]byte
	_, _, w, _ := uniseg.FirstGraphemeCluster(utf8.AppendRune(b[:0], r), -1)
	return max(w, 1)
}

// isThaiMark reports whether r stands over or under a Thai letter.
func isThaiMark(r rune) bool { return r>>7 == 0x0E00>>7 && unicode.Is(unicode.Mn, r) }

func (p *Profile) inPage(r rune) bool {
	for _, c := range p.pages {
		if c.encode(r) != 0 {
			return true
		}
	}
	return false
}

// runeCells returns how many cells r takes.
func (e *encoder) runeCells(r rune) int {
	if r < utf8.RuneSelf {
		return 1
	}
	return e.p.glyph(r).cells
}

// put writes r, which is not printable ASCII and stands at arena[pos:next].
func (e *encoder) put(r rune, pos, next int) {
	if e.plainText {
		e.plainRune(r)
		return
	}
	// The usual case first: it is in the code page, or in the multi-byte
	// font, that the last one was in.
	if e.kanji != Yes && e.page >= 0 && (e.p.cjk == nil || !wideFirst(r)) {
		if b := e.p.pages[e.page].encode(r); b != 0 {
			e.dst = append(e.dst, b)
			if !isThaiMark(r) {
				e.advance(1, 1)
			}
			return
		}
	}
	if e.kanji == Yes && wideFirst(r) && r <= 0xFFFF && e.kanjiLine == e.sent.underline() {
		if c := e.p.cjk.table[r]; c != 0 {
			e.dst = append(e.dst, byte(c>>8), byte(c))
			e.advance(2, 2)
			return
		}
	}
	g := e.p.glyph(r)
	switch g.kind {
	case singleByte:
		e.leaveKanji()
		if e.page < 0 || e.p.pages[e.page].encode(r) == 0 {
			e.page = e.choosePage(r, next)
			e.dst = append(e.dst, esc, 't', e.p.CodePages[e.page].Number)
		}
		e.dst = append(e.dst, e.p.pages[e.page].encode(r))
	case doubleByte:
		e.enterKanji()
		e.dst = e.p.cjk.append(e.dst, r)
	case unicodeText:
		if !e.utf8 {
			e.dst = append(e.dst, fs, '(', 'C', 2, 0, 48, 50)
			e.utf8 = true
		}
		e.dst = utf8.AppendRune(e.dst, r)
	case substituted:
		e.report(pos, r, g.with)
		for _, q := range g.with {
			if q < utf8.RuneSelf {
				e.dst = append(e.dst, byte(q))
				e.advance(1, 1)
			} else {
				e.put(q, pos, next)
			}
		}
		return
	}
	e.advance(g.cells, g.cells)
}

// leaveKanji makes bytes from 80 up mean the code page.
func (e *encoder) leaveKanji() {
	if e.kanji != No && (e.p.cjk != nil || e.p.CancelKanji) {
		e.dst = append(e.dst, e.p.cjk.leaving()...)
		e.kanji = No
	}
}

// enterKanji makes bytes from 80 up mean the multi-byte character set.
func (e *encoder) enterKanji() {
	if e.kanji != Yes {
		e.dst = append(e.dst, e.p.cjk.enter...)
		e.kanji = Yes
	}
	// ESC - does not underline them (Epson: FS -).
	if u := e.sent.underline(); e.kanjiLine != u {
		e.dst = append(e.dst, fs, '-', u)
		e.kanjiLine = u
	}
}

// choosePage returns the code page that has r and serves longest for the
// text that follows, so that pages are switched as seldom as can be.
func (e *encoder) choosePage(r rune, next int) int {
	var all uint64
	for i, c := range e.p.pages {
		if c.encode(r) != 0 {
			all |= 1 << i
		}
	}
	e.lookAhead(next, func(r rune) bool {
		var having uint64
		for m := all; m != 0; m &= m - 1 {
			if i := bits.TrailingZeros64(m); e.p.pages[i].encode(r) != 0 {
				having |= 1 << i
			}
		}
		if having == 0 || e.p.cjk != nil && wideFirst(r) {
			// Not in these pages: the end, unless it needs none.
			return e.p.glyph(r).kind != singleByte
		}
		all = having
		return all&(all-1) != 0
	})
	return bits.TrailingZeros64(all)
}

// lookAhead calls yield for each rune, but ASCII, of the text still to come.
func (e *encoder) lookAhead(next int, yield func(rune) bool) {
	scan := func(b []byte) bool {
		for i := 0; i < len(b); {
			if b[i] < utf8.RuneSelf {
				i++
				continue
			}
			r, n := utf8.DecodeRune(b[i:])
			if r >= 0xA0 && !yield(r) {
				return false
			}
			i += n
		}
		return true
	}
	if !scan(e.arena[next:max(next, e.textEnd)]) {
		return
	}
	for i := e.at + 1; i < len(e.ops); i++ {
		o := &e.ops[i]
		switch o.kind {
		case opText, opParagraph, opItem, opColumn:
			if o.c&plain == 0 && int(o.off) >= next && !scan(e.arena[o.off:o.off+o.n]) {
				return
			}
		case opRule:
			if r := rune(o.m); r >= 0xA0 && !yield(r) {
				return
			}
		}
	}
}

// mark stands for what cannot be printed and has no close form.
const mark = "?"

// invisible reports whether r has no width of its own.
func invisible(r rune) (with string, ok bool) {
	if r < 0x300 {
		return "", r == 0xAD
	}
	return "", unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}

// closest returns what is printed for a rune that the printer lacks: nearly
// always printable ASCII, and else runes that it has.
func (p *Profile) closest(r rune) string {
	if s, ok := invisible(r); ok {
		return s
	}
	if s := p.accented(r); s != "" {
		return s
	}
	if s, ok := lookalike(r); ok {
		return s
	}
	// Letters without their accents, ligatures taken apart, and the like.
	var buf [64]byte
	var out []byte
	for _, q := range string(norm.NFKD.AppendString(buf[:0], string(r))) {
		switch {
		case q >= 0x20 && q <= 0x7E:
			out = append(out, byte(q))
		case q == r:
			return mark
		case unicode.Is(unicode.Mn, q):
		default:
			s, ok := lookalike(q)
			if !ok {
				return mark
			}
			out = append(out, s...)
		}
	}
	if len(out) == 0 {
		return mark
	}
	return string(out)
}

// accented returns the letter with as many of its accents as the code pages
// have, or "".
func (p *Profile) accented(r rune) string {
	// Romanian letters have a comma below; a cedilla often stands for it.
	cedilla := rune(0)
	switch r {
	case 'Ș':
		cedilla = 'Ş'
	case 'ș':
		cedilla = 'ş'
	case 'Ț':
		cedilla = 'Ţ'
	case 'ț':
		cedilla = 'ţ'
	}
	if cedilla != 0 && p.inPage(cedilla) {
		return string(cedilla)
	}
	d := []rune(norm.NFD.String(string(r)))
	for n := len(d) - 1; n >= 2; n-- {
		c := []rune(norm.NFC.String(string(d[:n])))
		if len(c) == 1 && p.inPage(c[0]) {
			return string(c)
		}
	}
	return ""
}
