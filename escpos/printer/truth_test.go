package printer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// TestTheTruthUnderFaults prints on printers that run out of paper, are
// opened, jam, are unplugged and switched off at random, and compares what
// Print said with what is on paper.
func TestTheTruthUnderFaults(t *testing.T) {
	seeds := 300
	if testing.Short() {
		seeds = 30
	}
	outcomes := map[string]int{}
	for seed := range seeds {
		synctest.Test(t, func(t *testing.T) { faults(t, uint64(seed), outcomes) })
	}
	t.Log(outcomes)
	for _, o := range []string{"printed process-id", "printed paper-status", "doubt none", "not-printed none"} {
		require.Positive(t, outcomes[o], "no %s among %v", o, outcomes)
	}
}

func faults(t *testing.T, seed uint64, outcomes map[string]int) {
	r := rand.New(rand.NewPCG(seed, 1))
	names := virtual.PersonalityNames()
	per := personality(t, names[r.IntN(len(names))])
	per.CoverIsError = r.IntN(4) == 0
	v := virtual.New(&virtual.Config{Speed: 50 + 200*r.Float64(), Paper: 50 + 400*r.Float64(), Personality: per})
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	defer func() {
		cancel()
		<-stopped
		_ = v.Close()
	}()
	go func() {
		defer close(stopped)
		misfortune(ctx, rand.New(rand.NewPCG(seed, 2)), v)
	}()

	d := printer.Dialer{URI: "virtual://test", Config: &printer.Config{
		Dial: func(context.Context) (transport.Conn, error) { return v.Dial() },
	}}
	for n := range 6 {
		p, err := d.Dial(ctx)
		require.NoError(t, err)
		if r.IntN(2) == 0 {
			_, err := p.Watch(ctx, nil)
			if err != nil {
				require.ErrorIs(t, err, printer.ErrLinkLost)
			}
		}
		doc := new(escpos.Document)
		count := 1 + r.IntN(120)
		var want []string
		for i := range count {
			line := fmt.Sprintf("s%dj%dl%d.", seed, n, i)
			want = append(want, line)
			doc.Line(line)
		}
		doc.Cut(escpos.CutPartial)
		job := &printer.Job{Document: doc}
		if r.IntN(4) == 0 {
			job.OnStall = func(printer.Stall) printer.Action { return printer.Abandon }
		}
		jobCtx, done := context.WithTimeout(ctx, time.Duration(r.IntN(600))*time.Second)
		res, err := p.Print(jobCtx, job)
		done()
		require.Equal(t, err == nil, res.Outcome == printer.Printed, "%v %v", res.Outcome, err)
		outcomes[res.Outcome.String()+" "+res.Evidence.String()]++

		paper := v.Printed()
		at := 0
		for _, line := range want {
			switch {
			case res.Outcome == printer.Printed && res.Evidence != printer.EvidenceSent:
				i := strings.Index(paper[at:], line)
				require.GreaterOrEqual(t, i, 0, "seed %d, %s: %v by %v, and %s is missing after\n%s", seed, per.Name, res.Outcome, res.Evidence, line, paper[at:])
				at += i
			case res.Outcome == printer.NotPrinted:
				require.NotContains(t, paper, line, "seed %d, %s", seed, per.Name)
			}
		}
		require.NoError(t, p.Close())
	}
}

// misfortune does to a printer what happens to printers, and sets it right
// again after a while.
func misfortune(ctx context.Context, r *rand.Rand, v *virtual.Printer) {
	pause := func(most time.Duration) bool {
		timer := time.NewTimer(time.Duration(r.Int64N(int64(most))))
		defer timer.Stop()
		select {
		case <-timer.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for pause(20 * time.Second) {
		var undo func()
		switch r.IntN(8) {
		case 0:
			v.RemovePaper()
			undo = func() { v.LoadPaper(50 + 500*r.Float64()) }
		case 1, 2:
			v.OpenCover()
			undo = v.CloseCover
		case 3:
			v.JamCutter()
			undo = func() {
				v.OpenCover()
				v.ClearJam()
				v.CloseCover()
			}
		case 4:
			v.CutLink()
		case 5:
			v.PowerOff()
			v.PowerOn()
		default:
			v.LoadPaper(50 + 500*r.Float64())
		}
		if undo != nil {
			pause(30 * time.Second)
			undo()
		}
	}
}
