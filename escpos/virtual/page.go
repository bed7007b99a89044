package virtual

import "slices"

// page is page mode: text and images are put on a page in any order and
// direction, and printed together.
type page struct {
	pageMode  bool
	left, top int // the area of ESC W, in dots
	width     int
	height    int
	direction int // ESC T: 0 from the upper left, then anticlockwise
	down      int // the position across the direction of print: the lower edge of what comes next
	pageItems []item
	pageBytes []byte
}

// The length of a page, as much as the printer's memory has room for (Epson
// ESC/POS, ESC W: model dependent).
const maxPageHeight = 2400 // dots

// maxPage bounds the bytes on a page.
const maxPage = 256 << 10

// along is the length of a line: the extent of the area in the direction of
// print.
func (g *page) along() int {
	if g.direction&1 != 0 {
		return max(1, g.height)
	}
	return max(1, g.width)
}

// pageCommand executes what only page mode knows.
func (p *Printer) pageCommand(h []byte) {
	g := &p.page
	if h[0] == 0x1B && h[1] == 'L' {
		if !g.pageMode && len(p.line) == 0 {
			p.enterPage()
		}
		return
	}
	if h[0] == 0x1B && h[1] == 'W' && len(h) >= 10 {
		// Takes effect in page mode, and is remembered in standard mode.
		x, y := p.dotsX(le(h[2:])), p.dotsY(le(h[4:]))
		w, ht := p.dotsX(le(h[6:])), p.dotsY(le(h[8:]))
		if g.pageMode && x < p.pers.Width && y < maxPageHeight && w > 0 && ht > 0 {
			g.place(p, 0)
			g.left, g.top = x, y
			g.width, g.height = min(w, p.pers.Width-x), min(ht, maxPageHeight-y)
			g.home(p)
		}
		return
	}
	if !g.pageMode {
		return
	}
	n := h[len(h)-1]
	switch h[1] {
	case 'S':
		p.leavePage()
	case 'T':
		if v := arg(n); v <= 3 {
			g.place(p, 0)
			g.direction = v
			g.home(p)
		}
	case 0x0C:
		p.printPage()
	case '$':
		x := p.x
		g.place(p, 0)
		p.x, g.down = x, p.dotsY(le(h[2:]))
	case '\\':
		x := p.x
		g.place(p, 0)
		p.x, g.down = x, max(0, g.down+p.dotsY(int(int16(le(h[2:])))))
	}
}

// enterPage is ESC L.
func (p *Printer) enterPage() {
	p.page = page{pageMode: true, width: p.pers.Width, height: maxPageHeight}
	p.page.home(p)
}

// leavePage is ESC S, and what ESC @ does to a page.
func (p *Printer) leavePage() {
	if p.pageMode {
		p.page = page{}
		p.clearLine()
	}
}

// home moves to the beginning of the area.
func (g *page) home(p *Printer) {
	_, h := p.cell(p.style)
	p.x, g.down = 0, h
}

// place puts the line onto the page, its lower edge at the present position,
// and moves on by feed dots. Text that reaches beyond the area is lost.
func (g *page) place(p *Printer, feed int) {
	n := p.nextLine()
	for _, it := range p.line {
		bytes := p.lineBytes[it.off : it.off+it.n]
		if len(g.pageBytes)+len(bytes) > maxPage {
			break
		}
		it.off = int32(len(g.pageBytes))
		g.pageBytes = append(g.pageBytes, bytes...)
		top := int32(g.down) + it.y
		if it.y == 0 {
			top -= it.h
		}
		it.line = n
		g.turn(&it, top)
		it.done = it.h
		g.pageItems = append(g.pageItems, it)
	}
	p.clearLine()
	g.down += feed
}

// turn moves an item from its place in the direction of print to its place on
// the page.
func (g *page) turn(it *item, top int32) {
	x, w, h := it.x, it.w, it.h
	switch g.direction {
	case 0:
		it.x, it.y = int32(g.left)+x, int32(g.top)+top
	case 1: // upwards, from the lower left
		it.x, it.y = int32(g.left)+top, int32(g.top+g.height)-x-w
		it.w, it.h = h, w
	case 2: // upside down, from the lower right
		it.x, it.y = int32(g.left+g.width)-x-w, int32(g.top+g.height)-top-h
	case 3: // downwards, from the upper right
		it.x, it.y = int32(g.left+g.width)-top-h, int32(g.top)+x
		it.w, it.h = h, w
	}
	it.turn = uint8(g.direction)
}

// clearPage is CAN: it erases the area.
func (p *Printer) clearPage() {
	g := &p.page
	p.clearLine()
	g.pageItems = slices.DeleteFunc(g.pageItems, func(it item) bool {
		return int(it.x) >= g.left && int(it.x) < g.left+g.width && int(it.y) >= g.top && int(it.y) < g.top+g.height
	})
	if len(g.pageItems) == 0 {
		g.pageBytes = g.pageBytes[:0]
	}
	g.home(p)
}

// printPage prints the page down to the lower edge of the area.
func (p *Printer) printPage() {
	g := &p.page
	g.place(p, 0)
	bottom := int32(g.top + g.height)
	items := slices.DeleteFunc(slices.Clone(g.pageItems), func(it item) bool {
		return it.y < 0 || it.y+it.h > bottom || it.x < 0 || int(it.x+it.w) > p.pers.Width
	})
	slices.SortStableFunc(items, func(a, b item) int {
		if a.line != b.line && a.y+a.h != b.y+b.h {
			return int(a.y + a.h - b.y - b.h)
		}
		return int(a.x - b.x)
	})
	// What stands on one height is one line of text.
	for i := range items {
		if i == 0 || items[i].y+items[i].h != items[i-1].y+items[i-1].h || items[i].turn != 0 {
			p.nextLine()
		}
		items[i].line = p.lineNo
	}
	p.strip.add(items, g.pageBytes, p.strip.y)
	p.feed(int(bottom))
}
