package escpos

import "encoding/binary"

// bodyKind is how the end of a command's data is found.
type bodyKind uint8

const (
	bodyNone    bodyKind = iota // no data; in a family, what the length prefix leaves
	bodySized                   // CommandDef.size tells from the head
	bodyBarcode                 // until NUL: GS k, the older form
	bodyTabs                    // rising values until NUL: ESC D
	bodyFields                  // five decimal numbers, each ended by ";": GS C ;
	bodyGlyphs                  // ESC &: for each character a width x, then x columns
	bodyImages                  // FS q: n images, each with its size before it
	bodyBitmap                  // GS D: a Windows BMP file, which has its size in it
)

// bodyState is how far a Scanner is in the data of a command.
type bodyState struct {
	left  int64   // bytes left of the data, or of the present segment
	count int     // segments, fields or tabs left
	unit  int     // bodyGlyphs: bytes of a column
	last  byte    // bodyTabs: the value before
	n     int     // how much of hdr is filled
	hdr   [6]byte // the size that begins a segment
}

// The size of an NV bit image, in units of 8 dots (Epson ESC/POS, FS q; older
// models stop at 288 down).
const (
	maxImageX = 1023
	maxImageY = 576
)

// maxTabs is how many positions ESC D takes (Epson ESC/POS, ESC D).
const maxTabs = 32

// start begins the data of a command, and returns their length, 0 if there
// are none, or -1 if that will be seen.
func (b *bodyState) start(def *CommandDef, head []byte) int64 {
	*b = bodyState{}
	switch def.body {
	case bodyNone:
		w := familyWidth(def.op)
		if w == 0 {
			return 0
		}
		b.left = lengthPrefix(head, w) + int64(len(def.op)+w-len(head))
		return b.left
	case bodySized:
		b.left = def.size(head)
		return b.left
	case bodyTabs:
		b.count = maxTabs
	case bodyFields:
		b.count = 5
	case bodyGlyphs:
		y, c1, c2 := head[2], head[3], head[4]
		b.count, b.unit = int(c2)-int(c1)+1, int(y)
		if b.count <= 0 || y == 0 {
			return 0
		}
	case bodyImages:
		if b.count = int(head[2]); b.count == 0 {
			return 0
		}
	case bodyBitmap:
		b.count = 1
	}
	return -1
}

// take returns how many bytes at the front of p belong to the data. If that
// is none, done tells that the data have ended, and nul that a NUL which
// ended them is at the front of p.
func (b *bodyState) take(kind bodyKind, p []byte) (n int, done, nul bool) {
	switch kind {
	case bodyBarcode:
		// No symbology of this form has control characters. So a bar code
		// whose NUL got lost ends at the next command, not at the next NUL.
		n = textLen(p)
		return n, n < len(p), n < len(p) && p[n] == 0
	case bodyTabs:
		// A value not above the one before ends the list and is taken as
		// normal data, and so is whatever comes after 32 of them (Epson
		// ESC/POS, ESC D).
		for n < len(p) {
			v := p[n]
			if v == 0 || v <= b.last || b.count == 0 {
				return n, true, v == 0
			}
			b.last = v
			b.count--
			n++
		}
		return n, false, false
	case bodyFields:
		for n < len(p) && b.count > 0 {
			switch c := p[n]; {
			case c == ';':
				b.count--
			case c < '0' || c > '9':
				return n, true, false
			}
			n++
		}
		return n, b.count == 0, false
	case bodyGlyphs, bodyImages, bodyBitmap:
		return b.takeSegments(kind, p)
	}
	if b.left < int64(len(p)) {
		n = int(b.left)
	} else {
		n = len(p)
	}
	b.left -= int64(n)
	return n, b.left == 0, false
}

func (b *bodyState) takeSegments(kind bodyKind, p []byte) (n int, done, nul bool) {
	for {
		if b.left > 0 {
			m := int(min(b.left, int64(len(p)-n)))
			b.left -= int64(m)
			n += m
		}
		if b.left > 0 {
			return n, false, false
		}
		if b.count == 0 {
			return n, true, false
		}
		if n == len(p) {
			return n, false, false
		}
		if kind == bodyBitmap && b.n < 2 && p[n] != "BM"[b.n] {
			b.count = 0 // not a BMP file: what follows is normal data
			return n, true, false
		}
		b.hdr[b.n] = p[n]
		b.n++
		n++
		switch {
		case kind == bodyGlyphs:
			b.left = int64(b.hdr[0]) * int64(b.unit)
		case kind == bodyImages && b.n == 4:
			x, y := le16(b.hdr[0:]), le16(b.hdr[2:])
			if x < 1 || x > maxImageX || y < 1 || y > maxImageY {
				b.count = 0 // what follows is normal data
				return n, false, false
			}
			b.left = 8 * int64(x) * int64(y)
		case kind == bodyBitmap && b.n == 6:
			b.left = max(0, int64(binary.LittleEndian.Uint32(b.hdr[2:]))-6)
		default:
			continue
		}
		b.n = 0
		b.count--
	}
}

func le16(b []byte) int { return int(b[0]) | int(b[1])<<8 }

// familyWidth returns how many bytes the length prefix after an opcode has;
// 0 if there is none.
func familyWidth(op string) int {
	switch {
	case len(op) == 3 && op[1] == '(':
		return 2
	case op == "\x1d8L":
		return 4
	}
	return 0
}

// lengthPrefix returns the length that follows the three bytes of a family's
// opcode.
func lengthPrefix(head []byte, width int) int64 {
	if width == 4 {
		return int64(binary.LittleEndian.Uint32(head[3:]))
	}
	return int64(le16(head[3:]))
}
