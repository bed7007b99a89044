package escpos

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Items that fit into a line have both texts whole, and spaces between them,
// whatever stands before and behind them, and also in memory that is reused.
func TestItems(t *testing.T) {
	printable := rapid.ByteRange(0x20, 0x7E)
	d := new(Document)
	for _, name := range []string{"generic-58", "TM-T88V", "generic-80"} {
		p, err := ProfileByName(name)
		require.NoError(t, err)
		cols := p.Columns(FontA)
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			d.Reset()
			var want strings.Builder
			for range rapid.IntRange(1, 8).Draw(t, "items") {
				left := string(rapid.SliceOfN(printable, 0, cols-2).Draw(t, "left"))
				right := string(rapid.SliceOfN(printable, 1, cols-1-len(left)).Draw(t, "right"))
				d.Item(left, right)
				want.WriteString(left + strings.Repeat(" ", cols-len(left)-len(right)) + right + "\n")
			}
			want.WriteString("end\n")
			b, _, err := d.Line("end").AppendEncode(nil, p)
			require.NoError(t, err)
			require.Equal(t, want.String(), textOf(t, p, b))
		}))
	}
}
