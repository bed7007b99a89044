package symbol

import (
	"math"
	"strings"
)

// Modes of a QR Code segment, in the order of qrVersion.count.
const (
	qrNumeric = iota
	qrAlpha
	qrByte
	qrModes
)

const qrAlphabet = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// A qrSegment is a part of the data in one mode.
type qrSegment struct {
	mode       int
	start, end int
}

// qrCost returns the sixths of a bit that a byte takes in a mode; 0: the mode
// does not have it.
func qrCost(c byte, mode int) int {
	switch {
	case mode == qrByte:
		return 48
	case mode == qrNumeric && isDigit(token(c)):
		return 20
	case mode == qrAlpha && strings.IndexByte(qrAlphabet, c) >= 0:
		return 33
	}
	return 0
}

// qrSegments cuts the data so that the bits are fewest; nil if the version has
// no mode for some of it. It goes from the end: best holds, for each mode that
// could be in force, the cheapest way to say the rest.
func qrSegments(data []byte, v qrVersion) []qrSegment {
	const never = math.MaxInt / 4
	const stay = qrModes
	choice := make([][qrModes]uint8, len(data))
	var best [qrModes]int
	for i := len(data) - 1; i >= 0; i-- {
		var here [qrModes]int
		for m := range qrModes {
			here[m] = never
			if c := qrCost(data[i], m); c != 0 && v.count[m] > 0 && best[m] < never {
				here[m] = best[m] + c
			}
			choice[i][m] = stay
		}
		// A segment ends on a whole bit, which rounding up the rest does
		// for all but the fewest bits of the segment before.
		enter := here
		for m := range qrModes {
			for to := range qrModes {
				if here[to] >= never {
					continue
				}
				if c := (here[to]+5)/6*6 + 6*(v.mode+v.count[to]); c < enter[m] {
					enter[m], choice[i][m] = c, uint8(to)
				}
			}
		}
		best = enter
	}
	// The first segment has a header whatever it is.
	var segs []qrSegment
	mode, least := -1, never
	for m := range qrModes {
		c := best[m]
		if choice[0][m] == stay {
			c += 6 * (v.mode + v.count[m])
		}
		if c < least {
			mode, least = m, c
		}
	}
	if least >= never {
		return nil
	}
	for i := range data {
		if to := choice[i][mode]; to != stay || i == 0 {
			if to != stay {
				mode = int(to)
			}
			segs = append(segs, qrSegment{mode, i, i})
		}
		segs[len(segs)-1].end = i + 1
	}
	return segs
}

// qrBits returns how many bits the segments take; too many for any version if
// one is longer than can be counted.
func qrBits(segs []qrSegment, v qrVersion) int {
	bits := 0
	if v.model1 {
		bits = 4
	}
	for _, s := range segs {
		n := s.end - s.start
		if n >= 1<<v.count[s.mode] {
			return math.MaxInt
		}
		bits += v.mode + v.count[s.mode]
		switch s.mode {
		case qrNumeric:
			bits += (10*n + 2) / 3
		case qrAlpha:
			bits += (11*n + 1) / 2
		default:
			bits += 8 * n
		}
	}
	return bits
}

// write writes the segment with its mode and length before it.
func (s qrSegment) write(w *bitWriter, data []byte, v qrVersion) {
	indicator := s.mode
	if v.mode == 4 {
		indicator = 1 << s.mode
	}
	w.write(indicator, v.mode)
	w.write(s.end-s.start, v.count[s.mode])
	data = data[s.start:s.end]
	switch s.mode {
	case qrNumeric:
		for ; len(data) > 0; data = data[min(3, len(data)):] {
			n, value := min(3, len(data)), 0
			for _, c := range data[:n] {
				value = 10*value + int(c-'0')
			}
			w.write(value, 1+3*n)
		}
	case qrAlpha:
		for ; len(data) > 1; data = data[2:] {
			w.write(45*strings.IndexByte(qrAlphabet, data[0])+strings.IndexByte(qrAlphabet, data[1]), 11)
		}
		if len(data) == 1 {
			w.write(strings.IndexByte(qrAlphabet, data[0]), 6)
		}
	default:
		for _, c := range data {
			w.write(int(c), 8)
		}
	}
}
