package virtual

import (
	"slices"
	"strings"
)

// Cut is how a piece of paper was separated from the roll.
type Cut uint8

// The cuts. NoCut: the paper was torn off, or it is still in the printer.
const (
	NoCut Cut = iota
	FullCut
	PartialCut
)

// String returns "none", "full" or "partial".
func (c Cut) String() string {
	switch c {
	case FullCut:
		return "full"
	case PartialCut:
		return "partial"
	}
	return "none"
}

// A Receipt is a piece of paper that came out of the printer, from one cut
// to the next.
//
// The piece is the paper's, not the data's: what was printed within the
// distance between head and cutter before a cut is on the next piece, and a
// receipt that the paper ran out under is two pieces.
type Receipt struct {
	Number int      // 1 for the first that came out
	Text   string   // Lines, each with a newline behind it
	Lines  []string // the text on it, from top to bottom, without empty lines at the end
	Length float64  // mm
	Cut    Cut
	Torn   bool   // no cut: the roll ended here, or was taken out
	Raw    []byte // the bytes that printed it, of which the first MiB is kept

	pers *Personality
	pc   *piece
}

// A piece is a piece of paper as it lies on the counter. It is not changed
// any more.
type piece struct {
	number int
	height int // dots
	cut    Cut
	torn   bool
	items  []item
	arena  []byte
	raw    []byte
}

func (pc *piece) receipt(p *Personality) Receipt {
	lines := pc.lines(p)
	text := ""
	if len(lines) > 0 {
		text = strings.Join(lines, "\n") + "\n"
	}
	return Receipt{
		Number: pc.number, Text: text, Lines: lines, Length: p.mm(pc.height),
		Cut: pc.cut, Torn: pc.torn, Raw: pc.raw, pers: p, pc: pc,
	}
}

// lines reads the text of the piece. Space between two runs on a line comes
// out as blanks, as many as characters would have had room; the shift of
// centred and right-aligned lines does not.
func (pc *piece) lines(p *Personality) []string {
	var lines []string
	var buf []rune
	items := pc.items
	for i := 0; i < len(items); {
		it := &items[i]
		if it.kind == itemBlank {
			lines = append(lines, "")
			i++
			continue
		}
		if it.kind != itemText && it.kind != itemColumns {
			i++
			continue
		}
		j := i + 1
		for j < len(items) && items[j].line == it.line {
			j++
		}
		run := items[i:j]
		i = j
		if slices.ContainsFunc(run, notText) { // an image in the line
			run = slices.DeleteFunc(slices.Clone(run), notText)
		}
		if len(run) == 0 || run[0].cut || slices.ContainsFunc(run, func(it item) bool { return it.partial() }) {
			continue // not readable
		}
		buf = p.readLine(buf[:0], run, pc.arena)
		lines = append(lines, string(buf))
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// readLine appends the text of one line to buf.
func (p *Personality) readLine(buf []rune, run []item, arena []byte) []rune {
	if !slices.IsSortedFunc(run, byX) {
		run = slices.Clone(run)
		slices.SortStableFunc(run, byX)
	}
	for i := range run {
		it := &run[i]
		if i > 0 {
			last := &run[i-1]
			if gap := int(it.x - last.x - last.w); gap > 0 {
				cell := max(1, p.FontA[0]*int(last.style.w))
				for range max(1, (gap+cell/2)/cell) {
					buf = append(buf, ' ')
				}
			}
		}
		buf = p.decode(buf, arena[it.off:it.off+it.n], it.charset)
	}
	return buf
}

// byX orders a line as it is read.
func byX(a, b item) int {
	if a.turn == 2 && b.turn == 2 {
		return int(b.x - a.x)
	}
	return int(a.x - b.x)
}

func notText(it item) bool { return it.kind != itemText }

// Blank reports whether nothing is printed on the paper.
func (r Receipt) Blank() bool {
	return r.pc == nil || !slices.ContainsFunc(r.pc.items, func(it item) bool { return it.kind != itemBlank })
}
