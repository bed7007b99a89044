package escpos

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Overflow says what becomes of text that is wider than its column.
type Overflow uint8

// The kinds of overflow. Wrap is the zero value.
const (
	Wrap     Overflow = iota // goes on in the next line, at words where it can
	Ellipsis                 // is cut, and ends in an ellipsis
	Clip                     // is cut
)

var overflowNames = [...]string{"wrap", "ellipsis", "clip"}

// String returns "wrap", "ellipsis" or "clip".
func (o Overflow) String() string { return nameOf(overflowNames[:], int(o)) }

// Column is one column of a Row.
type Column struct {
	Text string
	// Width in cells: characters at the font and size that are set, of which
	// a wide character takes two. Columns of width 0 share what the others
	// leave, evenly, the first of them taking the remainder.
	Width    int
	Align    Alignment
	Overflow Overflow
}

// MaxColumns is how many columns a row can have.
const MaxColumns = 32

var errNoColumns = errors.New("there are no columns")

// Row prints columns side by side, as many lines as the longest needs, and
// ends the line. There is no gap between columns but the one that their
// widths and alignments leave. Together they must fit the paper: if they do
// not, AppendEncode fails.
func (d *Document) Row(cols ...Column) *Document {
	if len(cols) == 0 {
		return d.fail(opRow, errNoColumns)
	}
	if len(cols) > MaxColumns {
		return d.fail(opRow, fmt.Errorf("%d columns; at most %d are possible", len(cols), MaxColumns))
	}
	size := 0
	for i := range cols {
		c := &cols[i]
		switch {
		case c.Width < 0 || c.Width > maxColumnWidth:
			return d.fail(opRow, fmt.Errorf("column %d is %d cells wide; 0 to %d are possible", i, c.Width, maxColumnWidth))
		case int(c.Align) >= len(alignmentNames):
			return d.fail(opRow, fmt.Errorf("column %d: there is no alignment %d", i, c.Align))
		case int(c.Overflow) >= len(overflowNames):
			return d.fail(opRow, fmt.Errorf("column %d: there is no overflow %d", i, c.Overflow))
		}
		size += 3 * len(c.Text)
	}
	if !d.room(size) {
		return d.fail(opRow, errTooLarge)
	}
	if !d.more(opRow, 1+len(cols)) {
		return d
	}
	row, off := len(d.ops), len(d.arena)
	d.ops = append(d.ops, op{opHead: opHead{kind: opRow, a: uint8(len(cols))}, off: uint32(off)})
	for i := range cols {
		c := &cols[i]
		off := len(d.arena)
		flags := d.store(c.Text, true)
		d.ops = append(d.ops, op{opHead: opHead{kind: opColumn, a: uint8(c.Align), b: uint8(c.Overflow), c: flags},
			off: uint32(off), n: uint32(len(d.arena) - off), m: uint32(c.Width)})
	}
	d.columns += len(cols)
	d.ops[row].n = uint32(len(d.arena) - off)
	return d
}

const maxColumnWidth = 1000

// Rule fills a line with r; 0 means '-'.
func (d *Document) Rule(r rune) *Document {
	if r == 0 {
		r = '-'
	}
	if !utf8.ValidRune(r) || r < 0x20 {
		return d.fail(opRule, fmt.Errorf("%U cannot fill a line", r))
	}
	return d.add(op{opHead: opHead{kind: opRule},
		m: uint32(r)})
}

// Paragraph prints text wrapped at words, and ends the line. Line ends in
// the text are kept; a tab counts as a space.
func (d *Document) Paragraph(s string) *Document {
	return d.text(opParagraph, s, false)
}

// paragraph writes arena[i:j] wrapped.
func (e *encoder) paragraph(i, j int) {
	e.freshLine()
	for {
		end, _, next := e.breakLine(i, j, e.cols)
		e.text(i, end)
		e.newline()
		if next >= j {
			return
		}
		i = next
	}
}

// room returns n bytes behind what is written.
func (e *encoder) room(n int) []byte {
	end := len(e.dst)
	if cap(e.dst)-end < n {
		e.dst = slices.Grow(e.dst, n)
	}
	return e.dst[end : end+n]
}

// row writes columns side by side, line by line.
func (e *encoder) row(cols []op) error {
	e.freshLine()
	var (
		at    [MaxColumns]int // where each column's text goes on
		width [MaxColumns]int
		total int
		free  int
	)
	for c := range cols {
		at[c] = int(cols[c].off)
		width[c] = int(cols[c].m)
		total += width[c]
		if width[c] == 0 {
			free++
		}
	}
	if total+free > e.cols {
		return fmt.Errorf("the columns take %d cells of the line's %d", total+free, e.cols)
	}
	for c := range cols {
		if width[c] == 0 {
			width[c] = (e.cols - total + free - 1) / free
			total += width[c]
			free--
		}
	}
	for more := true; more; {
		more = false
		x, gap := 0, 0 // written up to x, and gap cells that are only written if text follows
		for c := range cols {
			o := &cols[c]
			end := int(o.off + o.n)
			stop, cells, next, dots := at[c], 0, end, false
			switch {
			case at[c] >= end:
			case Overflow(o.b) == Wrap:
				stop, cells, next = e.breakLine(at[c], end, width[c])
			default:
				stop, cells, dots = e.clip(at[c], end, width[c], Overflow(o.b) == Ellipsis)
			}
			before := 0
			switch Alignment(o.a) {
			case Center:
				before = (width[c] - cells) / 2
			case Right:
				before = width[c] - cells
			}
			if gap += before; cells > 0 {
				e.skip(x, gap)
				e.text(at[c], stop)
				if dots {
					e.dst = append(e.dst, ellipsisFor(width[c])...)
				}
				x, gap = x+gap+cells, 0
			}
			gap += width[c] - before - cells
			at[c] = next
			more = more || next < end
		}
		e.newline()
	}
	return nil
}

