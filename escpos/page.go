package escpos

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Direction is where text runs in an area of a page.
type Direction uint8

// The directions.
const (
	LeftToRight Direction = iota
	BottomToTop           // turned by 90° to the left
	RightToLeft           // upside down
	TopToBottom           // turned by 90° to the right
)

var directionNames = [...]string{"left-to-right", "bottom-to-top", "right-to-left", "top-to-bottom"}

// String returns the direction in words.
func (d Direction) String() string { return nameOf(directionNames[:], int(d)) }

// Area is a rectangle of a page, in dots from its upper left corner.
type Area struct {
	X, Y, Width, Height int
	Direction           Direction // of the text in it
}

// PageStart begins a page: what follows is not printed line by line, but put
// into areas, until PagePrint prints the whole. In it, there is no Align,
// Indent, UpsideDown, Cut or Feed that counts. Only printers whose profile
// says so have pages. Epson: ESC L.
func (d *Document) PageStart() *Document { return d.add(op{opHead: opHead{kind: opPageStart}}) }

// PageArea goes to an area of the page, at its beginning. Epson: ESC W and
// ESC T.
func (d *Document) PageArea(a Area) *Document {
	switch {
	case a.X < 0 || a.Y < 0 || a.Width < 1 || a.Height < 1 ||
		a.X > maxPage || a.Y > maxPage || a.Width > maxPage || a.Height > maxPage:
		return d.fail(opPageArea, fmt.Errorf("an area of %d × %d dots at %d, %d; sides of 1 to %d are possible", a.Width, a.Height, a.X, a.Y, maxPage))
	case int(a.Direction) >= len(directionNames):
		return d.fail(opPageArea, fmt.Errorf("there is no direction %d", a.Direction))
	case !d.room(8):
		return d.fail(opPageArea, errTooLarge)
	}
	off := len(d.arena)
	for _, v := range [...]int{a.X, a.Y, a.Width, a.Height} {
		d.arena = binary.LittleEndian.AppendUint16(d.arena, uint16(v))
	}
	return d.add(op{opHead: opHead{kind: opPageArea, a: uint8(a.Direction)},
		off: uint32(off), n: 8})
}

const maxPage = 16383

// PagePosition goes to a place in the area, in dots from its beginning: x
// along the text, y across it, to the base line. Epson: ESC $ and GS $.
func (d *Document) PagePosition(x, y int) *Document {
	if x < 0 || y < 0 || x > maxPage || y > maxPage {
		return d.fail(opPagePosition, fmt.Errorf("position %d, %d; 0 to %d are possible", x, y, maxPage))
	}
	return d.add(op{opHead: opHead{kind: opPagePosition},
		m: uint32(y)<<16 | uint32(x)})
}

// PagePrint prints the page and ends it. Epson: FF.
func (d *Document) PagePrint() *Document { return d.add(op{opHead: opHead{kind: opPagePrint}}) }

// areaOf is the reverse of Document.PageArea.
func (d *Document) areaOf(o *op) Area {
	v := func(i uint32) int { return int(binary.LittleEndian.Uint16(d.arena[o.off+2*i:])) }
	return Area{v(0), v(1), v(2), v(3), Direction(o.a)}
}

var (
	errNoPages  = errors.New("the printer has no page mode")
	errNoPage   = errors.New("there is no page; PageStart begins one")
	errPage     = errors.New("a page has begun before; PagePrint ends it")
	errOpenPage = errors.New("the page is not printed; PagePrint prints it")
	errInPage   = errors.New("not within a page")
)

// pageElement encodes an element of page mode.
func (e *encoder) pageElement(d *Document, o *op) error {
	switch {
	case !e.p.PageMode:
		return errNoPages
	case o.kind == opPageStart && e.inPage:
		return errPage
	case o.kind != opPageStart && !e.inPage:
		return errNoPage
	}
	switch o.kind {
	case opPageStart:
		if e.x > 0 {
			e.newline()
		}
		e.dst = append(e.dst, esc, 'L')
		e.inPage, e.dirty = true, true
	case opPageArea:
		a := d.areaOf(o)
		if a.X+a.Width > e.p.Width {
			return fmt.Errorf("%w: the area ends at %d dots of %d", errTooWide, a.X+a.Width, e.p.Width)
		}
		y, height := e.units(a.Y), e.units(a.Height)
		e.dst = append(e.dst, esc, 'W')
		for _, v := range [...]int{a.X, y, a.Width, height} {
			e.dst = binary.LittleEndian.AppendUint16(e.dst, uint16(min(v, 0xFFFF)))
		}
		e.dst = append(e.dst, esc, 'T', byte(a.Direction))
		e.areaDots = a.Width
		if a.Direction%2 != 0 {
			e.areaDots = a.Height
		}
		e.x = 0
		e.measure()
	case opPagePosition:
		x, y := o.m&0xFFFF, e.units(int(o.m>>16))
		e.dst = append(e.dst, esc, '$', byte(x), byte(x>>8), gs, '$', byte(y), byte(y>>8))
		e.x = 0
	case opPagePrint:
		e.dst = append(e.dst, ff)
		e.inPage, e.areaDots, e.x = false, 0, 0
		e.measure()
	}
	return nil
}
