package escpos

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// param is one parameter of a command.
type param struct {
	name string // without the suffixes of its bytes: "n" for nL nH; "" for a constant of no interest
	size int    // bytes, little-endian
	only string // the values that select the command; "" if it takes any
	// text says in words what a value means; nil for the bare number.
	text   func(v int) string
	signed bool // two's complement
	chars  bool // characters rather than a number
	quiet  int  // a value that says nothing: it is not shown; 0 if there is none
}

// form writes the parameter as the forms of commands do: n, nL nH, 1A, or
// with the values that it must have, m(0-6).
func (p param) form() []string {
	switch {
	case p.chars && p.size > 1:
		f := make([]string, p.size)
		for i := range f {
			f[i] = p.name + strconv.Itoa(i+1)
		}
		return f
	case p.size == 2:
		return []string{p.name + "L", p.name + "H"}
	case p.size == 4:
		return []string{p.name + "1", p.name + "2", p.name + "3", p.name + "4"}
	case len(p.only) == 1:
		return []string{fmt.Sprintf("%02X", p.only[0])}
	case p.only != "":
		return []string{p.name + "(" + ranges(p.only) + ")"}
	}
	return []string{p.name}
}

// ranges writes values as "0-6,48".
func ranges(only string) string {
	vals := []byte(only)
	slices.Sort(vals)
	var b strings.Builder
	for i := 0; i < len(vals); {
		j := i
		for j+1 < len(vals) && vals[j+1] == vals[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(int(vals[i])))
		if j > i {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(int(vals[j])))
		}
		i = j + 1
	}
	return b.String()
}

// value reads the parameter from the front of b, which is long enough.
func (p param) value(b []byte) int {
	v := 0
	for i := p.size - 1; i >= 0; i-- {
		v = v<<8 | int(b[i])
	}
	if p.signed && v >= 1<<(8*p.size-1) {
		v -= 1 << (8 * p.size)
	}
	return v
}

// What follows makes the parameters of the table, each with the words for its
// values.

// argNumber is a one-byte number of units; argNumber2 one of two bytes.
func argNumber(name, unit string) param  { return param{name: name, size: 1, text: units(unit)} }
func argNumber2(name, unit string) param { return param{name: name, size: 2, text: units(unit)} }

// argSigned2 is a two-byte number of units, two's complement.
func argSigned2(name, unit string) param {
	return param{name: name, size: 2, text: units(unit), signed: true}
}

// argByte is a one-byte number without a unit.
func argByte(name string) param { return param{name: name, size: 1} }

// argConst is a byte that is always the same and says nothing; argFn one that
// is a function number, in one value or two.
func argConst(b byte) param { return param{size: 1, only: string([]byte{b})} }
func argFn(vals ...byte) param {
	return param{name: "fn", size: 1, only: string(vals)}
}

// argAmong is a byte that selects the command by having one of some values.
func argAmong(name string, vals ...byte) param {
	return param{name: name, size: 1, only: string(vals)}
}

// argPick is a byte with a meaning for each value. A choice is the values, a
// space and the meaning: "0/48 off". It takes any value.
func argPick(name string, choices ...string) param {
	return param{name: name, size: 1, text: func(v int) string {
		for _, c := range choices {
			vals, word, _ := strings.Cut(c, " ")
			for val := range strings.SplitSeq(vals, "/") {
				if val == strconv.Itoa(v) {
					return word
				}
			}
		}
		return undefined(v)
	}}
}

// argSelect is an argPick whose values select the command.
func argSelect(name string, choices ...string) param {
	p := argPick(name, choices...)
	for _, c := range choices {
		vals, _, _ := strings.Cut(c, " ")
		for val := range strings.SplitSeq(vals, "/") {
			v, _ := strconv.Atoi(val)
			p.only += string([]byte{byte(v)})
		}
	}
	return p
}

// argFlags is a byte of bits. A bit is its mask in hexadecimal, a space and what
// it means: "08 bold".
func argFlags(name, none string, bits ...string) param {
	return param{name: name, size: 1, text: func(v int) string {
		var on []string
		for _, b := range bits {
			mask, word, _ := strings.Cut(b, " ")
			m, _ := strconv.ParseUint(mask, 16, 8)
			if v&int(m) != 0 {
				on = append(on, word)
			}
		}
		if on == nil {
			return none
		}
		return strings.Join(on, ", ")
	}}
}

// argSwitch is a byte of which the lowest bit counts.
func argSwitch(name string) param {
	return param{name: name, size: 1, text: func(v int) string { return [2]string{"off", "on"}[v&1] }}
}

// argTimes is a one-byte number of so many units each: of 2 ms, or 100 ms.
func argTimes(name string, factor int, unit string) param {
	u := units(unit)
	return param{name: name, size: 1, text: func(v int) string { return u(v * factor) }}
}

// argChar is a byte that names a character.
func argChar(name string) param {
	return param{name: name, size: 1, text: func(v int) string { return quoteByte(byte(v)) }}
}

// argChars are some bytes of characters, such as a key.
func argChars(name string, size int) param { return param{name: name, size: size, chars: true} }

// argQuiet is a byte that is 48 and says nothing.
func argQuiet(name string) param { return param{name: name, size: 1, quiet: 48} }

// argOr is an argNumber of which 0 means something else.
func argOr(name, unit, zero string) param {
	u := units(unit)
	return argWorded(name, func(v int) string {
		if v == 0 {
			return zero
		}
		return u(v)
	})
}

// argWorded is a byte with its own way to be put in words.
func argWorded(name string, text func(v int) string) param {
	return param{name: name, size: 1, text: text}
}

func undefined(v int) string { return strconv.Itoa(v) + " (not defined)" }

func units(unit string) func(int) string {
	return func(v int) string {
		switch {
		case unit == "":
			return strconv.Itoa(v)
		case v == 1 || v == -1 || unit == "ms" || unit == "%":
			return strconv.Itoa(v) + " " + unit
		}
		return strconv.Itoa(v) + " " + unit + "s"
	}
}

func quoteByte(b byte) string {
	if b >= 0x20 && b < 0x7F {
		return strconv.QuoteRune(rune(b))
	}
	return fmt.Sprintf("%02Xh", b)
}

func dotsOfBytes(v int) string {
	return fmt.Sprintf("%s = %s", units("byte")(v), units("dot")(8*v))
}

func magnification(v int) string {
	return fmt.Sprintf("width ×%d, height ×%d", v>>4&7+1, v&7+1)
}
