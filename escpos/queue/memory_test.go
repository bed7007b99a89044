package queue

import (
	"bytes"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// raster is a receipt of one image, in one command of about 100 KB.
func raster() *escpos.Document {
	const width, height = 64, 1600
	cmd := []byte{0x1D, 'v', '0', 0, width, 0, height & 0xFF, height >> 8}
	return new(escpos.Document).Raw(append(cmd, bytes.Repeat([]byte{0x55}, width*height)...)).Line("after the image").Cut(escpos.CutPartial)
}

// A process is killed while the printer is inside an image. Whatever process
// comes next, and whatever became of that receipt: nothing of the next one is
// taken for the rest of the image.
func TestTheNextProcessKnowsOfACommandThatWasCutOff(t *testing.T) {
	for name, how := range map[string]Resolution{"drop": ResolveDrop, "reprint": ResolveReprint} {
		t.Run(name, func(t *testing.T) {
			on(t, virtual.Config{}, func(t *testing.T, b *bench) {
				j := b.enqueue(raster())
				stop := b.run(b.lane())
				for b.job(j).State != Printing {
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(300 * time.Millisecond)
				b.kill(stop)
				stop = b.run(b.lane())
				require.Equal(t, Doubt, b.wait(j).State)
				stop()
				b.open()
				require.NoError(t, b.q.Resolve(t.Context(), j.ID, how))
				next := b.enqueue(lines(12))
				b.open()
				stop = b.run(b.lane())
				require.Equal(t, Printed, b.wait(next).State)
				stop()
				want := numbered(12)
				if how == ResolveReprint {
					require.Contains(t, b.paper(), "*** REPRINT ***")
					require.Equal(t, Printed, b.job(j).State)
					want = append([]string{"after the image"}, want...)
				}
				paper := b.paper()
				require.GreaterOrEqual(t, len(paper), len(want))
				require.Equal(t, want, paper[len(paper)-len(want):])
			})
		})
	}
}

// What an interrupted receipt left is a piece of paper of its own.
func TestAFragmentIsCutOff(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.AfterDoubt = Reprint
		j := b.enqueue(lines(60))
		stop := b.run(lane)
		for len(b.paper()) < 10 {
			time.Sleep(10 * time.Millisecond)
		}
		b.kill(stop)
		b.v.PowerOff() // it forgets the rest
		b.v.PowerOn()
		stop = b.run(lane)
		require.Equal(t, Printed, b.wait(j).State)
		last := b.enqueue(lines(2))
		require.Equal(t, Printed, b.wait(last).State)
		stop()
		pieces := b.v.Receipts()
		require.Len(t, pieces, 3)
		require.NotContains(t, pieces[0].Text, "REPRINT")
		require.Contains(t, pieces[1].Text, "REPRINT")
		require.Contains(t, pieces[1].Text, "line 60")
	})
}

// What a printer can do is known to the process that comes next.
func TestWhatAPrinterCanDoIsRemembered(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		stop := b.run(b.lane())
		require.Equal(t, Printed, b.wait(b.enqueue(lines(2))).State)
		stop()
		b.open()
		m, err := b.q.s.recall(t.Context(), b.lane().URI)
		require.NoError(t, err)
		require.True(t, m.known.Talks())
		require.Equal(t, escpos.Yes, m.known.ProcessID)
		require.Zero(t, m.unfinished)
		other, err := b.q.s.recall(t.Context(), "tcp://elsewhere")
		require.NoError(t, err)
		require.Zero(t, other)
		synctest.Wait()
	})
}

// A store of the first version is brought up to date, with what is in it.
func TestMigrationFromTheFirstVersion(t *testing.T) {
	dir := t.TempDir()
	all := migrations
	db, err := openDB(filepath.Join(dir, FileName), 1, "")
	require.NoError(t, err)
	_, err = db.Exec(all[0] + `
		INSERT INTO meta VALUES ('tag', 'k7qd');
		INSERT INTO lane VALUES ('till', 'tcp://192.0.2.7', 'pid 1 on a', 'ready', '', 0, '{}', 0, '');
		PRAGMA user_version = 1; PRAGMA application_id = 1346589772;`)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	q := open(t, dir, nil)
	lanes, err := q.Lanes(t.Context())
	require.NoError(t, err)
	require.Len(t, lanes, 1)
	require.Equal(t, "tcp://192.0.2.7", lanes[0].URI)
	j := enqueue(t, q, Receipt{Document: lines(1)})
	require.Equal(t, "k7qd-1", j.ID)
}

// Counters that went up are no proof where the printer may have been switched
// off: it counts lines that it printed, and cuts that others made.
func TestCountersAreNoProofAcrossAPowerCycle(t *testing.T) {
	for _, keep := range []bool{false, true} {
		on(t, virtual.Config{}, func(t *testing.T, b *bench) {
			lane := b.lane()
			lane.CountersKeep = keep
			stop := b.run(lane)
			b.earn()
			j := b.enqueue(lines(60))
			for len(b.paper()) < 2*(enough+1)+10 {
				time.Sleep(10 * time.Millisecond)
			}
			b.kill(stop)
			b.v.PowerOff()
			b.v.PowerOn()
			other, err := printer.Open(t.Context(), "virtual://till", lane.Printer)
			require.NoError(t, err)
			res, err := other.Print(t.Context(), &printer.Job{Document: new(escpos.Document).Cut(escpos.CutPartial)})
			require.NoError(t, err)
			require.Equal(t, printer.Printed, res.Outcome)
			require.NoError(t, other.Close())
			stop = b.run(lane)
			got := b.wait(j)
			stop()
			require.Equal(t, Doubt, got.State, got.Reason)
		})
	}
}
