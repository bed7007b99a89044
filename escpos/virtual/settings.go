package virtual

import "github.com/printerctl/printerctl/escpos"

// settings is what commands set and ESC @ sets back.
type settings struct {
	style     style
	justify   int // 0 left, 1 centre, 2 right
	spacing   int // line spacing in dots
	margin    int // dots
	areaWidth int // dots; beyond the paper where it was not set
	tabs      []int
	unitX     int // motion units an inch
	unitY     int

	codePage       uint8 // ESC t
	intl           uint8 // ESC R
	kanji          bool  // FS &
	kanjiSet       multiByte
	utf8           bool // FS ( C
	kanjiW, kanjiH uint8
	kanjiUnderline uint8

	barcode  barcode
	symbols  symbols
	glyphs   map[glyphKey]bitmap // ESC &
	userSet  bool                // ESC %
	userMode bool                // GS ( E fn 1

	asbWatch    escpos.ASB // the bits of a frame whose change is reported
	asbOn       bool
	stopNearEnd bool // ESC c 4
	panelOff    bool // ESC c 5
	deselected  bool // ESC =
	offlineNote byte // GS ( H fn 49: 0 off, 1 on, 2 with causes
	noPulse     bool // GS ( D: DLE DC4 fn 1 is disabled
	powerDown   bool // GS ( D: DLE DC4 fn 2 is enabled
}

// reset is ESC @: it empties the print buffer and sets everything back. The
// receive buffer stays as it is.
func (p *Printer) reset() {
	p.settings = settings{
		style:     style{w: 1, h: 1},
		spacing:   p.pers.LineSpacing,
		areaWidth: p.pers.Width,
		tabs:      p.tabs[:0],
		unitX:     p.pers.UnitX,
		unitY:     p.pers.UnitY,
		kanjiSet:  multiByteNames[p.pers.KanjiSet],
		kanjiW:    1,
		kanjiH:    1,
		barcode:   barcode{height: 162, module: 3},
		symbols:   newSymbols(),
	}
	p.download = nil
	p.graphics = bitmap{}
	p.leavePage()
	for i := 1; i <= 32; i++ {
		p.tabs = append(p.tabs, 8*i)
	}
	if p.kanjiSet == multiShiftJIS {
		p.kanjiSet = multiJIS
	}
	p.clearLine()
	p.setASB(p.pers.ASBDefault)
}

// multiByteCode is how text is coded at present, beyond one byte a
// character.
func (p *Printer) multiByteCode() multiByte {
	switch {
	case p.utf8:
		return multiUTF8
	case p.kanji:
		return p.kanjiSet
	}
	return multiNone
}

// setASB sets the mask of GS a.
func (p *Printer) setASB(n byte) {
	p.asbOn = n != 0
	p.asbWatch = asbMask(n, p.stopNearEnd)
	p.lastASB = p.condition.asb()
}

// reportASB sends a frame if an item has changed that the host wants to hear
// of, and the offline response when the printer has gone offline.
func (p *Printer) reportASB() {
	now := p.condition.asb()
	changed := false
	for i := range now {
		changed = changed || (now[i]^p.lastASB[i])&p.asbWatch[i] != 0
	}
	went := p.halted != 0 && p.lastHalt == 0
	p.lastASB, p.lastHalt = now, p.halted
	if changed && p.asbOn {
		p.reply(now[:]...)
	}
	if went && p.offlineNote != 0 && p.halted&(haltCover|haltPaper|haltError) != 0 {
		p.reply(p.condition.offlineResponse(p.offlineNote == 2)...)
	}
}

// dotsX and dotsY convert motion units to dots.
func (p *Printer) dotsX(n int) int { return n * p.pers.DPI / p.unitX }
func (p *Printer) dotsY(n int) int { return n * p.pers.DPI / p.unitY }
