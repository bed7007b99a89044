package symbol

import "strings"

// The characters of CODE93 in the order of their values; a to d stand for the
// shifts ($) (%) (/) (+) (AIM USS-93).
const code93Chars = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%abcd"

// code93Modules are the nine modules of each character, bit 8 the first, a
// bar being 1. Behind the 47 characters stands the start and stop character.
var code93Modules = [...]uint16{
	0x114, 0x148, 0x144, 0x142, 0x128, 0x124, 0x122, 0x150, 0x112, 0x10A,
	0x1A8, 0x1A4, 0x1A2, 0x194, 0x192, 0x18A, 0x168, 0x164, 0x162, 0x134,
	0x11A, 0x158, 0x14C, 0x146, 0x12C, 0x116, 0x1B4, 0x1B2, 0x1AC, 0x1A6,
	0x196, 0x19A, 0x16C, 0x166, 0x136, 0x13A,
	0x12E, 0x1D4, 0x1D2, 0x1CA, 0x16E, 0x176, 0x1AE,
	0x126, 0x1DA, 0x1D6, 0x132,
	code93Stop: 0x15E,
}

const code93Stop = 47

// code93Pair gives the shift and the letter of an ASCII character that is not
// itself in the set: the shifts are the characters a to d.
func code93Pair(c byte) (shift, letter byte) {
	switch {
	case c == 0:
		return 'b', 'U'
	case c <= 26:
		return 'a', 'A' + c - 1
	case c <= 31:
		return 'b', 'A' + c - 27
	case c <= ',':
		return 'c', 'A' + c - '!'
	case c == ':':
		return 'c', 'Z'
	case c <= '?':
		return 'b', 'F' + c - ';'
	case c == '@':
		return 'b', 'V'
	case c <= '_':
		return 'b', 'K' + c - '['
	case c == '`':
		return 'b', 'W'
	case c <= 'z':
		return 'd', 'A' + c - 'a'
	}
	return 'b', 'P' + c - '{'
}

func code93(s string) []uint8 {
	values := make([]uint8, 0, 2*len(s)+2)
	value := func(c byte) uint8 { return uint8(strings.IndexByte(code93Chars, c)) }
	for i := range len(s) {
		c := s[i]
		if c < 'a' && strings.IndexByte(code93Chars, c) >= 0 {
			values = append(values, value(c))
			continue
		}
		shift, letter := code93Pair(c)
		values = append(values, value(shift), value(letter))
	}
	// Two check characters: C with weights 1 to 20 from the right, then K
	// over all of it with weights 1 to 15.
	for _, period := range []int{20, 15} {
		sum := 0
		for i, v := range values {
			sum += int(v) * ((len(values)-1-i)%period + 1)
		}
		values = append(values, uint8(sum%47))
	}
	e := make([]uint8, 0, 6*(len(values)+2)+1)
	e = appendModules(e, uint32(code93Modules[code93Stop]), 9)
	for _, v := range values {
		e = appendModules(e, uint32(code93Modules[v]), 9)
	}
	e = appendModules(e, uint32(code93Modules[code93Stop]), 9)
	return append(e, 1)
}

// appendModules appends the widths of the runs in the n modules of bits, the
// highest first: a bar, and alternately on.
func appendModules(e []uint8, bits uint32, n int) []uint8 {
	bar := uint32(1)
	for i := n - 1; i >= 0; bar ^= 1 {
		w := uint8(0)
		for ; i >= 0 && bits>>i&1 == bar; i-- {
			w++
		}
		e = append(e, w)
	}
	return e
}
