package symbol

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// runs writes the widths of elements as digits.
func runs(e []uint8) string {
	var b strings.Builder
	for _, w := range e {
		b.WriteByte('0' + w)
	}
	return b.String()
}

// Elements as zint 2.11 draws them.
func TestDataBarGolden(t *testing.T) {
	for _, c := range []struct {
		kind             Kind
		data, text, want string
	}{
		{DataBarOmni, "0950110153000", "(01)09501101530003", "151115111382114121113213212123116522312132211"},
		{DataBarOmni, "2001234567890", "(01)20012345678909", "111331151274111221215125121112112833212123211"},
		{DataBarOmni, "0000799999856", "(01)00007999998561", "111112181355112221412114122113112831131131511"}, // finders 9
		{DataBarOmni, "0001149999793", "(01)00011499997931", "111112181382111112513111152212117511231143111"}, // finders 7
		{DataBarOmni, "0002199999604", "(01)00021999996044", "111112181157112132231111511321119314112312211"}, // finders 71
		{DataBarOmni, "0002099999622", "(01)00020999996221", "111112181139113123221111132133115532111334111"}, // finders 73
		{DataBarLimited, "0950110153000", "(01)09501101530003", "112422412111131211111131121112131121221232311"},
		{DataBarLimited, "1501234567890", "(01)15012345678907", "132223212111123112111121122112121123213222211"},
		{DataBarExpanded, "(01)09501101530003(10)AB-123(21)xyz;?", "(01)09501101530003(10)AB-123(21)xyz;?", "12422113218411321411231621211311562221161223311313236411332214111231612111823126131123232121326511211141432141341111922151231222221121622911213412131"},
		{DataBarExpanded, "(10)12A", "(10)12A", "111521151184111317112111521232114812317111111"},
		{DataBarExpanded, "(10)12345678(21)1", "(10)12345678(21)1", "11243213118411131711211253113111463341122311631131136411113411241"},
	} {
		l := mustEncode(t, c.kind, c.data)
		require.Equal(t, c.text, l.Text)
		require.Equal(t, c.want, runs(l.Elements), "%s %q", c.kind, c.data)
	}
}

// Every value of a character has widths of its own, and they keep to the
// modules of its group: the tables and the arithmetic fit one another.
func TestDataBarCharacters(t *testing.T) {
	for _, c := range []struct {
		name                   string
		groups                 []rssGroup
		values, width, modules int
		inside, narrowless     bool
	}{
		{"outside", omniOutside, 2841, 8, 16, false, true},
		{"inside", omniInside, 1597, 8, 15, true, false},
		{"expanded", expandedGroups, 4192, 8, 17, false, false},
		{"limited", limitedGroups, 2013571, 14, 26, false, true},
	} {
		seen := map[string]bool{}
		step := 1
		if c.values > 1e6 {
			step = 97
		}
		n := 0
		for v := 0; v < c.values; v += step {
			w := make([]uint8, c.width)
			rssCharacter(w, c.groups, v, c.inside, c.narrowless)
			sum := 0
			for _, m := range w {
				require.NotZero(t, m, "%s %d", c.name, v)
				sum += int(m)
			}
			require.Equal(t, c.modules, sum, "%s %d", c.name, v)
			seen[string(w)] = true
			n++
		}
		require.Len(t, seen, n, c.name)
	}
}

// A reader of the general purpose field, written from the standard's table of
// codes and not from the encoder.
func readGeneralField(bits []bool) string {
	var out strings.Builder
	at := 0
	peek := func(n int) int {
		v := 0
		for i := range n {
			v <<= 1
			if at+i < len(bits) && bits[at+i] {
				v |= 1
			}
		}
		return v
	}
	digit := func(d int) {
		if d == 10 {
			out.WriteByte('^')
		} else {
			out.WriteByte('0' + byte(d))
		}
	}
	const isoSpecial = "!\"%&'()*+,-./:;<=>?_ "
	mode := "numeric"
	for at < len(bits) {
		if mode == "numeric" {
			switch {
			case len(bits)-at < 4, peek(4) == 0 && len(bits)-at < 7:
				return out.String()
			case len(bits)-at < 7:
				digit(peek(4) - 1)
				return out.String()
			case peek(4) == 0:
				mode, at = "alpha", at+4
			default:
				v := peek(7) - 8
				digit(v / 11)
				digit(v % 11)
				at += 7
			}
			continue
		}
		switch {
		case len(bits)-at < 5:
			return out.String()
		case peek(3) == 0:
			mode, at = "numeric", at+3
		case peek(5) == 4 && mode == "alpha":
			mode, at = "iso", at+5
		case peek(5) == 4:
			mode, at = "alpha", at+5
		case peek(5) == 15:
			out.WriteByte('^')
			mode, at = "numeric", at+5
		case peek(5) >= 5 && peek(5) < 15:
			digit(peek(5) - 5)
			at += 5
		case mode == "alpha" && peek(6) < 58:
			out.WriteByte('A' + byte(peek(6)-32))
			at += 6
		case mode == "alpha":
			out.WriteByte("*,-./"[peek(6)-58])
			at += 6
		case peek(7) < 90:
			out.WriteByte('A' + byte(peek(7)-64))
			at += 7
		case peek(7) < 116:
			out.WriteByte('a' + byte(peek(7)-90))
			at += 7
		default:
			out.WriteByte(isoSpecial[peek(8)-232])
			at += 8
		}
	}
	return out.String()
}

func TestDataBarExpandedReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.StringMatching(`(\(10\)([0-9]{1,8}|[A-Z*,./-]{1,4}|[a-z!%;?_]{1,4}){1,3}){1,3}`).Draw(t, "data")
		tokens := gs1Tokens(nil, must(appendGS1(nil, GS1128, "(10)1")))
		es, err := appendGS1(nil, DataBarExpanded, data)
		if err != nil {
			require.ErrorIs(t, err, ErrTooLong)
			t.Skip()
		}
		tokens = gs1Tokens(tokens[:0], es)
		values, err := expandedValues(DataBarExpanded, tokens, 0)
		require.NoError(t, err)
		var w bitWriter
		for _, v := range values {
			w.write(v, 12)
		}
		want := strings.ReplaceAll(strings.TrimPrefix(data, "("), "(", "^")
		want = strings.ReplaceAll(want, ")", "")
		// A pad digit is an FNC1.
		require.Equal(t, want, strings.TrimSuffix(readGeneralField(w.bits[5:]), "^"))
		require.Equal(t, len(values)%2 == 0, w.bits[3], "odd number of characters, the check character included")
		require.Equal(t, len(values) > 13, w.bits[4])
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// With a GTIN in front, 44 bits say the first 16 digits.
func TestDataBarExpandedGTIN(t *testing.T) {
	tokens := gs1Tokens(nil, must(appendGS1(nil, DataBarExpanded, "(01)09501101530003")))
	values, err := expandedValues(DataBarExpanded, tokens, 0)
	require.NoError(t, err)
	require.Len(t, values, 4)
	require.Equal(t, []int{0, 950, 110, 153, 0}, gtinPrefix(tokens))
}

func TestEncodeNativeGS1(t *testing.T) {
	for _, c := range []struct {
		kind         Kind
		native, text string
	}{
		{GS1128, "(01)0950110153000*(10)A{1(21)B", "(01)09501101530003(10)A (21)B"},
		{GS1128, "010950110153000*", "0109501101530003"},
		{GS1128, "(01) 09501101530003", "(01) 09501101530003"},
		{GS1128, "(91){({){*{{", "(91)()*{"},
		{GS1128, "(91)a{3", "(91)a "},
		{DataBarExpanded, "(10)A*B", "(10)AB"},
		{DataBarExpanded, "(10){(x{)", "(10)(x)"},
	} {
		l, err := EncodeNative(c.kind, []byte(c.native))
		require.NoError(t, err, c.native)
		require.Equal(t, c.text, l.Text)
	}
	for _, c := range []struct {
		kind   Kind
		native string
		is     error
		pos    int
	}{
		{GS1128, "(91){x", ErrSyntax, 4},
		{GS1128, "(91)a*", ErrCharacter, 5},
		{GS1128, "(91)\x80", ErrCharacter, 4},
		{GS1128, "1", ErrLength, -1},
		{DataBarExpanded, "(91)a{3", ErrSyntax, 5},
		{DataBarExpanded, "(91){{", ErrCharacter, -1},
	} {
		_, err := EncodeNative(c.kind, []byte(c.native))
		requireDataError(t, err, c.is, c.pos)
	}
}

// The plain and the native way make the same bars.
func TestGS1Native(t *testing.T) {
	for _, kind := range []Kind{GS1128, DataBarExpanded} {
		for _, data := range []string{"(01)09501101530003(10)AB-123(21)x", "(10)A*B(99)1", "(17)261231(3103)001750"} {
			native := must(AppendNative(nil, kind, data))
			l, err := EncodeNative(kind, native)
			require.NoError(t, err)
			require.True(t, slices.Equal(mustEncode(t, kind, data).Elements, l.Elements), fmt.Sprintf("%s %q", kind, native))
		}
	}
}
