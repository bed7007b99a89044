package symbol

import (
	"bytes"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// latin1 is what a reader that was told ISO 8859-1 makes of bytes.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

func readQR(t require.TestingT, m *Matrix) string {
	res, err := decoder.NewDecoder().Decode(m.bits(t), map[gozxing.DecodeHintType]interface{}{
		gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1",
	})
	require.NoError(t, err)
	return res.GetText()
}

func anyLevel(t *rapid.T) QRLevel {
	return QRLevel(rapid.IntRange(0, 3).Draw(t, "level"))
}

func TestQRReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.OneOf(
			rapid.SliceOfN(rapid.Byte(), 1, 300),
			rapid.Map(rapid.StringMatching(`([0-9]{1,30}|[A-Z $%*+./:-]{1,30}|[a-z]{1,20}){1,8}`), func(s string) []byte { return []byte(s) }),
		).Draw(t, "data")
		m, err := EncodeQR(data, QROptions{Level: anyLevel(t), Version: rapid.IntRange(0, 12).Draw(t, "version")})
		if err != nil {
			require.ErrorIs(t, err, ErrTooLong)
			t.Skip()
		}
		require.Equal(t, latin1(data), readQR(t, m))
	})
}

// Every version and level, full to the last byte: the tables of blocks and the
// places of the patterns are the reader's own.
func TestQRVersionsFull(t *testing.T) {
	for version := 1; version <= 40; version++ {
		for level := range QRLevelH + 1 {
			v, _ := qrVersionOf(version, QROptions{Level: level})
			n := (v.bits - 4 - v.count[qrByte]) / 8
			data := bytes.Repeat([]byte("q\xE9"), n)[:n]
			m, err := EncodeQR(data, QROptions{Level: level, Version: version})
			require.NoError(t, err)
			require.Equal(t, 17+4*version, m.Width, "version %d level %d", version, level)
			require.Equal(t, latin1(data), readQR(t, m), "version %d level %d", version, level)
		}
	}
}

// The capacities that the standard lists for version 40.
func TestQRCapacity(t *testing.T) {
	for _, c := range []struct {
		unit  string
		level QRLevel
		n     int
	}{
		{"7", QRLevelL, 7089}, {"A", QRLevelL, 4296}, {"a", QRLevelL, 2953},
		{"7", QRLevelH, 3057}, {"A", QRLevelQ, 2420}, {"a", QRLevelM, 2331},
	} {
		m, err := EncodeQR([]byte(strings.Repeat(c.unit, c.n)), QROptions{Level: c.level})
		require.NoError(t, err)
		require.Equal(t, 177, m.Width)
		_, err = EncodeQR([]byte(strings.Repeat(c.unit, c.n+1)), QROptions{Level: c.level})
		requireDataError(t, err, ErrTooLong, -1)
	}
}

// The cheapest cut is never dearer than one segment of a single mode, and its
// segments cover the data.
func TestQRSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringMatching(`([0-9]{1,20}|[A-Z]{1,20}|[a-z]{1,5}){1,8}`).Draw(t, "data"))
		v, _ := qrVersionOf(rapid.IntRange(1, 40).Draw(t, "version"), QROptions{})
		segs := qrSegments(data, v)
		at := 0
		for _, s := range segs {
			require.Equal(t, at, s.start)
			at = s.end
			for _, c := range data[s.start:s.end] {
				require.NotZero(t, qrCost(c, s.mode))
			}
		}
		require.Equal(t, len(data), at)
		var w bitWriter
		for _, s := range segs {
			s.write(&w, data, v)
		}
		bits := qrBits(segs, v)
		require.Equal(t, bits, w.len())
		require.LessOrEqual(t, bits, qrBits([]qrSegment{{qrByte, 0, len(data)}}, v))
	})
}

func TestQRDetected(t *testing.T) {
	m, err := EncodeQR([]byte("HTTPS://EXAMPLE.ORG/R/0123456789"), QROptions{Level: QRLevelM})
	require.NoError(t, err)
	require.Equal(t, "HTTPS://EXAMPLE.ORG/R/0123456789", read(t, qrcode.NewQRCodeReader(), m.picture(3), nil))
}

func TestQRErrors(t *testing.T) {
	for _, c := range []struct {
		data string
		opt  QROptions
		is   error
	}{
		{"", QROptions{}, ErrLength},
		{"a", QROptions{Level: 4}, ErrOption},
		{"a", QROptions{Model: 3}, ErrOption},
		{"a", QROptions{Version: 41}, ErrOption},
		{"a", QROptions{Version: -1}, ErrOption},
		{"a", QROptions{Version: 15, Model: QRModel1}, ErrOption},
		{"a", QROptions{Version: 5, Model: QRMicro}, ErrOption},
		{"a", QROptions{Level: QRLevelH, Model: QRMicro}, ErrTooLong},
		{strings.Repeat("7", 36), QROptions{Model: QRMicro}, ErrTooLong},
		{strings.Repeat("a", 8<<10), QROptions{}, ErrTooLong},
	} {
		_, err := EncodeQR([]byte(c.data), c.opt)
		requireDataError(t, err, c.is, -1)
	}
}
