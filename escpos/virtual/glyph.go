package virtual

import (
	"image"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// A glyph is a character drawn in its cell, one byte a dot: 0 or 1.
type glyph struct {
	w, h int
	dots []byte
}

func newGlyph(w, h int) *glyph { return &glyph{w, h, make([]byte, w*h)} }

// at returns a dot, and white outside of the cell.
func (g *glyph) at(x, y int) byte {
	if uint(x) >= uint(g.w) || uint(y) >= uint(g.h) {
		return 0
	}
	return g.dots[y*g.w+x]
}

// The face has cells of 16 rows, of which 12 hold the characters. They are 6
// dots wide, or 12.
const (
	faceTop  = 2
	faceRows = 12
	faceBase = 12 // where the base line is
)

// glyphs draws characters, and keeps those it has drawn.
type glyphs struct {
	narrow, wide font.Face
	made         map[glyphSize]*glyph
}

type glyphSize struct {
	r    rune
	w, h int
}

// newGlyphs picks the faces that have the characters of a Kanji set in their
// national form.
func newGlyphs(kanjiSet string) *glyphs {
	g := &glyphs{narrow: bitmapfont.Face, wide: bitmapfont.FaceEA, made: make(map[glyphSize]*glyph)}
	switch kanjiSet {
	case "gb18030":
		g.narrow, g.wide = bitmapfont.FaceSC, bitmapfont.FaceSCEA
	case "big5":
		g.narrow, g.wide = bitmapfont.FaceTC, bitmapfont.FaceTCEA
	}
	return g
}

// get returns a character in a cell of w × h dots.
func (g *glyphs) get(r rune, w, h int, wide bool) *glyph {
	key := glyphSize{r, w, h}
	if got := g.made[key]; got != nil {
		return got
	}
	made := newGlyph(w, h)
	switch {
	case r == ' ' || r == '\u3000':
	case drawBox(made, r):
	default:
		face := g.narrow
		if wide {
			face = g.wide
		}
		small := faceGlyph(face, r)
		if small.w > faceRows/2 && !wide {
			small = small.scale(faceRows/2, faceRows)
		}
		made = small.double().scale(w, h)
	}
	g.made[key] = made
	return made
}

// faceGlyph reads a character out of a face.
func faceGlyph(face font.Face, r rune) *glyph {
	dr, mask, at, _, ok := face.Glyph(fixed.P(0, faceBase), r)
	if !ok {
		dr, mask, at, _, ok = face.Glyph(fixed.P(0, faceBase), '□')
	}
	if !ok {
		return newGlyph(faceRows/2, faceRows)
	}
	g := newGlyph(dr.Dx(), faceRows)
	for y := range g.h {
		for x := range g.w {
			if dark(mask, at.X+x, at.Y+faceTop+y) {
				g.dots[y*g.w+x] = 1
			}
		}
	}
	return g
}

func dark(m image.Image, x, y int) bool {
	_, _, _, a := m.At(x, y).RGBA()
	return a >= 0x8000
}

// double makes a character twice as large and rounds its corners, by the rule
// known as Scale2x: a dot takes the colour of two neighbours that meet at its
// corner, if they agree and the others do not.
func (g *glyph) double() *glyph {
	d := newGlyph(2*g.w, 2*g.h)
	for y := range g.h {
		for x := range g.w {
			c := g.at(x, y)
			up, down, left, right := g.at(x, y-1), g.at(x, y+1), g.at(x-1, y), g.at(x+1, y)
			a, b, e, f := c, c, c, c
			if left != right && up != down {
				if left == up {
					a = left
				}
				if up == right {
					b = right
				}
				if left == down {
					e = left
				}
				if down == right {
					f = right
				}
			}
			row := 2*y*d.w + 2*x
			d.dots[row], d.dots[row+1] = a, b
			d.dots[row+d.w], d.dots[row+d.w+1] = e, f
		}
	}
	return d
}

// scale fits a character into a cell of w × h. A dot is black where at least
// two fifths of what it stands for are: thin strokes survive.
func (g *glyph) scale(w, h int) *glyph {
	if w == g.w && h == g.h {
		return g
	}
	s := newGlyph(w, h)
	for y := range h {
		y0, y1 := y*g.h, (y+1)*g.h
		for x := range w {
			x0, x1 := x*g.w, (x+1)*g.w
			black := 0
			for sy := y0 / h; sy*h < y1; sy++ {
				part := min(y1, (sy+1)*h) - max(y0, sy*h)
				for sx := x0 / w; sx*w < x1; sx++ {
					if g.at(sx, sy) != 0 {
						black += part * (min(x1, (sx+1)*w) - max(x0, sx*w))
					}
				}
			}
			if 5*black >= 2*g.w*g.h {
				s.dots[y*w+x] = 1
			}
		}
	}
	return s
}

// Arms of a box-drawing character: to which sides it reaches, two bits each,
// 1 for a thin stroke and 2 for a thick or double one.
const (
	armUp = iota
	armDown
	armLeft
	armRight
)

var boxArms = map[rune][4]byte{
	'─': {0, 0, 1, 1}, '━': {0, 0, 2, 2}, '═': {0, 0, 2, 2},
	'│': {1, 1, 0, 0}, '┃': {2, 2, 0, 0}, '║': {2, 2, 0, 0},
	'┌': {0, 1, 0, 1}, '┐': {0, 1, 1, 0}, '└': {1, 0, 0, 1}, '┘': {1, 0, 1, 0},
	'├': {1, 1, 0, 1}, '┤': {1, 1, 1, 0}, '┬': {0, 1, 1, 1}, '┴': {1, 0, 1, 1}, '┼': {1, 1, 1, 1},
	'╔': {0, 2, 0, 2}, '╗': {0, 2, 2, 0}, '╚': {2, 0, 0, 2}, '╝': {2, 0, 2, 0},
	'╠': {2, 2, 0, 2}, '╣': {2, 2, 2, 0}, '╦': {0, 2, 2, 2}, '╩': {2, 0, 2, 2}, '╬': {2, 2, 2, 2},
	'╒': {0, 1, 0, 2}, '╓': {0, 2, 0, 1}, '╕': {0, 1, 2, 0}, '╖': {0, 2, 1, 0},
	'╘': {1, 0, 0, 2}, '╙': {2, 0, 0, 1}, '╛': {1, 0, 2, 0}, '╜': {2, 0, 1, 0},
	'╞': {1, 1, 0, 2}, '╟': {2, 2, 0, 1}, '╡': {1, 1, 2, 0}, '╢': {2, 2, 1, 0},
	'╤': {0, 1, 2, 2}, '╥': {0, 2, 1, 1}, '╧': {1, 0, 2, 2}, '╨': {2, 0, 1, 1},
	'╪': {1, 1, 2, 2}, '╫': {2, 2, 1, 1},
}

// drawBox draws lines and blocks, which must reach the edges of the cell, so
// that they join. It reports whether r is one.
func drawBox(g *glyph, r rune) bool {
	fill := func(x0, y0, x1, y1 int) {
		for y := max(0, y0); y < min(g.h, y1); y++ {
			for x := max(0, x0); x < min(g.w, x1); x++ {
				g.dots[y*g.w+x] = 1
			}
		}
	}
	switch r {
	case '█':
		fill(0, 0, g.w, g.h)
		return true
	case '▄':
		fill(0, g.h/2, g.w, g.h)
		return true
	case '▀':
		fill(0, 0, g.w, g.h/2)
		return true
	case '▌':
		fill(0, 0, g.w/2, g.h)
		return true
	case '▐':
		fill(g.w/2, 0, g.w, g.h)
		return true
	case '░', '▒', '▓':
		for i := range g.dots {
			x, y := i%g.w, i/g.w
			light, half := x%2 == 0 && y%2 == 0, (x+y)%2 == 0
			if r == '░' && light || r == '▒' && half || r == '▓' && (half || light || y%2 == 0) {
				g.dots[i] = 1
			}
		}
		return true
	}
	arms, ok := boxArms[r]
	if !ok {
		return false
	}
	cx, cy := g.w/2-1, g.h/2-1
	for side, weight := range arms {
		if weight == 0 {
			continue
		}
		t := int(weight) // half of the stroke, so to say: 2 dots, or 4
		switch side {
		case armUp:
			fill(cx+1-t, 0, cx+1+t, cy+1+t)
		case armDown:
			fill(cx+1-t, cy+1-t, cx+1+t, g.h)
		case armLeft:
			fill(0, cy+1-t, cx+1+t, cy+1+t)
		case armRight:
			fill(cx+1-t, cy+1-t, g.w, cy+1+t)
		}
	}
	return true
}
