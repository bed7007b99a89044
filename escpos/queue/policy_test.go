package queue

import (
	"context"
	"fmt"
	"slices"
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

// Restart: what was begun is a fragment, and the whole comes again, marked.
func TestRestartAfterAPaperEnd(t *testing.T) {
	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	require.NoError(t, err)
	on(t, virtual.Config{Paper: pers.PaperFor(25)}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.AfterStop = Restart
		j := b.enqueue(lines(60))
		stop := b.run(lane)
		time.Sleep(time.Minute)
		got := b.job(j)
		require.Equal(t, Queued, got.State)
		require.True(t, got.Reprint)
		b.v.LoadPaper(80_000)
		got = b.wait(j)
		stop()
		require.Equal(t, Printed, got.State)
		require.Equal(t, 2, got.Attempt)
		paper := b.paper()
		mark := slices.Index(paper, "*** REPRINT ***")
		require.Greater(t, mark, 20)
		require.Equal(t, numbered(60), paper[mark+3:])
		require.Equal(t, JobReprinted, b.kinds()[len(b.kinds())-1])
	})
}

// A printer that cannot clear leaves a doubt.
func TestRestartWithoutAConfirmedClear(t *testing.T) {
	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	require.NoError(t, err)
	pers.Functions = nil
	on(t, virtual.Config{Personality: pers, Paper: pers.PaperFor(25)}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.AfterStop = Restart
		j := b.enqueue(lines(60))
		stop := b.run(lane)
		require.Equal(t, Doubt, b.wait(j).State)
		stop()
	})
}

func TestReprintsByItselfAreBounded(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.AfterDoubt, lane.MaxReprints = Reprint, 2
		j := b.enqueue(lines(60))
		stop := b.run(lane)
		for b.job(j).State != Doubt {
			if b.job(j).State == Printing {
				time.Sleep(time.Second)
				b.v.CutLink()
			}
			time.Sleep(50 * time.Millisecond)
		}
		stop()
		require.Equal(t, 3, b.job(j).Attempt)
	})
}

func TestNearEndMayHoldReceipts(t *testing.T) {
	on(t, virtual.Config{Paper: 1000}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.HoldNearEnd = true
		j := b.enqueue(lines(3))
		stop := b.run(lane)
		time.Sleep(10 * time.Minute)
		require.Equal(t, Queued, b.job(j).State)
		b.v.LoadPaper(80_000)
		require.Equal(t, Printed, b.wait(j).State)
		stop()
	})
}

// earn prints receipts until the counters are trusted.
func (b *bench) earn() {
	for range enough + 1 {
		require.Equal(b.t, Printed, b.wait(b.enqueue(lines(2))).State)
		time.Sleep(time.Second)
	}
}

func TestCountersDecideAfterAKill(t *testing.T) {
	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	require.NoError(t, err)
	pers.AnswerDelay = virtual.Seconds(100 * time.Millisecond)
	on(t, virtual.Config{Personality: pers}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.CountersKeep = true
		stop := b.run(lane)
		b.earn()
		j := b.enqueue(lines(40))
		// Killed when the printer has everything, and has not yet said so.
		all := 2*(enough+1) + 40
		for _, moving := range []bool{true, false, true} { // lines, the answer to them, the cut
			for b.v.State().Moving != moving || !moving && len(b.paper()) < all {
				time.Sleep(10 * time.Millisecond)
			}
		}
		b.kill(stop)
		require.Equal(t, Printing, b.job(j).State)
		stop = b.run(lane)
		got := b.wait(j)
		stop()
		require.Equal(t, Printed, got.State, got.Reason)
		require.Equal(t, printer.EvidenceCounter, got.Evidence)
		require.False(t, got.Reprint)
		require.NotContains(t, b.kinds(), JobDoubt)
	})
}

func TestCountersDoNotDecideWhatTheyCannot(t *testing.T) {
	for _, keep := range []bool{false, true} {
		on(t, virtual.Config{}, func(t *testing.T, b *bench) {
			lane := b.lane()
			lane.CountersKeep = keep
			stop := b.run(lane)
			b.earn()
			j := b.enqueue(lines(400))
			for b.job(j).State != Printing {
				time.Sleep(10 * time.Millisecond)
			}
			b.v.PowerOff()
			time.Sleep(time.Second)
			b.v.PowerOn()
			got := b.wait(j)
			stop()
			if keep && len(b.paper()) == 2*(enough+1)+400 {
				// Nothing had come out, and that was counted.
				require.Equal(t, Printed, got.State)
				require.False(t, got.Reprint)
				return
			}
			require.Equal(t, Doubt, got.State)
			require.Equal(t, keep, strings.Contains(got.Reason, "counters"))
		})
	}
}

