package symbol_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/symbol"
)

func TestQRSize(t *testing.T) {
	for _, opt := range []symbol.QROptions{
		{}, {Level: symbol.QRLevelM}, {Level: symbol.QRLevelH}, {Model: symbol.QRModel1}, {Model: symbol.QRMicro},
	} {
		for _, unit := range []string{"7", "A7", "a"} {
			for n := 1; n < 400; n += 1 + n/5 {
				data := []byte(strings.Repeat(unit, n))
				m, err := symbol.EncodeQR(data, opt)
				size, ok := symbol.QRSize(data, opt)
				require.Equal(t, err == nil, ok, "%d × %s %+v", n, unit, opt)
				if ok {
					require.Equal(t, m.Width, size, "%d × %s %+v", n, unit, opt)
				}
			}
		}
	}
	_, ok := symbol.QRSize(make([]byte, 8192), symbol.QROptions{})
	require.False(t, ok)
	require.Zero(t, testing.AllocsPerRun(10, func() { symbol.QRSize([]byte("https://example.com/r/4711"), symbol.QROptions{}) }))
}
