package virtual

import "slices"

// A strip is the paper from the last cut to the head, with what has been
// printed on it. Positions are in dots, y from the upper edge of the strip.
type strip struct {
	items []item
	arena []byte // what the items refer to
	raw   []byte // the bytes that the printer executed for it
	y     int    // where the head is
}

// maxRaw bounds the raw bytes kept of one receipt.
const maxRaw = 1 << 20

type itemKind uint8

const (
	itemText    itemKind = iota
	itemBlank            // an empty line
	itemRaster           // rows of dots, most significant bit left
	itemColumns          // columns of dots, most significant bit on top
	itemBarcode          // one row of dots, repeated
	itemSymbol           // two-dimensional: rows of modules
	itemHRI              // the text beside a bar code
)

// An item is one thing on the paper: a run of text, a stripe of an image, a
// bar code.
type item struct {
	kind    itemKind
	style   style
	charset charset // text: how the bytes are to be read
	x, y    int32   // upper left corner
	w, h    int32   // as printed
	done    int32   // rows printed: less than h where printing was interrupted
	off, n  int32   // its bytes in the arena
	line    int32   // text of one line, and stripes of one image, have the same number
	stride  int32   // images: bytes a row or column
	mx, my  int8    // images and symbols: so many dots a dot, wide and high
	symbol  uint8   // bar codes and symbols: the symbol.Kind
	turn    uint8   // by so many quarters of a turn, anticlockwise: ESC T
	cut     bool    // the greater part is on the other side of a cut: not read as text here
}

// partial reports whether the item was interrupted.
func (it *item) partial() bool { return it.done < it.h }

// add puts items on the paper whose bytes are in from, shifted down by dy.
// It returns the index of the first.
func (s *strip) add(items []item, from []byte, dy int) int {
	first := len(s.items)
	for _, it := range items {
		off := len(s.arena)
		s.arena = append(s.arena, from[it.off:it.off+it.n]...)
		it.off = int32(off)
		it.y += int32(dy)
		it.done = it.h
		s.items = append(s.items, it)
	}
	return first
}

// consumed notes bytes that the printer has executed.
func (s *strip) consumed(b []byte) {
	s.raw = append(s.raw, b[:min(len(b), maxRaw-len(s.raw))]...)
}

// split takes off the upper part of the strip, down to y, as a piece of
// paper. The strip keeps what is below.
func (s *strip) split(y int) *piece {
	pc := &piece{height: y}
	if !crosses(s.items, y) {
		// The usual case: everything goes.
		pc.items, pc.arena, pc.raw = s.items, s.arena, s.raw
		*s = strip{
			items: make([]item, 0, min(len(pc.items), 1024)),
			arena: make([]byte, 0, min(len(pc.arena), 16<<10)),
			raw:   make([]byte, 0, min(len(pc.raw), 16<<10)),
			y:     s.y - y,
		}
		return pc
	}
	rest := strip{y: s.y - y}
	for _, it := range s.items {
		middle := int(it.y + it.h/2)
		if int(it.y) < y {
			up := it
			up.cut = middle >= y
			pc.items = append(pc.items, up)
		}
		if int(it.y+it.h) > y && !it.partial() {
			k := rest.add([]item{it}, s.arena, -y)
			rest.items[k].done = it.done
			rest.items[k].cut = middle < y
		}
	}
	pc.arena, pc.raw = s.arena, s.raw
	*s = rest
	return pc
}

// crosses reports whether an item reaches beyond y.
func crosses(items []item, y int) bool {
	for i := range items {
		if int(items[i].y+items[i].h) > y {
			return true
		}
	}
	return false
}

// lastLine returns a copy of the line that was printed last.
func (s *strip) lastLine() *strip {
	k := len(s.items)
	for k > 0 && s.items[k-1].line == s.items[len(s.items)-1].line {
		k--
	}
	last := new(strip)
	last.add(s.items[k:], s.arena, 0)
	return last
}

// erase removes what was to be printed below y.
func (s *strip) erase(y int) {
	s.items = slices.DeleteFunc(s.items, func(it item) bool { return int(it.y) >= y && it.h > 0 })
	for i := range s.items {
		it := &s.items[i]
		it.done = min(it.done, int32(y)-it.y)
	}
}
