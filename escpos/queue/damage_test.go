package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// fill makes a store of n receipts and returns its directory and their ids.
func fill(t *testing.T, n int) (dir string, ids []string) {
	dir = t.TempDir()
	q := open(t, dir, nil)
	for i := range n {
		ids = append(ids, enqueue(t, q, Receipt{Key: fmt.Sprint(i), Document: lines(5 + i%7)}).ID)
	}
	require.NoError(t, q.Close())
	return dir, ids
}

// accounted checks that each receipt is there, or named as lost.
func accounted(t *testing.T, q *Queue, ids []string) {
	d := q.Damage()
	missing := 0
	for i, id := range ids {
		if j, err := q.Job(t.Context(), id); err == nil {
			if j.State == Queued {
				doc, err := q.Document(t.Context(), id)
				if err == nil {
					require.Equal(t, lines(5+i%7).PlainText(), doc.PlainText())
				} else {
					require.ErrorIs(t, err, ErrDamaged) // found, and said so, when its turn comes
				}
			}
			continue
		}
		missing++
	}
	if missing > 0 {
		require.NotNil(t, d, "%d receipts are gone, and nobody says so", missing)
		require.NotEmpty(t, d.Lost)
	}
}

func TestFlippedBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		dir, ids := fill(t, 12)
		path := filepath.Join(dir, FileName)
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		for range 1 + rng.IntN(20) {
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		}
		require.NoError(t, os.WriteFile(path, b, 0o600))
		q, err := Open(t.Context(), dir, nil)
		if err != nil {
			// The header says that it is another program's file, or a newer
			// one's: it is left alone.
			require.True(t, isOneOf(err, ErrAccess, ErrVersion), "%v", err)
			continue
		}
		accounted(t, q, ids)
		require.NoError(t, q.Close())
	}
}

func TestTornFile(t *testing.T) {
	dir, ids := fill(t, 40)
	path := filepath.Join(dir, FileName)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	for n := len(b) - 1; n > 100; n -= len(b) / 15 {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), b[:n], 0o600))
		q, err := Open(t.Context(), dir, nil)
		require.NoError(t, err)
		accounted(t, q, ids)
		enqueue(t, q, Receipt{Document: lines(1)}) // it works again
		require.NoError(t, q.Close())
		if d := q.Damage(); d != nil {
			require.FileExists(t, d.File)
		}
	}
}

func TestADamagedDocumentDoesNotStopTheLane(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		bad, good := b.enqueue(lines(3)), b.enqueue(receipt("good"))
		_, err := b.q.s.conn.ExecContext(context.Background(), "UPDATE payload SET doc = X'7B7D' WHERE seq = ?", bad.seq)
		require.NoError(t, err)
		stop := b.run(b.lane())
		require.Equal(t, Printed, b.wait(good).State)
		stop()
		got := b.job(bad)
		require.Equal(t, Failed, got.State)
		require.Contains(t, got.Reason, "checksum")
		require.Contains(t, b.kinds(), JobFailed)
		require.Equal(t, []string{"good"}, b.paper())
	})
}

func TestADamagedRecordDoesNotStopTheLane(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		bad, good := b.enqueue(lines(3)), b.enqueue(receipt("good"))
		_, err := b.q.s.conn.ExecContext(context.Background(),
			"PRAGMA ignore_check_constraints = ON; UPDATE job SET evidence = 'mone' WHERE seq = ?; PRAGMA ignore_check_constraints = OFF", bad.seq)
		require.NoError(t, err)
		_, err = b.q.Job(t.Context(), bad.ID)
		require.ErrorIs(t, err, ErrDamaged)
		stop := b.run(b.lane())
		require.Equal(t, Printed, b.wait(good).State)
		stop()
		require.Equal(t, Failed, b.job(bad).State)
		require.Contains(t, b.kinds(), JobFailed)
	})
}

func TestNobodyRepairsWhatAnotherHasOpen(t *testing.T) {
	dir, _ := fill(t, 3)
	_ = open(t, dir, nil)
	_, err := lockFile(filepath.Join(dir, lockName), true)
	require.ErrorIs(t, err, errHeld)
}

// SQLite itself says that the disk is full.
func TestAFullDiskRefusesAndLosesNothing(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	first := enqueue(t, q, Receipt{Document: lines(3)})
	var pages int
	require.NoError(t, q.s.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages))
	_, err := q.s.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+2))
	require.NoError(t, err)
	for err == nil {
		_, err = q.Enqueue(t.Context(), Receipt{Lane: "till", Document: lines(100)})
	}
	require.ErrorIs(t, err, ErrFull)
	_, err = q.s.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 100000")
	require.NoError(t, err)
	enqueue(t, q, Receipt{Document: lines(100)})
	require.NoError(t, q.s.verify(t.Context()))
	_, err = q.Job(t.Context(), first.ID)
	require.NoError(t, err)
}

func isOneOf(err error, targets ...error) bool {
	for _, target := range targets {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
