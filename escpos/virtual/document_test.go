package virtual_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// What a document says is what is on the paper, in every alphabet that the
// printer has. The profile and the personality are made from different
// tables: a mistake in either shows here.
func TestDocumentsComeOutAsTheyAre(t *testing.T) {
	for _, c := range []struct{ profile, personality, alphabet string }{
		{"TM-T20III", "tm-t20iii", "abcXYZ 0189 äöüßéñçÅ€ąęłśđžŽČ αβγδωΩΣ жяЯЫщ ЁїЇ"},
		{"TM-T88III", "tm-t88iii", "abcXYZ 0189 äöüßéñçÅ€ąęłśđžŽČ жяЯЫщ"},
		{"XP-80", "modern-epson", "abcXYZ 0189 你好世界鱼國龍 äöüé"},
	} {
		t.Run(c.profile, func(t *testing.T) {
			prof := profile(t, c.profile)
			pers := personality(t, c.personality)
			rapid.Check(t, func(rt *rapid.T) {
				lines := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune(c.alphabet)), 1, 20, -1), 1, 8).Draw(rt, "lines")
				d := new(escpos.Document)
				var want []string
				for _, line := range lines {
					line = strings.TrimSpace(line)
					if line == "" {
						continue
					}
					d.Bold(rapid.Bool().Draw(rt, "bold")).Line(line)
					want = append(want, line)
				}
				out, subs, err := d.AppendEncode(nil, prof)
				require.NoError(rt, err)
				require.Empty(rt, subs)
				p := virtual.New(&virtual.Config{Personality: pers})
				defer p.Close()
				conn, err := p.Dial()
				require.NoError(rt, err)
				_, err = conn.Write(out)
				require.NoError(rt, err)
				require.Equal(rt, want, p.PendingReceipt().Lines)
			})
		})
	}
}
