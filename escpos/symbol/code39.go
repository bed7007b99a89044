package symbol

import "strings"

// twoOfFive says which of five elements are wide for the digits 0 to 9: bit 4
// the first element. ITF and the bars of CODE39 share it.
var twoOfFive = [10]uint8{
	0b00110, 0b10001, 0b01001, 0b11000, 0b00101,
	0b10100, 0b01100, 0b00011, 0b10010, 0b01010,
}

// The characters of CODE39, in four rows of ten and one of four
// (ISO/IEC 16388). The column of the first four rows gives the wide bars, as
// of the digits 1 to 9 and 0; the row gives the one wide space. The last row
// has no wide bar and three wide spaces.
const code39Chars = "1234567890" + "ABCDEFGHIJ" + "KLMNOPQRST" + "UVWXYZ-. *" + "$/+%"

var code39Spaces = [...]uint8{0b0100, 0b0010, 0b0001, 0b1000}

var code39Triple = [...]uint8{0b1110, 0b1101, 0b1011, 0b0111}

func appendCode39(dst []byte, data string) ([]byte, error) {
	body, pos := data, 0
	if len(data) >= 2 && data[0] == '*' && data[len(data)-1] == '*' {
		body, pos = data[1:len(data)-1], 1
	}
	if body == "" {
		return dst, badLength(Code39, 0, "at least 1 character")
	}
	return appendAllowed(dst, Code39, body, pos, digits+"ABCDEFGHIJKLMNOPQRSTUVWXYZ $%+-./", "0-9, A-Z, space or $ % + - . /")
}

func code39(s string) []uint8 {
	e := make([]uint8, 0, 10*(len(s)+2))
	for i := -1; i <= len(s); i++ {
		c := byte('*')
		if i >= 0 && i < len(s) {
			c = s[i]
		}
		var bars, spaces uint8
		if n := strings.IndexByte(code39Chars, c); n < 40 {
			bars, spaces = twoOfFive[(n+1)%10], code39Spaces[n/10]
		} else {
			spaces = code39Triple[n-40]
		}
		for j := 4; j >= 0; j-- {
			e = append(e, 1+bars>>j&1)
			if j > 0 {
				e = append(e, 1+spaces>>(j-1)&1)
			}
		}
		e = append(e, 1)
	}
	return e[:len(e)-1]
}
