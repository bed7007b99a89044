package virtual

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math/bits"
)

// Indices into the palette of a receipt's image.
const (
	paperWhite = iota
	inkBlack
	noPaper // beyond a torn edge
)

var receiptPalette = color.Palette{
	paperWhite: color.NRGBA{0xFD, 0xFC, 0xF8, 0xFF},
	inkBlack:   color.NRGBA{0x1C, 0x1B, 0x1F, 0xFF},
	noPaper:    color.NRGBA{},
}

// Image draws the receipt, dot for dot, on paper of its full width. The
// printable area is in the middle.
func (r Receipt) Image() *image.Paletted {
	size := r.Size()
	w, h := size.X, size.Y
	left := (w - r.pers.Width) / 2
	m := image.NewPaletted(image.Rectangle{Max: size}, receiptPalette)
	if r.pc == nil {
		return m
	}
	d := drawer{pers: r.pers, glyphs: newGlyphs(r.pers.KanjiSet), arena: r.pc.arena}
	paper := surface{pix: m.Pix, stride: m.Stride, w: w, h: h}
	for i := range r.pc.items {
		d.item(&paper, &r.pc.items[i], left)
	}
	if r.Torn {
		tear(&paper)
	}
	return m
}

// Size returns the dots of Image, without drawing it: metres of paper make a
// large one.
func (r Receipt) Size() image.Point {
	size := image.Pt(max(r.pers.dots(r.pers.PaperWidth), r.pers.Width), 1)
	if r.pc != nil {
		size.Y = max(1, r.pc.height)
	}
	return size
}

// WritePNG writes the receipt's image.
func (r Receipt) WritePNG(w io.Writer) error {
	return png.Encode(w, r.Image())
}

// tear draws the torn lower edge.
func tear(s *surface) {
	const depth = 12
	for x := range s.w {
		k := x % (2 * depth)
		if k > depth {
			k = 2*depth - k
		}
		k = k/2 + x*7/5%3
		for y := max(0, s.h-k); y < s.h; y++ {
			s.pix[y*s.stride+x] = noPaper
		}
	}
}

// A surface is what is drawn on: one byte a dot.
type surface struct {
	pix    []byte
	stride int
	w, h   int
}

// fill sets a rectangle, as far as it is on the surface.
func (s *surface) fill(x0, y0, x1, y1 int, v byte) {
	x0, x1 = max(0, x0), min(s.w, x1)
	for y := max(0, y0); y < min(s.h, y1) && x0 < x1; y++ {
		row := s.pix[y*s.stride+x0 : y*s.stride+x1]
		for i := range row {
			row[i] = v
		}
	}
}

// drawer draws items.
type drawer struct {
	pers   *Personality
	glyphs *glyphs
	arena  []byte
	runes  []rune
	spare  []byte
}

// item draws one item, as far as it has been printed.
func (d *drawer) item(s *surface, it *item, left int) {
	x, y := int(it.x)+left, int(it.y)
	clip := *s
	clip.h = min(s.h, y+int(it.done))
	if it.turn == 0 {
		d.upright(&clip, it, x, y, int(it.w), int(it.h))
		return
	}
	w, h := int(it.w), int(it.h)
	if it.turn&1 != 0 {
		w, h = h, w
	}
	if w <= 0 || h <= 0 || w*h > 64<<20 {
		return
	}
	if len(d.spare) < w*h {
		d.spare = make([]byte, w*h)
	}
	local := surface{pix: d.spare[:w*h], stride: w, w: w, h: h}
	clear(local.pix)
	d.upright(&local, it, 0, 0, w, h)
	for v := range h {
		for u := range w {
			if local.pix[v*w+u] == 0 {
				continue
			}
			px, py := u, v
			switch it.turn {
			case 1:
				px, py = v, w-1-u
			case 2:
				px, py = w-1-u, h-1-v
			case 3:
				px, py = h-1-v, u
			}
			clip.fill(x+px, y+py, x+px+1, y+py+1, inkBlack)
		}
	}
}

// upright draws an item that is not turned, in a box of w × h.
func (d *drawer) upright(s *surface, it *item, x, y, w, h int) {
	b := d.arena[it.off : it.off+it.n]
	switch it.kind {
	case itemText, itemHRI:
		d.text(s, it, b, x, y, h)
	case itemRaster, itemSymbol:
		for row := range h / max(1, int(it.my)) {
			at := row * int(it.stride)
			if at+int(it.stride) > len(b) {
				break
			}
			y0 := y + row*int(it.my)
			rowOfDots(s, b[at:at+int(it.stride)], x, w, y0, y0+int(it.my), int(it.mx))
		}
	case itemBarcode:
		rowOfDots(s, b[:it.stride], x, w, y, y+h, 1)
	case itemColumns:
		columnsOfDots(s, it, b, x, y)
	}
}

// rowOfDots draws one row of an image between y0 and y1.
func rowOfDots(s *surface, row []byte, x, w, y0, y1, mx int) {
	for i, v := range row {
		for ; v != 0; v &= v - 1 {
			// The lowest bit that is set is the rightmost dot.
			k := 8*i + 7 - bits.TrailingZeros8(v)
			if k*mx < w {
				s.fill(x+k*mx, y0, x+(k+1)*mx, y1, inkBlack)
			}
		}
	}
}

func columnsOfDots(s *surface, it *item, b []byte, x, y int) {
	stride, mx, my := int(it.stride), int(it.mx), int(it.my)
	for c := 0; (c+1)*stride <= len(b); c++ {
		for i, v := range b[c*stride : (c+1)*stride] {
			for k := 0; v != 0; k++ {
				if v&0x80 != 0 {
					y0 := y + (8*i+k)*my
					s.fill(x+c*mx, y0, x+(c+1)*mx, y0+my, inkBlack)
				}
				v <<= 1
			}
		}
	}
}

// text draws a run of text.
func (d *drawer) text(s *surface, it *item, b []byte, x, y, h int) {
	st := it.style
	cell, wide := d.pers.font(st), st.flags&styleKanji != 0
	mw, mh := int(st.w), int(st.h)
	cw := cell[0]
	if st.flags&styleTurned != 0 {
		cw = cell[1]
	}
	advance := (cw + int(st.spacing)) * mw
	d.runes = d.pers.decode(d.runes[:0], b, it.charset)
	if st.flags&styleInvert != 0 {
		s.fill(x, y, x+advance*len(d.runes), y+h, inkBlack)
	}
	for i, r := range d.runes {
		g := d.glyphs.get(r, cell[0], cell[1], wide)
		d.glyph(s, g, st, x+i*advance, y, mw, mh)
	}
	if u := int(st.underline); u > 0 && st.flags&(styleInvert|styleTurned) == 0 {
		s.fill(x, y+h-u*mh, x+advance*len(d.runes), y+h, inkBlack)
	}
}

// glyph draws one character.
func (d *drawer) glyph(s *surface, g *glyph, st style, x, y, mw, mh int) {
	v := byte(inkBlack)
	if st.flags&styleInvert != 0 {
		v = paperWhite
	}
	thick := mw
	if st.flags&styleBold != 0 {
		thick++
	}
	for gy := range g.h {
		row := g.dots[gy*g.w : (gy+1)*g.w]
		for gx, dot := range row {
			if dot == 0 {
				continue
			}
			px, py := gx, gy
			if st.flags&styleTurned != 0 {
				px, py = g.h-1-gy, gx
			}
			x0, y0 := x+px*mw, y+py*mh
			s.fill(x0, y0, x0+thick, y0+mh, v)
		}
	}
}
