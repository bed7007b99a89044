package escpos_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// The shortest bytes that could be found by hand, for receipts that have
// their columns made of spaces. No document may need more than a twentieth
// beyond.
func TestShortOnTheWire(t *testing.T) {
	pad := func(left, right string) string {
		return left + strings.Repeat(" ", 42-len(left)-len(right)) + right + "\n"
	}
	dashes := strings.Repeat("-", 42) + "\n"
	picture := new(bytes.Buffer) // logo(): 60 × 100 dots at 40, 10, the middle 30 rows white
	for _, rows := range []int{40, 30} {
		picture.WriteString("\x1bJ")
		picture.WriteByte(map[int]byte{40: 10, 30: 30}[rows])
		picture.Write([]byte{0x1D, 'v', '0', 0, 13, 0, byte(rows), 0})
		for range rows {
			picture.WriteString("\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xf0")
		}
	}
	for name, c := range map[string]struct {
		d    *escpos.Document
		hand string
	}{
		"receipt": {
			new(escpos.Document).Align(escpos.Center).Bold(true).Size(2, 2).Line("CORNER SHOP").ResetStyle().
				Item("Milk", "1.29").Item("Bread", "2.49").Item("Café crème", "3.10").Rule(0).
				Bold(true).Item("TOTAL", "€ 6.88").Bold(false).Feed(1).
				Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "4006381333931", HRI: escpos.HRIBelow}).
				QR(escpos.QR{Data: "https://example.com/r/4711", Size: 5, Level: escpos.QRLevelM}).Cut(escpos.CutPartial),
			"\x1b@\x1bR\x00\x1ba\x01\x1b!\x38CORNER SHOP\n\x1ba\x00\x1b!\x00" +
				pad("Milk", "1.29") + pad("Bread", "2.49") + "\x1bt\x10" + pad("Caf\xe9 cr\xe8me", "3.10") + dashes +
				"\x1bE\x01" + pad("TOTAL", "\x80 6.88") + "\x1bE\x00\n" +
				"\x1dh\xa2\x1dw\x03\x1dH\x02\x1dkC\x0d4006381333931" +
				"\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1\x1d(k\x1d\x001P0https://example.com/r/4711\x1d(k\x03\x001Q0" +
				"\x1dVB\x00\x1b@",
		},
		"logo": {
			new(escpos.Document).Image(escpos.Image{Source: logo()}).Line("x").Cut(escpos.CutPartial),
			"\x1b@\x1dP\x00\xb4" + picture.String() + "\x1bJ\x0a\x1bR\x00x\n\x1dVB\x00\x1b@",
		},
	} {
		b, subs := encode(t, c.d, "TM-T88V")
		require.Empty(t, subs)
		require.LessOrEqual(t, 20*len(b), 21*len(c.hand), "%s: %d bytes, by hand %d\n%q\n%q", name, len(b), len(c.hand), b, c.hand)
	}
}
