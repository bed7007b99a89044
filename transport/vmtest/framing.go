//go:build linux

package vmtest

// heard is one byte that a receiver has made of a line's levels.
type heard struct {
	b      byte
	parity bool // the parity was wrong
	frame  bool // there was no stop bit
}

// over returns what a receiver that is set as to makes of bytes that come one
// right after the other from a sender that is set as s: the same bytes, or
// what a wrong speed or parity makes of them. As UARTs do, it waits for the
// line to fall and looks at the middle of each bit.
func (s Settings) over(to Settings, p []byte) []heard {
	var levels []bool
	for _, b := range p {
		levels = append(levels, false)
		for bit := range s.DataBits {
			levels = append(levels, b>>bit&1 != 0)
		}
		if s.Parity != 'N' {
			levels = append(levels, s.parityOf(b))
		}
		for range s.StopBits {
			levels = append(levels, true)
		}
	}

	// Times are in a unit of which both sides' bits are whole, even numbers.
	bit, look := 2*to.Baud, 2*s.Baud
	level := func(at int) bool { return at/bit >= len(levels) || levels[at/bit] }
	var all []heard
	at := 0
	for i, high := range levels {
		if start := i * bit; high || i > 0 && !levels[i-1] || start < at {
			continue
		}
		at = i*bit + look/2
		if level(at) {
			continue // too short for a start bit
		}
		next := func() bool { at += look; return level(at) }
		var h heard
		for k := range to.DataBits {
			if next() {
				h.b |= 1 << k
			}
		}
		if to.Parity != 'N' {
			h.parity = next() != to.parityOf(h.b)
		}
		h.frame = !next()
		all = append(all, h)
	}
	return all
}

// parityOf is the level of the parity bit that goes with b.
func (s Settings) parityOf(b byte) bool {
	switch s.Parity {
	case 'M':
		return true
	case 'S':
		return false
	}
	odd := false
	for bit := range s.DataBits {
		odd = odd != (b>>bit&1 != 0)
	}
	return odd == (s.Parity == 'E')
}
