package queue

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/transport"
)

// open opens a queue that is closed with the test.
func open(t testing.TB, dir string, cfg *Config) *Queue {
	t.Helper()
	q, err := Open(t.Context(), dir, cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, q.Close()) })
	return q
}

// receipt is a document of one line and a cut.
func receipt(line string) *escpos.Document {
	return new(escpos.Document).Line(line).Cut(escpos.CutFull)
}

func enqueue(t testing.TB, q *Queue, r Receipt) Job {
	t.Helper()
	if r.Lane == "" {
		r.Lane = "till"
	}
	j, err := q.Enqueue(t.Context(), r)
	require.NoError(t, err)
	return j
}

func TestEnqueueIsThereAfterOpeningAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	q := open(t, dir, nil)
	doc := receipt("Milk 1.29")
	expires := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	j := enqueue(t, q, Receipt{Key: "sale-1", Document: doc, Title: "Sale 1", Priority: 3, Expires: expires})
	require.Equal(t, Queued, j.State)
	require.NoError(t, q.Close())

	q = open(t, dir, nil)
	again, err := q.Job(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, j, again)
	require.True(t, again.Expires.Equal(expires))
	got, err := q.Document(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, doc.PlainText(), got.PlainText())
}

func TestOnlyItsOwnerMayReadTheStore(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there are no such modes
	}
	dir := filepath.Join(t.TempDir(), "state")
	q := open(t, dir, nil)
	enqueue(t, q, Receipt{Document: receipt("x")})
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

func TestKeyMakesEnqueueSafeToRepeat(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	first := enqueue(t, q, Receipt{Key: "k", Document: receipt("one")})
	again := enqueue(t, q, Receipt{Key: "k", Document: receipt("one")})
	require.Equal(t, first.ID, again.ID)

	_, err := q.Enqueue(t.Context(), Receipt{Lane: "till", Key: "k", Document: receipt("two")})
	require.ErrorIs(t, err, ErrKeyConflict)
	require.ErrorContains(t, err, first.ID)

	other := enqueue(t, q, Receipt{Lane: "kitchen", Key: "k", Document: receipt("two")})
	require.NotEqual(t, first.ID, other.ID)
	require.NotEqual(t, enqueue(t, q, Receipt{Document: receipt("one")}).ID, enqueue(t, q, Receipt{Document: receipt("one")}).ID)
}

func TestBadReceiptsAreRefused(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	for name, r := range map[string]Receipt{
		"no lane":      {Document: receipt("x")},
		"no document":  {Lane: "till"},
		"bad document": {Lane: "till", Document: new(escpos.Document).Size(99, 99)},
		"bad key":      {Lane: "till", Document: receipt("x"), Key: "\xff"},
	} {
		_, err := q.Enqueue(t.Context(), r)
		require.ErrorIs(t, err, ErrReceipt, name)
	}
	jobs, err := q.Jobs(t.Context(), Filter{})
	require.NoError(t, err)
	require.Empty(t, jobs)
}

func TestCancelResolveAndTheirLimits(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	j := enqueue(t, q, Receipt{Document: receipt("x")})
	require.ErrorIs(t, q.Resolve(t.Context(), j.ID, ResolvePrinted), ErrState)
	require.ErrorIs(t, q.Resolve(t.Context(), j.ID, 0), ErrState)
	require.NoError(t, q.Cancel(t.Context(), j.ID))
	require.ErrorIs(t, q.Cancel(t.Context(), j.ID), ErrState)
	require.ErrorIs(t, q.Cancel(t.Context(), "zzzz-1"), ErrNotFound)
	require.ErrorIs(t, q.Cancel(t.Context(), "99"), ErrNotFound)

	got, err := q.Wait(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, Canceled, got.State)
	steps, err := q.History(t.Context(), j.ID)
	require.NoError(t, err)
	require.Len(t, steps, 1)
	require.Equal(t, Canceled, steps[0].State)
}

