package printer_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestEvidenceByModel(t *testing.T) {
	want := map[string]printer.Evidence{
		"modern-epson":       printer.EvidenceProcessID,
		"tm-t20iii":          printer.EvidenceProcessID,
		"tm-t88v-japan":      printer.EvidenceProcessID,
		"tm-t88iii":          printer.EvidencePaperStatus,
		"clone-asb-on":       printer.EvidencePaperStatus,
		"clone-epson":        printer.EvidencePaperStatus,
		"clone-loses-buffer": printer.EvidencePaperStatus,
		"clone-no-near-end":  printer.EvidencePaperStatus,
		"clone-repeats-line": printer.EvidencePaperStatus,
		"clone-slow":         printer.EvidencePaperStatus,
		"clone-n1-n4":        printer.EvidenceSent,
		"clone-silent":       printer.EvidenceSent,
	}
	for _, name := range virtual.PersonalityNames() {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, want, name)
			synctest.Test(t, func(t *testing.T) {
				p, v := device(t, &virtual.Config{Speed: 150, Personality: personality(t, name)}, nil)
				for n := range 2 { // with the capabilities known, too
					res, err := p.Print(t.Context(), &printer.Job{Document: receipt(40)})
					require.NoError(t, err)
					require.Equal(t, printer.Printed, res.Outcome)
					require.Equal(t, want[name], res.Evidence)
					if res.Evidence >= printer.EvidencePaperStatus {
						require.Equal(t, escpos.Yes, res.Cut)
						require.Len(t, v.Receipts(), n+1)
						require.Equal(t, 40*(n+1), len(lines(v)))
					}
				}
				require.NoError(t, v.WaitIdle(t.Context()))
				printed := strings.Fields(strings.ReplaceAll(v.Printed(), "line ", "line-"))
				require.Len(t, printed, 80, "what was asked left no trace on paper")
			})
		})
	}
}

func TestALostBufferIsFound(t *testing.T) {
	for _, model := range []string{"clone-loses-buffer", "modern-epson"} {
		for _, n := range []int{60, 600} {
			synctest.Test(t, func(t *testing.T) {
				pers := personality(t, model)
				pers.LosesBuffer = true
				p, v := device(t, &virtual.Config{Speed: 150, Paper: 100, Personality: pers}, nil)
				res, err := p.Print(t.Context(), &printer.Job{
					Document: receipt(n),
					OnStall: func(printer.Stall) printer.Action {
						time.AfterFunc(time.Minute, func() { v.LoadPaper(80000) })
						return printer.Resume
					},
				})
				require.ErrorIs(t, err, printer.ErrUnconfirmed)
				require.Equal(t, printer.Doubt, res.Outcome)
				require.Less(t, len(strings.Fields(v.Printed())), 2*n)
			})
		}
	}
}

// TestAnAnswerThatIsNoPaperStatus prints on a printer that says to everything
// that it has no paper.
func TestAnAnswerThatIsNoPaperStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, func(f *far) {
			f.onGSr = func() { f.say(0x0F) }
			f.listen(func(int) { f.say(0x12) })
		})
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(5)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceSent, res.Evidence)
	})
}

func TestAnEchoIsNoProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, func(f *far) {
			b := make([]byte, 4096)
			for {
				n, err := f.Read(b)
				if err != nil {
					return
				}
				f.say(b[:n]...)
			}
		})
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(5)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceSent, res.Evidence)
	})
}

// answersUntil answers GS r until the printer is deaf to it.
func answersUntil(deaf *atomic.Bool) func(*far) {
	return func(f *far) {
		f.onGSr = func() {
			if !deaf.Load() {
				f.say(0)
			}
		}
		f.listen(func(int) { f.say(0x12) })
	}
}

func TestAnswersThatNeverCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var deaf atomic.Bool
		p, _ := link(t, nil, answersUntil(&deaf))
		job := &printer.Job{Document: receipt(5), OnProgress: func(printer.Progress) { deaf.Store(true) }}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		res, err := p.Print(ctx, job)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.Doubt, res.Outcome)
		deaf.Store(false)
		for range 2 {
			res, err = p.Print(t.Context(), &printer.Job{Document: receipt(5)})
			require.NoError(t, err)
			require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
		}
	})
}

func TestAnAnswerLostBehindTheCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var deaf atomic.Bool
		p, _ := link(t, nil, answersUntil(&deaf))
		res, err := p.Print(t.Context(), &printer.Job{
			Document:   receipt(5),
			OnProgress: func(g printer.Progress) { deaf.Store(g.Sent == g.Total) },
		})
		require.NoError(t, err, "all but the cut is proved")
		require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
		require.Equal(t, escpos.Unknown, res.Cut)
		deaf.Store(false)
		for range 2 {
			res, err = p.Print(t.Context(), &printer.Job{Document: receipt(5)})
			require.NoError(t, err)
			require.Equal(t, escpos.Yes, res.Cut)
			require.Less(t, res.Ended.Sub(res.Began), time.Second)
		}
	})
}

func TestSilenceAfterTheBytesIsNoProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// It answers everything until it has got a receipt.
		var got atomic.Bool
		p, _ := link(t, nil, answersUntil(&got))
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(5), OnProgress: func(printer.Progress) { got.Store(true) },
		})
		require.ErrorIs(t, err, printer.ErrUnconfirmed)
		require.Equal(t, printer.Doubt, res.Outcome)
	})
}
