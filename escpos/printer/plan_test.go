package printer

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
)

func TestPlan(t *testing.T) {
	const at, cut = "\x1B@", "\x1DVB\x00"
	image := "\x1Dv0\x00\x08\x00\x10\x00" + string(bytes.Repeat([]byte{0x10, 4, 1, 0x1D}, 32))
	cases := []struct {
		name string
		in   string
		tail int // from the end
		cut  bool
	}{
		{"no cut", at + "a line\n", 0, false},
		{"a cut at the end", at + "a line\n" + cut, len(cut), true},
		{"and a reset", at + "a line\n" + cut + at, len(cut + at), true},
		{"and the drawer", at + "a line\n" + cut + "\x1Bp\x00\x19\xFA", len(cut) + 5, true},
		{"two receipts", at + "one\n" + cut + "two\n" + cut, len(cut), true},
		{"something behind the cut", at + "one\n" + cut + "two\n", 0, false},
		{"a picture behind the cut", at + "one\n" + cut + image, 0, false},
		{"unknown bytes behind the cut", at + "one\n" + cut + "\x1B\x01", 0, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPlan([]byte(c.in), 64)
			require.Equal(t, len(c.in)-c.tail, p.tail)
			require.Equal(t, c.cut, p.cut)
			require.Contains(t, append(p.ends, 0), p.head)
			require.Contains(t, p.ends, p.tail)
			require.Equal(t, len(c.in), p.ends[len(p.ends)-1])
		})
	}
}

// TestPiecesEndBetweenCommands holds the pieces of any receipt to the commands
// of it.
func TestPiecesEndBetweenCommands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := new(escpos.Document)
		for range rapid.IntRange(0, 20).Draw(t, "elements") {
			switch rapid.IntRange(0, 4).Draw(t, "element") {
			case 0:
				d.Line(rapid.StringN(0, 60, -1).Draw(t, "text"))
			case 1:
				d.Cut(escpos.CutPartial)
			case 2:
				d.QR(escpos.QR{Data: "https://example.com"})
			case 3:
				d.Bold(rapid.Bool().Draw(t, "bold")).Text("x")
			case 4:
				d.Feed(rapid.IntRange(1, 9).Draw(t, "feed"))
			}
		}
		b, _, err := d.AppendEncode(nil, nil)
		require.NoError(t, err)
		band := rapid.IntRange(1, 200).Draw(t, "band")
		p := newPlan(b, band)
		boundary := map[int]bool{}
		longest := 0
		for c := range escpos.Commands(b) {
			boundary[int(c.Offset+c.Length)] = true
			longest = max(longest, int(c.Length))
		}
		require.Equal(t, longest, p.longest)
		start := 0
		for _, end := range p.ends {
			require.Greater(t, end, start)
			require.True(t, boundary[end], "a piece ends at %d", end)
			require.LessOrEqual(t, end-start, max(band, longest))
			start = end
		}
		require.Equal(t, len(b), start)
	})
}

func TestCutOff(t *testing.T) {
	b := []byte("\x1B@text\x1Dv0\x00\x01\x00\x02\x00\xFF\xFF\n")
	for n, want := range []int{0, 2, 0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0, 0} {
		require.Equal(t, want, cutOff(b, n), "after %d bytes", n)
	}
}
