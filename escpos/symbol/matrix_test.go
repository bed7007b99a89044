package symbol

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/aztec"
	dm "github.com/makiuchi-d/gozxing/datamatrix/decoder"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// anyText are data with runs that each symbology packs in its own way.
var anyText = rapid.Custom(func(t *rapid.T) []byte {
	return []byte(rapid.StringMatching(`([0-9]{1,20}|[A-Z ]{1,12}|[a-z]{1,12}|[!-~]{1,5}|[\x00-\x1F]{1,3}|\. |, |: |\r\n){1,8}`).Draw(t, "text"))
})

var anyBytes = rapid.OneOf(anyText, rapid.SliceOfN(rapid.Byte(), 1, 60))

func TestDataMatrixReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := anyText.Draw(t, "data")
		m, err := EncodeDataMatrix(data, DataMatrixOptions{Rectangular: rapid.Bool().Draw(t, "rectangular")})
		if err != nil {
			require.ErrorIs(t, err, ErrTooLong)
			t.Skip()
		}
		requireDataMatrix(t, data, m)
	})
}

// Bytes beyond ASCII: the reader takes a run of them for text, but passes on
// one that is shifted as it is.
func TestDataMatrixBytes(t *testing.T) {
	var high []byte
	for c := 0x80; c < 0x100; c++ {
		high = append(high, byte(c))
	}
	for _, n := range []int{128, 256, 512} {
		data := bytes.Repeat(high, n/128)
		m, err := EncodeDataMatrix(data, DataMatrixOptions{})
		require.NoError(t, err)
		requireDataMatrix(t, data, m)
	}
	m, err := EncodeDataMatrix([]byte("caf\xE9"), DataMatrixOptions{})
	require.NoError(t, err)
	res, err := dm.NewDecoder().Decode(m.bits(t))
	require.NoError(t, err)
	require.Equal(t, "caf\xE9", res.GetText())
}

func requireDataMatrix(t require.TestingT, data []byte, m *Matrix) {
	res, err := dm.NewDecoder().Decode(m.bits(t))
	require.NoError(t, err)
	require.Equal(t, latin1(data), res.GetText())
}

// Every size, full to the last word: its regions, blocks and placement are the
// reader's own.
func TestDataMatrixSizes(t *testing.T) {
	for _, s := range dmSizes {
		data := bytes.Repeat([]byte("q1x"), s.data)[:s.data]
		for {
			if w, _ := dmWords(data); len(w) <= s.data {
				break
			}
			data = data[:len(data)-1]
		}
		m, err := EncodeDataMatrix(data, DataMatrixOptions{Rectangular: s.rows != s.columns, Rows: s.rows, Columns: s.columns})
		require.NoError(t, err, "%d × %d", s.rows, s.columns)
		require.Equal(t, [2]int{s.columns, s.rows}, [2]int{m.Width, m.Height})
		requireDataMatrix(t, data, m)
	}
}

func TestAztecReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := anyBytes.Draw(t, "data")
		m, err := EncodeAztec(data, AztecOptions{
			Compact: rapid.Bool().Draw(t, "compact"),
			Percent: rapid.SampledFrom([]int{0, 5, 23, 50}).Draw(t, "percent"),
		})
		if err != nil {
			require.ErrorIs(t, err, ErrTooLong)
			t.Skip()
		}
		requireAztec(t, data, m)
	})
}

func requireAztec(t require.TestingT, data []byte, m *Matrix) {
	require.Equal(t, latin1(data), read(t, aztec.NewAztecReader(), m.picture(4), map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1",
	}))
}

// Runs of bytes have a short and a long form of their length.
func TestAztecBytes(t *testing.T) {
	for _, n := range []int{1, 31, 32, 62, 63, 500} {
		data := bytes.Repeat([]byte{0xE9, 0x80}, n)[:n]
		m, err := EncodeAztec(data, AztecOptions{})
		require.NoError(t, err)
		requireAztec(t, data, m)
	}
	bits := aztecBits(bytes.Repeat([]byte{0xE9}, 2100))
	require.Len(t, bits, (5+5+11)+2078*8+(5+5)+22*8, "the longest run, and the rest")
}

func TestAztecLayers(t *testing.T) {
	data := []byte("Aztec 24778")
	for layers := 1; layers <= 32; layers++ {
		for _, compact := range []bool{false, true} {
			if compact && layers > 4 {
				continue
			}
			m, err := EncodeAztec(data, AztecOptions{Compact: compact, Layers: layers})
			require.NoError(t, err)
			requireAztec(t, data, m)
		}
	}
}

