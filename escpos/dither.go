package escpos

import "encoding/binary"

// Dither is the way in which greys become black and white.
type Dither uint8

// The ways. Threshold is the zero value.
const (
	Threshold      Dither = iota // for line art, text and logos
	FloydSteinberg               // diffuses all of the error: smooth, for photographs
	Atkinson                     // diffuses three quarters of it: more contrast, fewer dots to heat
	Bayer                        // an ordered pattern of 8 × 8: regular, and compresses well
)

var ditherNames = [...]string{"threshold", "floyd-steinberg", "atkinson", "bayer"}

// String returns "threshold", "floyd-steinberg", "atkinson" or "bayer".
func (d Dither) String() string { return nameOf(ditherNames[:], int(d)) }

// bitmap is a picture in black (1) and white, eight dots a byte, the
// leftmost in the highest bit. Rows begin at a byte.
type bitmap struct {
	width, height int // dots
	stride        int // bytes in a row
	bits          []byte
}

// set makes a dot black.
func (m *bitmap) set(x, y int) { m.bits[y*m.stride+x>>3] |= 0x80 >> (x & 7) }

// resize makes m white, of a size, in the memory that it has.
func (m *bitmap) resize(width, height int) {
	m.width, m.height, m.stride = width, height, (width+7)/8
	n := m.stride * height
	if cap(m.bits) < n {
		m.bits = make([]byte, n)
		return
	}
	m.bits = m.bits[:n]
	clear(m.bits)
}

// dither fills m, which has the size of the picture, from its grey values.
func (m *bitmap) dither(pix []byte, how Dither, threshold uint8) {
	switch how {
	case FloydSteinberg:
		m.floydSteinberg(pix, int32(threshold))
	case Atkinson:
		m.atkinson(pix, int32(threshold))
	case Bayer:
		for y := range m.height {
			m.compareRow(y, pix, &bayer[y&7])
		}
	default:
		var t [8]byte
		for i := range t {
			t[i] = threshold
		}
		for y := range m.height {
			m.compareRow(y, pix, &t)
		}
	}
}

// bayer are the thresholds of the ordered pattern.
var bayer = func() (t [8][8]byte) {
	for y := range 8 {
		for x := range 8 {
			// The bits of x^y and y, interleaved from the lowest up.
			v, q := 0, x^y
			for b := range 3 {
				v = v<<2 | (q>>b&1)<<1 | y>>b&1
			}
			t[y][x] = byte(v*4 + 2)
		}
	}
	return t
}()

// compareRow makes black what is darker than its threshold, eight dots at a
// time.
func (m *bitmap) compareRow(y int, pix []byte, thresholds *[8]byte) {
	const high = 0x8080808080808080
	row := pix[y*m.width : (y+1)*m.width]
	out := m.bits[y*m.stride : (y+1)*m.stride]
	t := binary.LittleEndian.Uint64(thresholds[:])
	for i := range out {
		var p uint64
		if len(row) >= 8 {
			p = binary.LittleEndian.Uint64(row)
			row = row[8:]
		} else {
			p = ^uint64(0) // white beyond the edge
			for k, v := range row {
				p = p&^(0xFF<<(8*k)) | uint64(v)<<(8*k)
			}
		}
		// Bytewise p >= t, in the high bits: the difference of the lower
		// seven does not borrow from the next byte.
		diff := (p | high) - (t &^ high)
		atLeast := (p&^t | ^(p^t)&diff) & high
		// The eight bits, the first byte's highest.
		out[i] = byte(((^atLeast & high) >> 7) * 0x8040201008040201 >> 56)
	}
}

// diffused holds the errors carried to a row, with room beyond both edges.
type diffused []int32

func newDiffused(width int) diffused { return make(diffused, width+4) }

// floydSteinberg diffuses the error in sixteenths: 7 to the right, 3, 5 and 1
// below.
func (m *bitmap) floydSteinberg(pix []byte, threshold int32) {
	errs := newDiffused(m.width)
	for y := range m.height {
		row := pix[y*m.width : (y+1)*m.width]
		here := errs[1 : len(row)+1]
		out := m.bits[y*m.stride : (y+1)*m.stride]
		// What goes to the row below waits in left, for x-1, and in under,
		// for x, until nothing more is added to it. Its place, errs[x], is
		// that of here[x-1], which is not needed any more.
		var right, left, under int32
		var acc byte
		for x, p := range row {
			v := int32(p) + (right+here[x]+8)>>4
			black := (v - threshold) >> 31 // all ones, or none
			err := v - 255&^black
			acc = acc<<1 | byte(black&1)
			if x&7 == 7 {
				out[x>>3] = acc
			}
			errs[x] = left + 3*err
			left = under + 5*err
			under = err
			right = 7 * err
		}
		errs[len(row)] = left
		m.flush(out, acc)
	}
}

// atkinson diffuses an eighth of the error to each of six neighbours: two to
// the right, three below, one two rows below.
func (m *bitmap) atkinson(pix []byte, threshold int32) {
	below, next := newDiffused(m.width), newDiffused(m.width)
	for y := range m.height {
		row := pix[y*m.width : (y+1)*m.width]
		here := below[1 : len(row)+1]
		two := next[:len(row)]
		out := m.bits[y*m.stride : (y+1)*m.stride]
		// As in floydSteinberg. What goes two rows down waits in next, one
		// place behind, until it is added to what goes one row down.
		var right, far, left, under int32
		var acc byte
		for x, p := range row {
			v := int32(p) + right + here[x]
			black := (v - threshold) >> 31
			err := (v - 255&^black) >> 3
			acc = acc<<1 | byte(black&1)
			if x&7 == 7 {
				out[x>>3] = acc
			}
			below[x] = two[x] + left + err
			two[x] = far
			left = under + err
			under = err
			right = far + err
			far = err
		}
		below[len(row)] = next[len(row)] + left
		next[len(row)] = far
		m.flush(out, acc)
	}
}

// flush writes the dots of a last byte that is not full.
func (m *bitmap) flush(out []byte, acc byte) {
	if n := m.width & 7; n > 0 {
		out[len(out)-1] = acc << (8 - n)
	}
}
