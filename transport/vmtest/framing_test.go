//go:build linux

package vmtest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func line(baud int, parity byte) Settings {
	return Settings{Baud: baud, DataBits: 8, Parity: parity, StopBits: 1}
}

// Two ends that are set alike understand each other, also where their clocks
// differ by as much as an adapter's divisor makes them.
func TestOverSameSettings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := line(rapid.SampledFrom([]int{2400, 9600, 38400, 115200}).Draw(t, "baud"), rapid.SampledFrom([]byte("NOEMS")).Draw(t, "parity"))
		to := from
		to.Baud += to.Baud * rapid.IntRange(-20, 20).Draw(t, "thousandths") / 1000
		sent := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "sent")
		var got []byte
		for _, h := range from.over(to, sent) {
			require.Equal(t, heard{b: h.b}, h)
			got = append(got, h.b)
		}
		require.Equal(t, string(sent), string(got))
	})
}

// A question that comes at a wrong speed or parity is not understood.
func TestOverOtherSettings(t *testing.T) {
	question := []byte{0x10, 0x04, 0x01}
	for _, to := range []Settings{
		line(9600, 'E'), line(9600, 'O'), line(4800, 'N'), line(19200, 'N'), line(38400, 'N'),
	} {
		var good []byte
		for _, h := range line(9600, 'N').over(to, question) {
			if !h.parity && !h.frame {
				good = append(good, h.b)
			}
		}
		require.NotContains(t, string(good), string(question[:2]), "%+v", to)
	}
	require.Equal(t, []heard{{b: 0x12, frame: true}}, line(9600, 'E').over(line(9600, 'N'), []byte{0x12}),
		"an even number of ones leaves the line low where the stop bit should be")
	require.Equal(t, []heard{{b: 0x12, parity: true}}, line(9600, 'E').over(line(9600, 'O'), []byte{0x12}))
}
