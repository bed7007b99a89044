package escpos

import (
	"fmt"
	"strconv"
	"strings"
)

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
