package virtual

import (
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// command is a command whose data are coming in.
type command struct {
	head   []byte
	data   []byte
	long   bool // more data than the printer has room for: they are dropped
	stream bool // the data are printed as they come
}

// maxData bounds the data of one command, apart from images that are printed
// as they come.
const maxData = 1 << 20

// run executes what the receive buffer holds, until the mechanism moves or
// the printer has stopped.
func (p *Printer) run() {
	for !p.moving && p.halted == 0 {
		switch {
		case len(p.ops) > 0:
			p.perform()
		case p.raster.stored():
			p.printStored()
		case len(p.source()) == 0:
			// The end of a command's data comes without a byte.
			if p.scan.AtBoundary() || !p.next() {
				return
			}
		case len(p.blocks) > 0:
			b := p.source()[0]
			p.executed(1)
			p.handshake(b)
		case p.pending > 0:
			b := p.source()
			p.executed(p.take(b[:min(len(b), p.pending)]))
		default:
			p.next()
		}
	}
}

// source returns the bytes to be executed next: those of a macro that is
// running, or what the receive buffer has at its front.
func (p *Printer) source() []byte {
	if len(p.macro.run) > 0 {
		return p.macro.run
	}
	return p.rx.peek()
}

// executed removes n bytes that have been dealt with.
func (p *Printer) executed(n int) {
	b := p.source()[:n]
	if p.macro.defining {
		p.macro.record(b)
	}
	if len(p.macro.run) > 0 {
		p.macro.run = p.macro.run[n:]
	} else {
		p.strip.consumed(b)
		p.rx.discard(n)
	}
	if p.pending > 0 {
		p.pending -= n
	}
}

// take deals with bytes that the scanner has passed: text, or the data of an
// image. It takes as many as can be dealt with before the mechanism must
// move.
func (p *Printer) take(b []byte) int {
	if p.command.stream {
		return p.raster.take(p, b)
	}
	return p.text(b)
}

// next executes the next token, and reports whether there was one.
func (p *Printer) next() bool {
	tok, n := p.scan.Next(p.source())
	switch tok.Kind {
	case escpos.TokenText:
		if p.deselected {
			p.executed(n)
			return true
		}
		p.pending = len(tok.Data)
		return true
	case escpos.TokenData:
		if p.command.stream {
			p.pending = len(tok.Data)
			return true
		}
		if len(p.command.data)+len(tok.Data) > maxData {
			p.command.long = true
		} else if !p.command.long {
			p.command.data = append(p.command.data, tok.Data...)
		}
		p.executed(n)
	case escpos.TokenCommand:
		if tok.DataLen == 0 {
			head := append(p.headBuf[:0], tok.Head...)
			p.executed(n)
			p.execute(head, nil)
			return true
		}
		c := &p.command
		c.head = append(c.head[:0], tok.Head...)
		c.data, c.long = c.data[:0], false
		c.stream = p.raster.start(p, c.head)
		p.executed(n)
	case escpos.TokenEnd:
		p.executed(n)
		c := &p.command
		if c.stream {
			c.stream = false
			p.raster = raster{}
			return true
		}
		if !c.long {
			p.execute(c.head, c.data)
		}
		if cap(c.data) > 4<<10 {
			c.data = nil
		}
	default:
		p.executed(n)
		return tok.Kind != escpos.TokenNone
	}
	return true
}

// execute executes a command, whose data are complete.
func (p *Printer) execute(h, data []byte) {
	if p.deselected && (h[0] != 0x1B || h[1] != '=') {
		return
	}
	switch h[0] {
	case 0x09:
		p.tab()
	case 0x0A:
		p.printLine(p.spacing)
	case 0x0C:
		if p.pageMode {
			p.printPage()
			p.leavePage()
		}
	case 0x18:
		if p.pageMode {
			p.clearPage()
		}
	case 0x1B:
		p.esc(h, data)
	case 0x1C:
		p.fs(h, data)
	case 0x1D:
		p.gs(h, data)
	}
}

// lsb reports the lowest bit of the parameter at the end of a command.
func lsb(h []byte) bool { return h[len(h)-1]&1 != 0 }

// arg reads an argument that may be given as a number or as its digit.
func arg(n byte) int {
	if n >= '0' {
		return int(n - '0')
	}
	return int(n)
}

func le(b []byte) int { return int(b[0]) | int(b[1])<<8 }

func (p *Printer) setFlag(f styleFlags, is bool) {
	if is {
		p.style.flags |= f
	} else {
		p.style.flags &^= f
	}
}

// esc executes the commands that begin with ESC.
func (p *Printer) esc(h, data []byte) {
	n := h[len(h)-1]
	switch h[1] {
	case '@':
		p.reset()
	case '!':
		p.style.font = n & 1
		p.setFlag(styleBold, n&0x08 != 0)
		p.style.h = 1 + n>>4&1
		p.style.w = 1 + n>>5&1
		p.style.underline = n >> 7
	case 'E':
		p.setFlag(styleBold, lsb(h))
	case 'G':
		p.setFlag(styleBold, lsb(h))
	case '-':
		if v := arg(n); v <= 2 {
			p.style.underline = uint8(v)
		}
	case 'M':
		if v := arg(n); v <= 1 || v == 2 && p.pers.FontC[0] > 0 {
			p.style.font = uint8(v)
		}
	case 'V':
		if v := arg(n); v <= 2 {
			p.setFlag(styleTurned, v != 0)
		}
	case '{':
		if len(p.line) == 0 {
			p.setFlag(styleUpsideDown, lsb(h))
		}
	case 'r':
		p.setFlag(styleRed, n == 1 || n == '1')
	case ' ':
		p.style.spacing = uint8(min(255, p.dotsX(int(n))))
	case 'a':
		if v := arg(n); v <= 2 && len(p.line) == 0 {
			p.justify = v
		}
	case '2':
		p.spacing = p.pers.LineSpacing
	case '3':
		p.spacing = p.dotsY(int(n))
	case 'J':
		p.printLine(p.dotsY(int(n)))
	case 'd':
		p.feedLines(int(n))
	case 't':
		if _, ok := p.pers.CodePages[int(n)]; ok {
			p.codePage = n
		}
	case 'R':
		p.intl = n
	case '$':
		p.x = min(p.dotsX(le(h[2:])), p.area())
	case '\\':
		p.x = max(0, min(p.x+p.dotsX(int(int16(le(h[2:])))), p.area()))
	case 'D':
		p.tabs = p.tabs[:0]
		for _, v := range data {
			p.tabs = append(p.tabs, int(v))
		}
	case 'p':
		if v := arg(h[2]); v <= 1 {
			t1 := time.Duration(h[3]) * 2 * time.Millisecond
			t2 := time.Duration(h[4]) * 2 * time.Millisecond
			p.pulse(byte(v), t1, max(t1, t2))
		}
	case 'i':
		p.cutHere(FullCut, 0)
	case 'm':
		p.cutHere(PartialCut, 0)
	case 'c':
		switch h[2] {
		case '4':
			p.stopNearEnd = n&0x03 != 0
			p.heed()
		case '5':
			p.panelOff = lsb(h)
		}
	case '=':
		p.deselected = n&1 == 0
	case 'v':
		p.replyByte(p.condition.paperStatus())
	case 'u':
		p.replyByte(p.condition.drawerStatus())
	case '*':
		p.columns(h, data)
	case '&':
		p.defineGlyphs(h, data)
	case '%':
		p.userSet = lsb(h)
	case '?':
		delete(p.glyphs, glyphKey{p.style.font, n})
	case 'L', 'S', 'W', 'T', 0x0C:
		p.pageCommand(h)
	}
}

// feedLines is ESC d: it prints the line and feeds n lines.
func (p *Printer) feedLines(n int) {
	if len(p.line) > 0 {
		p.printLine(p.spacing)
		n--
	}
	for range n {
		p.printLine(p.spacing)
	}
}

// tab moves to the next tab position.
func (p *Printer) tab() {
	w, _ := p.cell(p.style)
	for _, t := range p.tabs {
		if x := t * w; x > p.x {
			p.x = min(x, p.area())
			return
		}
	}
}

// fs executes the commands that begin with FS.
func (p *Printer) fs(h, data []byte) {
	n := h[len(h)-1]
	switch h[1] {
	case '&':
		p.kanji = p.kanjiSet != multiNone
	case '.':
		p.kanji = false
		p.charN = 0
	case 'C':
		if p.pers.KanjiSet == "shift-jis" {
			switch arg(n) {
			case 0:
				p.kanjiSet = multiJIS
			case 1, 2:
				p.kanjiSet = multiShiftJIS
			}
		}
	case '!':
		p.kanjiW = 1 + n>>2&1
		p.kanjiH = 1 + n>>3&1
		p.kanjiUnderline = n >> 7
	case 'W':
		p.kanjiW, p.kanjiH = 1+n&1, 1+n&1
	case '-':
		if v := arg(n); v <= 2 {
			p.kanjiUnderline = uint8(v)
		}
	case 'p':
		p.printNVImage(int(h[2]), arg(n))
	case 'q':
		p.defineNVImages(h, data)
	case '(':
		args := append(append(p.argBuf[:0], h[5:]...), data...)
		if h[2] == 'C' && len(args) == 2 && arg(args[0]) == 0 && p.pers.UTF8 {
			p.utf8 = arg(args[1]) == 2
			p.charN = 0
		}
	}
}

// gs executes the commands that begin with GS.
func (p *Printer) gs(h, data []byte) {
	n := h[len(h)-1]
	switch h[1] {
	case '!':
		p.style.w, p.style.h = 1+n>>4&7, 1+n&7
	case 'B':
		p.setFlag(styleInvert, lsb(h))
	case 'L':
		if len(p.line) == 0 {
			p.margin = min(p.dotsX(le(h[2:])), p.pers.Width)
		}
	case 'W':
		if len(p.line) == 0 {
			p.areaWidth = p.dotsX(le(h[2:]))
		}
	case 'P':
		p.unitX, p.unitY = int(h[2]), int(h[3])
		if p.unitX == 0 {
			p.unitX = p.pers.UnitX
		}
		if p.unitY == 0 {
			p.unitY = p.pers.UnitY
		}
	case 'V':
		p.cutCommand(h)
	case 'a':
		if p.pers.ASB {
			if p.pers.ASBAlways {
				n |= p.pers.ASBDefault
			}
			p.setASB(n)
			if n != 0 {
				p.reply(p.lastASB[:]...)
			}
		}
	case 'r':
		switch arg(n) {
		case 1:
			p.replyByte(p.condition.paperStatus())
		case 2:
			p.replyByte(p.condition.drawerStatus())
		}
	case 'h', 'w', 'H', 'f':
		p.setBarcode(h[1], n)
	case 'k':
		p.printBarcode(h[2], data)
	case '*':
		p.downloaded = columnsToRows(data, 8*int(h[2]), int(h[3]))
	case '/':
		p.printBitmap(p.downloaded, arg(n))
	case '8':
		p.graphicsCommand(append(append([]byte(nil), h[7:]...), data...))
	case ':':
		p.defineMacro()
	case '^':
		p.runMacro(int(h[2]), time.Duration(h[3])*100*time.Millisecond, lsb(h))
	case '$', '\\':
		p.pageCommand(h)
	case 'I':
		p.identify(n)
	case 'g':
		p.maintenance(h)
	case '(':
		p.gsFamily(h, data)
	}
}

// cutCommand is GS V.
func (p *Printer) cutCommand(h []byte) {
	m := h[2]
	c := FullCut
	if m&1 != 0 {
		c = PartialCut
	}
	switch m {
	case 0, 1, '0', '1':
		p.cutHere(c, 0)
	case 97, 98:
		p.reserve(gsVCut(m), p.dotsY(int(h[len(h)-1])))
	case 'A', 'B', 103, 104:
		p.cutHere(gsVCut(m), p.pers.dots(p.pers.CutterMM)+p.dotsY(int(h[len(h)-1])))
	}
}

// gsVCut is the cut of the functions of GS V that come in pairs.
func gsVCut(m byte) Cut {
	switch m {
	case 'B', 98, 104:
		return PartialCut
	}
	return FullCut
}

// cutHere cuts, after a feed. It does nothing in the middle of a line.
func (p *Printer) cutHere(c Cut, feed int) {
	if len(p.line) == 0 {
		p.cut(c, feed)
	}
}

// gsFamily executes the commands that begin with GS (.
func (p *Printer) gsFamily(h, data []byte) {
	args := append(append(p.argBuf[:0], h[5:]...), data...)
	switch h[2] {
	case 'L':
		p.graphicsCommand(args)
	case 'k':
		p.symbolCommand(args)
	case 'C':
		p.userMemory(args)
	case 'E':
		p.setup(args)
	case 'H':
		switch {
		case len(args) == 6 && arg(args[0]) == 0 && p.pers.ProcessID:
			b := append([]byte{escpos.HeaderFunction, escpos.FunctionProcessID}, args[2:]...)
			p.reply(append(b, 0)...)
		case len(args) == 3 && arg(args[0]) == 1 && p.pers.OfflineResponse:
			p.offlineNote = byte(min(2, arg(args[2])))
		}
	case 'D':
		for i := 1; i+1 < len(args); i += 2 {
			switch args[i] {
			case 1:
				p.noPulse = args[i+1]&1 == 0
			case 2:
				p.powerDown = args[i+1]&1 != 0
			}
		}
	}
}
