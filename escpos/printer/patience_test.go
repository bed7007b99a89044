package printer_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// Printers that say little cost patience: the first receipt more than the
// next, and little more than finding out takes.
func TestPatienceWithPrintersThatSayLittle(t *testing.T) {
	for _, c := range []struct {
		model       string
		first, next time.Duration
	}{
		{"modern-epson", 100 * time.Millisecond, 100 * time.Millisecond},
		{"clone-silent", 4 * time.Second, 4 * time.Second},
		{"clone-n1-n4", 33 * time.Second, 4 * time.Second}, // it may have been busy with what others sent
	} {
		t.Run(c.model, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := virtual.New(&virtual.Config{Personality: personality(t, c.model)})
				defer v.Close()
				cfg := printer.Config{Dial: func(context.Context) (transport.Conn, error) { return v.Dial() }}
				for _, limit := range []time.Duration{c.first, c.next} {
					began := time.Now()
					p, err := printer.Open(t.Context(), "virtual://test", &cfg)
					require.NoError(t, err)
					_, err = p.Status(t.Context())
					require.NoError(t, err)
					res, err := p.Print(t.Context(), &printer.Job{Document: new(escpos.Document).Line("once")})
					require.NoError(t, err)
					require.Equal(t, printer.Printed, res.Outcome)
					require.LessOrEqual(t, time.Since(began), limit)
					cfg.Known = cfg.Known.Learn(p.Capabilities())
					require.NoError(t, p.Close())
				}
			})
		})
	}
}
