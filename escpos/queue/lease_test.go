package queue

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestOnePrinterHasOneLease(t *testing.T) {
	lease := func(uri string) string { return Lane{URI: uri}.printerLease() }
	for _, same := range [][2]string{
		{"tcp://Till.example", "tcp://till.example:9100"},
		{"tcp://192.0.2.7:9100/", "TCP://192.0.2.7"},
		{"tcp://[2001:db8::7]", "tcp://[2001:DB8::7]:9100"},
		{"serial:///dev/ttyS9?baud=9600", "serial:///dev/ttyS9"},
		{"usb://04B8:0202", "usb://04b8:0202"},
	} {
		require.NotEmpty(t, lease(same[0]))
		require.Equal(t, lease(same[0]), lease(same[1]))
		require.True(t, SamePrinter(same[0], same[1]))
	}
	for _, other := range [][2]string{
		{"tcp://192.0.2.7", "tcp://192.0.2.7:9101"},
		{"tcp://192.0.2.7", "tcp://192.0.2.8"},
		{"serial:///dev/ttyS9", "serial:///dev/ttyS8"},
		{"usb://04b8:0202/A", "usb://04b8:0202/B"},
	} {
		require.False(t, SamePrinter(other[0], other[1]))
	}
	require.Empty(t, lease("virtual://"))
	require.Empty(t, lease(""))
}

func TestLanesOfOnePrinterAreRefused(t *testing.T) {
	q := open(t, t.TempDir(), nil)
	a, b := Lane{Name: "a", URI: "tcp://192.0.2.7"}, Lane{Name: "b", URI: "tcp://192.0.2.7:9100"}
	err := q.Run(t.Context(), a, b)
	require.ErrorIs(t, err, ErrLane)
	require.ErrorContains(t, err, `that of lane "a" as well`)
}

// A lane of another process waits while its printer is driven by another
// lane, and then has its turn.
func TestOnePrinterIsDrivenByOneLane(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		first, second := b.lane(), b.lane()
		first.URI = "tcp://Printer.example"
		second.Name, second.URI = "other", "tcp://printer.example:9100"
		stop := b.run(first)
		j := b.enqueue(receipt("one"))
		require.Equal(t, Printed, b.wait(j).State)

		q, err := Open(t.Context(), b.dir, nil) // stands for another process
		require.NoError(t, err)
		defer func() { require.NoError(t, q.Close()) }()
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error, 1)
		go func() { ran <- q.Run(ctx, second) }()
		defer func() { cancel(); require.NoError(t, <-ran) }()
		late := enqueue(t, q, Receipt{Lane: "other", Document: receipt("two")})
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, Queued, b.job(late).State)
		require.Equal(t, []string{"one"}, b.paper())

		stop()
		require.Equal(t, Printed, b.wait(late).State)
		require.Equal(t, []string{"one", "two"}, b.paper())
	})
}

// The owner hears of what other processes do to its receipts, and tells of it.
func TestEventsOfOtherProcesses(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		b.v.OpenCover()
		defer b.run(b.lane())()
		time.Sleep(time.Second)
		q, err := Open(t.Context(), b.dir, nil) // stands for another process
		require.NoError(t, err)
		defer func() { require.NoError(t, q.Close()) }()
		j := enqueue(t, q, Receipt{Document: receipt("one")})
		require.NoError(t, q.Cancel(t.Context(), j.ID))
		time.Sleep(time.Second)
		kinds := b.kinds()
		require.Contains(t, kinds, JobQueued)
		require.Contains(t, kinds, JobCanceled)
	})
}

// A printer that goes on saying the same is known to, to a minute or so, and
// not at a commit for each answer.
func TestStatusStaysFresh(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		defer b.run(b.lane())()
		time.Sleep(time.Minute)
		before := b.q.s.made()
		time.Sleep(time.Hour)
		require.LessOrEqual(t, b.q.s.made()-before, 61)
		lanes, err := b.q.Lanes(t.Context())
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), lanes[0].Status.Time, 3*time.Minute)
	})
}

func TestALaneThatHangsIsNoticed(t *testing.T) {
	on(t, virtual.Config{Paper: 110}, func(t *testing.T, b *bench) {
		alive := func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return b.q.Alive(ctx)
		}
		require.NoError(t, alive())
		stop := b.run(b.lane())
		for range 3 {
			require.NoError(t, alive())
			time.Sleep(time.Second)
		}
		// That a receipt waits for paper in the middle is known at once.
		j := b.enqueue(lines(60))
		time.Sleep(time.Minute)
		require.Equal(t, Printing, b.job(j).State)
		began := time.Now()
		require.NoError(t, alive())
		require.Less(t, time.Since(began), 100*time.Millisecond)
		b.v.PowerOff()
		for range 3 {
			require.NoError(t, alive())
			time.Sleep(10 * time.Second)
		}
		stop()
		require.NoError(t, alive())

		hang := make(chan struct{})
		b.q.lease = func(dir, name string) (*lease, error) {
			<-hang
			return takeLease(dir, name)
		}
		defer b.run(b.lane())()
		defer close(hang)
		synctest.Wait()
		require.ErrorContains(t, alive(), "till: it gives no sign of life")
	})
}
