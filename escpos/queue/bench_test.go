package queue

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// bare is the baseline of a durable enqueue: a table of payloads, one commit
// an insert, with the pragmas of the store.
type bare struct {
	stmt    *sql.Stmt
	payload []byte
}

func newBare(b *testing.B, payload []byte) *bare {
	db, err := openDB(filepath.Join(b.TempDir(), "bare.db"), 1, "CREATE TABLE t (id INTEGER PRIMARY KEY, doc BLOB)")
	require.NoError(b, err)
	conn, err := db.Conn(b.Context())
	require.NoError(b, err)
	stmt, err := conn.PrepareContext(b.Context(), "INSERT INTO t (doc) VALUES (?)")
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, errors.Join(stmt.Close(), conn.Close(), db.Close())) })
	fillLog(b, conn)
	return &bare{stmt, payload}
}

// insert makes n inserts and returns the time that they took.
func (t *bare) insert(b *testing.B, n int) time.Duration {
	began := time.Now()
	for range n {
		_, err := t.stmt.ExecContext(context.Background(), t.payload)
		require.NoError(b, err)
	}
	return time.Since(began)
}

// fillLog has the log grow to the size that it keeps: what is written beyond
// the end of a file costs the disk more than what is written over.
func fillLog(b *testing.B, conn *sql.Conn) {
	_, err := conn.ExecContext(b.Context(), "CREATE TABLE filler AS SELECT zeroblob(20000000); PRAGMA wal_checkpoint; PRAGMA shrink_memory")
	require.NoError(b, err)
}

// BenchmarkEnqueue stores receipts durably. x-bare is the rate against bare
// inserts of one writer, with the same pragmas and payload. The two take
// turns, many times a second, so that a disk that is slow for a while is slow
// for both; what is reported is the median over the turns.
func BenchmarkEnqueue(b *testing.B) {
	doc := lines(40)
	payload, err := doc.MarshalJSON()
	require.NoError(b, err)
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			q, base := open(b, b.TempDir(), nil), newBare(b, payload)
			fillLog(b, q.s.conn)
			b.SetBytes(int64(len(payload)))
			turn := 32 * writers
			var ratios []float64
			key := 0
			b.ResetTimer()
			b.StopTimer()
			for left := b.N; left > 0; left -= turn {
				n := min(left, turn)
				before := base.insert(b, 16)
				b.StartTimer()
				began := time.Now()
				var wg sync.WaitGroup
				for w := range writers {
					wg.Go(func() {
						for i := w; i < n; i += writers {
							_, err := q.Enqueue(context.Background(), Receipt{Lane: "till", Key: fmt.Sprint(key + i), Document: doc})
							if err != nil {
								b.Error(err)
							}
						}
					})
				}
				wg.Wait()
				took := time.Since(began)
				b.StopTimer()
				key += n
				one := (before + base.insert(b, 16)) / 32
				ratios = append(ratios, float64(one)*float64(n)/float64(took))
			}
			b.ReportMetric(median(ratios), "x-bare")
			b.ReportMetric(float64(b.N)/float64(q.s.made()), "receipts/commit")
		})
	}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// BenchmarkOpen opens a queue with 100,000 receipts that wait. ms-over-bare
// is what opening and closing it takes beyond those of the bare file, and
// reading one row: the median over many turns.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	q, err := Open(b.Context(), dir, nil)
	require.NoError(b, err)
	doc, err := lines(10).MarshalJSON()
	require.NoError(b, err)
	const receipts, batch = 100_000, 5000
	for range receipts / batch {
		require.NoError(b, q.s.write(b.Context(), func(t *tx) error {
			for range batch {
				if _, err := t.insert(&record{lane: "till", doc: doc}, time.Now()); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	require.NoError(b, q.Close())
	bare := func() time.Duration {
		began := time.Now()
		db, err := openDB(filepath.Join(dir, FileName), 1, "")
		require.NoError(b, err)
		var n int
		require.NoError(b, db.QueryRow("SELECT seq FROM job LIMIT 1").Scan(&n))
		require.NoError(b, db.Close())
		return time.Since(began)
	}
	var over []float64
	for b.Loop() {
		b.StopTimer()
		base := bare()
		b.StartTimer()
		began := time.Now()
		q, err := Open(b.Context(), dir, nil)
		require.NoError(b, err)
		require.NoError(b, q.Close())
		over = append(over, (time.Since(began)-base).Seconds()*1e3)
	}
	b.ReportMetric(median(over), "ms-over-bare")
}

// BenchmarkEnqueueToFirstByte measures from the call of Enqueue to the first
// byte at an idle printer, and counts the commits and the questions to the
// printer on the way: each of these is a round trip.
func BenchmarkEnqueueToFirstByte(b *testing.B) {
	v := virtual.New(nil)
	defer v.Close()
	first := &firstByte{at: make(chan time.Time, 1)}
	q := open(b, b.TempDir(), nil)
	ctx, cancel := context.WithCancel(b.Context())
	ran := make(chan error, 1)
	go func() {
		ran <- q.Run(ctx, Lane{Name: "till", URI: "virtual://till", Printer: &printer.Config{
			Dial: func(context.Context) (transport.Conn, error) {
				c, err := v.Dial()
				first.Conn = c
				return first, err
			},
		}})
	}()
	doc := lines(3)
	print := func() time.Duration {
		began := time.Now()
		first.arm()
		j, err := q.Enqueue(b.Context(), Receipt{Lane: "till", Document: doc})
		require.NoError(b, err)
		at := <-first.at
		_, err = q.Wait(b.Context(), j.ID)
		require.NoError(b, err)
		return at.Sub(began)
	}
	print()
	var total time.Duration
	var commits, questions int
	for b.Loop() {
		before := q.s.made()
		first.commits = func() int { return q.s.made() - before }
		total += print()
		commits += first.seen
		questions += first.asked
	}
	b.ReportMetric(float64(total.Nanoseconds())/float64(b.N), "ns-to-first-byte")
	b.ReportMetric(float64(commits)/float64(b.N), "commits")
	b.ReportMetric(float64(questions)/float64(b.N), "round-trips")
	cancel()
	require.NoError(b, <-ran)
}

// firstByte tells when the first byte of a receipt is written: ESC @.
type firstByte struct {
	transport.Conn
	at      chan time.Time
	commits func() int

	mu    sync.Mutex
	armed bool
	seen  int // commits
	asked int // what was written before
}

func (f *firstByte) arm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed, f.asked = true, 0
}

func (f *firstByte) Write(p []byte) (int, error) {
	f.mu.Lock()
	if f.armed && len(p) > 1 && p[0] == 0x1B && p[1] == '@' {
		f.armed = false
		if f.commits != nil {
			f.seen = f.commits()
		}
		f.at <- time.Now()
	} else if f.armed {
		f.asked++
	}
	f.mu.Unlock()
	return f.Conn.Write(p)
}

// BenchmarkChecksum is what the checksum of a payload costs.
func BenchmarkChecksum(b *testing.B) {
	payload, err := lines(40).MarshalJSON()
	require.NoError(b, err)
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		_ = sha256.Sum256(payload)
	}
}
