package symbol

// DataMatrixOptions choose the size of a Data Matrix. The zero value is the
// smallest square that holds the data.
type DataMatrixOptions struct {
	Rectangular   bool
	Rows, Columns int // modules, one of the sizes of the standard; 0: as the data need
}

// dmSizes are the sizes of ECC 200 symbols: rows and columns of modules, of
// data regions, data and check words, and the blocks they are dealt into
// (ISO/IEC 16022, table 7).
var dmSizes = []struct{ rows, columns, down, across, data, check, blocks int }{
	{10, 10, 1, 1, 3, 5, 1}, {12, 12, 1, 1, 5, 7, 1}, {14, 14, 1, 1, 8, 10, 1}, {16, 16, 1, 1, 12, 12, 1},
	{18, 18, 1, 1, 18, 14, 1}, {20, 20, 1, 1, 22, 18, 1}, {22, 22, 1, 1, 30, 20, 1}, {24, 24, 1, 1, 36, 24, 1},
	{26, 26, 1, 1, 44, 28, 1}, {32, 32, 2, 2, 62, 36, 1}, {36, 36, 2, 2, 86, 42, 1}, {40, 40, 2, 2, 114, 48, 1},
	{44, 44, 2, 2, 144, 56, 1}, {48, 48, 2, 2, 174, 68, 1}, {52, 52, 2, 2, 204, 84, 2}, {64, 64, 4, 4, 280, 112, 2},
	{72, 72, 4, 4, 368, 144, 4}, {80, 80, 4, 4, 456, 192, 4}, {88, 88, 4, 4, 576, 224, 4}, {96, 96, 4, 4, 696, 272, 4},
	{104, 104, 4, 4, 816, 336, 6}, {120, 120, 6, 6, 1050, 408, 6}, {132, 132, 6, 6, 1304, 496, 8}, {144, 144, 6, 6, 1558, 620, 10},
	{8, 18, 1, 1, 5, 7, 1}, {8, 32, 1, 2, 10, 11, 1}, {12, 26, 1, 1, 16, 14, 1},
	{12, 36, 1, 2, 22, 18, 1}, {16, 36, 1, 2, 32, 24, 1}, {16, 48, 1, 2, 49, 28, 1},
}

// EncodeDataMatrix makes a Data Matrix ECC 200 of bytes (ISO/IEC 16022).
func EncodeDataMatrix(data []byte, opt DataMatrixOptions) (*Matrix, error) {
	if len(data) == 0 {
		return nil, badLength(DataMatrix, 0, "at least 1 byte")
	}
	if len(data) > 3116 {
		return nil, tooLong(DataMatrix, itoa(len(data))+" bytes, at most 3116")
	}
	words, unlatch := dmWords(data)
	known := false
	for _, s := range dmSizes {
		if (s.rows != s.columns) != opt.Rectangular ||
			opt.Rows != 0 && opt.Rows != s.rows || opt.Columns != 0 && opt.Columns != s.columns {
			continue
		}
		known = true
		n := len(words)
		if unlatch && n-1 == s.data {
			n-- // the end of the symbol does what the last word would
		}
		if n > s.data {
			continue
		}
		all := dmPad(words[:n], s.data)
		// Words are dealt to the blocks in turn; the check words likewise.
		check := make([]uint16, s.check)
		for b := range s.blocks {
			var block []uint16
			for i := b; i < s.data; i += s.blocks {
				block = append(block, all[i])
			}
			for i, c := range matrixField().checkWords(block, s.check/s.blocks, 1) {
				check[b+i*s.blocks] = c
			}
		}
		if s.rows == 144 {
			// Its last two blocks are shorter, and their check words come
			// first of each round.
			for i := 0; i < len(check); i += s.blocks {
				round := append([]uint16(nil), check[i:i+s.blocks]...)
				copy(check[i:], round[8:])
				copy(check[i+2:], round[:8])
			}
		}
		place := dmPlace(s.rows-2*s.down, s.columns-2*s.across, append(all, check...))
		return dmMatrix(place, s.rows, s.columns, s.down, s.across), nil
	}
	if !known {
		return nil, badOption(DataMatrix, itoa(opt.Rows)+" by "+itoa(opt.Columns)+" is not a size of the standard")
	}
	return nil, tooLong(DataMatrix, itoa(len(words))+" words do not fit")
}

