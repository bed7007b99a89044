package virtual

import (
	"strings"
	"unicode/utf8"
)

// A picture has one character for so many dots: a cell of font A with its
// share of the line spacing.
const (
	pictureW = 12
	pictureH = 30
)

// Picture draws the receipt with characters, for a terminal: text where it
// stands, everything else in Braille dots. Lines have no trailing blanks.
// Length above one line a row of text is kept, so that proportions are
// roughly right.
func (r Receipt) Picture() string {
	if r.pc == nil {
		return ""
	}
	width := (r.pers.Width + pictureW - 1) / pictureW
	grid := make([][]rune, (r.pc.height+pictureH-1)/pictureH)
	for i := range grid {
		grid[i] = make([]rune, width)
	}
	d := drawer{pers: r.pers, glyphs: newGlyphs(r.pers.KanjiSet), arena: r.pc.arena}
	dots := surface{w: r.pers.Width, h: r.pc.height}
	for i := range r.pc.items {
		it := &r.pc.items[i]
		switch it.kind {
		case itemText, itemHRI:
			if !it.partial() && !it.cut && it.turn == 0 {
				r.writeRun(grid, it)
			}
		case itemBlank:
		default:
			if dots.pix == nil {
				dots.stride = dots.w
				dots.pix = make([]byte, dots.w*dots.h)
			}
			d.item(&dots, it, 0)
		}
	}
	var b strings.Builder
	for y, row := range grid {
		line := make([]rune, 0, width)
		for x, c := range row {
			switch {
			case c == covered:
				continue
			case c == 0 && dots.pix != nil:
				c = braille(&dots, x*pictureW, y*pictureH)
			case c == 0:
				c = ' '
			}
			line = append(line, c)
		}
		b.WriteString(strings.TrimRight(string(line), " "))
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// covered marks the second column of a wide character.
const covered = utf8.MaxRune + 1

// writeRun puts the characters of a run into the grid.
func (r Receipt) writeRun(grid [][]rune, it *item) {
	runes := r.pers.decode(nil, r.pc.arena[it.off:it.off+it.n], it.charset)
	if len(runes) == 0 {
		return
	}
	y := int(it.y+it.h/2) / pictureH
	if y < 0 || y >= len(grid) {
		return
	}
	row := grid[y]
	at := int(it.x) / pictureW
	for i, c := range runes {
		// Magnified text is spaced out; condensed text is let run on.
		x := max(at, (int(it.x)+i*int(it.w)/len(runes)+pictureW/2)/pictureW)
		if it.style.font == 1 && it.style.w == 1 {
			x = at
		}
		if x < 0 || x >= len(row) {
			break
		}
		row[x] = c
		at = x + 1
		if isWideRune(c) && at < len(row) {
			row[at] = covered
			at++
		}
	}
}

// braille is the character for the dots of one cell, or a blank.
func braille(s *surface, x0, y0 int) rune {
	order := [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}
	c := rune(0)
	for bit, at := range order {
		black, all := 0, 0
		for y := y0 + at[1]*pictureH/4; y < y0+(at[1]+1)*pictureH/4 && y < s.h; y++ {
			for x := x0 + at[0]*pictureW/2; x < x0+(at[0]+1)*pictureW/2 && x < s.w; x++ {
				all++
				black += int(s.pix[y*s.stride+x])
			}
		}
		if 2*black >= all && black > 0 {
			c |= 1 << bit
		}
	}
	if c == 0 {
		return ' '
	}
	return 0x2800 + c
}
