package virtual

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/width"
)

// multiByte is how characters of several bytes are coded. The zero value is
// not at all.
type multiByte uint8

const (
	multiNone multiByte = iota
	multiGB18030
	multiBig5
	multiShiftJIS
	multiEUCKR
	multiJIS // two bytes of seven bits
	multiUTF8
)

var multiByteNames = map[string]multiByte{
	"": multiNone, "gb18030": multiGB18030, "big5": multiBig5, "shift-jis": multiShiftJIS, "euc-kr": multiEUCKR,
}

func knownKanjiSet(name string) bool {
	_, ok := multiByteNames[name]
	return ok
}

// charLen returns how long the character is that begins with c. It may need
// more than the first byte to tell; it then returns more than len(c), too.
func charLen(c []byte, code multiByte) int {
	lead := c[0]
	switch code {
	case multiUTF8:
		switch {
		case lead >= 0xF0 && lead < 0xF8:
			return 4
		case lead >= 0xE0 && lead < 0xF0:
			return 3
		case lead >= 0xC0 && lead < 0xE0:
			return 2
		}
	case multiGB18030:
		switch {
		case lead < 0x81 || lead == 0xFF:
		case len(c) > 1 && c[1] >= 0x30 && c[1] <= 0x39:
			return 4
		default:
			return 2
		}
	case multiBig5, multiEUCKR:
		if lead >= 0x81 && lead < 0xFF {
			return 2
		}
	case multiShiftJIS:
		if lead >= 0x81 && lead <= 0x9F || lead >= 0xE0 && lead <= 0xFC {
			return 2
		}
	case multiJIS:
		if lead >= 0x21 && lead <= 0x7E {
			return 2
		}
	}
	return 1
}

// isWide reports whether a character takes a Kanji cell.
func isWide(c []byte, code multiByte) bool {
	if code != multiUTF8 {
		return len(c) > 1
	}
	r, _ := utf8.DecodeRune(c)
	return isWideRune(r)
}

func isWideRune(r rune) bool {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return true
	}
	return false
}

func (m multiByte) encoding() encoding.Encoding {
	switch m {
	case multiGB18030:
		return simplifiedchinese.GB18030
	case multiBig5:
		return traditionalchinese.Big5
	case multiShiftJIS:
		return japanese.ShiftJIS
	case multiEUCKR:
		return korean.EUCKR
	}
	return nil
}

// international holds what ESC R n puts in the place of #$@[\]^`{|}~.
var international = [...]string{
	0:  "#$@[\\]^`{|}~",
	1:  "#$à°ç§^`éùè¨",
	2:  "#$§ÄÖÜ^`äöüß",
	3:  "£$@[\\]^`{|}~",
	4:  "#$@ÆØÅ^`æøå~",
	5:  "#¤ÉÄÖÅÜéäöåü",
	6:  "#$@°\\é^ùàòèì",
	7:  "₧$@¡Ñ¿^`¨ñ}~",
	8:  "#$@[¥]^`{|}~",
	9:  "#¤ÉÆØÅÜéæøåü",
	10: "#$ÉÆØÅÜéæøåü",
	11: "#$á¡Ñ¿é`íñóú",
	12: "#$á¡Ñ¿éüíñóú",
	13: "#$@[₩]^`{|}~",
	14: "#$ŽŠĐĆČžšđćč",
	15: "#¥@[\\]^`{|}~",
}

const internationalPlaces = "#$@[\\]^`{|}~"

// decode appends to dst the characters that b stands for.
func (p *Personality) decode(dst []rune, b []byte, cs charset) []rune {
	switch cs.kanji {
	case multiNone:
		table := codePage(p.CodePages[int(cs.page)])
		for _, c := range b {
			dst = append(dst, table.rune(c, cs.intl))
		}
		return dst
	case multiUTF8:
		for _, r := range string(b) {
			dst = append(dst, r)
		}
		return dst
	case multiJIS:
		// The row and the cell, with the top bits set, are EUC-JP.
		euc := make([]byte, len(b))
		for i, c := range b {
			euc[i] = c | 0x80
		}
		return decodeWith(japanese.EUCJP, dst, euc)
	}
	return decodeWith(cs.kanji.encoding(), dst, b)
}

func decodeWith(e encoding.Encoding, dst []rune, b []byte) []rune {
	u, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return append(dst, utf8.RuneError)
	}
	for _, r := range string(u) {
		dst = append(dst, r)
	}
	return dst
}
