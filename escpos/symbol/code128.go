package symbol

import (
	"strings"
	"unicode/utf8"
)

// A token is what Code 128 encodes: a Latin-1 character, or a function
// character.
type token uint16

const (
	fnc1 token = 256 + iota
	fnc2
	fnc3
)

// Symbol values of Code 128 (ISO/IEC 15417). What 100 and 101 mean depends on
// the code set in force: they change to B or A, or are FNC4 in the set that
// they would change to.
const (
	c128FNC3  = 96
	c128FNC2  = 97
	c128Shift = 98
	c128CodeC = 99
	c128CodeB = 100
	c128CodeA = 101
	c128FNC1  = 102
	c128Start = 103 // and the code set
	c128Stop  = 106
)

// Code sets.
const (
	setA = iota
	setB
	setC
	sets
)

// code128Widths are the six widths of each symbol value; the stop character
// has one bar more, of 2.
var code128Widths = [...]string{
	"212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
	"221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
	"221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
	"212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
	"231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
	"231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
	"314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
	"112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
	"111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
	"214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
	"114131", "311141", "411131", "211412", "211214", "211232", "2331112",
}

// code128Bars draws the values, a start value first, and adds the check
// character and the stop character.
func code128Bars(values []uint8) []uint8 {
	e := make([]uint8, 0, 6*len(values)+13)
	sum := 0
	for i, v := range values {
		sum += max(i, 1) * int(v)
		e = append128(e, v)
	}
	e = append128(e, uint8(sum%103))
	return append128(e, c128Stop)
}

func append128(e []uint8, v uint8) []uint8 {
	w := code128Widths[v]
	for i := range len(w) {
		e = append(e, w[i]-'0')
	}
	return e
}

// code128Tokens appends the characters of the data.
func code128Tokens(dst []token, data string) ([]token, error) {
	if data == "" {
		return dst, badLength(Code128, 0, "at least 1 character")
	}
	for i, r := range data {
		if r == utf8.RuneError || r > 0xFF {
			return dst, &DataError{Code128, i, ErrCharacter, "want U+0000 to U+00FF"}
		}
		dst = append(dst, token(r))
	}
	return dst, nil
}

func isDigit(t token) bool { return t >= '0' && t <= '9' }

// code128Cost returns how many symbol characters the first token takes in a
// code set, shift not counted; 0: it cannot be said there.
func code128Cost(t token, set int) uint16 {
	switch {
	case t == fnc1, t > fnc1 && set != setC:
		return 1
	case t > fnc1, set == setC:
		return 0
	case t >= 128: // FNC4 goes before it
		if code128Cost(t-128, set) != 0 {
			return 2
		}
	case set == setA && t < 96, set == setB && t >= 32:
		return 1
	}
	return 0
}

// Choices of code128Values at a token in a code set: change to a set, or
const (
	c128Plain = sets + iota
	c128Shifted
)