// Symbols that another reader (zxing-cpp 1.4) read, and another encoder (zint
// 2.11) drew alike where it packs the data alike.
func TestMatrixGolden(t *testing.T) {
	qr := func(data string, opt QROptions) func() (*Matrix, error) {
		return func() (*Matrix, error) { return EncodeQR([]byte(data), opt) }
	}
	pdf := func(data string, opt PDF417Options) func() (*Matrix, error) {
		return func() (*Matrix, error) { return EncodePDF417([]byte(data), opt) }
	}
	maxi := func(data string, mode int) func() (*Matrix, error) {
		return func() (*Matrix, error) { return EncodeMaxiCode([]byte(data), MaxiCodeOptions{Mode: mode, Pitch: 4}) }
	}
	bar := func(kind Kind, data string, columns int) func() (*Matrix, error) {
		return func() (*Matrix, error) { return EncodeDataBarStacked(kind, data, columns) }
	}
	for name, encode := range map[string]func() (*Matrix, error){
		"qr-micro-m1":             qr("12345", QROptions{Model: QRMicro}),
		"qr-micro-m2":             qr("ABC12", QROptions{Model: QRMicro}),
		"qr-micro-m3":             qr("HELLO WORLD", QROptions{Model: QRMicro, Level: QRLevelM}),
		"qr-micro-m4":             qr("micro qr", QROptions{Model: QRMicro, Level: QRLevelQ}),
		"qr-model1":               qr("QR Code Model 1 with a second block", QROptions{Model: QRModel1, Level: QRLevelH}),
		"pdf417-text":             pdf("Hello, World! 123", PDF417Options{Columns: 3, Level: PDF417Level2, RowHeight: 2}),
		"pdf417-numbers-bytes":    pdf("12345678901234567890\x80\x81\xFFabc", PDF417Options{Rows: 9, RowHeight: 2}),
		"pdf417-truncated":        pdf("TRUNCATED (yes)", PDF417Options{Truncated: true, Percent: 50, RowHeight: 2}),
		"maxicode-4":              maxi("MaxiCode (19 chars) 123456789", 4),
		"maxicode-5":              maxi("caf\xE9 \xC4\xD6\xDC \x01\x02", 5),
		"maxicode-2":              maxi("152382802\x1D840\x1D001\x1D1Z00004951\x1DUPSN", 2),
		"maxicode-3":              maxi("[)>\x1E01\x1D96B1050\x1D056\x1D999\x1D1Z00004951", 3),
		"databar-stacked":         bar(DataBarStacked, "0950110153000", 0),
		"databar-stacked-omni":    bar(DataBarStackedOmni, "2001234567890", 0),
		"databar-stacked-omni-3":  bar(DataBarStackedOmni, "0000000000000", 0), // finder 3 below
		"databar-expanded-2":      bar(DataBarExpandedStacked, "(01)09501101530003(10)AB-123(21)xyz;?", 2),
		"databar-expanded-3":      bar(DataBarExpandedStacked, "(21)11111111111(01)09501101530003", 3),
		"databar-expanded-4-tail": bar(DataBarExpandedStacked, "(01)09501101530003(10)11111111111111", 4),
	} {
		m, err := encode()
		require.NoError(t, err, name)
		golden(t, name, m)
	}
}

// golden compares a symbol with a picture in testdata, two rows a line.
func golden(t *testing.T, name string, m *Matrix) {
	t.Helper()
	var b strings.Builder
	for y := 0; y < m.Height; y += 2 {
		for x := range m.Width {
			b.WriteString([]string{" ", "▀", "▄", "█"}[btoi(m.At(x, y))+2*btoi(m.At(x, y+1))])
		}
		b.WriteByte('\n')
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), name)
}

