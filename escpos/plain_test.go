package escpos

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Texts of any length are copied whole, nothing is written beyond the slack,
// and a strange byte is found wherever it stands.
func TestCopyText(t *testing.T) {
	const longest = 100
	text := strings.Repeat("The quick brown fox ~ jumps! ", 4)
	for n := range longest {
		to := bytes.Repeat([]byte{0xEE}, longest+2*slack)
		require.EqualValues(t, plain|oneLine, copyText(to[:n+slack], text[:n]))
		require.Equal(t, text[:n], string(to[:n]))
		require.Equal(t, bytes.Repeat([]byte{0xEE}, longest+slack-n), to[n+slack:])
		for at := range n {
			for _, c := range []byte{0, 0x09, 0x10, 0x1B, 0x1F, 0x7F, 0x80, 0xA0, 0xC3, 0xFF} {
				s := []byte(text[:n])
				s[at] = c
				require.Zero(t, copyText(to, string(s)), "%X at %d of %d", c, at, n)
			}
			s := []byte(text[:n])
			s[at] = '\n'
			require.EqualValues(t, plain, copyText(to, string(s)))
		}
	}
}
