package queue

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// bareInserts measures n inserts of a payload into a bare table, one commit
// each, with the pragmas of the store. It returns the time of one.
func bareInserts(b *testing.B, payload []byte, n int) time.Duration {
	db, err := openDB(filepath.Join(b.TempDir(), "bare.db"), 1, "CREATE TABLE t (id INTEGER PRIMARY KEY, doc BLOB)")
	require.NoError(b, err)
	defer db.Close()
	conn, err := db.Conn(b.Context())
	require.NoError(b, err)
	defer conn.Close()
	stmt, err := conn.PrepareContext(b.Context(), "INSERT INTO t (doc) VALUES (?)")
	require.NoError(b, err)
	defer stmt.Close()
	began := time.Now()
	for range n {
		_, err := stmt.ExecContext(context.Background(), payload)
		require.NoError(b, err)
	}
	return time.Since(began) / time.Duration(n)
}

// BenchmarkEnqueue stores receipts durably. x-bare is the rate against bare
// inserts of one writer, with the same pragmas and payload, in the same run.
func BenchmarkEnqueue(b *testing.B) {
	doc := lines(40)
	payload, err := doc.MarshalJSON()
	require.NoError(b, err)
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			q := open(b, b.TempDir(), nil)
			bare := bareInserts(b, payload, 300)
			b.SetBytes(int64(len(payload)))
			b.ResetTimer()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := w; i < b.N; i += writers {
						_, err := q.Enqueue(context.Background(), Receipt{Lane: "till", Key: fmt.Sprint(i), Document: doc})
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			bare = (bare + bareInserts(b, payload, 300)) / 2
			b.ReportMetric(float64(bare)*float64(b.N)/float64(b.Elapsed()), "x-bare")
		})
	}
}

// BenchmarkOpen opens a queue with 100,000 receipts that wait. ms-over-bare
// is what it takes beyond opening the bare file and reading one row.
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
	var base time.Duration
	for b.Loop() {
		b.StopTimer()
		base += bare()
		b.StartTimer()
		q, err := Open(b.Context(), dir, nil)
		require.NoError(b, err)
		require.NoError(b, q.Close())
	}
	b.ReportMetric(float64(b.Elapsed()-base)/float64(b.N)/1e6, "ms-over-bare")
}

// BenchmarkEnqueueToFirstByte measures from the call of Enqueue to the first
// byte at an idle printer, and counts the commits on the way.
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
	var commits int
	for b.Loop() {
		before := q.s.made()
		first.commits = func() int { return q.s.made() - before }
		total += print()
		commits += first.seen
	}
	b.ReportMetric(float64(total.Nanoseconds())/float64(b.N), "ns-to-first-byte")
	b.ReportMetric(float64(commits)/float64(b.N), "commits")
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
	seen  int
}

func (f *firstByte) arm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = true
}

func (f *firstByte) Write(p []byte) (int, error) {
	f.mu.Lock()
	if f.armed && len(p) > 1 && p[0] == 0x1B && p[1] == '@' {
		f.armed = false
		if f.commits != nil {
			f.seen = f.commits()
		}
		f.at <- time.Now()
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
