package escpos

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// lines are the lines that b prints on p.
func lines(t require.TestingT, p *Profile, b []byte) []string {
	return strings.Split(strings.TrimSuffix(readText(t, p, b), "\n"), "\n")
}

// words are runes that layout has to think about: wide ones, marks, clusters,
// spaces, hyphens.
var words = rapid.StringOfN(rapid.SampledFrom([]rune("ab cd-ef  gé€你好，。が\u0301\u0303q\n1")), 0, 120, -1)

func TestLinesFit(t *testing.T) {
	for _, name := range []string{"generic-58", "generic-80", "TM-T88V"} {
		p, err := ProfileByName(name)
		require.NoError(t, err)
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			left, right := words.Draw(t, "left"), strings.ReplaceAll(words.Draw(t, "right"), "\n", "")
			if len(right) > 24 {
				right = strings.ToValidUTF8(right[:24], "")
			}
			width := rapid.IntRange(2, 12).Draw(t, "width")
			for _, d := range []*Document{
				new(Document).Paragraph(left),
				new(Document).Item(left, right),
				new(Document).Row(Column{Text: left, Width: width, Align: Center}, Column{Text: right}),
				new(Document).Row(Column{Text: left, Overflow: Ellipsis}, Column{Text: right, Width: width, Align: Right, Overflow: Clip}),
			} {
				b, _, err := d.AppendEncode(nil, p)
				require.NoError(t, err)
				for _, line := range lines(t, p, b) {
					n := 0
					for _, r := range line {
						if r < utf8.RuneSelf {
							n++
						} else {
							n += p.glyph(r).cells
						}
					}
					require.LessOrEqual(t, n, p.Columns(FontA), "%q", line)
				}
			}
		}))
	}
}

// Wherever a line ends, it ends behind a grapheme, and no text is lost.
func TestGraphemesStayWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("a é你e\u0301👩\u200d👧🇩🇪한ก\u0e33\u0e49q\u0303")), 0, 200, -1).Draw(t, "text")
		s = norm.NFC.String(s)
		boundary := map[int]bool{0: true, len(s): true}
		at := 0
		for state, rest := -1, s; rest != ""; {
			var cluster string
			cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			at += len(cluster)
			boundary[at] = true
		}
		out := new(Document).Paragraph(s).PlainText()
		at = 0
		for line := range strings.SplitSeq(strings.TrimSuffix(out, "\n"), "\n") {
			for !strings.HasPrefix(s[at:], line) && at < len(s) && s[at] == ' ' {
				at++
			}
			require.True(t, strings.HasPrefix(s[at:], line), "%q goes on with %q", s[at:], line)
			require.True(t, boundary[at], "a line begins at %d of %q", at, s)
			at += len(line)
			require.True(t, boundary[at] || strings.TrimSpace(s[at:]) == "", "a line ends at %d of %q", at, s)
		}
		require.Empty(t, strings.TrimSpace(s[at:]))
	})
}

func TestLayoutInCells(t *testing.T) {
	p, err := ProfileByName("generic-58") // 32 columns
	require.NoError(t, err)
	for name, c := range map[string]struct {
		d    *Document
		want string
	}{
		"wide":           {new(Document).Item("红烧肉", "58.00"), "红烧肉                     58.00\n"},
		"marks":          {new(Document).Item("q\u0303", "1"), "q" + strings.Repeat(" ", 30) + "1\n"},
		"double width":   {new(Document).Size(2, 1).Item("a", "b"), "a" + strings.Repeat(" ", 14) + "b\n"},
		"indent":         {new(Document).Indent(2).Item("a", "b"), "a" + strings.Repeat(" ", 28) + "b\n"},
		"letter spacing": {new(Document).LetterSpacing(12).Item("a", "b"), "a" + strings.Repeat(" ", 14) + "b\n"},
		"wide rule":      {new(Document).Rule('〓'), strings.Repeat("〓", 16) + "\n"},
		"exactly full":   {new(Document).Item(strings.Repeat("x", 30), "9"), strings.Repeat("x", 30) + " 9\n"},
		"price below":    {new(Document).Item(strings.Repeat("x", 31), "9"), strings.Repeat("x", 30) + "\n" + "x" + strings.Repeat(" ", 30) + "9\n"},
		"left alone":     {new(Document).Item("x", ""), "x\n"},
		"right alone":    {new(Document).Item("", "x"), strings.Repeat(" ", 31) + "x\n"},
		"tab":            {new(Document).Item("a\tb", "c"), "a b" + strings.Repeat(" ", 28) + "c\n"},
		"ellipsis":       {new(Document).Row(Column{Text: "abcdefghij", Width: 8, Overflow: Ellipsis}), "abcde...\n"},
		"ellipsis, wide": {new(Document).Row(Column{Text: "你好你好你好", Width: 8, Overflow: Ellipsis}), "你好...\n"},
		"clip":           {new(Document).Row(Column{Text: "abcdefghij", Width: 8, Overflow: Clip}), "abcdefgh\n"},
		"wrap":           {new(Document).Row(Column{Text: "one two three", Width: 8}, Column{Text: "x"}), "one two x\nthree\n"},
		"hyphen":         {new(Document).Row(Column{Text: "twenty-three", Width: 8}), "twenty-\nthree\n"},
		"long word":      {new(Document).Row(Column{Text: "abcdefghij", Width: 4}), "abcd\nefgh\nij\n"},
		"centre":         {new(Document).Row(Column{Text: "ab", Width: 6, Align: Center}, Column{Text: "c"}), "  ab  c\n"},
		"share":          {new(Document).Row(Column{Text: "a"}, Column{Text: "b"}, Column{Text: "c", Align: Right}), "a          b" + strings.Repeat(" ", 19) + "c\n"},
	} {
		b, _, err := c.d.AppendEncode(nil, p)
		require.NoError(t, err, name)
		require.Equal(t, c.want, textOf(t, p, b), name)
	}
}

// textOf is readText for styled text.
func textOf(t require.TestingT, p *Profile, b []byte) string {
	var plain []byte
	for c := range Commands(b) {
		if c.Def == nil || c.Def.Class != ClassStyle && c.Def.Class != ClassPosition {
			plain = append(plain, c.Bytes...)
		}
	}
	return readText(t, p, plain)
}