// A printer whose counters are wrong never earns trust.
func TestCountersMustEarnTheirTrust(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		stop := b.run(b.lane())
		require.Equal(t, Printed, b.wait(b.enqueue(lines(2))).State)
		j := b.enqueue(lines(40))
		for len(b.paper()) < 22 {
			time.Sleep(50 * time.Millisecond)
		}
		b.v.CutLink()
		require.Equal(t, Doubt, b.wait(j).State)
		stop()
	})
}

func TestReceiptsMoveToTheBackupPrinter(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		spare := virtual.New(&virtual.Config{Speed: 150})
		defer spare.Close()
		first := b.lane()
		first.Backup, first.BackupAfter = "spare", time.Minute
		second := Lane{Name: "spare", URI: "virtual://spare", Printer: &printer.Config{
			Dial: func(context.Context) (transport.Conn, error) { return spare.Dial() },
		}}
		b.v.RemovePaper()
		stop := b.run(first, second)
		synctest.Wait()
		began := time.Now()
		j := enqueue(t, b.q, Receipt{Key: "k", Document: lines(3)})
		got := b.wait(j)
		require.GreaterOrEqual(t, time.Since(began), time.Minute)
		require.Equal(t, Printed, got.State)
		require.Equal(t, "spare", got.Lane)
		require.Equal(t, "till", got.Origin)
		again := enqueue(t, b.q, Receipt{Key: "k", Document: lines(3)})
		require.Equal(t, j.ID, again.ID, "the key stays with the lane that it was queued on")

		b.v.LoadPaper(80_000)
		time.Sleep(time.Minute)
		require.Equal(t, "till", b.wait(b.enqueue(lines(2))).Lane)
		stop()
		require.Equal(t, numbered(2), b.paper())
		require.Contains(t, spare.Printed(), "From till\n")
	})
}

func TestNothingMovesToABackupThatIsNotReady(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		first := b.lane()
		first.Backup, first.BackupAfter = "spare", time.Minute
		b.v.RemovePaper()
		j := b.enqueue(lines(3))
		stop := b.run(first)
		time.Sleep(5 * time.Minute)
		require.Equal(t, "till", b.job(j).Lane)
		stop()
	})
}

func TestMarksCanBeTranslated(t *testing.T) {
	m := Marks{Reprint: "*** KOPIE ***", Receipt: "Beleg", Attempt: "Versuch", From: "Von", Time: "02.01.2006"}
	j := Job{ID: "abcd-7", Lane: "b", Origin: "a", Attempt: 2, Reprint: true}
	text := m.mark(receipt("x"), j, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)).PlainText()
	for _, word := range []string{"*** KOPIE ***", "Von a", "Beleg abcd-7", "Versuch 2, 22.11.2026"} {
		require.Contains(t, text, word)
	}
	same := new(escpos.Document).Line("x")
	require.Same(t, same, m.mark(same, Job{ID: "abcd-8", Lane: "a", Origin: "a"}, time.Now()))
}

// What the promise rests on, read off the table itself.
func TestTheStateMachine(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range machine {
		key := fmt.Sprint(row.from, row.on)
		require.False(t, seen[key], "two rows for %s", key)
		seen[key] = true
		require.False(t, row.from.Settled(), "%s is left by %s", row.from, row.on)
		require.True(t, row.from.valid() && row.to.valid())
		if row.from != Queued && row.to == Queued && row.on != causeNothing && row.on != causeUncounted {
			require.True(t, row.mark, "%s prints again without a mark", row.on)
		}
		if row.to.Settled() || row.to == Doubt {
			require.NotEmpty(t, row.raise, "%s is silent", row.on)
		}
		got, ok := next(machine[:], row.from, row.on)
		require.True(t, ok)
		require.Equal(t, row, got)
	}
	_, ok := next(machine[:], Printed, causeStart)
	require.False(t, ok)
}
