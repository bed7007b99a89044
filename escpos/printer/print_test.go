package printer_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// device is a Printer on a virtual printer; both end with the test.
func device(t testing.TB, vcfg *virtual.Config, cfg *printer.Config) (*printer.Printer, *virtual.Printer) {
	v := virtual.New(vcfg)
	conn, err := v.Dial()
	require.NoError(t, err)
	p := printer.New(conn, "virtual://test", cfg)
	t.Cleanup(func() {
		_ = p.Close()
		_ = v.Close()
	})
	return p, v
}

// receipt is a receipt of n numbered lines and a cut.
func receipt(n int) *escpos.Document {
	d := new(escpos.Document)
	for i := range n {
		d.Line(fmt.Sprintf("line %02d", i+1))
	}
	return d.Cut(escpos.CutPartial)
}

// lines returns the printed lines that are not blank.
func lines(v *virtual.Printer) []string {
	var got []string
	for _, r := range v.Receipts() {
		for _, l := range r.Lines {
			if s := strings.TrimSpace(l); s != "" {
				got = append(got, s)
			}
		}
	}
	return got
}

// numbered is the text of receipt(n).
func numbered(n int) []string {
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("line %02d", i+1))
	}
	return want
}

func TestPrintIsProvedByProcessID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150}, nil)
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(40)})
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Equal(t, escpos.Yes, res.Cut)
		require.Equal(t, res.Bytes, res.Sent)
		require.Empty(t, res.Stalls)
		require.Equal(t, numbered(40), lines(v))
	})
}

func TestPrintWaitsForPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150, Paper: 100}, nil)
		var stall, resume []printer.Stall
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(60),
			OnStall: func(s printer.Stall) printer.Action {
				stall = append(stall, s)
				time.AfterFunc(time.Hour, func() { v.LoadPaper(80000) })
				return printer.Resume
			},
			OnResume: func(s printer.Stall) { resume = append(resume, s) },
		})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Len(t, stall, 1)
		require.ErrorIs(t, stall[0].Err(), printer.ErrPaperEnd)
		require.True(t, stall[0].Sent)
		require.Len(t, resume, 1)
		require.GreaterOrEqual(t, resume[0].For, time.Hour)
		require.Equal(t, resume, res.Stalls)
		require.Equal(t, numbered(60), lines(v))
	})
}
