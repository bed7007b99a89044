package printer_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// talks is known of a printer that answers DLE EOT.
var talks = [5]escpos.Tri{1: escpos.Yes, 2: escpos.Yes, 3: escpos.Yes, 4: escpos.Yes}

// A network board connects the second host and does not hear it. A printer
// that is known to answer is not sent a receipt into that silence.
func TestNothingIsSentIntoAnUnusualSilence(t *testing.T) {
	model, err := escpos.ProfileByName("TM-T88V")
	require.NoError(t, err)
	for name, cfg := range map[string]*printer.Config{
		"it answered before": {Known: printer.Capabilities{RealTime: [5]escpos.Tri{1: escpos.Yes}}},
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

// busy answers DLE EOT at once, and GS r when what another host has sent is
// printed: after the time d, or never.
func busy(d time.Duration) func(*far) {
	return func(f *far) {
		began := time.Now()
		f.onGSr = func() {
			if d > 0 {
				time.AfterFunc(time.Until(began.Add(d)), func() { f.say(0) })
			}
		}
		answers(healthy)(f)
	}
}

// A printer that has 20 s of another host's lines to print first is busy, not
// mute.
func TestABusyPrinterIsNotTakenForAMuteOne(t *testing.T) {
	for name, known := range map[string]printer.Capabilities{
		"never seen before":      {},
		"it answers GS r":        {RealTime: talks, PaperStatus: escpos.Yes, ProcessID: escpos.No},
		"it answers GS r, and I": {RealTime: talks, PaperStatus: escpos.Yes, Identity: escpos.Yes},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, _ := link(t, &printer.Config{Known: known}, busy(20*time.Second))
				res, err := p.Print(t.Context(), &printer.Job{Document: receipt(3)})
				require.NoError(t, err)
				require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
				require.GreaterOrEqual(t, res.Ended.Sub(res.Began), 20*time.Second)
			})
		})
	}
}

// What a printer used to confirm is not done unconfirmed: the receipt is in
// doubt, or not sent, until it is certain that another printer stands there.
func TestAMarkerThatUsedToBeAnswered(t *testing.T) {
	cases := map[string]struct {
		known printer.Capabilities
		first printer.Outcome
	}{
		"GS ( H": {printer.Capabilities{RealTime: talks, ProcessID: escpos.Yes}, printer.Doubt},
		"GS r":   {printer.Capabilities{RealTime: talks, PaperStatus: escpos.Yes}, printer.NotPrinted},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, _ := link(t, &printer.Config{Known: c.known}, busy(0))
				for want := range 2 {
					res, err := p.Print(t.Context(), &printer.Job{Document: receipt(3)})
					require.ErrorIs(t, err, printer.ErrUnconfirmed)
					if want == 0 {
						require.Equal(t, c.first, res.Outcome)
					} else {
						require.Equal(t, printer.NotPrinted, res.Outcome)
					}
					require.Equal(t, printer.EvidenceNone, res.Evidence)
				}
				res, err := p.Print(t.Context(), &printer.Job{Document: receipt(3)})
				require.NoError(t, err)
				require.Equal(t, printer.EvidenceSent, res.Evidence)
				require.Equal(t, escpos.No, c.known.Learn(p.Capabilities()).PaperStatus)
			})
		})
	}
}

// A printer that was seen not to answer GS r is not waited for again.
func TestAMuteMarkerIsNotWaitedForTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		known := printer.Capabilities{RealTime: talks, PaperStatus: escpos.No, ProcessID: escpos.No}
		p, _ := link(t, &printer.Config{Known: known}, busy(0))
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(3)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceSent, res.Evidence)
		require.Less(t, res.Ended.Sub(res.Began), 10*time.Second)
	})
}

func TestCapabilitiesAreKept(t *testing.T) {
	tri := rapid.SampledFrom([]escpos.Tri{escpos.Unknown, escpos.No, escpos.Yes})
	gen := rapid.Custom(func(t *rapid.T) (c printer.Capabilities) {
		for n := 1; n <= 4; n++ {
			c.RealTime[n] = tri.Draw(t, "real-time")
		}
		c.ASB, c.PaperStatus, c.ProcessID = tri.Draw(t, "ASB"), tri.Draw(t, "paper"), tri.Draw(t, "id")
		c.Identity, c.Counters, c.Clear = tri.Draw(t, "identity"), tri.Draw(t, "counters"), tri.Draw(t, "clear")
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		c := gen.Draw(t, "capabilities")
		b, err := json.Marshal(c)
		require.NoError(t, err)
		var again printer.Capabilities
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, c, again)
		require.Equal(t, c, c.Learn(printer.Capabilities{}), "nothing seen, nothing learnt")
		require.Equal(t, c, printer.Capabilities{}.Learn(c))
	})
	c := printer.Capabilities{RealTime: talks, PaperStatus: escpos.Yes}
	silent := printer.Capabilities{RealTime: [5]escpos.Tri{1: escpos.No}, PaperStatus: escpos.No}
	require.Equal(t, c, c.Learn(silent), "another host had it")
}
