package printer_test

import (
	"context"
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

func personality(t testing.TB, name string) *virtual.Personality {
	per, err := virtual.PersonalityByName(name)
	require.NoError(t, err)
	return per
}

func TestPrintToAStoppedPrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, nil, nil)
		v.OpenCover()
		var stalls []printer.Stall
		job := &printer.Job{Document: receipt(3), OnStall: func(s printer.Stall) printer.Action {
			stalls = append(stalls, s)
			return printer.Resume
		}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		res, err := p.Print(ctx, job)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.NotPrinted, res.Outcome)
		require.Zero(t, res.Sent)
		require.Len(t, stalls, 1)
		require.False(t, stalls[0].Sent)
		require.ErrorIs(t, stalls[0].Err(), printer.ErrCoverOpen)

		job.OnStall = func(printer.Stall) printer.Action { return printer.Abandon }
		res, err = p.Print(t.Context(), job)
		require.ErrorIs(t, err, printer.ErrAbandoned)
		require.ErrorIs(t, err, printer.ErrCoverOpen)
		require.Equal(t, printer.NotPrinted, res.Outcome)

		job.OnStall = nil
		time.AfterFunc(time.Minute, v.CloseCover)
		res, err = p.Print(t.Context(), job)
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, numbered(3), lines(v), "and nothing of the jobs before")
	})
}

func TestLinkLostWhilePrinting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 50}, nil)
		time.AfterFunc(time.Second, v.CutLink)
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(60)})
		require.ErrorIs(t, err, printer.ErrLinkLost)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.Equal(t, printer.EvidenceNone, res.Evidence)
		<-p.Done()
		_, err = p.Print(t.Context(), &printer.Job{Document: receipt(1)})
		require.ErrorIs(t, err, printer.ErrLinkLost)
		require.Positive(t, p.Unfinished())
	})
}

// TestCancelAtAnyMoment cancels a job after each of its bytes, more or less.
// It must return at once, tell the truth, and leave a Printer that is either
// usable or closed.
func TestCancelAtAnyMoment(t *testing.T) {
	var doubt, notPrinted, usable int
	for ms := range 60 {
		synctest.Test(t, func(t *testing.T) {
			p, v := device(t, &virtual.Config{Speed: 100, Paper: 1e6}, nil)
			d := receipt(200)
			d.Raw(append([]byte{0x1D, 'v', '0', 0, 72, 0, 200, 0}, make([]byte, 72*200)...)).Line("end")
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Duration(ms)*97*time.Millisecond, cancel)
			res, err := p.Print(ctx, &printer.Job{Document: d})
			require.LessOrEqual(t, res.Ended.Sub(res.Began), time.Duration(ms)*97*time.Millisecond+time.Millisecond)
			require.ErrorIs(t, err, context.Canceled)
			if res.Sent == 0 {
				require.Equal(t, printer.NotPrinted, res.Outcome)
				notPrinted++
			} else {
				require.Equal(t, printer.Doubt, res.Outcome)
				doubt++
			}
			if p.Err() != nil {
				require.ErrorIs(t, p.Err(), printer.ErrLinkLost)
				require.Positive(t, p.Unfinished())
				return
			}
			usable++
			res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
			require.NoError(t, err)
			require.Equal(t, printer.EvidenceProcessID, res.Evidence)
			got := lines(v)
			require.Equal(t, numbered(3), got[len(got)-3:])
		})
	}
	require.Positive(t, doubt)
	require.Positive(t, usable)
}
