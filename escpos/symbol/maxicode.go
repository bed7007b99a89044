package symbol

import (
	"bytes"
	"math"
	"strconv"
)

// MaxiCodeOptions say what a MaxiCode carries and how large it is drawn.
type MaxiCodeOptions struct {
	Mode  int     // 2 to 6; 0 is 4
	Pitch float64 // dots from one module to the next in a row; 0 is 7, 0.88 mm at 203 dpi
}

// A MaxiCode has 33 rows of 30 modules, every second row shifted by half a
// module.
const (
	maxiRows    = 33
	maxiColumns = 30
	maxiWords   = 144
)

// EncodeMaxiCode makes a MaxiCode of bytes (ISO/IEC 16023). Its modules are
// hexagons around a bull's eye, so that the Matrix holds the dots of the drawn
// symbol, to be printed as they are, and not its modules; its quiet zone is
// Pitch dots wide.
//
// Mode 4 is for any data, 5 the same with more check words, and 6 programs a
// reader. Modes 2 and 3 are for parcels: the data are the postal code, the
// country (ISO 3166, three digits), the service class (three digits) and the
// message, with a GS (1D hex) behind each of the first three; before them may
// stand the nine characters "[)>" RS "01" GS and the year. The postal code is up to 9
// digits in mode 2, and up to 6 capitals and digits in mode 3.
func EncodeMaxiCode(data []byte, opt MaxiCodeOptions) (*Matrix, error) {
	mode, pitch := opt.Mode, opt.Pitch
	if mode == 0 {
		mode = 4
	}
	if pitch == 0 {
		pitch = 7
	}
	switch {
	case mode < 2 || mode > 6:
		return nil, badOption(MaxiCode, "mode "+itoa(mode)+", want 2 to 6")
	case !(pitch >= 3 && pitch <= 50):
		return nil, badOption(MaxiCode, "the pitch is not 3 to 50 dots")
	case len(data) == 0:
		return nil, badLength(MaxiCode, 0, "at least 1 byte")
	case len(data) > 138:
		return nil, tooLong(MaxiCode, itoa(len(data))+" bytes, at most 138")
	}
	words := make([]uint16, 10, maxiWords)
	message := data
	if mode <= 3 {
		var err error
		if message, err = maxiCarrier(words, mode, data); err != nil {
			return nil, err
		}
	}
	second, check := 84, 20 // words of the secondary message; check words of each half
	if mode == 5 {
		second, check = 68, 28
	}
	room := second
	if mode > 3 {
		room += 9 // in the primary message
	}
	text, set := maxiMessage(message)
	if len(text) > room {
		return nil, tooLong(MaxiCode, itoa(len(text))+" words, at most "+itoa(room))
	}
	pad := uint16(33)
	switch {
	case len(text) == room:
	case set == maxiE:
		pad = 28
	case set == maxiC || set == maxiD:
		text = append(text, 58) // to A
	}
	for len(text) < room {
		text = append(text, pad)
	}
	if mode > 3 {
		words[0] = uint16(mode)
		copy(words[1:], text[:9])
		text = text[9:]
	}
	words = append(words, aztec6Field().checkWords(words, 10, 1)...)
	words = append(words, text...)
	// The secondary message is two codes, of every second word.
	at := len(words)
	words = words[:at+2*check]
	for half := range 2 {
		var d []uint16
		for i := half; i < len(text); i += 2 {
			d = append(d, text[i])
		}
		for i, c := range aztec6Field().checkWords(d, check, 1) {
			words[at+2*i+half] = c
		}
	}
	return maxiDraw(words, pitch), nil
}

