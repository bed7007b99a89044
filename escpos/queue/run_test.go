package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// bench is a queue and a virtual printer, under virtual time.
type bench struct {
	t      *testing.T
	dir    string
	q      *Queue
	v      *virtual.Printer
	mu     sync.Mutex
	events []Event
}

// on runs f in a bubble of virtual time, with a printer.
func on(t *testing.T, cfg virtual.Config, f func(t *testing.T, b *bench)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		if cfg.Speed == 0 {
			cfg.Speed = 150
		}
		b := &bench{t: t, dir: dir, v: virtual.New(&cfg)}
		defer b.v.Close()
		b.open()
		defer func() { require.NoError(t, b.q.Close()) }()
		f(t, b)
	})
}

// open opens the queue, again if it was open.
func (b *bench) open() {
	if b.q != nil {
		require.NoError(b.t, b.q.Close())
	}
	var err error
	b.q, err = Open(b.t.Context(), b.dir, &Config{OnEvent: func(e Event) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.events = append(b.events, e)
	}})
	require.NoError(b.t, err)
}

// lane is the lane of the printer.
func (b *bench) lane() Lane {
	return Lane{Name: "till", URI: "virtual://till", Printer: &printer.Config{
		Dial: func(context.Context) (transport.Conn, error) { return b.v.Dial() },
	}}
}

// run runs lanes until the function that it returns is called.
func (b *bench) run(lanes ...Lane) (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	ran := make(chan error, 1)
	go func() { ran <- b.q.Run(ctx, lanes...) }()
	return func() {
		cancel()
		if err := <-ran; !errors.Is(err, errKilled) {
			require.NoError(b.t, err)
		}
	}
}

// errKilled is what the disk says to a process that is no more.
var errKilled = errors.New("killed")

// kill ends the process that runs lanes, as SIGKILL would: nothing more is
// stored, nothing more is sent, and the printer lives on. Then the queue is
// opened again.
func (b *bench) kill(stop func()) {
	b.q.s.mu.Lock()
	b.q.s.fault = func(string) error { return errKilled }
	b.q.s.mu.Unlock()
	b.v.CutLink()
	stop()
	b.open()
}

func (b *bench) enqueue(doc *escpos.Document) Job {
	return enqueue(b.t, b.q, Receipt{Document: doc})
}

// wait waits for a job to be settled or in doubt, for ten minutes at most.
func (b *bench) wait(j Job) Job {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Minute)
	defer cancel()
	j, err := b.q.Wait(ctx, j.ID)
	require.NoError(b.t, err)
	return j
}

func (b *bench) job(j Job) Job {
	b.t.Helper()
	j, err := b.q.Job(b.t.Context(), j.ID)
	require.NoError(b.t, err)
	return j
}

// kinds returns the kinds of the events so far.
func (b *bench) kinds() (kinds []EventKind) {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// lines is a receipt of n numbered lines and a cut.
func lines(n int) *escpos.Document {
	d := new(escpos.Document)
	for i := range n {
		d.Line(fmt.Sprintf("line %02d", i+1))
	}
	return d.Cut(escpos.CutPartial)
}

// numbered is the text of lines(n).
func numbered(n int) (want []string) {
	for i := range n {
		want = append(want, fmt.Sprintf("line %02d", i+1))
	}
	return want
}

// paper returns all lines that came out and are not blank.
func (b *bench) paper() (got []string) {
	for l := range strings.Lines(b.v.Printed()) {
		if l = strings.TrimSpace(l); l != "" {
			got = append(got, l)
		}
	}
	return got
}

func TestAReceiptComesOut(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		stop := b.run(b.lane())
		synctest.Wait()
		j := b.wait(b.enqueue(lines(10)))
		require.Equal(t, Printed, j.State)
		require.Equal(t, printer.EvidenceProcessID, j.Evidence)
		require.Equal(t, 1, j.Attempt)
		require.Equal(t, numbered(10), b.paper())
		stop()
		require.Equal(t, []EventKind{JobQueued, JobPrinted}, b.kinds())
	})
}

// The story of the project: the paper ends in the middle of a receipt.
func TestProgressIsTold(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		var told []printer.Progress
		var jobs []string
		lane := b.lane()
		lane.OnProgress = func(job string, p printer.Progress) { jobs, told = append(jobs, job), append(told, p) }
		j := b.enqueue(lines(400))
		stop := b.run(lane)
		require.Equal(t, Printed, b.wait(j).State)
		stop()
		require.Greater(t, len(told), 2)
		require.IsIncreasing(t, sent(told))
		require.Equal(t, told[0].Total, told[len(told)-1].Sent)
		require.Equal(t, []string{j.ID}, slices.Compact(jobs))
	})
}

func sent(told []printer.Progress) (n []int64) {
	for _, p := range told {
		n = append(n, p.Sent)
	}
	return n
}