func TestMatrixErrors(t *testing.T) {
	long := bytes.Repeat([]byte{0xFE}, 4000)
	one := []byte("1")
	for _, c := range []struct {
		encode func() (*Matrix, error)
		is     error
	}{
		{func() (*Matrix, error) { return EncodePDF417(nil, PDF417Options{}) }, ErrLength},
		{func() (*Matrix, error) { return EncodePDF417(long, PDF417Options{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodePDF417(long[:1108], PDF417Options{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodePDF417(long[:50], PDF417Options{Columns: 1, Rows: 3}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodePDF417(one, PDF417Options{Columns: 31}) }, ErrOption},
		{func() (*Matrix, error) { return EncodePDF417(one, PDF417Options{Rows: 2}) }, ErrOption},
		{func() (*Matrix, error) { return EncodePDF417(one, PDF417Options{Percent: 9}) }, ErrOption},
		{func() (*Matrix, error) { return EncodePDF417(one, PDF417Options{RowHeight: 1}) }, ErrOption},
		{func() (*Matrix, error) { return EncodePDF417(one, PDF417Options{Level: 10}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeDataMatrix(nil, DataMatrixOptions{}) }, ErrLength},
		{func() (*Matrix, error) { return EncodeDataMatrix(long, DataMatrixOptions{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodeDataMatrix(long[:1556], DataMatrixOptions{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodeDataMatrix(one, DataMatrixOptions{Rows: 11}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeDataMatrix(one, DataMatrixOptions{Rows: 10, Columns: 12}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeAztec(nil, AztecOptions{}) }, ErrLength},
		{func() (*Matrix, error) { return EncodeAztec(long, AztecOptions{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodeAztec(long[:60], AztecOptions{Compact: true}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodeAztec(one, AztecOptions{Layers: 33}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeAztec(one, AztecOptions{Layers: 5, Compact: true}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeAztec(one, AztecOptions{Percent: 96}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeMaxiCode(nil, MaxiCodeOptions{}) }, ErrLength},
		{func() (*Matrix, error) { return EncodeMaxiCode(long, MaxiCodeOptions{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodeMaxiCode(bytes.Repeat([]byte("a\x80"), 60), MaxiCodeOptions{}) }, ErrTooLong},
		{func() (*Matrix, error) { return EncodeMaxiCode(one, MaxiCodeOptions{Mode: 1}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeMaxiCode(one, MaxiCodeOptions{Pitch: 2}) }, ErrOption},
		{func() (*Matrix, error) { return EncodeMaxiCode(one, MaxiCodeOptions{Mode: 2}) }, ErrSyntax},
		{func() (*Matrix, error) { return EncodeMaxiCode([]byte("a\x1D1\x1D1\x1D"), MaxiCodeOptions{Mode: 2}) }, ErrSyntax},
		{func() (*Matrix, error) { return EncodeMaxiCode([]byte("a\x1D1\x1D1\x1D"), MaxiCodeOptions{Mode: 3}) }, ErrSyntax},
		{func() (*Matrix, error) { return EncodeMaxiCode([]byte("1\x1D1x\x1D1\x1D"), MaxiCodeOptions{Mode: 2}) }, ErrSyntax},
		{func() (*Matrix, error) { return EncodeDataBarStacked(DataBarOmni, "1", 0) }, ErrOption},
		{func() (*Matrix, error) { return EncodeDataBarStacked(DataBarStacked, "1", 0) }, ErrLength},
		{func() (*Matrix, error) { return EncodeDataBarStacked(DataBarExpandedStacked, "(10)A", 12) }, ErrOption},
		{func() (*Matrix, error) { return EncodeDataBarStacked(DataBarExpandedStacked, "A", 2) }, ErrSyntax},
	} {
		m, err := c.encode()
		require.ErrorIs(t, err, c.is)
		var de *DataError
		require.ErrorAs(t, err, &de)
		require.Nil(t, m)
	}
}

func TestMatrixAt(t *testing.T) {
	m, err := EncodeQR([]byte("1"), QROptions{})
	require.NoError(t, err)
	require.True(t, m.At(0, 0))
	for _, p := range [][2]int{{-1, 0}, {0, -1}, {m.Width, 0}, {0, m.Height}} {
		require.False(t, m.At(p[0], p[1]))
	}
	require.True(t, strings.HasPrefix(m.String(), "##############"))
}

func TestStackedNative(t *testing.T) {
	for kind, data := range map[Kind]string{
		DataBarStacked: "0950110153000", DataBarStackedOmni: "0950110153000",
		DataBarExpandedStacked: "(01)09501101530003(10)A*(B)(21)1",
	} {
		native, err := AppendNative(nil, kind, data)
		require.NoError(t, err)
		got, err := EncodeDataBarStackedNative(kind, native, 2)
		require.NoError(t, err)
		want, err := EncodeDataBarStacked(kind, data, 2)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func FuzzMatrix(f *testing.F) {
	for _, s := range []string{"Hello, World! 123", "12345678901234567890", "\x00\x80\xFF", "a\x1D1\x1D1\x1Dx", "(01)09501101530003(10)A"} {
		f.Add([]byte(s), uint16(0))
		f.Add([]byte(s), uint16(0xFFF))
	}
	f.Fuzz(func(t *testing.T, data []byte, opt uint16) {
		o := int(opt)
		for _, encode := range []func() (*Matrix, error){
			func() (*Matrix, error) {
				return EncodeQR(data, QROptions{Model: QRModel(o % 4), Level: QRLevel(o / 4 % 5), Version: o / 20 % 42})
			},
			func() (*Matrix, error) {
				return EncodePDF417(data, PDF417Options{Columns: o % 32, Rows: o / 32 % 92, Level: PDF417Level(o % 11), Truncated: o%2 == 0})
			},
			func() (*Matrix, error) { return EncodeMaxiCode(data, MaxiCodeOptions{Mode: o % 8}) },
			func() (*Matrix, error) {
				return EncodeDataMatrix(data, DataMatrixOptions{Rectangular: o%2 == 1, Rows: o / 2 % 150})
			},
			func() (*Matrix, error) {
				return EncodeAztec(data, AztecOptions{Compact: o%2 == 1, Layers: o / 2 % 34, Percent: o / 64 % 97})
			},
			func() (*Matrix, error) {
				return EncodeDataBarStackedNative(DataBarStacked+Kind(o%3), data, o/3%13)
			},
		} {
			m, err := encode()
			if err != nil {
				var de *DataError
				require.ErrorAs(t, err, &de)
				continue
			}
			require.Len(t, m.modules, m.Width*m.Height)
		}
	})
}
