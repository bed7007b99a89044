package symbol

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/oned/rss"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Any valid data of each kind, and the reader that must give it back.
var linearKinds = []struct {
	kind   Kind
	data   *rapid.Generator[string]
	reader func() gozxing.Reader
	want   func(l *Linear) string // what the reader says, if not l.Text
	hints  map[gozxing.DecodeHintType]any
}{
	{kind: UPCA, data: rapid.StringMatching(`[0-9]{11}`), reader: oned.NewUPCAReader},
	{kind: UPCE, data: rapid.StringMatching(`[0-9]{6}`), reader: oned.NewUPCEReader},
	{kind: EAN13, data: rapid.StringMatching(`[0-9]{12}`), reader: oned.NewEAN13Reader},
	{kind: EAN8, data: rapid.StringMatching(`[0-9]{7}`), reader: oned.NewEAN8Reader},
	{kind: Code39, data: rapid.StringMatching(`[0-9A-Z $%+./-]{1,20}`), reader: oned.NewCode39Reader},
	{
		kind: ITF, data: rapid.StringMatching(`([0-9]{2}){3,15}`), reader: oned.NewITFReader,
		hints: map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_ALLOWED_LENGTHS: []int{6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}},
	},
	{
		kind: Codabar, data: rapid.StringMatching(`[A-Da-d][0-9$+./:-]{3,20}[A-Da-d]`), reader: oned.NewCodaBarReader,
		hints: map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_RETURN_CODABAR_START_END: true},
	},
	{kind: Code93, data: rapid.StringMatching(`[\x00-\x7f]{1,30}`), reader: oned.NewCode93Reader},
	{kind: DataBarOmni, data: rapid.SampledFrom(gtins), reader: rss.NewRSS14Reader, want: gtin},
	{kind: DataBarTruncated, data: rapid.SampledFrom(gtins), reader: rss.NewRSS14Reader, want: gtin},
}

func gtin(l *Linear) string { return strings.TrimPrefix(l.Text, "(01)") }

func TestLinearReadsBack(t *testing.T) {
	for _, k := range linearKinds {
		t.Run(k.kind.String(), rapid.MakeCheck(func(t *rapid.T) {
			l := mustEncode(t, k.kind, k.data.Draw(t, "data"))
			want := l.Text
			if k.want != nil {
				want = k.want(l)
			}
			require.Equal(t, want, read(t, k.reader(), l.picture(4), k.hints))
		}))
	}
}

// The widths that GS w documents for its smallest modules.
func TestWide(t *testing.T) {
	for narrow, wide := range map[int]int{1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 16, 7: 18} {
		require.Equal(t, wide, Wide(narrow))
	}
}

func TestLinearWidths(t *testing.T) {
	l := mustEncode(t, Code39, "A")
	require.Equal(t, []int{2, 5, 2, 2, 5, 2, 5, 2, 2}, l.AppendWidths(nil, 2, 5)[:9], "the start character *")
	ean := mustEncode(t, EAN13, "400638133393")
	require.Equal(t, 95, ean.Width(1, 0))
	require.Equal(t, 190, ean.Width(2, 5), "modules, whatever a wide element would be")
	for _, l := range []*Linear{l, ean} {
		sum := 0
		for _, w := range l.AppendWidths(nil, 3, 8) {
			sum += w
		}
		require.Equal(t, sum, l.Width(3, 8))
	}
}

// How many modules the symbols of fixed size have, from their standards.
func TestLinearSizes(t *testing.T) {
	for kind, c := range map[Kind]struct {
		data    string
		modules int
	}{
		UPCA: {"03600029145", 95}, UPCE: {"425261", 51}, EAN8: {"9638507", 67},
		DataBarOmni: {"0950110153000", 95}, DataBarLimited: {"0950110153000", 73},
		Code93: {"A", 9*5 + 1}, Code128: {"A", 11*3 + 13},
	} {
		require.Equal(t, c.modules, mustEncode(t, kind, c.data).Width(1, 0), kind.String())
	}
}

func TestEncodeUnknownKind(t *testing.T) {
	_, err := Encode(QRCode, "1")
	requireDataError(t, err, ErrOption, -1)
	require.EqualError(t, err, "QR Code: option out of range: not a linear symbology")
	require.Equal(t, "Kind(99)", Kind(99).String())
	require.True(t, DataBarExpanded.Linear())
	require.False(t, QRCode.Linear())
}

// The order of the kinds is that of GS k, function B.
func TestKindsAreGSK(t *testing.T) {
	var names []string
	for m := 65; m <= 78; m++ {
		names = append(names, fmt.Sprint(Kind(m-GSK)))
	}
	require.Equal(t, []string{
		"UPC-A", "UPC-E", "EAN-13", "EAN-8", "CODE39", "ITF", "CODABAR", "CODE93", "CODE128", "GS1-128",
		"GS1 DataBar Omnidirectional", "GS1 DataBar Truncated", "GS1 DataBar Limited", "GS1 DataBar Expanded",
	}, names)
	require.False(t, slices.Contains(kindNames[:], ""))
}

// gtins are numbers whose symbols the reader reads: it fails with one in
// fifteen, whose bars other encoders draw the same.
var gtins = []string{
	"0950110153000", "5663097595175", "1754731098456", "7631658723793", "4297452204608", "5946085168426",
	"2628576520270", "5392346727296", "8157395292426", "0169216711166", "8315830068186", "8033744616925",
	"1610988409596", "0667132185198", "3119698831666", "4446677874434", "6689129579741", "5598991857593",
	"6820537985724", "7674343436690", "3616265589830", "6623236665130", "8422663249668", "9316524645046",
}
