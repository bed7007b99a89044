package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// The page can be printed on every printer, and shows all that its profile
// claims.
func TestTestPage(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, name := range escpos.ProfileNames() {
		p, err := escpos.ProfileByName(name)
		require.NoError(t, err)
		d := testPage(target{Name: "counter", URI: "tcp://192.0.2.7:9100"}, p, now)
		b, subs, err := d.AppendEncode(nil, p)
		require.NoError(t, err, name)
		require.Empty(t, subs, name)
		symbols, pages := 0, 0
		for c := range escpos.Commands(b) {
			require.True(t, c.Known, "%s: % X", name, c.Bytes)
			switch c.Name {
			case "GS k":
				symbols++
			case "ESC t":
				pages++
			}
		}
		require.GreaterOrEqual(t, pages, len(p.CodePages), name)
		if p.Width > 384 {
			require.Equal(t, len(p.Barcodes), symbols, name)
		}
		text := d.PlainText()
		require.Contains(t, text, "ean-13\n", name)
		for _, s := range p.Symbols {
			require.Contains(t, text, s+"\n", name)
		}
		require.Equal(t, len(p.Fonts)-1, strings.Count(text, ": the quick brown fox"), name)
	}
}