func TestAReceiptSurvivesAPaperChange(t *testing.T) {
	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	require.NoError(t, err)
	on(t, virtual.Config{Paper: pers.PaperFor(25), NearEnd: pers.PaperFor(50)}, func(t *testing.T, b *bench) {
		j := b.enqueue(lines(60))
		stop := b.run(b.lane())
		synctest.Wait()
		time.Sleep(time.Minute)
		require.Equal(t, Printing, b.job(j).State)
		info, err := b.q.Lanes(t.Context())
		require.NoError(t, err)
		require.Len(t, info, 1)
		require.True(t, info[0].Running)
		require.Equal(t, LaneHeld, info[0].State)
		require.Equal(t, []string{"media-empty-error"}, info[0].Reasons)
		require.Equal(t, escpos.PaperOut, info[0].Status.Paper())

		b.v.LoadPaper(80_000)
		j = b.wait(j)
		require.Equal(t, Printed, j.State)
		require.Equal(t, printer.EvidenceProcessID, j.Evidence)
		require.Equal(t, 1, j.Attempt)
		require.False(t, j.Reprint)
		require.Equal(t, numbered(60), b.paper())
		stop()

		kinds := b.kinds()
		for _, pair := range [][2]EventKind{{PaperNearEnd, PaperOK}, {PaperOut, PaperLoaded}, {Offline, Online}, {LaneHolds, LaneResumes}} {
			raised, cleared := slices.Index(kinds, pair[0]), slices.Index(kinds, pair[1])
			require.GreaterOrEqual(t, raised, 0, "%s in %v", pair[0], kinds)
			require.Greater(t, cleared, raised, "%s in %v", pair[1], kinds)
		}
		require.Equal(t, JobPrinted, kinds[len(kinds)-1])
	})
}

func TestNothingIsSentToAPrinterWithoutPaper(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		b.v.RemovePaper()
		j := b.enqueue(lines(3))
		stop := b.run(b.lane())
		time.Sleep(10 * time.Minute)
		require.Equal(t, Queued, b.job(j).State)
		require.Zero(t, b.job(j).Attempt, "a hold spends no attempt")
		b.v.LoadPaper(80_000)
		require.Equal(t, Printed, b.wait(j).State)
		stop()
		require.Equal(t, numbered(3), b.paper())
	})
}

func TestAPrinterThatIsNotThere(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		b.v.PowerOff()
		j := b.enqueue(lines(3))
		stop := b.run(b.lane())
		time.Sleep(10 * time.Minute)
		require.Equal(t, Queued, b.job(j).State)
		b.v.PowerOn()
		require.Equal(t, Printed, b.wait(j).State)
		stop()
		require.Equal(t, []EventKind{Unreachable, LaneHolds, Reachable}, b.kinds()[:3])
	})
}

// print --wait 2s: the run ends while the printer is out of paper, with half
// a receipt on it.
func TestParkingAReceiptThatWaitsForPaper(t *testing.T) {
	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	require.NoError(t, err)
	on(t, virtual.Config{Paper: pers.PaperFor(25)}, func(t *testing.T, b *bench) {
		j := b.enqueue(lines(60))
		stop := b.run(b.lane())
		time.Sleep(20 * time.Second)
		require.Equal(t, Printing, b.job(j).State)
		began := time.Now()
		stop()
		require.Less(t, time.Since(began), time.Second)
		got := b.job(j)
		require.Equal(t, Queued, got.State, got.Reason)
		require.True(t, got.Reprint)

		b.v.LoadPaper(80_000)
		later := b.enqueue(lines(2))
		b.open()
		stop = b.run(b.lane())
		require.Equal(t, Printed, b.wait(j).State)
		require.Equal(t, Printed, b.wait(later).State)
		stop()
		paper := b.paper()
		mark := slices.Index(paper, "*** REPRINT ***")
		require.Greater(t, mark, 0)
		require.Equal(t, "Receipt "+j.ID, paper[mark+1])
		require.True(t, strings.HasPrefix(paper[mark+2], "Attempt 2, "), paper[mark+2])
		require.Equal(t, slices.Concat(numbered(60), numbered(2)), paper[mark+3:])
	})
}

func TestStoppingFinishesTheReceiptInHand(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		first, second := b.enqueue(lines(30)), b.enqueue(lines(30))
		stop := b.run(b.lane())
		for b.job(first).State != Printing {
			time.Sleep(50 * time.Millisecond)
		}
		stop()
		require.Equal(t, Printed, b.job(first).State)
		require.Equal(t, Queued, b.job(second).State)
		require.Equal(t, numbered(30), b.paper())
	})
}

func TestPriorityAndOrder(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		for i, prio := range []int{0, 5, 0, 9, 5, -1} {
			enqueue(t, b.q, Receipt{Document: receipt(fmt.Sprint(i)), Priority: prio})
		}
		last := enqueue(t, b.q, Receipt{Document: receipt("last"), Priority: -2})
		stop := b.run(b.lane())
		b.wait(last)
		stop()
		require.Equal(t, []string{"3", "1", "4", "0", "2", "5", "last"}, b.paper())
	})
}

