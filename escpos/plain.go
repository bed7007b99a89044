package escpos

import "encoding/binary"

// What op.c says of text.
const (
	plain   = 1 << iota // it is printable ASCII and line feeds, and goes out as it is
	oneLine             // it is plain, and without line feeds
	brief               // an item: both texts are oneLine and fit into blocks, see briefItems
)

// slack is how many bytes copyText may write beyond a text.
const slack = 32

// The bytes of a word that are not printable ASCII are found all at once: in
// x, one of 80…FF has its high bit; in x minus spaces, one of 00…1F borrows
// into it; in x plus ones, 7F carries into it.
const (
	wordHigh   = 0x8080808080808080
	wordSpaces = 0x2020202020202020
	wordOnes   = 0x0101010101010101
)

// strange has high bits where the bytes of x are not all printable ASCII.
func strange(x uint64) uint64 { return x | (x - wordSpaces) | (x + wordOnes) }

// copyText copies s to the beginning of to, which has room for it and slack,
// and looks for what cannot go out as it is: it returns 0 where there is such
// a thing; else plain, and oneLine where there is no line feed.
func copyText(to []byte, s string) uint8 {
	var found uint64
	for k := 0; k < len(s); k += slack {
		found |= copyShort((*[slack]byte)(to[k:]), s[k:min(k+slack, len(s))])
	}
	if found&wordHigh != 0 {
		return plainness(s)
	}
	return plain | oneLine
}

// copyShort copies s to the beginning of to. The result has high bits if s is
// too long, or not all printable ASCII.
func copyShort(to *[slack]byte, s string) (found uint64) {
	// The last words may overlap those before.
	switch n := len(s); {
	case n > slack:
		return wordHigh
	case n >= 16:
		a, b, c, d := word(s), word(s[8:]), word(s[n-16:]), word(s[n-8:])
		binary.LittleEndian.PutUint64(to[:], a)
		binary.LittleEndian.PutUint64(to[8:], b)
		binary.LittleEndian.PutUint64(to[n-16:], c)
		binary.LittleEndian.PutUint64(to[n-8:], d)
		return strange(a) | strange(b) | strange(c) | strange(d)
	case n >= 8:
		a, b := word(s), word(s[n-8:])
		binary.LittleEndian.PutUint64(to[:], a)
		binary.LittleEndian.PutUint64(to[n-8:], b)
		return strange(a) | strange(b)
	case n >= 4:
		a, b := halfWord(s), halfWord(s[n-4:])
		binary.LittleEndian.PutUint32(to[:], a)
		binary.LittleEndian.PutUint32(to[n-4:], b)
		return strange(uint64(a) | uint64(b)<<32)
	}
	for i := range len(s) {
		to[i] = s[i]
		found |= strange(uint64(s[i]) | wordSpaces&^0xFF)
	}
	return found
}

// word reads the first eight bytes; compilers make one load of it.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func halfWord(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// plainness is what copyText looks for.
func plainness[T string | []byte](s T) uint8 {
	flags := uint8(plain | oneLine)
	for i := range len(s) {
		if c := s[i]; c-0x20 > 0x7E-0x20 {
			if c != '\n' {
				return 0
			}
			flags = plain
		}
	}
	return flags
}
