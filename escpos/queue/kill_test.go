package queue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

// The environment that makes the test program the owner of a lane.
const (
	envOwnerDir = "QUEUE_TEST_OWNER_DIR"
	envOwnerURI = "QUEUE_TEST_OWNER_URI"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(envOwnerDir); dir != "" {
		own(dir, os.Getenv(envOwnerURI))
	}
	goleak.VerifyTestMain(m)
}

func ownerLane(uri string) Lane {
	return Lane{
		Name: "till", URI: uri, AfterDoubt: Reprint, MaxReprints: 1 << 20,
		Printer: &printer.Config{AnswerTimeout: time.Second},
	}
}

// own runs the lane until it is killed.
func own(dir, uri string) {
	q, err := Open(context.Background(), dir, nil)
	if err == nil {
		err = q.Run(context.Background(), ownerLane(uri))
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A real process is killed at random moments while it prints, over TCP, on a
// printer that goes on living.
func TestSoakOfKilledOwners(t *testing.T) {
	kills, receipts := 4, 10
	if n, _ := strconv.Atoi(os.Getenv("PRINTERCTL_SOAK_COUNT")); n > 0 {
		kills, receipts = n, n
	}
	seed, _ := strconv.ParseUint(os.Getenv("PRINTERCTL_SOAK_SEED"), 10, 64)
	rng := rand.New(rand.NewPCG(seed, 1))

	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	require.NoError(t, err)
	pers.CutTime = virtual.Seconds(20 * time.Millisecond)
	v := virtual.New(&virtual.Config{Personality: pers, Speed: 2000, Paper: 1e9, Keep: 1 << 20})
	defer v.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	uri := "tcp://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- v.Serve(ctx, l) }()
	defer func() {
		cancel()
		require.NoError(t, <-served)
	}()

	s := &sim{t: t, dir: t.TempDir(), paper: []*virtual.Printer{v}, lanes: []Lane{ownerLane(uri)}, want: map[int]simReceipt{}}
	q := open(t, s.dir, nil)
	for i := range receipts {
		n := 2 + rng.IntN(40)
		doc := new(escpos.Document)
		for l := range n {
			doc.Line(fmt.Sprintf("R%d %d/%d", i, l+1, n))
		}
		j := enqueue(t, q, Receipt{Key: fmt.Sprint(i), Document: doc.Feed(6).Cut(escpos.CutPartial)})
		s.want[i] = simReceipt{j.ID, n}
	}
	self, err := os.Executable()
	require.NoError(t, err)
	for range kills {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), envOwnerDir+"="+s.dir, envOwnerURI+"="+uri)
		require.NoError(t, cmd.Start())
		waitForAttempt(t, q)
		<-time.After(time.Duration(rng.IntN(60_000)) * time.Microsecond)
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait() // killed
	}
	ran := make(chan error, 1)
	runCtx, stop := context.WithCancel(t.Context())
	go func() { ran <- q.Run(runCtx, ownerLane(uri)) }()
	for _, w := range s.want {
		_, err := q.Wait(t.Context(), w.job)
		require.NoError(t, err)
	}
	stop()
	require.NoError(t, <-ran)
	require.Empty(t, s.check())
}

// waitForAttempt waits until the owner has begun to print, or everything is
// settled.
func waitForAttempt(t *testing.T, q *Queue) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	defer q.listen()()
	before := -1
	for {
		changed := q.change()
		jobs, err := q.Jobs(ctx, Filter{States: []State{Queued, Printing}})
		require.NoError(t, err)
		attempts := 0
		for _, j := range jobs {
			attempts += j.Attempt
		}
		if len(jobs) == 0 || before >= 0 && attempts != before {
			return
		}
		before = attempts
		select {
		case <-changed:
		case <-ctx.Done():
			require.NoError(t, ctx.Err(), "the owner does not print")
		}
	}
}
