package virtual

// A style is how text looks.
type style struct {
	font      uint8 // 0: A, 1: B, 2: C
	w, h      uint8 // magnification, 1…8
	underline uint8 // dots
	spacing   uint8 // dots right of each character, before magnification
	flags     styleFlags
}

type styleFlags uint8

const (
	styleBold styleFlags = 1 << iota
	styleInvert
	styleUpsideDown
	styleTurned // by 90° clockwise
	styleRed
	styleKanji // a run of Kanji cells
)

// A charset is how bytes become characters.
type charset struct {
	page  uint8 // the n of ESC t
	intl  uint8 // the n of ESC R
	kanji multiByte
}

// cell is the size of one character cell, magnified, in dots.
func (p *Printer) cell(s style) (w, h int) {
	c := p.pers.font(s)
	w, h = c[0], c[1]
	if s.flags&styleTurned != 0 {
		w, h = h, w
	}
	return (w + int(s.spacing)) * int(s.w), h * int(s.h)
}

// font is the size of an unmagnified character cell, in dots.
func (p *Personality) font(s style) [2]int {
	switch {
	case s.flags&styleKanji != 0:
		return p.Kanji
	case s.font == 1:
		return p.FontB
	case s.font == 2:
		return p.FontC
	}
	return p.FontA
}

// maxLine bounds what one line can hold, overprinting included.
const maxLine = 16 << 10

// text puts characters into the line, and returns how many bytes it took:
// less than all where a line is full and must be printed first.
func (p *Printer) text(b []byte) int {
	if p.userSet && len(p.glyphs) > 0 {
		if n, drawn := p.userGlyph(b); drawn {
			return n
		}
		b = b[:1]
	}
	if !p.kanji && !p.utf8 {
		return p.narrow(b)
	}
	return p.multiByte(b)
}

// narrow puts characters of one byte each into the line.
func (p *Printer) narrow(b []byte) int {
	w, h := p.cell(p.style)
	room := (p.area() - p.x) / w
	if room <= 0 {
		if p.x > 0 {
			p.wrap()
			return 0
		}
		room = 1 // wider than the paper: cut off at its edge
	}
	b = b[:min(len(b), room)]
	p.add(b, p.style, w*len(b), h, charset{page: p.codePage, intl: p.intl})
	return len(b)
}

// add appends a run of text to the line.
func (p *Printer) add(b []byte, st style, w, h int, cs charset) {
	if room := maxLine - len(p.lineBytes); len(b) > room {
		b = b[:max(0, room)] // overprinted beyond all reason
	}
	if len(b) == 0 {
		p.x += w
		return
	}
	off := len(p.lineBytes)
	p.lineBytes = append(p.lineBytes, b...)
	if k := len(p.line) - 1; k >= 0 {
		last := &p.line[k]
		if last.kind == itemText && last.style == st && last.charset == cs &&
			int(last.x+last.w) == p.x && int(last.off+last.n) == off {
			last.n += int32(len(b))
			last.w += int32(w)
			p.x += w
			return
		}
	}
	p.line = append(p.line, item{
		kind: itemText, style: st, charset: cs,
		x: int32(p.x), w: int32(w), h: int32(h), off: int32(off), n: int32(len(b)),
	})
	p.x += w
}

// multiByte puts characters into the line that take one byte or several.
func (p *Printer) multiByte(b []byte) int {
	code := p.multiByteCode()
	for i := range b {
		p.char[p.charN] = b[i]
		p.charN++
		n := charLen(p.char[:p.charN], code)
		if n > p.charN {
			continue
		}
		c := p.char[:p.charN]
		st, cs := p.style, charset{page: p.codePage, intl: p.intl}
		if n > 1 || c[0] >= 0x80 {
			cs.kanji = code
		}
		if isWide(c, code) {
			st.flags |= styleKanji
			st.w, st.h = max(st.w, p.kanjiW), max(st.h, p.kanjiH)
			st.underline = max(st.underline, p.kanjiUnderline)
		}
		w, h := p.cell(st)
		if p.x > 0 && p.x+w > p.area() {
			p.charN--
			p.wrap()
			return i
		}
		p.add(c, st, w, h, cs)
		p.charN = 0
	}
	return len(b)
}

// wrap prints a line that is full.
func (p *Printer) wrap() { p.printLine(p.spacing) }

// area is the width of the print area in dots.
func (p *Printer) area() int {
	if p.pageMode {
		return p.page.along()
	}
	return max(1, min(p.areaWidth, p.pers.Width-p.margin))
}

// clearLine empties the print buffer.
func (p *Printer) clearLine() {
	p.line = p.line[:0]
	p.lineBytes = p.lineBytes[:0]
	p.x = 0
	p.charN = 0
}

// printLine prints what the line holds and feeds the paper by at least feed
// dots. An empty line feeds only.
func (p *Printer) printLine(feed int) {
	s := &p.strip
	p.charN = 0
	if p.pageMode {
		p.page.place(p, feed)
		return
	}
	if len(p.line) == 0 {
		if feed > 0 {
			s.items = append(s.items, item{kind: itemBlank, y: int32(s.y), h: int32(feed), done: int32(feed), line: p.nextLine()})
			p.feed(feed)
		}
		p.x = 0
		return
	}
	h, right := int32(0), int32(0)
	for i := range p.line {
		h = max(h, p.line[i].h)
		right = max(right, p.line[i].x+p.line[i].w)
	}
	shift := int32(p.margin)
	if room := int32(p.area()) - right; room > 0 {
		shift += room * int32(p.justify) / 2
	}
	n := p.nextLine()
	first, base := len(s.items), int32(len(s.arena))
	for i := range p.line {
		it := &p.line[i]
		if it.style.flags&styleUpsideDown != 0 {
			it.x, it.turn = right-it.x-it.w, 2
		}
		it.x += shift
		it.y = int32(s.y) + h - it.h
		it.off += base
		it.line = n
		it.done = it.h
	}
	s.items = append(s.items, p.line...)
	s.arena = append(s.arena, p.lineBytes...)
	p.clearLine()
	p.feedLine(first, max(int(h), feed))
}

func (p *Printer) nextLine() int32 {
	p.lineNo++
	return p.lineNo
}

// block prints items that stand together, of height h in all, and whose bytes
// are in the print buffer: a bar code with its text. Their positions are
// within the block.
func (p *Printer) block(items []item, h int) {
	if p.pageMode {
		x := p.x
		for _, it := range items {
			p.x = max(p.x, x+int(it.x+it.w))
			it.x += int32(x)
			it.y -= int32(h) // the position is the lower edge
			p.line = append(p.line, it)
		}
		x = p.x
		p.page.place(p, 0)
		p.x = x
		return
	}
	right := int32(0)
	for i := range items {
		right = max(right, items[i].x+items[i].w)
	}
	left := int32(p.margin) + max(0, int32(p.area())-right)*int32(p.justify)/2
	s := &p.strip
	n := p.nextLine()
	for i := range items {
		items[i].x += left
		items[i].line = n
	}
	first := s.add(items, p.lineBytes, s.y)
	p.clearLine()
	p.feedLine(first, h)
}