func TestYesterdaysTicketsDoNotComeOut(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		b.v.RemovePaper()
		old := enqueue(t, b.q, Receipt{Document: receipt("old"), Expires: time.Now().Add(10 * time.Minute)})
		keep := enqueue(t, b.q, Receipt{Document: receipt("keep"), Expires: time.Now().Add(24 * time.Hour)})
		stop := b.run(b.lane())
		time.Sleep(10*time.Minute + time.Second)
		require.Equal(t, Expired, b.job(old).State)
		b.v.LoadPaper(80_000)
		require.Equal(t, Printed, b.wait(keep).State)
		stop()
		require.Equal(t, []string{"keep"}, b.paper())
		require.Contains(t, b.kinds(), JobExpired)
	})
}

func TestALostLinkLeavesADoubt(t *testing.T) {
	for policy, want := range map[DoubtPolicy]State{Ask: Doubt, Reprint: Printed, Drop: Canceled} {
		t.Run(fmt.Sprint(policy), func(t *testing.T) {
			on(t, virtual.Config{}, func(t *testing.T, b *bench) {
				lane := b.lane()
				lane.AfterDoubt = policy
				j, next := b.enqueue(lines(60)), b.enqueue(receipt("next"))
				stop := b.run(lane)
				for b.job(j).State != Printing {
					time.Sleep(50 * time.Millisecond)
				}
				time.Sleep(500 * time.Millisecond)
				b.v.CutLink()
				time.Sleep(time.Minute)
				got := b.job(j)
				require.Equal(t, want, got.State)
				if policy == Ask {
					require.Equal(t, Queued, b.job(next).State, "the lane is blocked")
					require.NoError(t, b.q.Resolve(t.Context(), j.ID, ResolvePrinted))
				}
				require.Equal(t, Printed, b.wait(next).State)
				stop()
				require.Contains(t, b.kinds(), JobDoubt)
				require.Equal(t, policy == Reprint, slices.Contains(b.paper(), "*** REPRINT ***"))
			})
		})
	}
}

func TestOneOwnerAtATime(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		stop := b.run(b.lane())
		synctest.Wait()
		require.ErrorIs(t, b.q.Run(t.Context(), b.lane()), ErrLane)

		second, err := Open(t.Context(), b.dir, nil)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error, 1)
		go func() { ran <- second.Run(ctx, b.lane()) }()
		require.Equal(t, Printed, b.wait(b.enqueue(receipt("one"))).State)
		stop()
		require.Equal(t, Printed, b.wait(b.enqueue(receipt("two"))).State)
		cancel()
		require.NoError(t, <-ran)
		require.NoError(t, second.Close())
		require.Equal(t, []string{"one", "two"}, b.paper())
	})
}

// A printer that takes a link and hangs up, as one does that another host
// has, is not reached by that: it is tried less and less often, and nobody is
// told that printing goes on.
func TestAPrinterThatHangsUpAtOnce(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		lane := b.lane()
		dials := 0
		lane.Printer.Dial = func(context.Context) (transport.Conn, error) {
			dials++
			c, err := b.v.Dial()
			b.v.HangUp()
			return c, err
		}
		b.enqueue(lines(2))
		stop := b.run(lane)
		time.Sleep(10 * time.Minute)
		stop()
		require.Less(t, dials, 80)
		require.Equal(t, []EventKind{Unreachable, LaneHolds}, b.kinds()[:2])
		require.NotContains(t, b.kinds(), Reachable)
		require.NotContains(t, b.kinds(), LaneResumes)
	})
}

// deafConn takes all bytes, once it is deaf, and hands none on.
type deafConn struct {
	transport.Conn
	deaf *atomic.Bool
}

func (c deafConn) Write(p []byte) (int, error) {
	if c.deaf.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// Nobody waits for a printer that does nothing.
func TestParkingOnAPrinterThatSaysNothingMore(t *testing.T) {
	on(t, virtual.Config{}, func(t *testing.T, b *bench) {
		var deaf atomic.Bool
		lane := b.lane()
		lane.Printer.Dial = func(context.Context) (transport.Conn, error) {
			c, err := b.v.Dial()
			return deafConn{c, &deaf}, err
		}
		stop := b.run(lane)
		require.Equal(t, Printed, b.wait(b.enqueue(lines(2))).State)
		j := b.enqueue(lines(100))
		for len(b.paper()) < 10 {
			time.Sleep(10 * time.Millisecond)
		}
		deaf.Store(true)
		began := time.Now()
		stop()
		require.LessOrEqual(t, time.Since(began), 3*time.Second)
		got := b.job(j)
		require.Equal(t, Doubt, got.State)
		require.Equal(t, "interrupted: the program was told to end", got.Reason)
	})
}
