package escpos

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A TextDecoder reads the text in a stream of commands as Unicode. It follows
// the commands that select what bytes mean: ESC t, FS &, FS ., FS C, FS ( C
// and ESC @. International sets (ESC R) are not followed: ASCII stays ASCII.
//
// The zero value decodes for the generic profile, in which the numbers of
// ESC t are Epson's, and which has no multi-byte font. It allocates as it
// decodes, and is not for concurrent use.
type TextDecoder struct {
	// Profile says what the numbers of ESC t select, and which multi-byte
	// font the printer has. Nothing in a stream does. Nil is the generic one.
	Profile *Profile

	page  *charTable // nil: the printer's default, which is not known
	multi bool       // multi-byte characters are on
	utf8  bool
}

// Command follows a command: its definition and its head.
func (d *TextDecoder) Command(def *CommandDef, head []byte) {
	if !def.Known() {
		return
	}
	last := head[len(head)-1]
	switch def.Name {
	case "ESC @":
		d.page, d.multi, d.utf8 = nil, false, false
	case "ESC t":
		if d.Profile == nil {
			d.Profile = GenericProfile()
		}
		d.page = nil
		for i, p := range d.Profile.CodePages {
			if p.Number == last && i < len(d.Profile.pages) {
				d.page = d.Profile.pages[i]
			}
		}
	case "FS &":
		d.multi = true
	case "FS .":
		d.multi = false
	case "FS C":
		d.multi = last == 1 || last == '1'
	case "FS ( C":
		if def.Fn == 48 {
			d.utf8 = last == 2 || last == '2'
		}
	}
}

// AppendText appends b to dst, as UTF-8. Bytes of which it cannot be known
// what they print, and those of control characters, are written as \x and two
// hexadecimal digits: the result is safe for a terminal.
func (d *TextDecoder) AppendText(dst, b []byte) []byte {
	var multi *encoding.Decoder
	if enc := d.multiByte(); enc != nil {
		multi = enc.NewDecoder()
	}
	for len(b) > 0 {
		n := 1
		var r rune
		switch c := b[0]; {
		case c < 0x80:
			r = rune(c)
		case d.utf8:
			r, n = utf8.DecodeRune(b)
		case multi != nil:
			r, n = decodeMultiByte(b, multi)
		case !d.multi && d.page != nil:
			r = d.page.decode(c)
		}
		if r != utf8.RuneError && unicode.IsGraphic(r) {
			dst = utf8.AppendRune(dst, r)
		} else {
			for _, c := range b[:n] {
				dst = fmt.Appendf(dst, `\x%02x`, c)
			}
		}
		b = b[n:]
	}
	return dst
}

func (d *TextDecoder) multiByte() encoding.Encoding {
	if !d.multi || d.Profile == nil {
		return nil
	}
	switch d.Profile.CJK {
	case "gb18030", "gbk", "gb2312":
		return simplifiedchinese.GB18030
	case "big5":
		return traditionalchinese.Big5
	case "euc-kr":
		return korean.EUCKR
	case "shift_jis":
		return japanese.ShiftJIS
	}
	return nil
}

// decodeMultiByte decodes the character at the front of b, of one, two or
// four bytes, and returns its length.
func decodeMultiByte(b []byte, dec *encoding.Decoder) (rune, int) {
	for _, n := range []int{1, 2, 4} {
		if n > len(b) {
			break
		}
		s, err := dec.Bytes(b[:n])
		if r, size := utf8.DecodeRune(s); err == nil && size == len(s) && r != utf8.RuneError {
			return r, n
		}
	}
	return utf8.RuneError, 1
}
