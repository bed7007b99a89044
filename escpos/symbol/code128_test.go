package symbol

import (
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/oned"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Text that makes the encoder change sets: digits, capitals, controls, small
// letters, and Latin-1.
var code128Data = rapid.StringMatching("([0-9]{1,7}|[A-Z]{1,4}|[\x01-\x1F]{1,2}|[a-z{}]{1,4}|[\u00A0-\u00FF]{1,2}){1,6}")

func TestCode128ReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := code128Data.Draw(t, "data")
		l := mustEncode(t, Code128, data)
		var want []byte // the reader gives Latin-1
		for _, r := range data {
			want = append(want, byte(r))
		}
		require.Equal(t, string(want), read(t, oned.NewCode128Reader(), l.picture(2), nil))
	})
}

// The length of what a person who knows the standard would write.
func TestCode128Shortest(t *testing.T) {
	for data, want := range map[string]string{
		"12":                "{C\x0C",
		"123":               "{B123",
		"1234":              "{C\x0C\x22",
		"12345":             "{C\x0C\x22{B5",
		"A1234":             "{BA{C\x0C\x22",
		"A12345":            "{BA1{C\x17\x2D",
		"AB1234CD":          "{BAB1234CD",
		"AB123456CD":        "{BAB{C\x0C\x22\x38{BCD",
		"abc{":              "{Babc{{",
		"\x01\x02A":         "{A\x01\x02A",
		"ab\x01cd":          "{Bab{S\x01cd",
		"\u00E9":            "{B{4i",
		"No. 00420":         "{BNo. 0{C\x04\x14",
		"00123456789012345": "{C\x00\x0C\x22\x38\x4E\x5A\x0C\x22{B5",
	} {
		got, err := AppendNative(nil, Code128, data)
		require.NoError(t, err)
		l, err := EncodeNative(Code128, []byte(want))
		require.NoError(t, err)
		require.Equal(t, len(l.Elements), len(mustEncode(t, Code128, data).Elements), "%q: %q, want %q", data, got, want)
		require.Len(t, got, len(want), "%q: %q, want %q", data, got, want)
	}
}

// What GS k is sent prints the same symbol as the data drawn here.
func TestCode128Native(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := code128Data.Draw(t, "data")
		native, err := AppendNative(nil, Code128, data)
		require.NoError(t, err)
		l, err := EncodeNative(Code128, native)
		require.NoError(t, err)
		require.Equal(t, mustEncode(t, Code128, data), l)
	})
}

// No other choice of code sets is shorter: each prefix is tried in each set,
// without any cleverness.
func TestCode128Optimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.StringMatching(`([0-9]{1,5}|[A-Z]{1,2}|[\x01-\x03]|[a-c]){1,4}`).Draw(t, "data")
		var least func(i, set int) int
		memo := map[[2]int]int{}
		least = func(i, set int) int {
			if i == len(data) {
				return 0
			}
			if n, ok := memo[[2]int{i, set}]; ok {
				return n
			}
			in := func(set int) bool {
				return set == setA && data[i] < 96 || set == setB && data[i] >= 32
			}
			best := 1 << 20
			for to := range sets {
				change := 0
				if to != set {
					change = 1
				}
				switch {
				case to == setC && i+1 < len(data) && strings.ContainsRune(digits, rune(data[i])) && strings.ContainsRune(digits, rune(data[i+1])):
					memo[[2]int{i, set}] = 1 << 20
					best = min(best, change+1+least(i+2, to))
				case to != setC && in(to):
					best = min(best, change+1+least(i+1, to))
				case to != setC:
					best = min(best, change+2+least(i+1, to))
				}
			}
			memo[[2]int{i, set}] = best
			return best
		}
		want := min(least(0, setA), least(0, setB), least(0, setC))
		l := mustEncode(t, Code128, data)
		require.Equal(t, want, (l.Width(1, 0)-13)/11-2, "start and check character left out")
	})
}

func TestParseNative128(t *testing.T) {
	for native, text := range map[string]string{
		"{BNo.{C\x01\x02":    "No.0102",
		"{Aabc":              "!",
		"{AABC{Sabc":         "!",
		"{AABC{Sa1":          "ABCa1",
		"{B{1{2{3{4a":        "   \u00E1",
		"{C{1\x0A":           " 10",
		"{C\x63{A\x1F{B~":    "99 ~",
		"{BA{B{BB":           "AB",
		"{Ba{S\x05b":         "a b",
		"{C\x64":             "!",
		"{Cab":               "9798",
		"{C{S":               "!",
		"{C{{":               "!",
		"{C{2":               "!",
		"{B{":                "!",
		"{B{5":               "!",
		"{Ba{S":              "!",
		"{Ba{S{1":            "!",
		"{D1":                "!",
		"{":                  "!",
		"":                   "!",
		"plain":              "!",
		"{A{{":               "!",
		"{B{{}":              "{}",
		"{B\x80":             "!",
		"{Ax":                "!",
		"{B\x01":             "!",
		"{A\x7F":             "!",
		"{B\x7F":             " ",
		"{C\x0C{A\x0C{C\x0C": "12 12",
	} {
		l, err := EncodeNative(Code128, []byte(native))
		if text == "!" {
			var de *DataError
			require.ErrorAs(t, err, &de, "%q", native)
			require.Equal(t, Code128, de.Kind)
			require.Less(t, de.Pos, max(len(native), 1))
			continue
		}
		require.NoError(t, err, "%q", native)
		require.Equal(t, text, l.Text, "%q", native)
	}
}

func FuzzEncodeNative(f *testing.F) {
	for _, s := range []string{"{BNo.{C\x01\x02", "{A{S{{", "(01)0950110153000*(10)A{1(21)B", "{({){*{3", "0950110153000", "A1B"} {
		for k := UPCA; k <= DataBarExpanded; k++ {
			f.Add(uint8(k), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		l, err := EncodeNative(Kind(kind), data)
		if err != nil {
			var de *DataError
			require.ErrorAs(t, err, &de)
			require.Less(t, de.Pos, max(len(data), 1))
			return
		}
		require.Equal(t, 1, len(l.Elements)%2)
		require.NotContains(t, l.Elements, uint8(0))
	})
}
