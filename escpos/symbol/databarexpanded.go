package symbol

import "math"

var expandedGroups = []rssGroup{
	{0, 12, 5, 7, 2, 4}, {348, 10, 7, 5, 4, 20}, {1388, 8, 9, 4, 5, 52}, {2948, 6, 11, 3, 6, 104}, {3988, 4, 13, 1, 8, 204},
}

var expandedFinders = [6][5]uint8{
	{1, 8, 4, 1, 1}, {3, 6, 4, 1, 1}, {3, 4, 6, 1, 1}, {3, 2, 8, 1, 1}, {2, 6, 5, 1, 1}, {2, 2, 9, 1, 1},
}

// expandedSequences are the finders of symbols with 2 to 11 of them: A to F,
// and a to f for the same mirrored.
var expandedSequences = [...]string{
	"Aa", "AbB", "AcBd", "AeBdC", "AeBdDf", "AeBdEfF", "AaBbCcDd", "AaBbCcDeE", "AaBbCcDeFf", "AaBbCdDeEfF",
}

// maxExpanded is the most symbol characters there are, the check character
// not counted: 12 bits each.
const maxExpanded = 21

// expandedColumns returns the elements of the symbol, in columns: two
// characters with a finder pattern between them, 21 elements; the last one may
// lack the second character. The first element of a column is a space, and of
// the next a bar, in turn.
func expandedColumns(values []int) [][]uint8 {
	sequence := expandedSequences[len(values)/2-1]
	columns := make([][]uint8, len(sequence))
	chars := make([][8]uint8, len(values)+1) // the check character first
	sum := 0
	for i, v := range values {
		c := &chars[i+1]
		rssCharacter(c[:], expandedGroups, v, false, false)
		// The weights are powers of 3, a row of eight for each place beside
		// each finder; there is none for the check character's own.
		f := sequence[(i+1)/2]
		row := 2 * int(f&^0x20-'A')
		if f >= 'a' {
			row++
		}
		row = 2*row - 1 + (i+1)%2
		weight := 1
		for range 8 * row {
			weight = weight * 3 % 211
		}
		for _, w := range c {
			sum += int(w) * weight
			weight = weight * 3 % 211
		}
	}
	rssCharacter(chars[0][:], expandedGroups, 211*(len(values)-3)+sum%211, false, false)
	for i := range columns {
		f := sequence[i]
		finder := expandedFinders[f&^0x20-'A']
		e := append([]uint8(nil), chars[2*i][:]...)
		if f >= 'a' {
			e = appendReversed(e, finder[:])
		} else {
			e = append(e, finder[:]...)
		}
		if 2*i+1 < len(chars) {
			e = appendReversed(e, chars[2*i+1][:])
		}
		columns[i] = e
	}
	return columns
}

// databarExpanded draws tokens. The guard space on the left falls to the quiet
// zone, and so does the last space, if the symbol ends with one.
func databarExpanded(text string, tokens []token) (*Linear, error) {
	values, err := expandedValues(DataBarExpanded, tokens, 0)
	if err != nil {
		return nil, err
	}
	e := []uint8{1}
	for _, c := range expandedColumns(values) {
		e = append(e, c...)
	}
	e = append(e, 1)
	if len(e)%2 == 0 {
		e = append(e, 1)
	}
	return &Linear{Kind: DataBarExpanded, Text: text, Elements: e}, nil
}

func encodeDataBarExpanded(data string) (*Linear, error) {
	text, tokens, err := gs1Parse(DataBarExpanded, data)
	if err != nil {
		return nil, err
	}
	return databarExpanded(text, tokens)
}

// expandedValues encodes the tokens in 12-bit characters. The last row of a
// stacked symbol of so many columns must not have but one character, and then
// one is added; columns is 0 for a symbol of one row.
func expandedValues(kind Kind, tokens []token, columns int) ([]int, error) {
	var w bitWriter
	w.write(0, 1) // no composite component
	rest, lengthAt := tokens, 0
	if n := gtinPrefix(tokens); n != nil {
		w.write(0b100, 3) // method "1"; the last two bits tell the length
		lengthAt = 2
		w.write(n[0], 4)
		for _, v := range n[1:] {
			w.write(v, 10)
		}
		rest = tokens[16:]
	} else {
		w.write(0b0000, 4) // method "00"
		lengthAt = 3
	}
	mode, last, err := generalField(&w, kind, rest)
	if err != nil {
		return nil, err
	}
	count := func(bits int) int { // characters, the check character included
		n := (bits+11)/12 + 1
		if columns > 0 && n%(2*columns) == 1 {
			n++
		}
		return max(n, 4)
	}
	if last >= 0 {
		// A single digit at the end: 4 bits if the symbol ends before it could
		// be anything else, or a pair with FNC1.
		if room := 12*(count(w.len()+4)-1) - w.len(); room >= 4 && room <= 6 {
			w.write(last+1, 4)
		} else {
			w.write(11*last+10+8, 7)
		}
	}
	n := count(w.len())
	if n-1 > maxExpanded {
		return nil, tooLong(kind, itoa(w.len())+" bits, at most 252")
	}
	size := 12 * (n - 1)
	if mode == gfNumeric && size > w.len() {
		w.write(0, min(4, size-w.len()))
	}
	for size > w.len() {
		k := min(5, size-w.len())
		w.write(0b00100>>(5-k), k)
	}
	w.bits[lengthAt] = n%2 == 1
	w.bits[lengthAt+1] = n > 14
	values := make([]int, 0, n-1)
	for _, v := range w.words(12) {
		values = append(values, int(v))
	}
	return values, nil
}

