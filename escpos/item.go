package escpos

import "slices"

// The longest texts of an item that is brief.
const (
	briefLeft  = slack
	briefRight = 16
)

// Item prints left at the left margin and right at the right one, in one
// line, as in a list of goods and prices. A left text that is too long goes
// on in further lines, and right stands in the last of them.
func (d *Document) Item(left, right string) *Document {
	off, n := len(d.arena), len(left)
	if n <= briefLeft && 0 < len(right) && len(right) <= briefRight &&
		cap(d.arena)-off >= briefLeft+slack && len(d.ops) < cap(d.ops) && d.err == nil {
		// The usual case, in one go.
		text := (*[briefLeft + slack]byte)(d.arena[off : off+briefLeft+slack])
		if (copyShort((*[slack]byte)(text[:]), left)|copyShort((*[slack]byte)(text[n:]), right))&wordHigh == 0 {
			d.arena = d.arena[:off+n+len(right)]
			d.ops = append(d.ops, op{opHead: opHead{kind: opItem, c: plain | oneLine | brief},
				off: uint32(off), n: uint32(n + len(right)), m: uint32(n)})
			return d
		}
	}
	return d.itemSlow(left, right)
}

// itemSlow is Item for any texts.
func (d *Document) itemSlow(left, right string) *Document {
	if !d.room(3 * (len(left) + len(right))) {
		return d.fail(opItem, errTooLarge)
	}
	off := len(d.arena)
	flags := d.store(left, true)
	n := len(d.arena) - off
	flags &= d.store(right, true)
	return d.add(op{opHead: opHead{kind: opItem, c: flags}, off: uint32(off), n: uint32(len(d.arena) - off), m: uint32(n)})
}

// briefItems writes the items that ops begins with, as long as they are brief
// and fit into a line, and returns how many it wrote.
func (e *encoder) briefItems(ops []op) int {
	const (
		texts   = briefLeft + briefRight
		longest = 128 // bytes that are written, those too many included
	)
	cols := e.cols
	if cols > 64 {
		return 0
	}
	e.dst = slices.Grow(e.dst, longest)
	n, dst, arena := len(e.dst), e.dst[:cap(e.dst)], e.arena
	for i := range ops {
		o := &ops[i]
		off, left, gap := int(o.off), int(o.m), cols-int(o.n)
		if o.kind != opItem || o.c&brief == 0 || gap <= 0 || n+longest > len(dst) || off+texts > len(arena) || left > briefLeft {
			e.dst = dst[:n]
			return i
		}
		// Blocks of fixed size are copied without calls and loops. What of a
		// block is too much is covered by the next one.
		text, line := (*[texts]byte)(arena[off:off+texts]), (*[longest]byte)(dst[n:n+longest])
		*(*[16]byte)(line[:]) = [16]byte(text[:])
		*(*[16]byte)(line[16:]) = [16]byte(text[16:])
		*(*[32]byte)(line[left:]) = blank
		if gap > 32 {
			*(*[32]byte)(line[left+32:]) = blank
		}
		*(*[16]byte)(line[left+gap : left+gap+16]) = [16]byte(text[left:])
		line[cols] = '\n'
		n += cols + 1
	}
	e.dst = dst[:n]
	return len(ops)
}

var blank = [32]byte([]byte(spaces))

// item writes a text at either end of a line.
func (e *encoder) item(o *op) {
	e.freshLine()
	i := int(o.off)
	m, j := i+int(o.m), i+int(o.n)
	right := e.cells(m, j)
	room := e.cols - right - 1 // for the left text in the last line
	w := 0
	for i < m {
		end, cells, next := e.breakLine(i, m, e.cols)
		if next == m && cells > room && room > 0 {
			end, cells, next = e.breakLine(i, m, room)
		}
		e.text(i, end)
		if i = next; i == m && cells <= room {
			w = cells
			break
		}
		e.newline()
	}
	if m < j {
		e.skip(w, e.cols-right-w)
		e.text(m, j)
	}
	e.newline()
}
