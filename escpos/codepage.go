package escpos

import (
	"slices"
	"sync"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// charTable is a single-byte character set whose lower half is ASCII. It is
// immutable.
type charTable struct {
	upper  [128]rune   // bytes 80 to FF; 0: undefined
	index  [256]uint8  // high byte of a rune → block
	blocks [][256]byte // low byte of a rune → byte; block 0 is empty
}

// encode returns the byte for r, or 0 if the page does not have it. For
// ASCII, it returns 0.
func (c *charTable) encode(r rune) byte {
	if uint32(r) > 0xFFFF {
		return 0
	}
	return c.blocks[c.index[r>>8]][byte(r)]
}

// decode returns the rune of a byte, or 0 if it is undefined.
func (c *charTable) decode(b byte) rune {
	if b < 0x80 {
		return rune(b)
	}
	return c.upper[b-0x80]
}

func newCharTable(upper []rune) *charTable {
	c := &charTable{blocks: make([][256]byte, 1, 8)}
	for i, r := range upper {
		// What decodes to a control or format character is not for printing,
		// and of combining marks it is known only for Thai how they print.
		if r < 0xA0 || r > 0xFFFF || r == 0xFFFD || unicode.In(r, unicode.Mn, unicode.Cf) && !isThaiMark(r) {
			continue
		}
		c.upper[i] = r
		if c.index[r>>8] == 0 {
			c.index[r>>8] = uint8(len(c.blocks))
			c.blocks = append(c.blocks, [256]byte{})
		}
		if b := &c.blocks[c.index[r>>8]][byte(r)]; *b == 0 {
			*b = byte(0x80 + i)
		}
	}
	return c
}

func fromCharmap(m *charmap.Charmap) func() *charTable {
	return sync.OnceValue(func() *charTable {
		upper := make([]rune, 128)
		for i := range upper {
			upper[i] = m.DecodeByte(byte(0x80 + i))
		}
		return newCharTable(upper)
	})
}

func fromRunes(upper string) func() *charTable {
	return sync.OnceValue(func() *charTable { return newCharTable([]rune(upper)) })
}

// codePages are the code pages that a profile can name, each made when it is
// first asked for.
var codePages = map[string]func() *charTable{
	"437":            fromCharmap(charmap.CodePage437),
	"850":            fromCharmap(charmap.CodePage850),
	"852":            fromCharmap(charmap.CodePage852),
	"855":            fromCharmap(charmap.CodePage855),
	"858":            fromCharmap(charmap.CodePage858),
	"860":            fromCharmap(charmap.CodePage860),
	"862":            fromCharmap(charmap.CodePage862),
	"863":            fromCharmap(charmap.CodePage863),
	"865":            fromCharmap(charmap.CodePage865),
	"866":            fromCharmap(charmap.CodePage866),
	"874":            fromCharmap(charmap.Windows874),
	"1250":           fromCharmap(charmap.Windows1250),
	"1251":           fromCharmap(charmap.Windows1251),
	"1252":           fromCharmap(charmap.Windows1252),
	"1253":           fromCharmap(charmap.Windows1253),
	"1254":           fromCharmap(charmap.Windows1254),
	"1255":           fromCharmap(charmap.Windows1255),
	"1256":           fromCharmap(charmap.Windows1256),
	"1257":           fromCharmap(charmap.Windows1257),
	"1258":           fromCharmap(charmap.Windows1258),
	"iso8859-1":      fromCharmap(charmap.ISO8859_1),
	"iso8859-2":      fromCharmap(charmap.ISO8859_2),
	"iso8859-3":      fromCharmap(charmap.ISO8859_3),
	"iso8859-4":      fromCharmap(charmap.ISO8859_4),
	"iso8859-5":      fromCharmap(charmap.ISO8859_5),
	"iso8859-6":      fromCharmap(charmap.ISO8859_6),
	"iso8859-7":      fromCharmap(charmap.ISO8859_7),
	"iso8859-8":      fromCharmap(charmap.ISO8859_8),
	"iso8859-9":      fromCharmap(charmap.ISO8859_9),
	"iso8859-15":     fromCharmap(charmap.ISO8859_15),
	"katakana":       fromRunes(katakanaUpper),
	"720":            fromRunes(cp720Upper),
	"737":            fromRunes(cp737Upper),
	"775":            fromRunes(cp775Upper),
	"851":            fromRunes(cp851Upper),
	"853":            fromRunes(cp853Upper),
	"857":            fromRunes(cp857Upper),
	"861":            fromRunes(cp861Upper),
	"864":            fromRunes(cp864Upper),
	"869":            fromRunes(cp869Upper),
	"1098":           fromRunes(cp1098Upper),
	"1118":           fromRunes(cp1118Upper),
	"1119":           fromRunes(cp1119Upper),
	"1125":           fromRunes(cp1125Upper),
	"kz1048":         fromRunes(kz1048Upper),
	"thai11":         fromRunes(thai11Upper),
	"thai13":         fromRunes(thai13Upper),
	"thai14":         fromRunes(thai14Upper),
	"thai16":         fromRunes(thai16Upper),
	"thai18":         fromRunes(thai18Upper),
	"thai42":         fromRunes(thai42Upper),
	"tcvn3":          fromRunes(tcvn3Upper),
	"tcvn3-capitals": fromRunes(tcvn3CapitalsUpper),
}

// katakanaUpper is the half-width katakana of JIS X 0201, at A1 to DF.
var katakanaUpper = func() string {
	r := slices.Repeat([]rune{0xFFFD}, 128)
	for i := rune(0); i < 63; i++ {
		r[0x21+i] = 0xFF61 + i
	}
	return string(r)
}()