// code128Values appends the fewest symbol values that encode the tokens, the
// start value first. It goes through the tokens from the end, and finds for
// each and for each code set that could be in force what is cheapest there.
// At most maxData tokens.
func code128Values(dst []uint8, tokens []token) []uint8 {
	const never = 1 << 14
	var choice [maxData][sets]uint8
	var next, after [sets]uint16 // costs of the rest behind one and two tokens
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		var stay [sets]uint16 // cost from here without changing the set first
		for set := range sets {
			stay[set] = never
			if c := code128Cost(t, set); c != 0 {
				stay[set] = c + next[set]
				choice[i][set] = c128Plain
			} else if set != setC && code128Cost(t, setA+setB-set) == 1 {
				stay[set] = 2 + next[set]
				choice[i][set] = c128Shifted
			} else if set == setC && isDigit(t) && i+1 < len(tokens) && isDigit(tokens[i+1]) {
				stay[set] = 1 + after[set]
				choice[i][set] = c128Plain
			}
		}
		after, next = next, stay
		for set := range sets {
			for other := range sets {
				if stay[other]+1 < next[set] {
					next[set] = stay[other] + 1
					choice[i][set] = uint8(other)
				}
			}
		}
	}
	// B is preferred, as the set that people expect to see.
	set := setB
	for _, s := range []int{setC, setA} {
		if next[s] < next[set] {
			set = s
		}
	}
	if len(tokens) > 0 && int(choice[0][set]) < sets {
		set = int(choice[0][set])
	}
	dst = append(dst, c128Start+uint8(set))
	for i := 0; i < len(tokens); {
		switch c := choice[i][set]; c {
		case c128Plain:
			t := tokens[i]
			if set == setC && t != fnc1 {
				dst = append(dst, uint8(t-'0')*10+uint8(tokens[i+1]-'0'))
				i++
			} else {
				dst = append128Token(dst, t, set)
			}
			i++
		case c128Shifted:
			dst = append128Token(append(dst, c128Shift), tokens[i], setA+setB-set)
			i++
		default:
			set = int(c)
			dst = append(dst, c128CodeA-c)
		}
	}
	return dst
}

// append128Token appends the values of a token that set A or B, or for FNC1
// any set, has.
func append128Token(dst []uint8, t token, set int) []uint8 {
	switch {
	case t == fnc1:
		return append(dst, c128FNC1)
	case t == fnc2:
		return append(dst, c128FNC2)
	case t == fnc3:
		return append(dst, c128FNC3)
	case t >= 128:
		return append128Token(append(dst, c128CodeA-uint8(set)), t-128, set)
	case t < 32:
		return append(dst, uint8(t)+64)
	}
	return append(dst, uint8(t)-32)
}

// encodeCode128 makes the shortest symbol of Latin-1 text.
func encodeCode128(data string) (*Linear, error) {
	if len(data) > maxData {
		return nil, tooLong(Code128, "a linear symbol takes at most 255 bytes")
	}
	var t [maxData]token
	tokens, err := code128Tokens(t[:0], data)
	if err != nil {
		return nil, err
	}
	values := code128Values(make([]uint8, 0, 2*len(tokens)+1), tokens)
	return code128Linear(Code128, values), nil
}

func code128Linear(kind Kind, values []uint8) *Linear {
	return &Linear{Kind: kind, Text: code128Text(values), Elements: code128Bars(values)}
}

// code128Text writes what the values say. Function and control characters are
// blank, as on a printer.
func code128Text(values []uint8) string {
	var b strings.Builder
	walk128(values, func(t token, _ []uint8) {
		if t < ' ' || t == 0x7F || t > 0xFF {
			t = ' '
		}
		b.WriteRune(rune(t))
	})
	return b.String()
}

// walk128 calls f for each token that the values say, with the values that say
// it. A pair of digits makes two calls, the second without values.
func walk128(values []uint8, f func(t token, of []uint8)) {
	if len(values) == 0 {
		return
	}
	set := int(values[0] - c128Start)
	from, shift, high := 1, false, token(0)
	for i := 1; i < len(values); i++ {
		v := values[i]
		now := set
		if shift {
			now = setA + setB - set
		}
		t := fnc1
		switch {
		case v == c128FNC1:
		case set == setC && v < 100:
			f('0'+token(v/10), values[from:i+1])
			f('0'+token(v%10), nil)
			from = i + 1
			continue
		case v < 96:
			t = token(v) + 32
			if now == setA && v >= 64 {
				t = token(v) - 64
			}
			t += high
			shift, high = false, 0
		case v == c128FNC2:
			t = fnc2
		case v == c128FNC3:
			t = fnc3
		case v == c128Shift:
			shift = true
			continue
		case v == c128CodeA-uint8(set) && set != setC:
			high = 128
			continue
		default:
			set, shift = int(c128CodeA-v), false
			from = i + 1
			continue
		}
		f(t, values[from:i+1])
		from = i + 1
	}
}
