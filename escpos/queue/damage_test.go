package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
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

// crashed makes a store as a crash leaves it, its log not yet folded in, with
// n receipts, the last of which was canceled.
func crashed(t *testing.T, n int) (files map[string][]byte, ids []string) {
	t.Helper()
	dir := t.TempDir()
	q := open(t, dir, nil)
	for i := range n {
		ids = append(ids, enqueue(t, q, Receipt{Document: lines(5 + i%7)}).ID)
	}
	require.NoError(t, q.s.write(t.Context(), func(x *tx) error {
		return x.remember("tcp://192.0.2.7", memory{unfinished: 77})
	}))
	require.NoError(t, q.Cancel(t.Context(), ids[n-1]))
	files = map[string][]byte{}
	for _, name := range []string{FileName, FileName + "-wal", witnessName} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		files[name] = b
	}
	return files, ids
}

// survey opens what a crash left, and checks that each receipt is there as it
// was, or is named. None that was canceled may wait again.
func survey(t *testing.T, files map[string][]byte, ids []string) *Damage {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	q, err := Open(t.Context(), dir, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, q.Close()) }()
	d := q.Damage()
	for i, id := range ids {
		j, err := q.Job(t.Context(), id)
		switch {
		case err == nil && i == len(ids)-1:
			require.NotEqual(t, Queued, j.State, "a receipt that was canceled would be printed")
		case err == nil && d == nil:
			require.Equal(t, Queued, j.State)
		case err != nil:
			require.NotNil(t, d, "%s is gone, and nobody says so", id)
			require.True(t, slices.Contains(d.Lost, id) || slices.ContainsFunc(d.Lost, func(s string) bool {
				return strings.Contains(s, "ids")
			}), "%s is not among %q", id, d.Lost)
		}
	}
	next := enqueue(t, q, Receipt{Document: lines(1)})
	require.NotContains(t, ids, next.ID)
	return d
}

// A bit that flips in the log ends its reading, as a crash would: what was
// committed behind it is missed all the same.
func TestFlippedBitsInTheLog(t *testing.T) {
	files, ids := crashed(t, 12)
	require.Nil(t, survey(t, files, ids))
	log := files[FileName+"-wal"]
	found := 0
	for at := 0; at < len(log); at += len(log)/60 + 1 {
		flipped := maps.Clone(files)
		flipped[FileName+"-wal"] = bytes.Clone(log)
		flipped[FileName+"-wal"][at] ^= 1 << (at % 8)
		if survey(t, flipped, ids) != nil {
			found++
		}
	}
	require.Greater(t, found, 40)
}

func TestTornLog(t *testing.T) {
	files, ids := crashed(t, 12)
	log := files[FileName+"-wal"]
	for n := 0; n < len(log); n += len(log)/12 + 1 {
		torn := maps.Clone(files)
		torn[FileName+"-wal"] = log[:n]
		require.NotNil(t, survey(t, torn, ids), "%d of %d bytes", n, len(log))
	}
}

// A note that is older, or does not read back, is no damage.
func TestWitnessSaysNothingWrong(t *testing.T) {
	files, ids := crashed(t, 3)
	for _, note := range [][]byte{nil, []byte("garbage"), make([]byte, witnessSize), bytes.Repeat([]byte{0xFF}, witnessSize)} {
		files[witnessName] = note
		require.Nil(t, survey(t, files, ids))
	}
}

// countdown is a context that ends when it has been looked at a few times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// A repair that is cut off, anywhere, loses nothing: the next one begins anew.
func TestARepairIsCutOff(t *testing.T) {
	files, ids := crashed(t, 6)
	files[FileName+"-wal"] = files[FileName+"-wal"][:len(files[FileName+"-wal"])-100]
	whole := survey(t, files, ids)
	require.NotNil(t, whole)
	for left, done := 0, false; !done; left += 1 + left/4 {
		dir := t.TempDir()
		for name, b := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
		}
		ctx := &countdown{Context: t.Context()}
		ctx.left.Store(int64(left))
		q, err := Open(ctx, dir, nil)
		if done = err == nil; !done {
			require.ErrorIs(t, err, context.Canceled)
			q = open(t, dir, nil)
		}
		require.NotNil(t, q.Damage())
		require.Equal(t, whole.Lost, q.Damage().Lost, "cut off at look %d", left)
		require.Equal(t, whole.Kept, q.Damage().Kept)
		require.NoError(t, q.Close())
		require.NoDirExists(t, filepath.Join(dir, repairDir))
	}
}

// A repair is cut off when the damaged file has been put aside.
func TestARepairIsCutOffAtItsEnd(t *testing.T) {
	files, ids := crashed(t, 6)
	files[FileName+"-wal"] = files[FileName+"-wal"][:len(files[FileName+"-wal"])-100]
	whole := survey(t, files, ids)
	for _, aside := range []string{FileName, FileName + "-wal"} { // this one is the last to be moved
		dir := t.TempDir()
		files := maps.Clone(files)
		files["damaged-20260102-150405.000000.db"] = files[FileName]
		delete(files, FileName)
		if aside != FileName {
			files["damaged-20260102-150405.000000.db-wal"] = files[aside]
			delete(files, aside)
		}
		for name, b := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
		}
		require.NoError(t, os.Mkdir(filepath.Join(dir, repairDir), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, repairDir, FileName), nil, 0o600))
		q := open(t, dir, nil)
		require.NotNil(t, q.Damage())
		require.Equal(t, whole.Lost, q.Damage().Lost)
		require.Equal(t, whole.Kept, q.Damage().Kept)
		require.NoError(t, q.Close())
	}
}

func TestSalvageKeepsWhatWasLearnt(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir, nil)
	j := enqueue(t, q, Receipt{Document: lines(3)})
	m := memory{unfinished: 77}
	require.NoError(t, q.s.write(t.Context(), func(x *tx) error { return x.remember("tcp://192.0.2.7", m) }))
	_, err := q.s.conn.ExecContext(t.Context(), "UPDATE meta SET value = value + 1 WHERE name = 'removed'")
	require.NoError(t, err)
	require.NoError(t, q.Close())

	q = open(t, dir, nil)
	require.NotNil(t, q.Damage())
	require.Len(t, q.Damage().Lost, 0)
	got, err := q.s.recall(t.Context(), "tcp://192.0.2.7")
	require.NoError(t, err)
	require.Equal(t, m, got)
	got2, err := q.Job(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, Queued, got2.State)
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