// rule fills a line with one rune.
func (e *encoder) rule(r rune) {
	e.freshLine()
	if r < 0x7F {
		line := e.room(e.cols + 8)
		for k := 0; k < e.cols; k += 8 {
			binary.LittleEndian.PutUint64(line[k:], 0x0101010101010101*uint64(r))
		}
		e.dst = e.dst[:len(e.dst)+e.cols]
		e.newline()
		return
	}
	if g := e.p.glyph(r); g.kind == substituted {
		e.report(e.base, r, g.with)
		r = '-'
		if g.with != "" {
			r, _ = utf8.DecodeRuneInString(g.with)
		}
	}
	for n := e.cols / max(e.runeCells(r), 1); n > 0; n-- {
		if r < utf8.RuneSelf {
			e.dst = append(e.dst, byte(r))
		} else {
			e.put(r, e.base, e.base)
		}
	}
	e.newline()
}

const spaces = "                                                                "

// skip moves from cell x to the right by n cells.
func (e *encoder) skip(x, n int) {
	for n > len(spaces) {
		e.dst = append(e.dst, spaces...)
		n -= len(spaces)
	}
	if n > 0 {
		e.dst = append(e.dst, spaces[:n]...)
	}
}

// cells measures arena[i:j], which has no line feed.
func (e *encoder) cells(i, j int) int {
	n := 0
	for i < j {
		if c := e.arena[i]; c < utf8.RuneSelf {
			n++
			i++
			continue
		}
		r, size := utf8.DecodeRune(e.arena[i:j])
		n += e.runeCells(r)
		i += size
	}
	return n
}

// breakLine finds how much of arena[i:j] fits into a line of width cells: it
// is arena[i:end] and takes cells; the next line begins at next, which is j
// when nothing is left. A line ends at a line feed, else behind a word, else
// behind a grapheme. At least one grapheme is taken, even where it is wider
// than the line.
func (e *encoder) breakLine(i, j, width int) (end, cells, next int) {
	start := i
	breakEnd, breakCells, breakNext := -1, 0, 0 // the last place to break at
	state := -1
	for i < j {
		if e.arena[i] == '\n' {
			return i, cells, i + 1
		}
		n, w, mayBreak, s := e.nextGrapheme(i, j, state)
		state = s
		if cells+w > width && i > start {
			// A space that hangs over the edge is not printed.
			if e.arena[i] == ' ' {
				breakEnd, breakCells, breakNext = i, cells, i+1
			}
			if breakEnd < 0 {
				return i, cells, i
			}
			for breakNext < j && e.arena[breakNext] == ' ' {
				breakNext++
			}
			if breakNext < j && e.arena[breakNext] == '\n' {
				breakNext++
			}
			return breakEnd, breakCells, breakNext
		}
		if e.arena[i] == ' ' {
			breakEnd, breakCells, breakNext = i, cells, i+n
		} else if mayBreak {
			breakEnd, breakCells, breakNext = i+n, cells+w, i+n
		}
		cells += w
		i += n
	}
	return j, cells, j
}

// clip finds how much of the first line of arena[i:j] fits into width cells,
// and whether an ellipsis, whose room is then counted in cells, must follow.
func (e *encoder) clip(i, j, width int, ellipsis bool) (end, cells int, dots bool) {
	room := 0
	if ellipsis {
		room = len(ellipsisFor(width))
	}
	start, cut, cutCells := i, i, 0 // up to where an ellipsis still fits
	state := -1
	for i < j && e.arena[i] != '\n' {
		n, w, _, s := e.nextGrapheme(i, j, state)
		state = s
		if cells+w > width {
			if room == 0 || room > width {
				return i, cells, false
			}
			return cut, cutCells + room, true
		}
		cells += w
		i += n
		if cells+room <= width {
			cut, cutCells = i, cells
		}
	}
	if i < j && room > 0 && room <= width && i > start {
		// Further lines are left out: that is a cut, too.
		return cut, cutCells + room, true
	}
	return i, cells, false
}

// ellipsisFor returns the ellipsis for a column, in characters that every
// printer has.
func ellipsisFor(width int) string {
	if width < 6 {
		return "."
	}
	return "..."
}

// nextGrapheme measures the grapheme at arena[i:j] and tells whether a line
// may be broken behind it. state is -1 at first, then what the last call
// returned.
func (e *encoder) nextGrapheme(i, j, state int) (n, cells int, mayBreak bool, next int) {
	b := e.arena[i:j]
	if b[0] < utf8.RuneSelf && (len(b) == 1 || b[1] < utf8.RuneSelf) && b[0] != '\r' {
		return 1, 1, b[0] == '-', -1
	}
	cluster, _, boundaries, next := uniseg.Step(b, state)
	for k := 0; k < len(cluster); {
		r, size := utf8.DecodeRune(cluster[k:])
		cells += e.runeCells(r)
		k += size
	}
	return len(cluster), cells, boundaries&uniseg.MaskLine != uniseg.LineDontBreak, next
}
