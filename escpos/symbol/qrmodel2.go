package symbol

// A qrGrid is a symbol in the making: fixed tells which modules are of its
// patterns, and not for data.
type qrGrid struct {
	*Matrix
	fixed []bool
}

func newQRGrid(size int) qrGrid {
	return qrGrid{newMatrix(QRCode, size, size), make([]bool, size*size)}
}

func (g qrGrid) fix(x, y int, dark bool) {
	if x < 0 || y < 0 || x >= g.Width || y >= g.Height {
		return
	}
	g.set(x, y, dark)
	g.fixed[y*g.Width+x] = true
}

// rings fixes squares of modules around a centre, of alternating colours; the
// ring r modules away from it is dark where dark says so.
func (g qrGrid) rings(cx, cy, radius int, dark func(r int) bool) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			g.fix(cx+dx, cy+dy, dark(max(dx, -dx, dy, -dy)))
		}
	}
}

// finder fixes a finder pattern and its separator.
func (g qrGrid) finder(cx, cy int) {
	g.rings(cx, cy, 4, func(r int) bool { return r != 2 && r != 4 })
}

// format fixes the format information: level and mask, twice. The values 0 only
// reserve the place.
func (g qrGrid) format(level QRLevel, mask, xor int) {
	data := int(level^1)<<3 | mask // L M Q H are 1 0 3 2
	bits := data<<10 | bch(data, 10, 0x537)
	bits ^= xor
	size := g.Width
	for i := range 15 {
		dark := bits>>i&1 != 0
		switch {
		case i < 6:
			g.fix(8, i, dark)
		case i < 8:
			g.fix(8, i+1, dark)
		case i == 8:
			g.fix(7, 8, dark)
		default:
			g.fix(14-i, 8, dark)
		}
		if i < 8 {
			g.fix(size-1-i, 8, dark)
		} else {
			g.fix(8, size-15+i, dark)
		}
	}
	g.fix(8, size-8, true)
}

// bch returns the n check bits of data for a generator polynomial.
func bch(data, n, poly int) int {
	rem := data << n
	for i := 31; i >= n; i-- {
		if rem>>i&1 != 0 {
			rem ^= poly << (i - n)
		}
	}
	return rem
}

// qrMasks are the conditions under which a module is inverted, by column x and
// row y.
var qrMasks = [8]func(x, y int) bool{
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(x, y int) bool { return y%2 == 0 },
	func(x, y int) bool { return x%3 == 0 },
	func(x, y int) bool { return (x+y)%3 == 0 },
	func(x, y int) bool { return (x/3+y/2)%2 == 0 },
	func(x, y int) bool { return x*y%2+x*y%3 == 0 },
	func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
	func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
}

func (g qrGrid) mask(f func(x, y int) bool) {
	for y := range g.Height {
		for x := range g.Width {
			i := y*g.Width + x
			if !g.fixed[i] && f(x, y) {
				g.modules[i] = !g.modules[i]
			}
		}
	}
}

// bestMask masks the data with that of the masks whose symbol, format
// information included, has the lowest penalty, and returns which it was.
func (g qrGrid) bestMask(level QRLevel, xor int) {
	best, least := 0, -1
	for i, f := range qrMasks {
		g.mask(f)
		g.format(level, i, xor)
		if p := g.penalty(); least < 0 || p < least {
			best, least = i, p
		}
		g.mask(f)
	}
	g.mask(qrMasks[best])
	g.format(level, best, xor)
}

// penalty counts what makes a symbol hard to read: long runs, blocks, what
// looks like a finder pattern, and too much of one colour.
func (g qrGrid) penalty() int {
	p, dark := 0, 0
	size := g.Width
	for _, step := range [][2]int{{1, size}, {size, 1}} {
		for line := range size {
			run, last := 0, false
			history := 0 // the last 11 modules of the line, a dark one being 1
			for i := range size {
				m := g.modules[line*step[1]+i*step[0]]
				if i > 0 && m == last {
					run++
				} else {
					run = 1
				}
				last = m
				if run == 5 {
					p += 3
				} else if run > 5 {
					p++
				}
				history = history << 1 & 0x7FF
				if m {
					history |= 1
				}
				if i >= 10 && (history == 0x5D || history == 0x5D0) {
					p += 40
				}
			}
		}
	}
	for y := range size {
		for x := range size {
			i := y*size + x
			m := g.modules[i]
			if m {
				dark++
			}
			if x > 0 && y > 0 && m == g.modules[i-1] && m == g.modules[i-size] && m == g.modules[i-size-1] {
				p += 3
			}
		}
	}
	off := dark*20 - size*size*10
	return p + 10*(max(off, -off)/(size*size))
}

// zigzag lays the words into the modules that are not fixed: up and down
// through columns of two from the right, right of skip a column that has no
// data (-1: none).
func (g qrGrid) zigzag(bit func(i int) bool, skip int) {
	i, up := 0, true
	for right := g.Width - 1; right > 0; right -= 2 {
		if right == skip {
			right--
		}
		for n := range g.Height {
			y := n
			if up {
				y = g.Height - 1 - n
			}
			for x := right; x > right-2; x-- {
				if !g.fixed[y*g.Width+x] {
					g.set(x, y, bit(i))
					i++
				}
			}
		}
		up = !up
	}
}

// model2QR places the data of a version and level.
func model2QR(w *bitWriter, v qrVersion, level QRLevel) *Matrix {
	qrPad(w, v, 4)
	words := qrInterleave(w.words(8), v)
	g := newQRGrid(v.size)
	g.model2Patterns(v.number)
	g.zigzag(func(i int) bool { // what is left over is light
		return i/8 < len(words) && words[i/8]>>(7-i%8)&1 != 0
	}, 6)
	g.bestMask(level, 0x5412)
	return g.Matrix
}

func (g qrGrid) model2Patterns(version int) {
	size := g.Width
	for i := range size {
		g.fix(6, i, i%2 == 0)
		g.fix(i, 6, i%2 == 0)
	}
	g.finder(3, 3)
	g.finder(size-4, 3)
	g.finder(3, size-4)
	g.format(QRLevelL, 0, 0)
	at := qrAlignment(version)
	for i, x := range at {
		for j, y := range at {
			last := len(at) - 1
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder pattern is there
			}
			g.rings(x, y, 2, func(r int) bool { return r != 1 })
		}
	}
	if version >= 7 {
		bits := version<<12 | bch(version, 12, 0x1F25)
		for i := range 18 {
			dark := bits>>i&1 != 0
			g.fix(size-11+i%3, i/3, dark)
			g.fix(i/3, size-11+i%3, dark)
		}
	}
}

// qrAlignment returns the rows and columns of the centres of the alignment
// patterns: evenly apart from the end, the first distance making up the rest.
func qrAlignment(version int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	step := (version*8 + n*3 + 5) / (n*4 - 4) * 2
	at := make([]int, n)
	at[0] = 6
	for i, pos := n-1, version*4+10; i > 0; i-- {
		at[i] = pos
		pos -= step
	}
	return at
}
