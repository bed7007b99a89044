package printer_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// A network board connects the second host and does not hear it. A printer
// that is known to answer is not sent a receipt into that silence.
func TestNothingIsSentIntoAnUnusualSilence(t *testing.T) {
	model, err := escpos.ProfileByName("TM-T88V")
	require.NoError(t, err)
	for name, cfg := range map[string]*printer.Config{
		"it answered before": {Answers: true},
		"its model answers":  {Profile: model},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, f := link(t, cfg, func(f *far) { f.listen(func(int) {}) })
				res, err := p.Print(t.Context(), &printer.Job{Document: receipt(3)})
				require.ErrorIs(t, err, printer.ErrNoAnswer)
				require.Equal(t, printer.NotPrinted, res.Outcome)
				require.Zero(t, res.Sent)
				require.NotContains(t, string(f.received()), "line")
			})
		})
	}
}
