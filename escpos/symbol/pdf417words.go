package symbol

import (
	"math"
	"math/big"
	"strings"
)

// Words that change the compaction mode of PDF417.
const (
	pdfText    = 900 // and pads
	pdfBytes   = 901
	pdfNumbers = 902
	pdfSixes   = 924 // bytes whose number is a multiple of six
)

// Text submodes of PDF417.
const (
	pdfAlpha = iota
	pdfLower
	pdfMixed
	pdfPunct
	pdfSubmodes
)

// pdfChars are the characters of each submode in the order of their values; a
// zero byte stands where a value changes the submode.
var pdfChars = [pdfSubmodes]string{
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
	"abcdefghijklmnopqrstuvwxyz ",
	"0123456789&\r\t,:#-.$/+%*=^\x00 ",
	";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'",
}

// pdfLatch are the values that change the submode; 0: there is no direct way.
var pdfLatch = [pdfSubmodes][pdfSubmodes]uint8{
	pdfAlpha: {pdfLower: 27, pdfMixed: 28},
	pdfLower: {pdfMixed: 28},
	pdfMixed: {pdfPunct: 25, pdfLower: 27, pdfAlpha: 28},
	pdfPunct: {pdfAlpha: 29},
}

// pdfShift are the values that change it for one character.
var pdfShift = [pdfSubmodes][pdfSubmodes]uint8{
	pdfAlpha: {pdfPunct: 29},
	pdfLower: {pdfAlpha: 27, pdfPunct: 29},
	pdfMixed: {pdfPunct: 29},
}

func pdfValue(c byte, submode int) int {
	if c == 0 {
		return -1
	}
	return strings.IndexByte(pdfChars[submode], c)
}

func pdfIsText(c byte) bool {
	return c >= ' ' && c < 0x7F || c == '\t' || c == '\n' || c == '\r'
}

// pdf417Words compacts the data: runs of 13 digits and more as numbers, runs of
// five characters and more as text, all else as bytes (ISO/IEC 15438, annex P).
func pdf417Words(data []byte) []uint16 {
	run := func(from int, f func(c byte) bool) int {
		n := 0
		for from+n < len(data) && f(data[from+n]) {
			n++
		}
		return n
	}
	digit := func(c byte) bool { return isDigit(token(c)) }
	// textRun ends where enough digits begin for a run of their own.
	textRun := func(from int) int {
		n := 0
		for from+n < len(data) && pdfIsText(data[from+n]) {
			d := run(from+n, digit)
			if d >= 13 {
				break
			}
			n += max(d, 1)
		}
		return n
	}
	var words []uint16
	mode := pdfText
	for i := 0; i < len(data); {
		if n := run(i, digit); n >= 13 {
			words = pdfDigits(append(words, pdfNumbers), data[i:i+n])
			mode = pdfNumbers
			i += n
			continue
		}
		if n := textRun(i); n >= 5 || n == len(data)-i {
			if mode != pdfText {
				words = append(words, pdfText)
			}
			words = pdfTextWords(words, data[i:i+n])
			mode = pdfText
			i += n
			continue
		}
		n := 0
		for i+n < len(data) && run(i+n, digit) < 13 {
			t := textRun(i + n)
			if t >= 5 {
				break
			}
			n += max(t, 1)
		}
		words = pdfByteWords(words, data[i:i+n])
		mode = pdfBytes
		i += n
	}
	return words
}

// pdfDigits writes up to 44 digits at a time as a number to the base 900 with a
// 1 in front.
func pdfDigits(words []uint16, data []byte) []uint16 {
	for len(data) > 0 {
		n := min(44, len(data))
		v, _ := new(big.Int).SetString("1"+string(data[:n]), 10)
		words = appendBase900(words, v, n/3+1)
		data = data[n:]
	}
	return words
}

func appendBase900(words []uint16, v *big.Int, n int) []uint16 {
	at := len(words)
	words = append(words, make([]uint16, n)...)
	base, rem := big.NewInt(900), new(big.Int)
	for i := n - 1; i >= 0; i-- {
		v.DivMod(v, base, rem)
		words[at+i] = uint16(rem.Int64())
	}
	return words
}

// pdfByteWords writes six bytes as five words, and what is left over as one
// word a byte.
func pdfByteWords(words []uint16, data []byte) []uint16 {
	if len(data)%6 == 0 {
		words = append(words, pdfSixes)
	} else {
		words = append(words, pdfBytes)
	}
	for ; len(data) >= 6; data = data[6:] {
		words = appendBase900(words, new(big.Int).SetBytes(data[:6]), 5)
	}
	for _, c := range data {
		words = append(words, uint16(c))
	}
	return words
}

// pdfTextWords writes text with the fewest values, two a word. It begins in the
// submode that a change to text begins in.
func pdfTextWords(words []uint16, data []byte) []uint16 {
	const never = math.MaxInt / 4
	const stay = pdfSubmodes // or this and the submode that is shifted to
	choice := make([][pdfSubmodes]uint8, len(data))
	var next [pdfSubmodes]int
	for i := len(data) - 1; i >= 0; i-- {
		var here [pdfSubmodes]int
		for m := range pdfSubmodes {
			here[m], choice[i][m] = never, stay
			if pdfValue(data[i], m) >= 0 {
				here[m] = 1 + next[m]
				continue
			}
			for to := range pdfSubmodes {
				if pdfShift[m][to] != 0 && pdfValue(data[i], to) >= 0 && 2+next[m] < here[m] {
					here[m], choice[i][m] = 2+next[m], uint8(stay+1+to)
				}
			}
		}
		for range pdfSubmodes {
			for m := range pdfSubmodes {
				for to := range pdfSubmodes {
					if pdfLatch[m][to] != 0 && here[to]+1 < here[m] {
						here[m], choice[i][m] = here[to]+1, uint8(to)
					}
				}
			}
		}
		next = here
	}
	var values []uint8
	mode := pdfAlpha
	for i := 0; i < len(data); {
		switch c := int(choice[i][mode]); {
		case c < stay:
			values = append(values, pdfLatch[mode][c])
			mode = c
			continue
		case c > stay:
			to := c - stay - 1
			values = append(values, pdfShift[mode][to], uint8(pdfValue(data[i], to)))
		default:
			values = append(values, uint8(pdfValue(data[i], mode)))
		}
		i++
	}
	if len(values)%2 != 0 {
		values = append(values, 29) // changes the submode, which nothing follows
	}
	for i := 0; i < len(values); i += 2 {
		words = append(words, 30*uint16(values[i])+uint16(values[i+1]))
	}
	return words
}
