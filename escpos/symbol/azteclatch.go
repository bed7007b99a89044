package symbol

import (
	"bytes"
	"math"
	"strings"
)

// Modes of Aztec Code. In a mode behind the five, bytes are written as they
// are, and then the mode is the first, second or third again.
const (
	azUpper = iota
	azLower
	azMixed
	azPunct
	azDigit
	azBinary // and the two behind
	azModes  = azBinary + 3
)

// azChars are the characters of each mode from the value azFirst on; a byte of
// 0xFF stands for values that mean something else.
var azChars = [5]string{
	" ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	" abcdefghijklmnopqrstuvwxyz",
	" \x01\x02\x03\x04\x05\x06\a\b\t\n\v\f\r\x1B\x1C\x1D\x1E\x1F@\\^_`|~\x7F",
	"\r\xFF\xFF\xFF\xFF!\"#$%&'()*+,-./:;<=>?[]{}",
	" 0123456789,.",
}

const azFirst = 1

// azPairs are two characters that Punct has as one, from the value 2 on.
var azPairs = [4]string{"\r\n", ". ", ", ", ": "}

// azLatch are the bits that change the mode, and how many.
var azLatch = [azModes][azModes]struct{ bits, n int }{
	azUpper:      {azLower: {28, 5}, azMixed: {29, 5}, azDigit: {30, 5}, azBinary: {31, 10}},
	azLower:      {azDigit: {30, 5}, azMixed: {29, 5}, azBinary + 1: {31, 10}},
	azMixed:      {azUpper: {29, 5}, azLower: {28, 5}, azPunct: {30, 5}, azBinary + 2: {31, 10}},
	azPunct:      {azUpper: {31, 5}},
	azDigit:      {azUpper: {14, 4}},
	azBinary:     {azUpper: {0, 0}},
	azBinary + 1: {azLower: {0, 0}},
	azBinary + 2: {azMixed: {0, 0}},
}

// azShift are the bits that change it for one character.
var azShift = [azModes][azModes]struct{ bits, n int }{
	azUpper: {azPunct: {0, 5}},
	azLower: {azPunct: {0, 5}, azUpper: {28, 5}},
	azMixed: {azPunct: {0, 5}},
	azDigit: {azPunct: {0, 4}, azUpper: {15, 4}},
}

func azLatches(from, to int) bool { return azLatch[from][to].n > 0 || from-azBinary == to }

func azBits(mode int) int {
	if mode == azDigit {
		return 4
	}
	return 5
}

// azValue returns the value of what the data begin with in a mode, and how many
// bytes that are; none: the mode does not have it. In Punct that may be two.
func azValue(data []byte, mode int) (value, n int) {
	if mode == azPunct {
		for i, p := range azPairs {
			if bytes.HasPrefix(data, []byte(p)) {
				return 2 + i, 2
			}
		}
	}
	if data[0] == 0xFF {
		return 0, 0
	}
	if i := strings.IndexByte(azChars[mode], data[0]); i >= 0 {
		return azFirst + i, 1
	}
	return 0, 0
}

// aztecBits encodes the data in the fewest bits; a run of bytes longer than 31,
// which costs 11 bits more, is counted as a short one. It goes from the end:
// cost holds, for each mode that could be in force, the fewest bits for the
// rest.
func aztecBits(data []byte) []bool {
	const never = math.MaxInt / 4
	const stay = azModes // or this and the mode that is shifted to
	choice := make([][azModes]uint8, len(data))
	var cost [3][azModes]int // behind 0, 1 and 2 more bytes
	for i := len(data) - 1; i >= 0; i-- {
		copy(cost[1:], cost[:2])
		here := &cost[0]
		for m := range azModes {
			here[m], choice[i][m] = never, stay
			if m >= azBinary {
				here[m] = 8 + cost[1][m]
				continue
			}
			if _, n := azValue(data[i:], m); n != 0 {
				here[m] = azBits(m) + cost[n][m]
			}
			for to := range azBinary {
				_, n := azValue(data[i:], to)
				if s := azShift[m][to]; s.n == 0 || n == 0 {
					continue
				} else if c := s.n + azBits(to) + cost[n][m]; c < here[m] {
					here[m], choice[i][m] = c, uint8(stay+1+to)
				}
			}
		}
		for range 4 { // from any mode to any other it is at most so many changes
			for m := range azModes {
				for to := range azModes {
					if c := here[to] + azLatch[m][to].n; azLatches(m, to) && c < here[m] {
						here[m], choice[i][m] = c, uint8(to)
					}
				}
			}
		}
	}
	var w bitWriter
	mode := azUpper
	for i := 0; i < len(data); {
		c := int(choice[i][mode])
		if c < stay {
			if c >= azBinary {
				n := 1
				for i+n < len(data) && choice[i+n][c] == stay {
					n++
				}
				w.write(azLatch[mode][c].bits, 5)
				if n > 31 {
					w.write(0, 5)
					n = min(n, 31+1<<11-1)
					w.write(n-31, 11)
				} else {
					w.write(n, 5)
				}
				for _, b := range data[i : i+n] {
					w.write(int(b), 8)
				}
				i += n
				continue // in the mode from before
			}
			w.write(azLatch[mode][c].bits, azLatch[mode][c].n)
			mode = c
			continue
		}
		of := mode
		if c > stay {
			of = c - stay - 1
			w.write(azShift[mode][of].bits, azShift[mode][of].n)
		}
		v, n := azValue(data[i:], of)
		w.write(v, azBits(of))
		i += n
	}
	return w.bits
}
