package symbol

import (
	"math"
	"strings"
)

// Encodation schemes of Data Matrix, and how far into a word of three values
// the last two of them are.
const (
	dmASCII = iota
	dmBase256
	dmC40    // and the two states behind
	dmText   = dmC40 + 3
	dmStates = dmText + 3
)

// Words of the ASCII scheme.
const (
	dmUpper     = 235 // the next character is of 128 to 255
	dmToC40     = 230
	dmToBase256 = 231
	dmToText    = 239
	dmUnlatch   = 254 // of C40 and Text
)

// dmValues appends the C40 or Text values of a byte, up to four.
func dmValues(dst []uint8, c byte, text bool) []uint8 {
	if c >= 128 {
		return dmValues(append(dst, 1, 30), c-128, text)
	}
	letter := c // with the cases exchanged for Text
	if text {
		switch {
		case c >= 'a' && c <= 'z':
			letter = c - 32
		case c >= 'A' && c <= 'Z':
			letter = c + 32
		}
	}
	const second = "!\"#$%&'()*+,-./:;<=>?@[\\]^_"
	switch {
	case c == ' ':
		return append(dst, 3)
	case isDigit(token(c)):
		return append(dst, c-'0'+4)
	case letter >= 'A' && letter <= 'Z':
		return append(dst, letter-'A'+14)
	case c < 32:
		return append(dst, 0, c)
	case strings.IndexByte(second, c) >= 0:
		return append(dst, 1, uint8(strings.IndexByte(second, c)))
	case letter >= 'a' && letter <= 'z':
		return append(dst, 2, letter-'a'+1)
	case c == '`':
		return append(dst, 2, 0)
	}
	return append(dst, 2, c-'{'+27) // { | } ~ DEL
}

// dmWords encodes the data in the fewest words, nearly; unlatch tells that the
// last of them only goes back to ASCII. It goes from the end: next holds, for
// each scheme that could be in force, the fewest words for the rest, a Base 256
// length taken as one word.
func dmWords(data []byte) (words []uint16, unlatch bool) {
	const never = math.MaxInt / 4
	const stay = dmStates // or this and the scheme to change to
	choice := make([][dmStates]uint8, len(data)+1)
	var cost [3][dmStates]int // in thirds of a word, behind 0, 1 and 2 more bytes
	for i := len(data); i >= 0; i-- {
		copy(cost[1:], cost[:2])
		here := &cost[0]
		for s := range dmStates {
			here[s], choice[i][s] = never, stay
			switch {
			case i == len(data):
				if s == dmASCII || s == dmBase256 {
					here[s] = 0
				}
			case s == dmASCII && data[i] >= 128:
				here[s] = 6 + cost[1][s]
			case s == dmASCII:
				here[s] = 3 + cost[1][s]
				if i+1 < len(data) && isDigit(token(data[i])) && isDigit(token(data[i+1])) {
					here[s] = min(here[s], 3+cost[2][s])
				}
			case s == dmBase256:
				here[s] = 3 + cost[1][s]
			default:
				first := s - (s-dmC40)%3
				var v [4]uint8
				n := len(dmValues(v[:0], data[i], first == dmText))
				here[s] = min(2*n+cost[1][first+(s-first+n)%3], never)
			}
		}
		// C40 and Text end at a whole word, Base 256 anywhere, and all
		// begin from ASCII.
		for range 2 {
			for _, l := range [...]struct{ scheme, in, out int }{{dmC40, 3, 3}, {dmText, 3, 3}, {dmBase256, 6, 0}} {
				s := l.scheme
				if here[dmASCII]+l.out < here[s] {
					here[s], choice[i][s] = here[dmASCII]+l.out, dmASCII
				}
				if i < len(data) && here[s]+l.in < here[dmASCII] {
					here[dmASCII], choice[i][dmASCII] = here[s]+l.in, uint8(s)
				}
			}
		}
	}
	w := dmWriter{}
	state := dmASCII
	for i := 0; ; {
		if to := int(choice[i][state]); to != stay {
			unlatch = w.change(state, to)
			state = to
			continue
		}
		if i == len(data) {
			w.change(state, dmASCII)
			return w.words, unlatch
		}
		unlatch = false
		switch {
		case state == dmASCII && data[i] >= 128:
			w.words = append(w.words, dmUpper, uint16(data[i])-127)
		case state == dmASCII && i+1 < len(data) && isDigit(token(data[i])) && isDigit(token(data[i+1])):
			w.words = append(w.words, uint16(data[i]-'0')*10+uint16(data[i+1]-'0')+130)
			i++
		case state == dmASCII:
			w.words = append(w.words, uint16(data[i])+1)
		case state == dmBase256:
			w.bytes = append(w.bytes, data[i])
		default:
			first := state - (state-dmC40)%3
			n := len(w.values)
			w.values = dmValues(w.values, data[i], first == dmText)
			state = first + (state-first+len(w.values)-n)%3
			w.flush()
		}
		i++
	}
}

// A dmWriter writes words, and keeps what does not make one yet.
type dmWriter struct {
	words  []uint16
	values []uint8 // of C40 or Text
	bytes  []byte  // of Base 256
}

// flush writes three values as two words.
func (w *dmWriter) flush() {
	for ; len(w.values) >= 3; w.values = w.values[3:] {
		v := 1600*uint16(w.values[0]) + 40*uint16(w.values[1]) + uint16(w.values[2]) + 1
		w.words = append(w.words, v>>8, v&0xFF)
	}
}

// change writes what changes the scheme, and reports whether that was the word
// that ends C40 or Text.
func (w *dmWriter) change(from, to int) bool {
	switch {
	case from == dmBase256:
		// Length and bytes are mixed with a pseudo-random sequence that
		// depends on where they stand.
		n := len(w.bytes)
		var length []uint16
		if n > 249 {
			length = []uint16{uint16(n/250 + 249)}
		}
		length = append(length, uint16(n%250))
		for _, c := range w.bytes {
			length = append(length, uint16(c))
		}
		for _, v := range length {
			w.words = append(w.words, (v+uint16(149*(len(w.words)+1)%255+1))&0xFF)
		}
		w.bytes = nil
	case from >= dmC40:
		w.words = append(w.words, dmUnlatch)
		return true
	}
	switch to {
	case dmBase256:
		w.words = append(w.words, dmToBase256)
	case dmC40:
		w.words = append(w.words, dmToC40)
	case dmText:
		w.words = append(w.words, dmToText)
	}
	return false
}
