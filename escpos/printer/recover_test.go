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
)

// What came out of an interrupted receipt is not handed to the next customer.
func TestAFragmentIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 50}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		first := new(escpos.Document)
		for range 40 {
			first.Line("first")
		}
		res, err := p.Print(ctx, &printer.Job{Document: first})
		require.Error(t, err)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.Positive(t, p.Unfinished())
		_, err = p.Print(t.Context(), &printer.Job{Document: new(escpos.Document).Line("second").Cut(escpos.CutPartial)})
		require.NoError(t, err)
		require.Zero(t, p.Unfinished())
		for _, r := range v.Receipts() {
			require.False(t, contains(r.Lines, "first") && contains(r.Lines, "second"), "%q", r.Lines)
		}
		n := len(v.Receipts())
		require.Equal(t, 2, n)
		_, err = p.Print(t.Context(), &printer.Job{Document: new(escpos.Document).Line("third").Cut(escpos.CutPartial)})
		require.NoError(t, err)
		require.Len(t, v.Receipts(), n+1, "cut off once")
	})
}

func contains(lines []string, word string) bool {
	for _, l := range lines {
		if l == word {
			return true
		}
	}
	return false
}