// dmPad fills up with 129 and, behind the first, pads that a pseudo-random
// sequence makes different.
func dmPad(words []uint16, n int) []uint16 {
	all := append(make([]uint16, 0, n), words...)
	for i := len(words); i < n; i++ {
		pad := 129
		if i > len(words) {
			pad += 149*(i+1)%253 + 1
			if pad > 254 {
				pad -= 254
			}
		}
		all = append(all, uint16(pad))
	}
	return all
}

// dmPlace lays the words into the modules of the data regions joined: each is
// an L-like shape of eight modules, which the next follow diagonally
// (ISO/IEC 16022, annex F). A module is 1 or 0.
func dmPlace(rows, columns int, words []uint16) [][]uint8 {
	const free = 2
	grid := make([][]uint8, rows)
	for y := range grid {
		grid[y] = make([]uint8, columns)
		for x := range grid[y] {
			grid[y][x] = free
		}
	}
	next := 0
	// put lays a word at pairs of row and column, its highest bit first. Negative
	// ones count from the other end, as the corner shapes want.
	put := func(at [8][2]int) {
		for i, p := range at {
			grid[(p[0]+rows)%rows][(p[1]+columns)%columns] = uint8(words[next] >> (7 - i) & 1)
		}
		next++
	}
	utah := func(r, c int) {
		at := [8][2]int{{r - 2, c - 2}, {r - 2, c - 1}, {r - 1, c - 2}, {r - 1, c - 1}, {r - 1, c}, {r, c - 2}, {r, c - 1}, {r, c}}
		for i, p := range at {
			y, x := p[0], p[1]
			if y < 0 {
				y += rows
				x += 4 - (rows+4)%8
			}
			if x < 0 {
				x += columns
				y += 4 - (columns+4)%8
			}
			at[i] = [2]int{y, x}
		}
		put(at)
	}
	r, c := 4, 0
	for r < rows || c < columns {
		switch {
		case r == rows && c == 0:
			put([8][2]int{{-1, 0}, {-1, 1}, {-1, 2}, {0, -2}, {0, -1}, {1, -1}, {2, -1}, {3, -1}})
		case r == rows-2 && c == 0 && columns%4 != 0:
			put([8][2]int{{-3, 0}, {-2, 0}, {-1, 0}, {0, -4}, {0, -3}, {0, -2}, {0, -1}, {1, -1}})
		case r == rows-2 && c == 0 && columns%8 == 4:
			put([8][2]int{{-3, 0}, {-2, 0}, {-1, 0}, {0, -2}, {0, -1}, {1, -1}, {2, -1}, {3, -1}})
		case r == rows+4 && c == 2 && columns%8 == 0:
			put([8][2]int{{-1, 0}, {-1, -1}, {0, -3}, {0, -2}, {0, -1}, {1, -3}, {1, -2}, {1, -1}})
		}
		for ; r >= 0 && c < columns; r, c = r-2, c+2 {
			if r < rows && c >= 0 && grid[r][c] == free {
				utah(r, c)
			}
		}
		r, c = r+1, c+3
		for ; r < rows && c >= 0; r, c = r+2, c-2 {
			if r >= 0 && c < columns && grid[r][c] == free {
				utah(r, c)
			}
		}
		r, c = r+3, c+1
	}
	if grid[rows-1][columns-1] == free { // what no word reaches
		grid[rows-1][columns-1], grid[rows-2][columns-2] = 1, 1
		grid[rows-1][columns-2], grid[rows-2][columns-1] = 0, 0
	}
	return grid
}

// dmMatrix puts the finder around each region: solid on the left and below,
// alternating on the other sides.
func dmMatrix(place [][]uint8, rows, columns, down, across int) *Matrix {
	m := newMatrix(DataMatrix, columns, rows)
	h, w := rows/down, columns/across
	for y := range rows {
		for x := range columns {
			ry, rx := y%h, x%w
			var dark bool
			switch {
			case rx == 0 || ry == h-1:
				dark = true
			case ry == 0:
				dark = rx%2 == 0
			case rx == w-1:
				dark = ry%2 == 1
			default:
				dark = place[y-2*(y/h)-1][x-2*(x/w)-1] == 1
			}
			m.set(x, y, dark)
		}
	}
	return m
}
