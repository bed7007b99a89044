package symbol

// model1Blocks are the blocks, and the data and check words of each, of the
// levels L, M, Q and H of Model 1 versions (ISO/IEC 18004:2000, annex M).
var model1Blocks = [14][4]struct{ blocks, data, check uint8 }{
	{{1, 19, 7}, {1, 16, 10}, {1, 13, 13}, {1, 9, 17}},
	{{1, 36, 10}, {1, 30, 16}, {1, 24, 22}, {1, 16, 30}},
	{{1, 57, 15}, {1, 44, 28}, {1, 36, 36}, {1, 24, 48}},
	{{1, 80, 20}, {1, 60, 40}, {1, 50, 50}, {1, 34, 66}},
	{{1, 108, 26}, {1, 82, 52}, {1, 68, 66}, {2, 23, 44}},
	{{1, 136, 34}, {2, 53, 32}, {2, 43, 42}, {2, 29, 56}},
	{{1, 170, 42}, {2, 66, 40}, {2, 54, 52}, {3, 24, 46}},
	{{2, 104, 24}, {2, 80, 48}, {2, 64, 64}, {3, 29, 56}},
	{{2, 123, 30}, {2, 93, 60}, {3, 52, 50}, {3, 34, 68}},
	{{2, 145, 34}, {2, 111, 68}, {3, 61, 58}, {4, 31, 58}},
	{{2, 168, 40}, {4, 64, 40}, {4, 52, 52}, {5, 29, 54}},
	{{2, 192, 46}, {4, 73, 46}, {4, 61, 58}, {5, 33, 62}},
	{{3, 144, 36}, {4, 83, 52}, {4, 69, 66}, {6, 32, 58}},
	{{3, 163, 40}, {4, 92, 60}, {5, 62, 60}, {6, 35, 66}},
}

func model1Version(n int, level QRLevel) qrVersion {
	b := model1Blocks[n-1][level]
	return qrVersion{
		number: n, size: 17 + 4*n, bits: 8 * int(b.blocks) * int(b.data),
		blocks: int(b.blocks), check: int(b.check), count: qrCounts(n), mode: 4, model1: true,
	}
}

// model1QR places the data of a Model 1 symbol. Its blocks are not interleaved,
// and instead of alignment patterns it has extension patterns along the right
// and the lower edge.
func model1QR(w *bitWriter, v qrVersion, level QRLevel) *Matrix {
	g := model1Grid(w, v)
	g.bestMask(level, model1Format)
	return g.Matrix
}

// model1Format is what the format information is inverted with.
const model1Format = 0x2825

func model1Grid(w *bitWriter, v qrVersion) qrGrid {
	qrPad(w, v, 4)
	data := w.words(8)
	words := data
	for n := len(data) / v.blocks; len(data) > 0; data = data[n:] {
		words = append(words, qrField().checkWords(data[:n], v.check, 0)...)
	}
	g := newQRGrid(v.size)
	g.model2Patterns(1)
	// Each word is a rectangle of modules, filled from its lower right corner.
	// Some levels leave a few over.
	next := 0
	place := func(x, y, width int) {
		for b := range 8 {
			g.set(x-b%width, y-b/width, next < len(words) && words[next]>>(7-b)&1 != 0)
		}
		next++
	}
	extension := func(x, y, width int) {
		for b := range 8 {
			dx, dy := b%width, b/width
			g.fix(x-dx, y-dy, width == 2 && dx == 0 || width == 4 && dy == 0)
		}
	}
	size := v.size
	tall := (size - 8) / 4 // words above one another beside the right finder
	for column := range 2 {
		for i := range tall {
			x, y := size-1-2*column, size-1-4*i
			if column == 0 && i > 0 && i < tall-1 && i%2 == 0 {
				extension(x, y, 2)
			} else {
				place(x, y, 2)
			}
		}
	}
	wide := (size - 13) / 4 // columns of words four modules wide
	for column := range wide {
		for i := range size / 2 {
			x, y := size-5-4*column, size-1-2*i
			if i >= size/2-3 {
				y-- // above the timing pattern
			}
			switch {
			case column == 0 && i >= size/2-4: // the finder is there
			case i == 0 && column%2 == 1 && column < wide-1:
				extension(x, y, 4)
			default:
				place(x, y, 4)
			}
		}
	}
	for _, x := range []int{8, 5, 3, 1} {
		for i := range (size - 16) / 4 {
			place(x, size-9-4*i, 2)
		}
	}
	g.rings(size-1, size-1, 1, func(r int) bool { return r == 0 })
	return g
}