// gtinPrefix returns the digit and the four numbers of three digits that follow
// an application identifier 01, the check digit left out; nil if the tokens do
// not begin with one.
func gtinPrefix(tokens []token) []int {
	if len(tokens) < 16 || tokens[0] != '0' || tokens[1] != '1' {
		return nil
	}
	var d [16]byte
	for i, t := range tokens[:16] {
		if !isDigit(t) {
			return nil
		}
		d[i] = byte(t)
	}
	if checkDigit(string(d[2:15])) != d[15] {
		return nil
	}
	n := []int{int(d[2] - '0')}
	for i := 3; i < 15; i += 3 {
		n = append(n, 100*int(d[i]-'0')+10*int(d[i+1]-'0')+int(d[i+2]-'0'))
	}
	return n
}

// The modes of the general purpose data compaction field (ISO/IEC 24724,
// 7.2.5.5).
const (
	gfNumeric = iota
	gfAlpha
	gfISO
	gfModes
)

// gfLatch are the bits that change the mode, and how many; no bits: there is
// no direct way.
var gfLatch = [gfModes][gfModes]struct{ bits, n int }{
	gfNumeric: {gfAlpha: {0, 4}},
	gfAlpha:   {gfNumeric: {0, 3}, gfISO: {4, 5}},
	gfISO:     {gfNumeric: {0, 3}, gfAlpha: {4, 5}},
}

// gfCode returns the bits of a token in alphanumeric or ISO 646 mode, and how
// many; no bits: the mode does not have it.
func gfCode(t token, mode int) (bits, n int) {
	const special = "!\"%&'()*+,-./:;<=>?_ "
	switch {
	case isDigit(t):
		return int(t - '0' + 5), 5
	case t == fnc1:
		return 15, 5
	case mode == gfAlpha:
		switch {
		case t >= 'A' && t <= 'Z':
			return int(t - 'A' + 32), 6
		case t == '*':
			return 58, 6
		case t >= ',' && t <= '/':
			return int(t - ',' + 59), 6
		}
		return 0, 0
	case t >= 'A' && t <= 'Z':
		return int(t - 'A' + 64), 7
	case t >= 'a' && t <= 'z':
		return int(t - 'a' + 90), 7
	}
	for i := range len(special) {
		if token(special[i]) == t {
			return 232 + i, 8
		}
	}
	return 0, 0
}

// generalField writes the tokens in the fewest bits and returns the mode at the
// end. A single last digit in numeric mode is not written but returned, because
// its form depends on the room that is left; otherwise last is -1.
func generalField(w *bitWriter, kind Kind, tokens []token) (mode, last int, err error) {
	const never = math.MaxInt / 4
	const stay = gfModes
	choice := make([][gfModes]uint8, len(tokens))
	var next, after [gfModes]int
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		var here [gfModes]int
		for m := range gfModes {
			here[m] = never
			choice[i][m] = stay
			if m == gfNumeric {
				switch {
				case !isDigit(t) && t != fnc1:
				case i+1 == len(tokens):
					if t != fnc1 {
						here[m] = 7
					}
				case (isDigit(tokens[i+1]) || tokens[i+1] == fnc1) && (t != fnc1 || tokens[i+1] != fnc1):
					here[m] = 7 + after[m]
				}
				continue
			}
			if _, n := gfCode(t, m); n != 0 {
				to := m
				if t == fnc1 { // changes to numeric mode as well
					to = gfNumeric
				}
				here[m] = min(n+next[to], never)
			}
		}
		if here[gfAlpha] >= never && here[gfISO] >= never && here[gfNumeric] >= never {
			return 0, 0, &DataError{kind, -1, ErrCharacter, "GS1 DataBar Expanded cannot say " + string(rune(t))}
		}
		// Twice, because numeric mode reaches ISO 646 through alphanumeric.
		best := here
		for range 2 {
			for m := range gfModes {
				for to := range gfModes {
					if l := gfLatch[m][to]; l.n > 0 && best[to]+l.n < best[m] {
						best[m], choice[i][m] = best[to]+l.n, uint8(to)
					}
				}
			}
		}
		after, next = next, best
	}
	mode, last = gfNumeric, -1
	for i := 0; i < len(tokens); {
		if to := choice[i][mode]; to != stay {
			l := gfLatch[mode][to]
			w.write(l.bits, l.n)
			mode = int(to)
			continue
		}
		t := tokens[i]
		if mode != gfNumeric {
			w.write(gfCode(t, mode))
			if t == fnc1 {
				mode = gfNumeric
			}
			i++
			continue
		}
		if i+1 == len(tokens) {
			return mode, int(t - '0'), nil
		}
		digit := func(t token) int {
			if t == fnc1 {
				return 10
			}
			return int(t - '0')
		}
		w.write(11*digit(t)+digit(tokens[i+1])+8, 7)
		i += 2
	}
	return mode, last, nil
}
