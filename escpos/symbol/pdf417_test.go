package symbol

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// readPDF417 reads the symbol as a scanner does: the patterns of every row, then
// the words, whose code must have no error, then the data. Its tables are built
// from the widths of the bars and not from the encoder's modes.
func readPDF417(t require.TestingT, m *Matrix, height int) []byte {
	words := map[uint64]uint16{} // by the modules of the pattern
	for _, cluster := range pdf417Patterns {
		for w := range 929 {
			v, err := strconv.ParseUint(cluster[4*w:4*w+4], 16, 17)
			require.NoError(t, err)
			words[1<<16|v<<1] = uint16(w)
		}
	}
	require.Len(t, words, 3*929)
	var all []uint16
	for y := 0; y < m.Height; y += height {
		var row []uint16
		for x := 17; x < m.Width-18; x += 17 {
			var v uint64
			for i := range 17 {
				v = v<<1 | uint64(btoi(m.At(x+i, y)))
			}
			w, ok := words[v]
			require.True(t, ok, "row %d at %d: %017b", y/height, x, v)
			row = append(row, w)
		}
		all = append(all, row[1:len(row)-1]...)
	}
	// The word as a polynomial is zero at 3, 9, 27 …
	n := int(all[0])
	x := 1
	for range len(all) - n {
		x = x * 3 % 929
		sum := 0
		for _, w := range all {
			sum = (sum*x + int(w)) % 929
		}
		require.Zero(t, sum)
	}
	return readPDFWords(t, all[1:n])
}

func readPDFWords(t require.TestingT, words []uint16) []byte {
	var out []byte
	mode := uint16(900)
	for len(words) > 0 {
		if words[0] >= 900 {
			mode, words = words[0], words[1:]
			continue
		}
		n := 0
		for n < len(words) && words[n] < 900 {
			n++
		}
		run := words[:n]
		words = words[n:]
		switch mode {
		case 900:
			out = append(out, readPDFText(run)...)
		case 901, 924:
			for len(run) >= 5 && (mode == 924 || len(run) > 5) {
				out = append(out, base900(run[:5]).FillBytes(make([]byte, 6))...)
				run = run[5:]
			}
			for _, w := range run {
				out = append(out, byte(w))
			}
		case 902:
			for len(run) > 0 {
				k := min(15, len(run))
				s := base900(run[:k]).String()
				require.Equal(t, "1", s[:1])
				out = append(out, s[1:]...)
				run = run[k:]
			}
		default:
			require.Fail(t, fmt.Sprint("mode ", mode))
		}
	}
	return out
}

func base900(words []uint16) *big.Int {
	v := new(big.Int)
	for _, w := range words {
		v.Add(v.Mul(v, big.NewInt(900)), big.NewInt(int64(w)))
	}
	return v
}

func readPDFText(words []uint16) []byte {
	const (
		mixed = "0123456789&\r\t,:#-.$/+%*=^"
		punct = ";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'"
	)
	var values []int
	for _, w := range words {
		values = append(values, int(w)/30, int(w)%30)
	}
	var out []byte
	mode, back := 'A', rune(0)
	for _, v := range values {
		now := mode
		if back != 0 {
			mode, back = back, 0
		}
		shift := func(to rune) { back, mode = mode, to }
		switch {
		case now == 'P' && v == 29:
			mode = 'A'
		case now == 'P':
			out = append(out, punct[v])
		case v == 26:
			out = append(out, ' ')
		case now == 'A' && v < 26:
			out = append(out, 'A'+byte(v))
		case now == 'L' && v < 26:
			out = append(out, 'a'+byte(v))
		case now == 'M' && v < 25:
			out = append(out, mixed[v])
		case v == 29:
			shift('P')
		case now == 'L' && v == 27:
			shift('A')
		case v == 27:
			mode = 'L'
		case now == 'M' && v == 28:
			mode = 'A'
		case v == 28:
			mode = 'M'
		case now == 'M' && v == 25:
			mode = 'P'
		}
	}
	return out
}

func TestPDF417ReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := anyBytes.Draw(t, "data")
		height := rapid.IntRange(2, 8).Draw(t, "height")
		m, err := EncodePDF417(data, PDF417Options{
			Columns: rapid.SampledFrom([]int{0, 1, 4, 10}).Draw(t, "columns"),
			Percent: rapid.SampledFrom([]int{0, 10, 100, 400}).Draw(t, "percent"), RowHeight: height,
		})
		if err != nil {
			require.ErrorIs(t, err, ErrTooLong)
			t.Skip()
		}
		require.Equal(t, string(data), string(readPDF417(t, m, height)))
	})
}

// Each pattern has four bars and four spaces of 1 to 6 modules, 17 together, and
// the widths of its bars tell its cluster.
func TestPDF417Patterns(t *testing.T) {
	for c, cluster := range pdf417Patterns {
		for w := range 929 {
			v, err := strconv.ParseUint(cluster[4*w:4*w+4], 16, 17)
			require.NoError(t, err)
			e := appendModules(nil, uint32(1<<16|v<<1), 17)
			require.Len(t, e, 8)
			for _, n := range e {
				require.LessOrEqual(t, n, uint8(6))
			}
			require.Equal(t, 3*c, (int(e[0])-int(e[2])+int(e[4])-int(e[6])+9)%9)
		}
	}
}

func TestPDF417Shape(t *testing.T) {
	data := []byte(strings.Repeat("shape ", 20))
	for _, c := range []struct {
		opt           PDF417Options
		columns, rows int
	}{
		{PDF417Options{Columns: 5}, 5, 14},
		{PDF417Options{Rows: 20}, 4, 20},
		{PDF417Options{Columns: 30, Rows: 3, Level: PDF417Level0}, 30, 3},
		{PDF417Options{Columns: 1, Rows: 90}, 1, 90},
		{PDF417Options{}, 5, 14},
	} {
		m, err := EncodePDF417(data, c.opt)
		require.NoError(t, err)
		require.Equal(t, 17*(c.columns+4)+1, m.Width)
		require.Equal(t, 3*c.rows, m.Height)
	}
	m, err := EncodePDF417(data, PDF417Options{Columns: 5, Truncated: true})
	require.NoError(t, err)
	require.Equal(t, 17*7+1, m.Width)
}
