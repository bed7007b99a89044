package escpos

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Arg is one argument of a command, as a value and in words.
type Arg struct {
	Name  string // Epson's: "n", "m", "t1"; "data" or what the data are
	Value any    // int, []int, or string
	Text  string // in words: "3 lines", "font B, bold"
}

// String returns name and words: "n: 3 lines".
func (a Arg) String() string { return a.Name + ": " + a.Text }

// dataView says how the data of a command are shown.
type dataView struct {
	name string // of the Arg; "" is "data"
	form string // in CommandDef.Form; "" is "d1…dk" for sized data, and nothing otherwise
	kind viewKind
}

type viewKind uint8

const (
	viewBytes    viewKind = iota // a length, and the bytes if they are few
	viewText                     // characters
	viewList                     // one-byte numbers
	viewRealTime                 // GS ( D: which real-time command, and whether
)

// Args returns the arguments of the command in words: its parameters, then
// its data. Text and unknown bytes have one argument.
//
// Of long data the words hold a beginning. Data that are not there in full,
// because the caller kept only their beginning, count by Length.
func (c Command) Args() []Arg {
	if c.Def == nil {
		if c.Name == "text" {
			return []Arg{textArg("text", c.Data, c.Length)}
		}
		return []Arg{bytesArg("bytes", c.Data, c.Length)}
	}
	var args []Arg
	at := min(len(c.Head), len(c.Def.op)+familyWidth(c.Def.op))
	b := c.Head[at:]
	for _, p := range c.Def.params {
		if len(b) < p.size {
			if p.name != "" {
				args = append(args, Arg{Name: p.name, Value: nil, Text: "missing"})
			}
			break
		}
		v, chars := p.value(b), string(b[:p.size])
		b = b[p.size:]
		switch {
		case p.name == "", p.quiet != 0 && v == p.quiet:
		case p.chars:
			args = append(args, Arg{Name: p.name, Value: chars, Text: strconv.Quote(chars)})
		case p.text == nil:
			args = append(args, Arg{Name: p.name, Value: v, Text: strconv.Itoa(v)})
		default:
			args = append(args, Arg{Name: p.name, Value: v, Text: p.text(v)})
		}
	}
	if arg, ok := c.dataArg(); ok {
		args = append(args, arg)
	}
	return args
}

func (c Command) dataArg() (Arg, bool) {
	d := c.Def
	if d.body == bodyNone && familyWidth(d.op) == 0 {
		return Arg{}, false
	}
	size := c.Length - int64(len(c.Head))
	if d.body == bodyBarcode || d.body == bodyTabs {
		size = max(size-1, int64(len(c.Data))) // the NUL
	}
	name := d.view.name
	if name == "" {
		name = "data"
	}
	if d.body == bodyNone && size == 0 {
		return Arg{}, false // a family whose length left nothing
	}
	switch d.view.kind {
	case viewText:
		return textArg(name, c.Data, size), true
	case viewList:
		return listArg(name, c.Data), true
	case viewRealTime:
		arg := bytesArg(name, c.Data, size)
		if len(c.Data) >= 2 {
			arg.Text = realTimeSettings(c.Data)
		}
		return arg, true
	}
	return bytesArg(name, c.Data, size), true
}

// listArg shows numbers of one byte.
func listArg(name string, b []byte) Arg {
	list := make([]int, len(b))
	words := make([]string, len(b))
	for i, v := range b {
		list[i], words[i] = int(v), strconv.Itoa(int(v))
	}
	if len(b) == 0 {
		words = []string{"none"}
	}
	return Arg{Name: name, Value: list, Text: strings.Join(words, ", ")}
}

// realTimeSettings puts the data of GS ( D in words: the function of DLE DC4,
// and whether it is on.
func realTimeSettings(b []byte) string {
	var words []string
	for ; len(b) >= 2; b = b[2:] {
		state := "on"
		if b[1]&^'0' == 0 {
			state = "off"
		}
		words = append(words, fmt.Sprintf("DLE DC4 fn %d %s", b[0], state))
	}
	return strings.Join(words, ", ")
}

// preview is how much of data is put in words, in bytes.
const preview = 48

// textArg shows characters. The code page is not known here: what is not
// UTF-8 shows as escapes.
func textArg(name string, b []byte, size int64) Arg {
	cut := b
	if len(cut) > preview {
		cut = cut[:preview]
		for i := 1; i < utf8.UTFMax; i++ { // not in the middle of a character
			if r, n := utf8.DecodeLastRune(cut); r != utf8.RuneError || n != 1 {
				break
			}
			cut = cut[:preview-i]
		}
	}
	q := strconv.Quote(string(cut))
	arg := Arg{Name: name, Value: utf8Text(cut), Text: q}
	if int64(len(cut)) < size {
		arg.Text = fmt.Sprintf("%s… (%s)", q, units("byte")(int(size)))
	}
	return arg
}

// utf8Text returns b with escapes for the bytes that are not UTF-8.
func utf8Text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&s, `\x%02x`, b[0])
		} else {
			s.WriteRune(r)
		}
		b = b[n:]
	}
	return s.String()
}

// bytesArg shows how many bytes there are, and which if they are few.
func bytesArg(name string, b []byte, size int64) Arg {
	arg := Arg{Name: name, Value: size, Text: units("byte")(int(size))}
	if size <= 16 && int64(len(b)) == size && size > 0 {
		arg.Text = fmt.Sprintf("% X", b)
	}
	return arg
}
