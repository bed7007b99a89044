package printer_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

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

func TestAbandonClearsThePrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150, Paper: 60}, nil)
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(60),
			OnStall:  func(printer.Stall) printer.Action { return printer.Abandon },
		})
		require.ErrorIs(t, err, printer.ErrAbandoned)
		require.ErrorIs(t, err, printer.ErrPaperEnd)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.True(t, res.Cleared)
		begun := len(strings.Fields(v.Printed())) / 2
		require.Less(t, begun, 60)

		v.LoadPaper(80000)
		require.NoError(t, v.WaitIdle(t.Context()))
		require.Len(t, strings.Fields(v.Printed()), 2*begun, "nothing more of it comes")
		res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
	})
}

func TestAbandonWithoutConfirmation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150, Paper: 60, Personality: personality(t, "clone-no-near-end")}, nil)
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(60),
			OnStall:  func(printer.Stall) printer.Action { return printer.Abandon },
		})
		require.ErrorIs(t, err, printer.ErrAbandoned)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.False(t, res.Cleared)
		require.Equal(t, printer.EvidenceNone, res.Evidence)

		// The answer of the job given up comes once there is paper. It must
		// not pass for that of the next one.
		v.LoadPaper(80000)
		res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
		require.Equal(t, numbered(60), lines(v)[:60])
		require.Equal(t, numbered(3), lines(v)[60:])
	})
}

func TestCutterJam(t *testing.T) {
	for _, model := range []string{"modern-epson", "tm-t88iii"} {
		t.Run(model, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, v := device(t, &virtual.Config{Speed: 150, Personality: personality(t, model)}, nil)
				v.JamCutter()
				res, err := p.Print(t.Context(), &printer.Job{Document: receipt(10)})
				require.NoError(t, err, "the receipt is on paper")
				require.Equal(t, printer.Printed, res.Outcome)
				require.GreaterOrEqual(t, res.Evidence, printer.EvidencePaperStatus)
				require.Equal(t, escpos.No, res.Cut)

				// The next one waits until somebody has seen to it, and then
				// has the printer go on.
				time.AfterFunc(10*time.Second, func() {
					v.OpenCover()
					v.ClearJam()
				})
				time.AfterFunc(30*time.Second, v.CloseCover)
				res, err = p.Print(t.Context(), &printer.Job{Document: receipt(10)})
				require.NoError(t, err)
				require.Equal(t, escpos.Yes, res.Cut)
				require.Len(t, res.Stalls, 1)
				require.ErrorIs(t, res.Stalls[0].Err(), printer.ErrCutter)
				require.Less(t, res.Stalls[0].For, 45*time.Second)
			})
		})
	}
}

// TestGoesOnAfterAnError has the cover opened under a printer that takes that
// for an error, and waits to be told to go on (Msw8-8).
func TestGoesOnAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		per := personality(t, "modern-epson")
		per.CoverIsError = true
		p, v := device(t, &virtual.Config{Speed: 50, Personality: per}, nil)
		time.AfterFunc(2*time.Second, v.OpenCover)
		time.AfterFunc(time.Minute, v.CloseCover)
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(60)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Len(t, res.Stalls, 1)
		require.Less(t, res.Stalls[0].For, 70*time.Second)
	})
}
