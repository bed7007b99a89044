package symbol

// EncodeDataBarStacked makes a GS1 DataBar of two or more rows from data that
// it checks as Check does: kind is DataBarStacked, DataBarStackedOmni or
// DataBarExpandedStacked. A DataBarExpandedStacked has rows of so many columns,
// 1 to 11 (0 is 2), each 49 modules wide and of two characters; the others are
// 50 modules wide.
func EncodeDataBarStacked(kind Kind, data string, columns int) (*Matrix, error) {
	if kind == DataBarExpandedStacked {
		_, tokens, err := gs1Parse(kind, data)
		if err != nil {
			return nil, err
		}
		return expandedStacked(tokens, columns)
	}
	if kind != DataBarStacked && kind != DataBarStackedOmni {
		return nil, badOption(kind, "not a stacked GS1 DataBar")
	}
	gtin, err := Check(kind, data)
	if err != nil {
		return nil, err
	}
	return omniStacked(kind, gtin), nil
}

// EncodeDataBarStackedNative makes the symbol that a printer prints for the
// data of GS ( k function 380: the reverse of AppendNative.
func EncodeDataBarStackedNative(kind Kind, data []byte, columns int) (*Matrix, error) {
	if kind != DataBarExpandedStacked {
		return EncodeDataBarStacked(kind, string(data), columns)
	}
	if len(data) > maxData {
		return nil, tooLong(kind, "at most 255 bytes")
	}
	_, tokens, err := parseNativeGS1(kind, data)
	if err != nil {
		return nil, err
	}
	return expandedStacked(tokens, columns)
}

// barRow is a row of modules, a dark one being true.
type barRow []bool

// bars appends elements, alternately dark and light.
func (r barRow) bars(elements []uint8, dark bool) barRow {
	for _, w := range elements {
		for range w {
			r = append(r, dark)
		}
		dark = !dark
	}
	return r
}

// separator returns the row that goes beside r towards its neighbour: light
// where r is dark, and the reverse, from module from to four before the end.
func (r barRow) separator(from int) barRow {
	s := make(barRow, len(r))
	for x := from; x < len(r)-4; x++ {
		s[x] = !r[x]
	}
	return s
}

// aside makes the separator s alternate beside the light modules of a finder
// of r, from module first to last, in either direction. light tells whether
// the module before was left light in a run of them.
func (s barRow) aside(r barRow, first, last int, light bool) bool {
	step := 1
	if last < first {
		step = -1
	}
	for x := first; x != last+step; x += step {
		if r[x] {
			s[x], light = false, false
			continue
		}
		s[x] = !light
		light = !light
	}
	return light
}

// between is the middle separator: every second module.
func between(width, end int) barRow {
	s := make(barRow, width)
	for x := 5; x < end; x += 2 {
		s[x] = true
	}
	return s
}

// stack makes a matrix of rows and how high each is.
func stack(kind Kind, rows []barRow, heights []int) *Matrix {
	height := 0
	for _, h := range heights {
		height += h
	}
	m := newMatrix(kind, len(rows[0]), height)
	y := 0
	for i, r := range rows {
		for range heights[i] {
			copy(m.modules[y*m.Width:], r)
			y++
		}
	}
	return m
}

// omniStacked puts the right half below the left (ISO/IEC 24724, 5.3.2).
func omniStacked(kind Kind, gtin string) *Matrix {
	left, right, rightFinder := omniHalves(gtin)
	top := barRow{}.bars([]uint8{1, 1}, false).bars(left, false).bars([]uint8{1, 1}, true)
	bottom := barRow{}.bars([]uint8{1, 1}, true).bars(right, true).bars([]uint8{1, 1}, false)
	if kind == DataBarStackedOmni {
		below, above := top.separator(4), bottom.separator(4)
		below.aside(top, 18, 30, false)
		if rightFinder == 3 {
			// The one dark module above this finder moves to the start of
			// its bar of three.
			for x := 19; x < 32; x++ {
				above[x] = x == 29
			}
		} else {
			above.aside(bottom, 19, 31, false)
		}
		return stack(kind, []barRow{top, below, between(50, 46), above, bottom}, []int{33, 1, 1, 1, 33})
	}
	sep := make(barRow, 50)
	for x := 1; x < 46; x++ {
		if top[x] == bottom[x] {
			sep[x] = !top[x]
		} else {
			sep[x] = !sep[x-1]
		}
	}
	sep[1], sep[2], sep[3] = false, false, false
	return stack(kind, []barRow{top, sep, bottom}, []int{5, 1, 7})
}

// expandedStacked breaks a DataBar Expanded into rows, which run to the right
// and to the left in turn if their columns are even (ISO/IEC 24724, 7.2.8).
func expandedStacked(tokens []token, columns int) (*Matrix, error) {
	if columns == 0 {
		columns = 2
	}
	if columns < 1 || columns > 11 {
		return nil, badOption(DataBarExpandedStacked, itoa(columns)+" columns, want 1 to 11")
	}
	values, err := expandedValues(DataBarExpandedStacked, tokens, columns)
	if err != nil {
		return nil, err
	}
	all := expandedColumns(values)
	columns = min(columns, len(all))
	width := 49*columns + 4
	var rows []barRow
	var heights []int
	for from := 0; from < len(all); from += columns {
		number := from / columns
		part := all[from:min(from+columns, len(all))]
		last := from+columns >= len(all)
		// A short last row that would run to the left with an odd number of
		// finders runs to the right, and a module further to the right.
		shift := 0
		if last && number%2 == 1 && columns%2 == 0 && len(part) < columns && len(part)%2 == 1 {
			shift = 1
		}
		right := columns%2 == 1 || number%2 == 0 || shift == 1
		var e []uint8
		for _, c := range part {
			e = append(e, c...)
		}
		if !right {
			e = appendReversed(nil, e)
		}
		row := make(barRow, shift, width).bars([]uint8{1, 1}, number%2 == 1 && shift == 0)
		row = row.bars(e, number%2 == 1 && shift == 0)
		row = row.bars([]uint8{1, 1}, (number%2 == 1 && shift == 0) != (len(e)%2 == 1))
		separator := func(shift int, short bool) barRow {
			s := row.separator(4 + shift)
			light := false
			for i := range part {
				x := 49*i + 19 + shift
				if short {
					x -= 17 // the row begins with a finder
				}
				// Thirteen modules of each finder: which of the fifteen
				// are left out depends on its direction.
				second := (from+i)%2 == 1
				switch {
				case right && second:
					light = s.aside(row, x+2, x+14, light)
				case right:
					light = s.aside(row, x, x+12, light)
				case second:
					light = s.aside(row, x+14, x+2, light)
				default:
					light = s.aside(row, x+12, x, light)
				}
			}
			return append(s, make(barRow, width-len(s))...)
		}
		if number > 0 {
			rows = append(rows, between(width, 49*columns), separator(shift, last && !right && len(values)%2 == 0))
			heights = append(heights, 1, 1)
		}
		below := separator(0, false)
		rows = append(rows, append(row, make(barRow, width-len(row))...))
		heights = append(heights, 34)
		if !last {
			rows = append(rows, below)
			heights = append(heights, 1)
		}
	}
	return stack(DataBarExpandedStacked, rows, heights), nil
}
