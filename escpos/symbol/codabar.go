package symbol

import "strings"

const codabarChars = "0123456789-$:/.+ABCD"

// codabarWide says which of the seven elements of each of codabarChars are
// wide, bit 6 the first (EN 798).
var codabarWide = [...]uint8{
	0x03, 0x06, 0x09, 0x60, 0x12, 0x42, 0x21, 0x24, 0x30, 0x48,
	0x0C, 0x18, 0x45, 0x51, 0x54, 0x15,
	0x1A, 0x29, 0x0B, 0x0E,
}

func appendCodabar(dst []byte, data string) ([]byte, error) {
	if len(data) < 2 {
		return dst, badLength(Codabar, len(data), "at least a start and a stop letter")
	}
	last := len(data) - 1
	for _, i := range []int{0, last} {
		if c := data[i] &^ 0x20; c < 'A' || c > 'D' {
			return dst, badByte(Codabar, data[i], i, "A, B, C or D as the first and the last")
		}
	}
	dst = append(dst, data[0]&^0x20)
	dst, err := appendAllowed(dst, Codabar, data[1:last], 1, codabarChars[:16], "0-9 or $ + - . / :")
	if err != nil {
		return dst, err
	}
	return append(dst, data[last]&^0x20), nil
}

func codabar(s string) []uint8 {
	e := make([]uint8, 0, 8*len(s))
	for i := range len(s) {
		wide := codabarWide[strings.IndexByte(codabarChars, s[i])]
		for j := 6; j >= 0; j-- {
			e = append(e, 1+wide>>j&1)
		}
		e = append(e, 1)
	}
	return e[:len(e)-1]
}