func TestListAndCount(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	var ids []string
	for i := range 5 {
		ids = append(ids, enqueue(t, q, Receipt{Lane: []string{"a", "b"}[i%2], Document: receipt(fmt.Sprint(i))}).ID)
	}
	require.NoError(t, q.Cancel(t.Context(), ids[0]))

	list := func(f Filter) (got []string) {
		jobs, err := q.Jobs(t.Context(), f)
		require.NoError(t, err)
		for _, j := range jobs {
			got = append(got, j.ID)
		}
		return got
	}
	require.Equal(t, ids, list(Filter{}))
	require.Equal(t, []string{ids[1], ids[3]}, list(Filter{Lane: "b"}))
	require.Equal(t, []string{ids[4]}, list(Filter{Lane: "a", States: []State{Queued}, Newest: true, Limit: 1}))
	require.Equal(t, []string{ids[0]}, list(Filter{States: []State{Canceled, Expired}}))
	_, err := q.Jobs(t.Context(), Filter{States: []State{"'; --"}})
	require.Error(t, err)

	st, err := q.Stats(t.Context())
	require.NoError(t, err)
	require.Len(t, st.Lanes, 2)
	require.Equal(t, 2, st.Lanes[0].Waiting())
	require.Equal(t, 1, st.Lanes[0].Count[Canceled])
	require.False(t, st.Lanes[1].Oldest.IsZero())
	require.Positive(t, st.Bytes)
}

func TestAClosedQueueSaysSo(t *testing.T) {
	q, err := Open(t.Context(), t.TempDir(), nil)
	require.NoError(t, err)
	j := enqueue(t, q, Receipt{Document: receipt("x")})
	require.NoError(t, q.Close())
	require.NoError(t, q.Close())
	_, err = q.Enqueue(t.Context(), Receipt{Lane: "till", Document: receipt("x")})
	require.ErrorIs(t, err, ErrClosed)
	_, err = q.Job(t.Context(), j.ID)
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, q.Run(t.Context(), Lane{Name: "till", Printer: &printer.Config{Dial: func(context.Context) (transport.Conn, error) { return nil, transport.ErrRefused }}}), ErrClosed)
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, path := range map[string]string{"empty": "", "a file": file, "below a file": filepath.Join(file, "x")} {
		_, err := Open(t.Context(), path, nil)
		require.ErrorIs(t, err, ErrAccess, name)
		var qe *Error
		require.True(t, errors.As(err, &qe), name)
		require.NotEmpty(t, qe.Cure, name)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	j := enqueue(t, q, Receipt{Document: receipt("x")})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := q.Wait(ctx, j.ID)
	require.ErrorIs(t, err, context.Canceled)
}

// A second Queue on the same directory stands for another process.
func TestWaitHearsOfAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	q, other := open(t, dir, nil), open(t, dir, nil)
	j := enqueue(t, q, Receipt{Document: receipt("x")})
	waiting := make(chan error, 1)
	go func() {
		got, err := q.Wait(t.Context(), j.ID)
		if err == nil && got.State != Canceled {
			err = fmt.Errorf("state %s", got.State)
		}
		waiting <- err
	}()
	require.NoError(t, other.Cancel(t.Context(), j.ID))
	require.NoError(t, <-waiting)
}