// maxiCarrier fills the primary message of modes 2 and 3 and returns what the
// secondary has to carry.
func maxiCarrier(words []uint16, mode int, data []byte) ([]byte, error) {
	bad := func(reason string) ([]byte, error) {
		return nil, &DataError{MaxiCode, -1, ErrSyntax, reason}
	}
	var header []byte
	rest := data
	if bytes.HasPrefix(data, []byte("[)>\x1E01\x1D")) && len(data) >= 9 {
		header, rest = data[:9], data[9:]
	}
	fields := bytes.SplitN(rest, []byte{0x1D}, 4)
	if len(fields) != 4 {
		return bad("modes 2 and 3 want postal code, country, service class and message, with GS between them")
	}
	number := func(s []byte, digits int) (int, bool) {
		n, err := strconv.ParseUint(string(s), 10, 32)
		return int(n), err == nil && len(s) <= digits
	}
	country, ok := number(fields[1], 3)
	service, ok2 := number(fields[2], 3)
	if !ok || !ok2 {
		return bad("country and service class are up to 3 digits")
	}
	var w bitWriter // the 60 bits of the primary message, the first word last
	w.write(service, 10)
	w.write(country, 10)
	postal := fields[0]
	if mode == 2 {
		n, ok := number(postal, 9)
		if !ok || len(postal) == 0 {
			return bad("the postal code of mode 2 is up to 9 digits")
		}
		w.write(len(postal), 6)
		w.write(n, 30)
	} else {
		if len(postal) > 6 {
			return bad("the postal code of mode 3 is up to 6 characters")
		}
		for i := range 6 {
			v := 32 // a space
			if i < len(postal) {
				v = maxiValue(postal[i], maxiA)
			}
			if v < 0 || i < len(postal) && postal[i] < ' ' {
				return bad("the postal code of mode 3 is of capitals and digits")
			}
			w.write(v, 6)
		}
	}
	w.write(mode, 4)
	for i, v := range w.words(6) {
		words[9-i] = v
	}
	return append(append([]byte(nil), header...), fields[3]...), nil
}

// Code sets of MaxiCode.
const (
	maxiA = iota
	maxiB
	maxiC
	maxiD
	maxiE
	maxiSetCount
)

const maxiNumber = 31 // nine digits follow as five words

func maxiValue(c byte, set int) int {
	if set == maxiB && c == 'A' || set != maxiB && c == '~' {
		return -1
	}
	for i := range len(maxiSets[set]) {
		if maxiSets[set][i] == c {
			return i
		}
	}
	return -1
}

// maxiLatch returns the words that change the code set.
func maxiLatch(from, to int) []uint16 {
	switch {
	case to == maxiA && from != maxiB:
		return []uint16{58}
	case to <= maxiB:
		return []uint16{63}
	}
	v := uint16(58 + to) // a shift; twice is for good
	return []uint16{v, v}
}

// maxiShift returns the word that changes it for one character, if there is
// one.
func maxiShift(from, to int) (uint16, bool) {
	if to <= maxiB {
		return 59, from <= maxiB
	}
	return uint16(58 + to), true
}

// maxiMessage encodes the data in the fewest words, beginning in set A, and
// returns the code set at the end. It goes from the end: cost holds, for each
// set that could be in force, the fewest words for the rest.
func maxiMessage(data []byte) (words []uint16, set int) {
	const never = math.MaxInt / 4
	const (
		stay    = maxiSetCount + iota
		numeric // nine digits
		twoA    // two characters of A out of B
		threeA
		shifted // and the set that is shifted to
	)
	n := len(data)
	choice := make([][maxiSetCount]uint8, n)
	cost := make([][maxiSetCount]int, n+1)
	run := func(from, length int, f func(c byte) bool) bool {
		if from+length > n {
			return false
		}
		for _, c := range data[from : from+length] {
			if !f(c) {
				return false
			}
		}
		return true
	}
	inA := func(c byte) bool { return maxiValue(c, maxiA) >= 0 }
	for i := n - 1; i >= 0; i-- {
		for s := range maxiSetCount {
			best := never
			try := func(c int, how uint8) {
				if c < best {
					best, choice[i][s] = c, how
				}
			}
			if maxiValue(data[i], s) >= 0 {
				try(1+cost[i+1][s], stay)
			}
			if run(i, 9, func(c byte) bool { return isDigit(token(c)) }) {
				try(6+cost[i+9][s], numeric)
			}
			for to := range maxiSetCount {
				if _, ok := maxiShift(s, to); ok && to != s && maxiValue(data[i], to) >= 0 {
					try(2+cost[i+1][s], uint8(shifted+to))
				}
			}
			if s == maxiB && run(i, 2, inA) {
				try(3+cost[i+2][s], twoA)
			}
			if s == maxiB && run(i, 3, inA) {
				try(4+cost[i+3][s], threeA)
			}
			cost[i][s] = best
		}
		here := cost[i]
		for s := range maxiSetCount {
			for to := range maxiSetCount {
				if to != s && here[to]+len(maxiLatch(s, to)) < cost[i][s] {
					cost[i][s] = here[to] + len(maxiLatch(s, to))
					choice[i][s] = uint8(to)
				}
			}
		}
	}
	put := func(n, of int, i *int) {
		for range n {
			words = append(words, uint16(maxiValue(data[*i], of)))
			*i++
		}
	}
	for i := 0; i < n; {
		switch c := int(choice[i][set]); c {
		case stay:
			put(1, set, &i)
		case numeric:
			v, _ := strconv.Atoi(string(data[i : i+9]))
			words = append(words, maxiNumber)
			for shift := 24; shift >= 0; shift -= 6 {
				words = append(words, uint16(v>>shift&0x3F))
			}
			i += 9
		case twoA, threeA:
			words = append(words, uint16(56+c-twoA))
			put(2+c-twoA, maxiA, &i)
		default:
			if c >= shifted {
				v, _ := maxiShift(set, c-shifted)
				words = append(words, v)
				put(1, c-shifted, &i)
				continue
			}
			words = append(words, maxiLatch(set, c)...)
			set = c
		}
	}
	return words, set
}

