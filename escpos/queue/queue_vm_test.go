//go:build linux && vm

package queue_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/virtual"
	_ "github.com/printerctl/printerctl/transport/lp"
	_ "github.com/printerctl/printerctl/transport/serial"
	_ "github.com/printerctl/printerctl/transport/usb"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// numbered is a receipt that shows whether all of it came out.
func numbered(key string, lines int) *escpos.Document {
	d := new(escpos.Document).Line(key + " begins")
	for i := range lines {
		d.Line(fmt.Sprintf("%s item %d", key, i))
	}
	return d.Line(key + " ends").Feed(4).Cut(escpos.CutFull)
}

// copies looks through everything that came out of a printer, in order, for
// the whole copies of a receipt, and for how many copies began, whole or not,
// that bear no mark.
func copies(paper, key string, lines int) (whole, unmarked int) {
	var want []string
	for i := range lines {
		want = append(want, fmt.Sprintf("%s item %d", key, i))
	}
	want = append(want, key+" ends")
	all := strings.FieldsFunc(paper, func(r rune) bool { return r == '\n' })
	for i, line := range all {
		if strings.TrimSpace(line) != key+" begins" {
			continue
		}
		if !strings.Contains(strings.Join(all[max(0, i-3):i], "\n"), "REPRINT") {
			unmarked++
		}
		n := 0
		for n < len(want) && i+1+n < len(all) && strings.TrimSpace(all[i+1+n]) == want[n] {
			n++
		}
		if n == len(want) {
			whole++
		}
	}
	return whole, unmarked
}

// A tap tells when the first line of a receipt comes to the printer.
type tap struct {
	io.ReadWriteCloser
	began chan struct{}
	line  []byte
}

func (w *tap) Write(p []byte) (int, error) {
	w.line = append(w.line, p...)
	if bytes.Contains(w.line, []byte(" begins")) {
		w.line = w.line[:0]
		select {
		case w.began <- struct{}{}:
		default:
		}
	}
	w.line = append(w.line[:0], w.line[max(0, len(w.line)-6):]...)
	return w.ReadWriteCloser.Write(p)
}

// vmBench is a queue in the guest, whose lane is a rig. The channel tells of
// receipts that begin.
func vmBench(t *testing.T, medium string, cfg virtual.Config) (*queue.Queue, *virtual.Printer, *vmtest.Rig, <-chan struct{}) {
	t.Helper()
	v := virtual.New(&cfg)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	conn, err := v.Dial()
	require.NoError(t, err)
	far := &tap{ReadWriteCloser: conn, began: make(chan struct{}, 1)}
	rig := vmtest.NewRig(t, medium, far)

	q, err := queue.Open(t.Context(), t.TempDir(), nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() {
		ran <- q.Run(ctx, queue.Lane{Name: "till", URI: rig.URI, AfterDoubt: queue.Reprint, MaxReprints: 1000})
	}()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ran)
		require.NoError(t, q.Close())
	})
	return q, v, rig, far.began
}

func enqueue(t *testing.T, q *queue.Queue, key string, doc *escpos.Document) queue.Job {
	t.Helper()
	j, err := q.Enqueue(t.Context(), queue.Receipt{Lane: "till", Key: key, Document: doc})
	require.NoError(t, err)
	return j
}

func settled(t *testing.T, q *queue.Queue, j queue.Job) queue.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	j, err := q.Wait(ctx, j.ID)
	require.NoError(t, err, "%s: %s", j.State, j.Reason)
	return j
}

// What was queued while the printer was out of paper, or not there, comes out
// by itself, once.
func TestVMHeldReceipts(t *testing.T) {
	for _, medium := range vmtest.Media {
		t.Run(medium, func(t *testing.T) {
			q, v, rig, _ := vmBench(t, medium, virtual.Config{})
			v.RemovePaper()
			first := enqueue(t, q, "", numbered("first", 10))
			events := q.Subscribe(100)
			defer events.Close()
			rig.Unplug()
			second := enqueue(t, q, "", numbered("second", 10))
			rig.Plug()
			v.LoadPaper(10_000)
			for _, j := range []queue.Job{first, second} {
				j = settled(t, q, j)
				require.Equal(t, queue.Printed, j.State)
				require.Equal(t, printer.EvidenceProcessID, j.Evidence)
			}
			for _, key := range []string{"first", "second"} {
				whole, unmarked := copies(v.Printed(), key, 10)
				require.Equal(t, [2]int{1, 1}, [2]int{whole, unmarked}, key)
			}
		})
	}
}

func waiting(t *testing.T, q *queue.Queue) int {
	t.Helper()
	stats, err := q.Stats(t.Context())
	require.NoError(t, err)
	n := 0
	for _, l := range stats.Lanes {
		n += l.Waiting()
	}
	return n
}

// printing tells whether a receipt is on its way to the paper.
func printing(t *testing.T, q *queue.Queue) bool {
	t.Helper()
	jobs, err := q.Jobs(t.Context(), queue.Filter{States: []queue.State{queue.Printing}, Limit: 1})
	require.NoError(t, err)
	return len(jobs) > 0
}

// The cable is pulled and plugged in again 200 times, at any moment while a
// receipt is printed. Every receipt comes out whole; a second copy of it, or
// of a part of it, says that it is one.
func TestVMReplugging(t *testing.T) {
	const rigs, cycles, items = 2, 25, 12 // on each of the four media
	vmtest.Guest(t)
	leaks := vmtest.Leaks(t)
	t.Run("media", func(t *testing.T) {
		for i, medium := range slices.Repeat(vmtest.Media, rigs) {
			t.Run(medium, func(t *testing.T) {
				q, v, rig, began := vmBench(t, medium, virtual.Config{Speed: 400})
				var jobs []queue.Job
				another := func() queue.Job {
					key := fmt.Sprintf("%s-%d-%d", medium, i, len(jobs))
					jobs = append(jobs, enqueue(t, q, key, numbered(key, items)))
					return jobs[len(jobs)-1]
				}
				start := func() {
					t.Helper()
					limit := time.NewTimer(time.Minute)
					defer limit.Stop()
					select {
					case <-began:
					case <-limit.C:
						t.Fatal("no receipt begins")
					}
				}
				first := another()
				start()
				at := time.Now()
				settled(t, q, first)
				took := time.Since(at)
				t.Parallel() // which takes its time, too

				interrupted := 0
				for range cycles {
					for waiting(t, q) < 2 {
						another()
					}
					start()
					moment := time.NewTimer(rand.N(2 * took))
					<-moment.C
					if printing(t, q) {
						interrupted++
					}
					rig.Unplug()
					select {
					case <-began: // the next one had, too
					default:
					}
					rig.Plug()
				}
				reprints := 0
				for k, j := range jobs {
					j = settled(t, q, j)
					require.Equal(t, queue.Printed, j.State)
					// Its own answer, or, where that was lost with the cable, the
					// printer's counters.
					require.GreaterOrEqual(t, j.Evidence, printer.EvidenceCounter)
					key := fmt.Sprintf("%s-%d-%d", medium, i, k)
					whole, unmarked := copies(v.Printed(), key, items)
					require.Positive(t, whole, "%s is lost", key)
					require.LessOrEqual(t, unmarked, 1, "%s came out twice, unmarked", key)
					if j.Reprint {
						reprints++
					}
				}
				t.Logf("%d receipts of %v in %d cycles, %d of them in the middle of one; %d printed again with a mark",
					len(jobs), took.Round(time.Millisecond), cycles, interrupted, reprints)
				require.Greater(t, interrupted, cycles/2)
				require.Positive(t, reprints)
			})
		}
	})
	leaks()
}
