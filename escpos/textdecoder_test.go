package escpos_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// printed returns the text in a stream of commands.
func printed(d *escpos.TextDecoder, b []byte) string {
	var out []byte
	for c := range escpos.Commands(b) {
		switch {
		case c.Name == "text":
			out = d.AppendText(out, c.Data)
		case c.Name == "LF":
			out = append(out, '\n')
		case c.Def != nil:
			d.Command(c.Def, c.Head)
		}
	}
	return string(out)
}

func TestTextDecoder(t *testing.T) {
	for _, tc := range []struct{ name, cjk, in, want string }{
		{"ASCII", "", "Coffee", "Coffee"},
		{"the default page is not known", "", "Caf\x82", `Caf\x82`},
		{"code page 437", "", "\x1bt\x00Caf\x82", "Café"},
		{"code page 1252", "", "\x1bt\x10\x80 3", "€ 3"},
		{"no such code page", "", "\x1bt\x0a\x80", `\x80`},
		{"forgotten by ESC @", "", "\x1bt\x10\x1b@\x80", `\x80`},
		{"UTF-8", "", "\x1c(C\x02\x000\x02中文\xff", `中文\xff`},
		{"UTF-8 off again", "", "\x1c(C\x02\x0002\x1c(C\x02\x0001\xe4", `\xe4`},
		{"no font", "", "\x1c&\xd6\xd0", `\xd6\xd0`},
		{"GB18030", "gb18030", "\x1c&\xd6\xd0\xce\xc4 A\x81\x30\x81\x30\x1c.\xd6", `中文 A\x81\x30\x81\x30\xd6`},
		{"four bytes", "gb18030", "\x1c&\x82\x30\x82\x36", "㒳"},
		{"a control character", "", "\x1c(C\x02\x0002\u009bm\x7f", `\xc2\x9bm\x7f`},
		{"Big5", "big5", "\x1c&\xa4\xa4\xa4\xe5", "中文"},
		{"EUC-KR", "euc-kr", "\x1c&\xc7\xd1\xb1\xdb", "한글"},
		{"Shift_JIS", "shift_jis", "\x1cC\x01\x93\xfa\xb1\x1cC\x00\x93", "日ｱ" + `\x93`},
		{"half a character", "gb18030", "\x1c&\xd6\xd0\xce", `中\xce`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var d escpos.TextDecoder
			if tc.cjk != "" {
				p := *escpos.GenericProfile()
				p.CJK = tc.cjk
				d.Profile = &p
			}
			require.Equal(t, tc.want, printed(&d, []byte(tc.in)))
		})
	}
}

// What a document says can be read in its bytes, on every profile that has
// the characters.
func TestTextDecoderReadsReceipts(t *testing.T) {
	words := map[string][]string{"restaurant-zh": {"江南小馆", "小笼包（蟹粉）"}, "supermarket": nil, "parking": nil, "card-slip": nil}
	for name, want := range words {
		for _, profile := range escpos.ProfileNames() {
			p, err := escpos.ProfileByName(profile)
			require.NoError(t, err)
			b, _ := encode(t, receipt(t, name), profile)
			got := printed(&escpos.TextDecoder{Profile: p}, b)
			require.True(t, utf8.ValidString(got))
			require.NotContains(t, got, `\x`, "%s on %s", name, profile)
			for _, w := range want {
				if p.CJK != "" {
					require.True(t, strings.Contains(got, w), "%s on %s: %s", name, profile, got)
				}
			}
		}
	}
}
