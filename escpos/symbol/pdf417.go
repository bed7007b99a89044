package symbol

import (
	"math"
	"strconv"
)

// PDF417Level is an error correction level: 2^(level+1) check words.
type PDF417Level uint8

// The levels, as GS ( k function 069 (m = 48) numbers them from 48.
const (
	PDF417Auto   PDF417Level = iota // as PDF417Options.Percent says
	PDF417Level0                    // detects errors only
	PDF417Level1
	PDF417Level2
	PDF417Level3
	PDF417Level4
	PDF417Level5
	PDF417Level6
	PDF417Level7
	PDF417Level8
)

// PDF417Options shape a PDF417. The zero value leaves the shape and the check
// words to the data.
type PDF417Options struct {
	Columns   int         // of data, 1 to 30; 0: as the data need
	Rows      int         // 3 to 90; 0: as the data need
	Level     PDF417Level // the zero value goes by Percent
	Percent   int         // check words as a share of the data, 10 to 400; 0 is 10
	Truncated bool        // without the right row indicators and stop pattern
	RowHeight int         // modules, 2 to 8; 0 is 3
}

// EncodePDF417 makes a PDF417 of bytes (ISO/IEC 15438). Every row of the symbol
// is RowHeight rows of the Matrix.
func EncodePDF417(data []byte, opt PDF417Options) (*Matrix, error) {
	switch {
	case opt.Columns < 0 || opt.Columns > 30:
		return nil, badOption(PDF417, itoa(opt.Columns)+" columns, want 0 to 30")
	case opt.Rows != 0 && (opt.Rows < 3 || opt.Rows > 90):
		return nil, badOption(PDF417, itoa(opt.Rows)+" rows, want 0 or 3 to 90")
	case opt.Level > PDF417Level8:
		return nil, badOption(PDF417, "unknown level")
	case opt.Percent != 0 && (opt.Percent < 10 || opt.Percent > 400):
		return nil, badOption(PDF417, itoa(opt.Percent)+" % of check words, want 10 to 400")
	case opt.RowHeight != 0 && (opt.RowHeight < 2 || opt.RowHeight > 8):
		return nil, badOption(PDF417, "row height "+itoa(opt.RowHeight)+", want 2 to 8")
	case len(data) == 0:
		return nil, badLength(PDF417, 0, "at least 1 byte")
	case len(data) > 2710:
		return nil, tooLong(PDF417, itoa(len(data))+" bytes, at most 2710")
	}
	words := pdf417Words(data)
	level := int(opt.Level) - 1
	if opt.Level == PDF417Auto {
		level = pdf417LevelFor(len(words)+1, max(opt.Percent, 10))
	}
	check := 2 << level
	columns, rows, ok := pdf417Shape(len(words)+1+check, opt)
	if !ok {
		return nil, tooLong(PDF417, itoa(len(words)+1)+" data and "+itoa(check)+" check words do not fit")
	}
	all := make([]uint16, 1, columns*rows)
	all[0] = uint16(columns*rows - check)
	all = append(all, words...)
	for len(all) < int(all[0]) {
		all = append(all, pdfText)
	}
	all = append(all, pdf417Field().checkWords(all, check, 1)...)
	return pdf417Matrix(all, columns, rows, level, opt), nil
}

// pdf417LevelFor returns the level that gives so many data words their share of
// check words, in the steps of Epson's GS ( k function 069 (m = 49).
func pdf417LevelFor(words, percent int) int {
	want := words * percent / 100
	level := 1
	for _, most := range []int{3, 10, 20, 45, 100, 200, 400} {
		if want <= most {
			return level
		}
		level++
	}
	return 8
}

// pdf417Shape finds the columns and rows for n words. Without wishes the symbol
// is about as wide as three times its height in modules of square rows.
func pdf417Shape(n int, opt PDF417Options) (columns, rows int, ok bool) {
	if n > 928 {
		return 0, 0, false
	}
	columns, rows = opt.Columns, opt.Rows
	if columns == 0 && rows == 0 {
		columns = min(max(int(math.Sqrt(float64(n)/3)+0.5), 1), 30)
		for columns < 30 && (n+columns-1)/columns > 90 {
			columns++
		}
	}
	if columns == 0 {
		columns = (n + rows - 1) / rows
	}
	if rows == 0 {
		rows = max((n+columns-1)/columns, 3)
	}
	ok = columns <= 30 && rows <= 90 && columns*rows >= n && columns*rows <= 928
	return columns, rows, ok
}

func pdf417Matrix(words []uint16, columns, rows, level int, opt PDF417Options) *Matrix {
	height := opt.RowHeight
	if height == 0 {
		height = 3
	}
	width := 17 * (columns + 4)
	if opt.Truncated {
		width = 17*(columns+2) + 1
	} else {
		width++ // the stop pattern has a bar more
	}
	m := newMatrix(PDF417, width, rows*height)
	for r := range rows {
		x := 0
		put := func(bits uint32, n int) {
			for i := n - 1; i >= 0; i-- {
				for y := range height {
					m.set(x, r*height+y, bits>>i&1 != 0)
				}
				x++
			}
		}
		cluster := r % 3
		word := func(w int) {
			v, _ := strconv.ParseUint(pdf417Patterns[cluster][4*w:4*w+4], 16, 32)
			put(1<<16|uint32(v)<<1, 17)
		}
		// The row indicators tell rows, level and columns in turn.
		facts := [3]int{(rows - 1) / 3, 3*level + (rows-1)%3, columns - 1}
		put(0b11111111010101000, 17)
		word(30*(r/3) + facts[cluster])
		for _, w := range words[r*columns : (r+1)*columns] {
			word(int(w))
		}
		if opt.Truncated {
			put(1, 1)
			continue
		}
		word(30*(r/3) + facts[(cluster+2)%3])
		put(0b111111101000101001, 18)
	}
	return m
}