func TestManyWritersShareCommits(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	const writers, each = 16, 20
	before := q.s.made()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				// Every fourth is refused, and takes nobody with it.
				key := fmt.Sprintf("%d-%d", w, i-i%4)
				_, err := q.Enqueue(context.Background(), Receipt{Lane: "till", Key: key, Document: receipt(fmt.Sprint(i-i%4, i%4 == 3))})
				if i%4 == 3 {
					if !errors.Is(err, ErrKeyConflict) {
						t.Errorf("got %v", err)
					}
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	jobs, err := q.Jobs(t.Context(), Filter{})
	require.NoError(t, err)
	require.Len(t, jobs, writers*each/4)
	require.Less(t, q.s.made()-before, writers*each*3/4)
}

func TestOldReceiptsGo(t *testing.T) {
	q := open(t, t.TempDir(), &Config{Retention: Retention{Age: time.Hour, Count: 3}})
	now := time.Now()
	q.now = func() time.Time { return now }
	var ids []string
	for i := range 6 {
		j := enqueue(t, q, Receipt{Document: receipt(fmt.Sprint(i))})
		ids = append(ids, j.ID)
		if i != 1 {
			require.NoError(t, q.Cancel(t.Context(), j.ID))
		}
	}
	left := func() (got []string) {
		require.NoError(t, q.retire(t.Context()))
		jobs, err := q.Jobs(t.Context(), Filter{})
		require.NoError(t, err)
		for _, j := range jobs {
			got = append(got, j.ID)
		}
		return got
	}
	require.Equal(t, []string{ids[1], ids[3], ids[4], ids[5]}, left(), "by number")
	now = now.Add(2 * time.Hour)
	require.Equal(t, []string{ids[1], ids[5]}, left(), "by age; one that waits is kept, and the newest")
	var n int
	require.NoError(t, q.s.reader.QueryRow("SELECT (SELECT count(*) FROM payload) + (SELECT count(*) FROM history)").Scan(&n))
	require.Equal(t, 3, n)
	require.NoError(t, q.s.verify(t.Context()))
}

// What Open opens, Close closes.
func TestCloseLeaksNoDescriptor(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // nothing counts them there
	}
	count := func() int {
		names, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		return len(names)
	}
	dir := t.TempDir()
	cycle := func() {
		q, err := Open(t.Context(), dir, nil)
		require.NoError(t, err)
		j, err := q.Enqueue(t.Context(), Receipt{Lane: "till", Document: receipt("x")})
		require.NoError(t, err)
		require.NoError(t, q.Cancel(t.Context(), j.ID))
		_, err = q.Lanes(t.Context())
		require.NoError(t, err)
		require.NoError(t, q.Close())
	}
	cycle() // the runtime opens what it keeps
	before := count()
	for range 5 {
		cycle()
	}
	require.Equal(t, before, count())
}

// A store of an earlier version keeps its receipts, and its numbers go on.
func TestMigration(t *testing.T) {
	for _, removed := range []string{"", "DELETE FROM job WHERE seq <> 2", "DELETE FROM job"} {
		dir := t.TempDir()
		db, err := openDB(filepath.Join(dir, FileName), 1, "")
		require.NoError(t, err)
		for _, m := range migrations[:2] {
			_, err = db.Exec(m)
			require.NoError(t, err)
		}
		doc, err := receipt("old").MarshalJSON()
		require.NoError(t, err)
		sum := sha256.Sum256(doc)
		for range 3 {
			_, err = db.Exec(`INSERT INTO job (lane, origin, key, title, priority, state, reason, evidence, attempt, reprint, created,
				updated, expires, size, sum) VALUES ('till', 'till', '', '', 0, 'queued', '', 'none', 0, 0, 1, 1, 0, 1, ?)`, sum[:])
			require.NoError(t, err)
			_, err = db.Exec("INSERT INTO payload (doc) VALUES (?)", doc)
			require.NoError(t, err)
		}
		_, err = db.Exec(removed + "; DELETE FROM payload WHERE seq NOT IN (SELECT seq FROM job)")
		require.NoError(t, err)
		_, err = db.Exec(fmt.Sprintf("INSERT INTO meta VALUES ('tag', 'aaaa'); PRAGMA user_version = 2; PRAGMA application_id = %d", applicationID))
		require.NoError(t, err)
		require.NoError(t, db.Close())

		q := open(t, dir, nil)
		require.Nil(t, q.Damage())
		if removed != "DELETE FROM job" {
			d, err := q.Document(t.Context(), "aaaa-2")
			require.NoError(t, err)
			require.Contains(t, d.PlainText(), "old")
		}
		require.Equal(t, "aaaa-4", enqueue(t, q, Receipt{Document: receipt("new")}).ID)
		require.NoError(t, q.s.verify(t.Context()))
	}
}

// What is being printed waits as well: its age is told.
func TestStatsTellTheAgeOfWhatIsBeingPrinted(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	j := enqueue(t, q, Receipt{Document: receipt("x")})
	require.NoError(t, q.s.write(t.Context(), func(x *tx) error {
		_, err := x.advance(j.seq, causeStart, change{}, time.Now())
		return err
	}))
	st, err := q.Stats(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, st.Lanes[0].Waiting())
	require.True(t, j.Created.Equal(st.Lanes[0].Oldest))
}
