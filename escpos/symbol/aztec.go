package symbol

// AztecOptions choose among the Aztec Codes that hold the same data. The zero
// value is a full-range symbol with 23 % of check words.
type AztecOptions struct {
	Compact bool // 1 to 4 layers around a smaller bull's eye
	Layers  int  // 1 to 32; 0: as the data need
	Percent int  // of the symbol that check words take at least, 5 to 95; 0 is 23
}

// EncodeAztec makes an Aztec Code of bytes (ISO/IEC 24778).
func EncodeAztec(data []byte, opt AztecOptions) (*Matrix, error) {
	last, percent := 32, opt.Percent
	if opt.Compact {
		last = 4
	}
	if percent == 0 {
		percent = 23
	}
	switch {
	case opt.Layers < 0 || opt.Layers > last:
		return nil, badOption(Aztec, itoa(opt.Layers)+" layers, want 0 to "+itoa(last))
	case percent < 5 || percent > 95:
		return nil, badOption(Aztec, itoa(percent)+" % of check words, want 5 to 95")
	case len(data) == 0:
		return nil, badLength(Aztec, 0, "at least 1 byte")
	case len(data) > 3832:
		return nil, tooLong(Aztec, itoa(len(data))+" bytes, at most 3832")
	}
	bits := aztecBits(data)
	first := 1
	if opt.Layers != 0 {
		first, last = opt.Layers, opt.Layers
	}
	for layers := first; layers <= last; layers++ {
		size, field := aztecWord(layers)
		room := (112 + 16*layers) * layers
		if opt.Compact {
			room = (88 + 16*layers) * layers
		}
		words := aztecStuff(bits, size)
		total := room / size
		check := total - len(words)
		if check < 3 || check < total*percent/100 || opt.Compact && len(words) > 64 {
			continue
		}
		var w bitWriter
		w.write(0, room%size)
		for _, v := range append(words, field.checkWords(words, check, 1)...) {
			w.write(int(v), size)
		}
		return aztecMatrix(w.bits, layers, len(words), opt.Compact), nil
	}
	return nil, tooLong(Aztec, itoa(len(bits))+" bits do not fit")
}

// aztecWord returns the bits of a word and the field they are of, which the
// layers tell.
func aztecWord(layers int) (int, *field) {
	switch {
	case layers <= 2:
		return 6, aztec6Field()
	case layers <= 8:
		return 8, matrixField()
	case layers <= 22:
		return 10, aztec10()
	}
	return 12, aztec12()
}

// aztecStuff cuts the bits into words. None may be all of one kind: a bit of
// the other kind is put in at its end. The last is filled up with ones.
func aztecStuff(bits []bool, size int) []uint16 {
	var words []uint16
	for i := 0; i < len(bits); {
		var v uint16
		for j := range size - 1 {
			v <<= 1
			if i+j >= len(bits) || bits[i+j] {
				v |= 1
			}
		}
		i += size - 1
		switch v {
		case 0:
			v = 1
		case 1<<(size-1) - 1:
			v <<= 1
		default:
			v <<= 1
			if i >= len(bits) || bits[i] {
				v |= 1
			}
			i++
		}
		words = append(words, v)
	}
	return words
}

// aztecMatrix draws the bits in layers from the outside in, each a spiral of
// two modules' width, around the bull's eye and the mode message.
func aztecMatrix(bits []bool, layers, words int, compact bool) *Matrix {
	side := 14 + 4*layers // without the reference grid
	if compact {
		side = 11 + 4*layers
	}
	// at tells where the lines go that are not of the reference grid: there is
	// a line of it in the middle, and 16 modules apart.
	at := make([]int, side)
	full := side
	if compact {
		for i := range at {
			at[i] = i
		}
	} else {
		half := side / 2
		full = side + 1 + 2*((half-1)/15)
		for i := range half {
			off := i + i/15
			at[half-1-i] = full/2 - off - 1
			at[half+i] = full/2 + off + 1
		}
	}
	m := newMatrix(Aztec, full, full)
	next := 0
	for layer := range layers {
		lo, hi := 2*layer, side-1-2*layer
		n := hi - lo - 1 // dominoes on a side of the layer
		for turn := range 4 {
			for i := range n {
				for k := range 2 {
					if bits[next] {
						var x, y int
						switch turn {
						case 0:
							x, y = lo+k, lo+i
						case 1:
							x, y = lo+i, hi-k
						case 2:
							x, y = hi-k, hi-i
						case 3:
							x, y = hi-i, lo+k
						}
						m.set(at[x], at[y], true)
					}
					next++
				}
			}
		}
	}
	c := full / 2
	if !compact {
		for d := 0; d <= c; d += 16 {
			for i := range full {
				if (i-c)%2 == 0 {
					m.set(c-d, i, true)
					m.set(c+d, i, true)
					m.set(i, c-d, true)
					m.set(i, c+d, true)
				}
			}
		}
	}
	m.aztecCore(c, layers, words, compact)
	return m
}

// aztecCore draws the bull's eye, the orientation marks and the mode message.
func (m *Matrix) aztecCore(c, layers, words int, compact bool) {
	radius, side := 7, 10 // side: bits of the mode message on each side
	var w bitWriter
	if compact {
		radius, side = 5, 7
		w.write(layers-1, 2)
		w.write(words-1, 6)
	} else {
		w.write(layers-1, 5)
		w.write(words-1, 11)
	}
	data := w.words(4)
	for _, v := range aztec4Field().checkWords(data, side-len(data), 1) {
		w.write(int(v), 4)
	}
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			r := max(dx, -dx, dy, -dy)
			if r < radius || compact || dx != 0 && dy != 0 {
				m.set(c+dx, c+dy, r%2 == 0)
			}
		}
	}
	for _, p := range [][2]int{{-1, -1}, {-1, 0}, {0, -1}, {1, -1}} {
		// Three marks at the upper left, two at the upper right, one at the
		// lower right: p tells the corner, or a neighbour of the first.
		x, y := radius*p[0], radius*p[1]
		if p[0] == 0 {
			x = 1 - radius
		}
		if p[1] == 0 {
			y = 1 - radius
		}
		m.set(c+x, c+y, true)
	}
	m.set(c+radius, c+1-radius, true)
	m.set(c+radius, c+radius-1, true)
	for i := range side {
		d := i - side/2
		if !compact && i >= side/2 {
			d++ // the reference grid is in the middle
		}
		for turn := range 4 {
			dark := w.bits[turn*side+i]
			switch turn {
			case 0:
				m.set(c+d, c-radius, dark)
			case 1:
				m.set(c+radius, c+d, dark)
			case 2:
				m.set(c-d, c+radius, dark)
			case 3:
				m.set(c-radius, c-d, dark)
			}
		}
	}
}
