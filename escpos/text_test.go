package escpos

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// multiByte are the decoders of the character sets that profiles name.
var multiByte = map[string]encoding.Encoding{
	"gb18030":   simplifiedchinese.GB18030,
	"gbk":       simplifiedchinese.GBK,
	"gb2312":    simplifiedchinese.GBK,
	"big5":      traditionalchinese.Big5,
	"euc-kr":    korean.EUCKR,
	"shift_jis": japanese.ShiftJIS,
}

// readText reads what a printer of profile p would print for b, as text. It
// fails the test on any command that text has no need of.
func readText(t require.TestingT, p *Profile, b []byte) string {
	var out strings.Builder
	page, multi, utf := -1, false, false
	for c := range Commands(b) {
		switch c.Name {
		case "ESC @":
			page, multi = -1, false
		case "ESC R":
			require.Equal(t, "\x1bR\x00", string(c.Bytes))
		case "ESC t":
			page = -1
			for i, cp := range p.CodePages {
				if cp.Number == c.Bytes[2] {
					page = i
				}
			}
			require.GreaterOrEqual(t, page, 0, "ESC t %d", c.Bytes[2])
		case "FS &":
			multi = true
		case "FS .":
			multi = false
		case "FS C":
			multi = c.Bytes[2] == 1
		case "FS ( C":
			utf = c.Bytes[len(c.Bytes)-1] == 50
		case "LF":
			out.WriteByte('\n')
		case "text":
			switch {
			case utf:
				require.True(t, utf8.Valid(c.Bytes))
				out.Write(c.Bytes)
			case multi:
				s, err := multiByte[p.CJK].NewDecoder().Bytes(c.Bytes)
				require.NoError(t, err)
				out.Write(s)
			default:
				for _, b := range c.Bytes {
					r := rune(b)
					if b >= 0x80 {
						require.GreaterOrEqual(t, page, 0, "byte %X without a code page", b)
						r = p.pages[page].decode(b)
						require.NotZero(t, r, "byte %X of code page %s", b, p.CodePages[page].Name)
					}
					out.WriteRune(r)
				}
			}
		default:
			require.Failf(t, "command in text", "%s: % X", c.Name, c.Bytes)
		}
	}
	return out.String()
}

// expected is s with its substitutions, as Text promises to print it.
func expected(t require.TestingT, s string, subs []Substitution) string {
	s = norm.NFC.String(string([]rune(s)))
	var out strings.Builder
	for i, r := range s {
		switch {
		case len(subs) > 0 && subs[0].Offset == i:
			require.Equal(t, string(subs[0].Rune), string(r))
			out.WriteString(subs[0].With)
			subs = subs[1:]
		case r == '\r':
			require.True(t, strings.HasPrefix(s[i:], "\r\n"))
		default:
			out.WriteRune(r)
		}
	}
	require.Empty(t, subs)
	return out.String()
}

// checkText prints s on p and reads it back.
func checkText(t require.TestingT, s string, p *Profile) {
	d := new(Document).Text(s)
	b, subs, err := d.AppendEncode(nil, p)
	require.NoError(t, err)
	want := expected(t, s, subs)
	if want != "" && !strings.HasSuffix(want, "\n") {
		want += "\n"
	}
	got := readText(t, p, b)
	if got != want && strings.TrimSuffix(want, "\n") == got {
		return // nothing but marks without width was left open
	}
	require.Equal(t, want, got)
}

// scripts are runes that printers have, and some that none has.
var scripts = rapid.SampledFrom([]rune("aZ09 ~\n\n$#€£éüßñøłšžČőșțΩάЖщїґאשبپกำเ่ơếAＡ①‘“–…─═█½²™→✓" +
	"你好中文國語한글さカｶ々々龘𠀀😀\u0301\u200d\ufeff\u00ad\u00a0\ufffd\x00\x1b\x10\x04\x7f\u009b\r"))

