package symbol

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		kind       Kind
		data, want string
	}{
		{UPCA, "03600029145", "036000291452"},
		{UPCA, "036000291452", "036000291452"},
		{EAN13, "400638133393", "4006381333931"},
		{EAN8, "9638507", "96385074"},
		{UPCE, "425261", "04252614"},
		{UPCE, "0425261", "04252614"},
		{UPCE, "04252614", "04252614"},
		{UPCE, "04210000526", "04252614"},
		{UPCE, "042100005264", "04252614"},
		{UPCE, "110123", "01101209"}, // the same number as 110120
		{UPCE, "01234500006", "01234565"},
		{UPCE, "01230000045", "01234531"},
		{UPCE, "01234000005", "01234543"},
		{Code39, "*A-1*", "A-1"},
		{Code39, "A B", "A B"},
		{ITF, "1234", "1234"},
		{Codabar, "a12-3d", "A12-3D"},
		{Code93, "a\x00b", "a\x00b"},
		{Code128, "h\u00E9", "h\u00E9"},
		{DataBarOmni, "0950110153000", "09501101530003"},
		{DataBarLimited, "1501234567890", "15012345678907"},
		{DataBarStacked, "0950110153000", "09501101530003"},
		{GS1128, "(01)0950110153000(10)A(B)", "(01)09501101530003(10)A(B)"},
		{DataBarExpanded, "(17)261231(10)a", "(17)261231(10)a"},
		{DataBarExpandedStacked, "(00)00123456789012345", "(00)001234567890123452"},
	} {
		got, err := Check(c.kind, c.data)
		require.NoError(t, err, "%s %q", c.kind, c.data)
		require.Equal(t, c.want, got, "%s %q", c.kind, c.data)
		again, err := Check(c.kind, got)
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
}

func TestCheckErrors(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		data string
		is   error
		pos  int
	}{
		{EAN13, "40063813339", ErrLength, -1},
		{EAN13, "4006381333930", ErrCheckDigit, 12},
		{EAN13, "40063813339x", ErrCharacter, 11},
		{UPCA, "", ErrLength, -1},
		{EAN8, "96385075", ErrCheckDigit, 7},
		{UPCE, "12345", ErrLength, -1},
		{UPCE, "1425261", ErrCharacter, 0},
		{UPCE, "04252615", ErrCheckDigit, 7},
		{UPCE, "01234567890", ErrSyntax, -1},
		{UPCE, "04252a", ErrCharacter, 5},
		{Code39, "abc", ErrCharacter, 0},
		{Code39, "*A*B*", ErrCharacter, 2},
		{Code39, "", ErrLength, -1},
		{Code39, "**", ErrLength, -1},
		{ITF, "123", ErrLength, -1},
		{ITF, "12a4", ErrCharacter, 2},
		{ITF, "", ErrLength, -1},
		{Codabar, "A", ErrLength, -1},
		{Codabar, "1234", ErrCharacter, 0},
		{Codabar, "A12E", ErrCharacter, 3},
		{Codabar, "A1B2C", ErrCharacter, 2},
		{Code93, "caf\u00E9", ErrCharacter, 3},
		{Code93, "", ErrLength, -1},
		{Code128, "", ErrLength, -1},
		{Code128, "5 \u20AC", ErrCharacter, 2},
		{Code128, "\xFF", ErrCharacter, 0},
		{Code128, strings.Repeat("a", 256), ErrTooLong, -1},
		{DataBarLimited, "2501234567890", ErrCharacter, 0},
		{DataBarOmni, "123", ErrLength, -1},
		{GS1128, "0109501101530003", ErrSyntax, 0},
		{GS1128, "", ErrLength, -1},
		{GS1128, "(01)09501101530004", ErrCheckDigit, 17},
		{GS1128, "(01)123", ErrLength, 4},
		{GS1128, "(01)0950110153000A", ErrCharacter, 17},
		{GS1128, "(10)", ErrLength, 4},
		{GS1128, "(10)A B", ErrCharacter, 5},
		{GS1128, "(10)" + strings.Repeat("A", 47), ErrTooLong, -1},
		{DataBarExpanded, "(10)" + strings.Repeat("A", 90), ErrTooLong, -1},
		{Aztec, "1", ErrOption, -1},
	} {
		_, err := Check(c.kind, c.data)
		requireDataError(t, err, c.is, c.pos)
		_, err = AppendNative([]byte("kept"), c.kind, c.data)
		requireDataError(t, err, c.is, c.pos)
	}
}

