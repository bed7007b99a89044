package printer_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// noise answers each question with 200 random bytes: chance has all kinds of
// messages among them.
func noise(seed uint64) func(*far) {
	return func(f *far) {
		r := rand.New(rand.NewPCG(seed, 7))
		burst := func() {
			b := make([]byte, 200)
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			if seed%2 == 0 {
				f.say(b...)
				return
			}
			for _, c := range b { // as a serial line brings it
				f.say(c)
			}
		}
		f.onGSr = burst
		f.onASB = func(byte) { burst() }
		f.listen(func(int) { burst() })
	}
}

// Noise says nothing about a printer: not to a job, and not to a watcher.
func TestNoiseIsNoFact(t *testing.T) {
	for seed := range uint64(100) {
		synctest.Test(t, func(t *testing.T) {
			p, _ := link(t, nil, noise(seed))
			w, err := p.Watch(t.Context(), nil)
			require.NoError(t, err)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			res, err := p.Print(ctx, &printer.Job{Document: receipt(3)})
			for _, s := range res.Stalls {
				require.NoError(t, s.Err(), "seed %d", seed)
			}
			require.NotErrorIs(t, err, printer.ErrCoverOpen)
			require.NotEqual(t, printer.EvidencePaperStatus, res.Evidence, "seed %d: proved by noise", seed)
			time.Sleep(time.Minute)
			for len(w.C()) > 0 {
				require.Equal(t, escpos.StateUnknown, (<-w.C()).Status.State(), "seed %d", seed)
			}
		})
	}
}