func TestTextReadsBack(t *testing.T) {
	for _, p := range catalogue() {
		t.Run(p.Name, rapid.MakeCheck(func(t *rapid.T) {
			runes := rapid.OneOf(scripts, rapid.Rune().Filter(func(r rune) bool { return r != '\t' }))
			checkText(t, rapid.StringOfN(runes, 0, 60, -1).Draw(t, "text"), p)
		}))
	}
	// And every character set that a profile can name, once.
	for name := range cjkSets {
		p := *GenericProfile()
		p.CJK, p.cjk = name, cjkSets[name]()
		checkText(t, "Ab 1 é 中 国 國 말 日本 が ﾊ ж ё Ж\n€\n", &p)
	}
	p := *GenericProfile()
	p.UTF8 = true
	checkText(t, "Ab é 中 😀 \u0301\n", &p)
}

func FuzzText(f *testing.F) {
	f.Add("a\x1bp\x00\x19\xfa\r\n€ 你 \u0308")
	names := ProfileNames()
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ProfileByName(names[len(s)%len(names)])
		require.NoError(t, err)
		checkText(t, strings.ReplaceAll(s, "\t", " "), p)
	})
}

func TestFewestSwitches(t *testing.T) {
	p, err := ProfileByName("TM-T88V")
	require.NoError(t, err)
	for _, c := range []struct {
		text     string
		switches int
	}{
		{"plain", 0},
		{"é è ü", 1},
		{"é € é € é", 1},       // one page has both
		{"é\né\n € é", 1},      // even when it is needed only later
		{"Жук é Жук é Жук", 5}, // no page has both
		{"é ő é ő", 1},
		{"é 你 é", 1}, // what no page has does not count
	} {
		b, _, err := new(Document).Line(c.text).AppendEncode(nil, p)
		require.NoError(t, err)
		n := 0
		for c := range Commands(b) {
			if c.Name == "ESC t" {
				n++
			}
		}
		require.Equal(t, c.switches, n, "%s: %q", c.text, b)
	}
	// And across elements.
	b, _, err := new(Document).Text("é ").Bold(true).Item("ü", "x").Row(Column{Text: "€"}).AppendEncode(nil, p)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(b), "\x1bt"))
}

func TestSubstitutions(t *testing.T) {
	p := *GenericProfile()
	p.CodePages, p.pages = p.CodePages[:1], p.pages[:1] // 437 alone
	_, subs, err := new(Document).Line("x").Row(Column{Text: "ok"}, Column{Text: "a“b”"}).Text("€ … ș ﬁ ④ Ａ 你 e\u0301\u0301").AppendEncode(nil, &p)
	require.NoError(t, err)
	require.Equal(t, []Substitution{
		{1, 3, '“', "\""},
		{1, 7, '”', "\""},
		{2, 0, '€', "EUR"},
		{2, 4, '…', "..."},
		{2, 8, 'ș', "s"},
		{2, 11, 'ﬁ', "fi"},
		{2, 15, '④', "4"},
		{2, 19, 'Ａ', "A"},
		{2, 23, '你', "?"},
		{2, 29, '\u0301', ""},
	}, subs)
	require.Equal(t, `element 2, byte 0: '€' (U+20AC) printed as "EUR"`, subs[2].String())
}

func TestMultiByteTables(t *testing.T) {
	for name, want := range map[string]struct {
		count int
		some  string
	}{
		"gbk":       {21886, "你好€〇…"},
		"gb2312":    {7445, "你好…"},
		"big5":      {13461, "國語，"},
		"euc-kr":    {8224, "한글漢"},
		"shift_jis": {6879, "日本語々ー"},
	} {
		set := cjkSets[name]()
		n := 0
		for r, code := range set.table {
			if code != 0 {
				n++
				require.GreaterOrEqual(t, code&0xFF, uint16(0x40))
				require.GreaterOrEqual(t, r, 0x80)
			}
		}
		require.InDelta(t, want.count, n, 120, "%s has %d", name, n)
		for _, r := range want.some {
			if name == "gbk" && r == '€' {
				continue // a single byte there, which printers do not share
			}
			require.True(t, set.has(r), "%s lacks %c", name, r)
		}
	}
}