// maxiDark returns the modules that are dark in every symbol: the marks of
// orientation around the bull's eye, and a corner that is filled.
var maxiDark = [][2]int{
	{28, 0}, {29, 0}, {10, 9}, {11, 9}, {11, 10}, {7, 15}, {8, 16},
	{20, 16}, {20, 17}, {10, 22}, {10, 23}, {17, 22}, {17, 23},
}

// maxiRings are the radii at which the bull's eye changes its colour, in
// pitches: the standard gives 0.51 to 3.87 mm for a pitch of 0.88 mm.
var maxiRings = [6]float64{0.51 / 0.88, 1.18 / 0.88, 1.86 / 0.88, 2.53 / 0.88, 3.20 / 0.88, 3.87 / 0.88}

func maxiDraw(words []uint16, pitch float64) *Matrix {
	var dark [maxiRows][maxiColumns]bool
	for y := range maxiRows {
		for x := range maxiColumns {
			at := 3 * (maxiColumns*y + x)
			bit, _ := strconv.ParseUint(maxiGrid[at:at+3], 16, 16)
			if bit > 0 {
				bit--
				dark[y][x] = words[bit/6]>>(5-bit%6)&1 != 0
			}
		}
	}
	for _, p := range maxiDark {
		dark[p[1]][p[0]] = true
	}
	step := pitch * math.Sqrt(3) / 2   // from row to row
	height := pitch * 2 / math.Sqrt(3) // of a hexagon
	m := newMatrix(MaxiCode, int(maxiColumns*pitch+0.5), int((maxiRows-1)*step+height+0.5))
	for y := range m.Height {
		for x := range m.Width {
			px, py := float64(x)+0.5, float64(y)+0.5
			dx, dy := px/pitch-14.5, (py-16*step-height/2)/pitch
			ring, r := 0, dx*dx+dy*dy
			for ring < len(maxiRings) && r >= maxiRings[ring]*maxiRings[ring] {
				ring++
			}
			if ring < len(maxiRings) {
				m.set(x, y, ring%2 == 1)
				continue
			}
			// A point belongs to the module whose centre is nearest.
			best, nearest := false, math.Inf(1)
			row := int(py / step)
			for ry := max(row-1, 0); ry <= min(row+1, maxiRows-1); ry++ {
				shift := 0.5 * float64(ry%2)
				rx := int(math.Floor(px/pitch - shift))
				if rx < 0 || rx >= maxiColumns-ry%2 {
					continue
				}
				dx, dy := px-(float64(rx)+0.5+shift)*pitch, py-float64(ry)*step-height/2
				if d := dx*dx + dy*dy; d < nearest {
					best, nearest = dark[ry][rx], d
				}
			}
			m.set(x, y, best && nearest <= height*height/4)
		}
	}
	return m
}