func TestCheckDigitErrorNamesBoth(t *testing.T) {
	_, err := Check(EAN13, "4006381333930")
	require.EqualError(t, err, "EAN-13: wrong check digit at byte 12: is 0, should be 1")
}

// Every short UPC-E has one long form, which gives it back.
func TestUPCEExpandsAndCompresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		short := rapid.StringMatching(`[0-9]{6}`).Draw(t, "short")
		want, err := Check(UPCE, short)
		require.NoError(t, err)
		long, err := AppendNative(nil, UPCE, short)
		require.NoError(t, err)
		require.Len(t, long, 12)
		_, err = Check(UPCA, string(long))
		require.NoError(t, err)
		again, err := Check(UPCE, string(long))
		require.NoError(t, err)
		l := mustEncode(t, UPCE, again)
		require.Equal(t, want[7:], l.Text[7:], "the check digit is that of the long form")
	})
}

func TestAppendNative(t *testing.T) {
	for _, c := range []struct {
		kind       Kind
		data, want string
	}{
		{UPCA, "03600029145", "036000291452"},
		{UPCE, "425261", "042100005264"},
		{Code39, "*A*", "A"},
		{Codabar, "a1b", "A1B"},
		{DataBarOmni, "09501101530003", "0950110153000"},
		{DataBarStacked, "09501101530003", "0950110153000"},
		{GS1128, "(01)09501101530003(10)A*(21)(x)", "(01)09501101530003(10)A{*{1(21){(x{)"},
		{DataBarExpanded, "(10)A(17)261231", "(10)A{1(17)261231"},
	} {
		got, err := AppendNative([]byte("GS k"), c.kind, c.data)
		require.NoError(t, err)
		require.Equal(t, "GS k"+c.want, string(got))
	}
	_, err := AppendNative(nil, Code128, strings.Repeat("\u00E9", 127))
	requireDataError(t, err, ErrTooLong, -1)
}

func TestCheckAllocatesNothing(t *testing.T) {
	buf := make([]byte, 0, 512)
	for kind, data := range map[Kind]string{
		UPCA: "036000291452", EAN13: "4006381333931", EAN8: "96385074", UPCE: "04252614", Code39: "A-1",
		ITF: "1234", Codabar: "A12B", Code93: "abc", Code128: "No. 123456", GS1128: "(01)09501101530003(10)AB",
	} {
		require.Zero(t, testing.AllocsPerRun(20, func() {
			if _, err := AppendNative(buf, kind, data); err != nil {
				panic(err)
			}
			if _, err := Check(kind, data); err != nil {
				panic(err)
			}
		}), kind.String())
	}
}

func FuzzCheck(f *testing.F) {
	for k := range kindNames {
		f.Add(uint8(k), "(01)0950110153000(10)A(21)x")
		f.Add(uint8(k), "04252614")
	}
	f.Fuzz(func(t *testing.T, kind uint8, data string) {
		got, err := Check(Kind(kind), data)
		native, nativeErr := AppendNative(nil, Kind(kind), data)
		if err != nil {
			var de *DataError
			require.ErrorAs(t, err, &de)
			require.LessOrEqual(t, de.Pos, len(data))
			require.Error(t, nativeErr)
			return
		}
		again, err := Check(Kind(kind), got)
		require.NoError(t, err)
		require.Equal(t, got, again)
		if nativeErr != nil {
			require.ErrorIs(t, nativeErr, ErrTooLong)
			return
		}
		if Kind(kind).Linear() {
			want, err := Encode(Kind(kind), data)
			require.NoError(t, err)
			l, err := EncodeNative(Kind(kind), native)
			require.NoError(t, err)
			require.Equal(t, want.Elements, l.Elements)
		}
	})
}
