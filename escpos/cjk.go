package escpos

import (
	"bytes"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// cjkSet is a multi-byte character set, and how a printer enters and leaves
// the mode in which it prints it.
type cjkSet struct {
	table        *[1 << 16]uint16 // rune → two bytes; 0: not there
	fourByte     bool             // GB18030's other ideographs, as four bytes
	enter, leave string
}

// The commands that switch multi-byte characters. Epson: FS &, FS ., and for
// Japanese models, which tell Shift_JIS by its bytes, FS C.
const (
	selectKanji = "\x1C&"
	cancelKanji = "\x1C."
	shiftJIS    = "\x1CC\x01"
	jis         = "\x1CC\x00"
)

// cjkSets are the character sets that a profile can name.
var cjkSets = map[string]func() *cjkSet{
	"gb18030": func() *cjkSet { return &cjkSet{gbk(), true, selectKanji, cancelKanji} },
	"gbk":     func() *cjkSet { return &cjkSet{gbk(), false, selectKanji, cancelKanji} },
	"gb2312":  func() *cjkSet { return &cjkSet{gb2312(), false, selectKanji, cancelKanji} },
	"big5":    func() *cjkSet { return &cjkSet{big5(), false, selectKanji, cancelKanji} },
	"euc-kr":  func() *cjkSet { return &cjkSet{eucKR(), false, selectKanji, cancelKanji} },
	"shift_jis": func() *cjkSet {
		return &cjkSet{jisX0208(), false, shiftJIS, jis + cancelKanji}
	},
}

// The tables are made when a profile first asks for them: they are derived
// from those of x/text, and cut down to what the printers' fonts hold.
var (
	gbk = sync.OnceValue(func() *[1 << 16]uint16 {
		return cjkTable(simplifiedchinese.GBK, func(hi, lo byte) bool { return true })
	})
	// GB 2312-80: rows 1 to 9 and 16 to 87.
	gb2312 = sync.OnceValue(func() *[1 << 16]uint16 {
		return cjkTable(simplifiedchinese.GBK, func(hi, lo byte) bool {
			return lo >= 0xA1 && (hi >= 0xA1 && hi <= 0xA9 || hi >= 0xB0 && hi <= 0xF7)
		})
	})
	// Big5 without the additions of Hong Kong: symbols and two levels of
	// ideographs.
	big5 = sync.OnceValue(func() *[1 << 16]uint16 {
		return cjkTable(traditionalchinese.Big5, func(hi, lo byte) bool {
			c := uint16(hi)<<8 | uint16(lo)
			return c >= 0xA140 && c <= 0xA3BF || c >= 0xA440 && c <= 0xC67E || c >= 0xC940 && c <= 0xF9D5
		})
	})
	// KS X 1001, without Microsoft's additional syllables.
	eucKR = sync.OnceValue(func() *[1 << 16]uint16 {
		return cjkTable(korean.EUCKR, func(hi, lo byte) bool { return hi >= 0xA1 && lo >= 0xA1 })
	})
	// JIS X 0208, without the additions of NEC and IBM.
	jisX0208 = sync.OnceValue(func() *[1 << 16]uint16 {
		return cjkTable(japanese.ShiftJIS, func(hi, lo byte) bool {
			return hi >= 0x81 && hi <= 0x84 || hi >= 0x88 && hi <= 0x9F || hi >= 0xE0 && hi <= 0xEA
		})
	})
)

// cjkTable inverts an encoding, for the two-byte codes that has accepts.
func cjkTable(enc encoding.Encoding, has func(hi, lo byte) bool) *[1 << 16]uint16 {
	var codes []byte
	for hi := 0x81; hi <= 0xFE; hi++ {
		for lo := 0x40; lo <= 0xFE; lo++ {
			if lo != 0x7F && has(byte(hi), byte(lo)) {
				codes = append(codes, byte(hi), byte(lo), '\n')
			}
		}
	}
	// A decoder does not fail: it writes U+FFFD for what is not defined.
	decoded, _ := enc.NewDecoder().Bytes(codes)
	table := new([1 << 16]uint16)
	for line := range bytes.SplitSeq(decoded, []byte{'\n'}) {
		r, n := utf8.DecodeRune(line)
		if n == len(line) && n > 0 && r != utf8.RuneError && r <= 0xFFFF && r >= 0x80 && table[r] == 0 {
			table[r] = uint16(codes[0])<<8 | uint16(codes[1])
		}
		if len(codes) >= 3 {
			codes = codes[3:]
		}
	}
	return table
}

// has reports whether the set has r.
func (c *cjkSet) has(r rune) bool {
	if r <= 0xFFFF && c.table[r] != 0 {
		return true
	}
	return c.fourByte && unicode.Is(unicode.Han, r)
}

// append appends the code of r, which the set must have. No code has a byte
// below 30.
func (c *cjkSet) append(dst []byte, r rune) []byte {
	if r <= 0xFFFF && c.table[r] != 0 {
		return append(dst, byte(c.table[r]>>8), byte(c.table[r]))
	}
	var src [utf8.UTFMax]byte
	var code [4]byte
	n, _, _ := simplifiedchinese.GB18030.NewEncoder().Transform(code[:], utf8.AppendRune(src[:0], r), true)
	return append(dst, code[:n]...)
}

// leaving returns the command after which bytes from 80 up mean the code
// page, on a printer that may have the multi-byte mode on.
func (c *cjkSet) leaving() string {
	if c == nil {
		return cancelKanji
	}
	return c.leave
}
