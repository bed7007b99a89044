package queue

import (
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// The paper ends at each line of a receipt, under both policies, on printers
// that echo and that do not, that keep their buffer and that lose it. What
// lies on the paper afterwards is one unmarked copy, or fragments and a
// marked one, and the record agrees.
func TestSoakOfPaperEnds(t *testing.T) {
	const n = 24
	step := 8 // between them, the combinations meet every line
	if os.Getenv("PRINTERCTL_SOAK_COUNT") != "" {
		step = 1
	}
	combination := 0
	for _, model := range []string{virtual.DefaultPersonality, "tm-t88iii"} {
		for _, loses := range []bool{false, true} {
			for _, policy := range []StopPolicy{Resume, Restart} {
				t.Run(fmt.Sprintf("%s/loses=%v/policy=%d", model, loses, policy), func(t *testing.T) {
					combination++
					for at := 1 + combination%step; at <= n+3; at += step {
						paperOutAt(t, model, loses, policy, n, at)
					}
				})
			}
		}
	}
}

func paperOutAt(t *testing.T, model string, loses bool, policy StopPolicy, n, at int) {
	pers, err := virtual.PersonalityByName(model)
	require.NoError(t, err)
	pers.LosesBuffer = loses
	on(t, virtual.Config{Personality: pers, Paper: pers.PaperFor(at)}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.AfterStop, lane.AfterDoubt = policy, Reprint
		doc := new(escpos.Document)
		for l := range n {
			doc.Line(fmt.Sprintf("R0 %d/%d", l+1, n))
		}
		j := b.enqueue(doc.Feed(5).Cut(escpos.CutPartial))
		stop := b.run(lane)
		synctest.Wait()
		time.Sleep(20 * time.Second)
		b.v.LoadPaper(80_000)
		require.Equal(t, Printed, b.wait(j).State, "paper for %d lines", at)
		stop()
		s := &sim{t: t, dir: b.dir, paper: []*virtual.Printer{b.v}, lanes: []Lane{lane}, want: map[int]simReceipt{0: {j.ID, n}}}
		require.Empty(t, s.check(), "paper for %d lines:\n%s", at, b.v.Printed())
	})
}
