package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

// envOwner makes the test program a process that runs lanes: its directory,
// and the URIs of the printers.
const envOwner = "QUEUE_TEST_OWNER"

type ownerTask struct {
	Dir  string
	URIs []string
}

func TestMain(m *testing.M) {
	if task := os.Getenv(envOwner); task != "" {
		own(task)
	}
	goleak.VerifyTestMain(m)
}

// gaveUp is how a process ends that was not killed.
const gaveUp = 3

// own runs lanes until it is killed.
func own(task string) {
	var o ownerTask
	err := json.Unmarshal([]byte(task), &o)
	if err == nil {
		var q *Queue
		if q, err = Open(context.Background(), o.Dir, nil); err == nil {
			err = q.Run(context.Background(), ownerLanes(o.URIs)...)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(gaveUp)
}

// ownerLanes are one lane for each way in which a doubt ends.
func ownerLanes(uris []string) []Lane {
	lanes := []Lane{
		{Name: "reprint", AfterDoubt: Reprint, MaxReprints: 1 << 20},
		{Name: "ask", AfterDoubt: Ask},
		{Name: "drop", AfterDoubt: Drop},
		{Name: "counters", AfterDoubt: Ask, CountersKeep: true},
	}
	for i := range lanes {
		lanes[i].URI, lanes[i].Printer = uris[i], &printer.Config{AnswerTimeout: time.Second, ConfirmTimeout: time.Second}
	}
	return lanes
}

// What happens at a random moment.
const (
	killed = iota
	linkCut
	powerCycled
	kindsOfMoment
)

var momentNames = [kindsOfMoment]string{"kills", "link cuts", "power cycles"}

// A real process is killed, and its links are cut and its printers switched
// off and on, at random moments: while it connects, prints, waits for the
// answer behind a receipt, settles, and idles. It prints over TCP on printers
// that go on living. PRINTERCTL_SOAK_COUNT is how many of each there are.
func TestSoakOfKilledOwners(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("PRINTERCTL_SOAK_COUNT"))
	if count == 0 {
		count = 3
	}
	seed, _ := strconv.ParseUint(os.Getenv("PRINTERCTL_SOAK_SEED"), 10, 64)
	var fell [kindsOfMoment]map[string]int
	for k := range fell {
		fell[k] = map[string]int{}
	}
	const round = 50 // of each, on one store
	for ; count > 0; count, seed = count-round, seed+1 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newKillWorld(t, seed)
			for _, kind := range w.rng.Perm(kindsOfMoment * min(count, round)) {
				kind %= kindsOfMoment
				for _, during := range w.moment(kind) {
					fell[kind][during]++
				}
			}
			w.finish()
		})
	}
	for kind, during := range fell {
		for _, what := range slices.Sorted(maps.Keys(during)) {
			t.Logf("%s, seen by a lane %s: %d", momentNames[kind], what, during[what])
		}
	}
}

// killWorld is a process that prints, and what it prints on.
type killWorld struct {
	t      *testing.T
	rng    *rand.Rand
	dir    string
	q      *Queue
	uris   []string
	lanes  []Lane
	paper  []*virtual.Printer
	wanted map[int]want
	cmd    *exec.Cmd
}

func newKillWorld(t *testing.T, seed uint64) *killWorld {
	w := &killWorld{t: t, dir: t.TempDir(), rng: rand.New(rand.NewPCG(seed, 1)), wanted: map[int]want{}}
	w.q = open(t, w.dir, nil)
	for i := range 4 {
		pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
		require.NoError(t, err)
		pers.CutTime, pers.BootTime = virtual.Seconds(20*time.Millisecond), virtual.Seconds(20*time.Millisecond)
		if i%2 == 0 {
			pers.InterfaceBuffer = 0 // long commands get stuck half way
		}
		v := virtual.NewTest(t, &virtual.Config{Personality: pers, Speed: 1500, Paper: 1e9, Keep: 1 << 20})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(context.Background())
		served := make(chan error, 1)
		go func() { served <- v.Serve(ctx, l) }()
		t.Cleanup(func() {
			cancel()
			require.NoError(t, <-served)
		})
		w.paper, w.uris = append(w.paper, v), append(w.uris, "tcp://"+l.Addr().String())
	}
	w.lanes = ownerLanes(w.uris)
	w.start()
	t.Cleanup(w.kill)
	return w
}

func (w *killWorld) start() {
	self, err := os.Executable()
	require.NoError(w.t, err)
	task, err := json.Marshal(ownerTask{w.dir, w.uris})
	require.NoError(w.t, err)
	w.cmd = exec.Command(self)
	w.cmd.Env = append(os.Environ(), envOwner+"="+string(task))
	w.cmd.Stderr = os.Stderr
	require.NoError(w.t, w.cmd.Start())
}

func (w *killWorld) kill() {
	require.NoError(w.t, w.cmd.Process.Kill())
	_ = w.cmd.Wait() // killed
	require.NotEqual(w.t, gaveUp, w.cmd.ProcessState.ExitCode(), "it gave up by itself")
}

// moment lets some time go by, and then something happen. It tells what the
// lanes were at that it happened to.
func (w *killWorld) moment(kind int) (during []string) {
	w.sell()
	w.lookAfterDoubts()
	longest := 120 * time.Millisecond
	if kind == killed {
		longest = 400 * time.Millisecond // it has to start first
	}
	<-time.After(time.Duration(w.rng.Int64N(int64(longest))))
	lane := w.rng.IntN(len(w.lanes))
	switch kind {
	case killed:
		w.kill()
		for i := range w.lanes {
			during = append(during, w.during(i))
		}
		w.start()
		return during
	case linkCut:
		during = []string{w.during(lane)}
		w.paper[lane].CutLink()
	case powerCycled:
		during = []string{w.during(lane)}
		w.paper[lane].PowerOff()
		<-time.After(time.Duration(w.rng.IntN(20)) * time.Millisecond)
		w.paper[lane].PowerOn()
	}
	return during
}

// during tells what a lane is at.
func (w *killWorld) during(lane int) string {
	st := w.paper[lane].State()
	jobs, err := w.q.Jobs(context.Background(), Filter{Lane: w.lanes[lane].Name, States: []State{Printing}})
	require.NoError(w.t, err)
	switch {
	case len(jobs) > 0 && (st.Moving || st.Buffered > 0):
		return "with a receipt coming out"
	case len(jobs) > 0:
		return "with a receipt begun, or not yet settled"
	case st.Hosts == 0:
		return "without a link"
	}
	return "idle"
}

// sell sees to it that most lanes have something to print.
func (w *killWorld) sell() {
	st, err := w.q.Stats(context.Background())
	require.NoError(w.t, err)
	for _, l := range w.lanes {
		i := slices.IndexFunc(st.Lanes, func(s LaneStats) bool { return s.Lane == l.Name })
		if i >= 0 && st.Lanes[i].Waiting() > 2 || w.rng.IntN(4) == 0 {
			continue
		}
		receipt, n := len(w.wanted), 2+w.rng.IntN(30)
		j := enqueue(w.t, w.q, Receipt{Lane: l.Name, Key: fmt.Sprint(receipt), Document: numberedReceipt(receipt, n, w.rng.IntN(3*n))})
		w.wanted[receipt] = want{job: j.ID, of: n}
	}
}

// lookAfterDoubts is what a person does where a lane asks: wait until the
// printer stands still, look at the paper, and say what is on it.
func (w *killWorld) lookAfterDoubts() {
	jobs, err := w.q.Jobs(context.Background(), Filter{States: []State{Doubt}})
	require.NoError(w.t, err)
	for _, j := range jobs {
		lane := slices.IndexFunc(w.lanes, func(l Lane) bool { return l.Name == j.Lane })
		require.Equal(w.t, Ask, w.lanes[lane].AfterDoubt, "%s is in doubt: %s", j.Lane, j.Reason)
		if !w.paper[lane].State().Idle {
			continue // later
		}
		receipt, err := strconv.Atoi(j.Key)
		require.NoError(w.t, err)
		require.NoError(w.t, w.q.Resolve(context.Background(), j.ID, sawWhole(readPaper(w.wanted, w.paper[lane])[receipt])))
	}
}

// finish waits until everything is settled, and holds the records against the
// paper.
func (w *killWorld) finish() {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	defer w.q.listen()()
	for {
		changed := w.q.change()
		w.lookAfterDoubts()
		jobs, err := w.q.Jobs(ctx, Filter{States: []State{Queued, Printing, Doubt}})
		require.NoError(w.t, err)
		if len(jobs) == 0 {
			break
		}
		select {
		case <-changed:
		case <-time.After(time.Second): // a printer may stand still now
		case <-ctx.Done():
			w.explain()
			require.FailNow(w.t, "not everything is settled")
		}
	}
	wrong, err := check(ctx, w.q, w.wanted, w.paper...)
	require.NoError(w.t, err)
	require.Empty(w.t, wrong)
}

// explain logs how things stand.
func (w *killWorld) explain() {
	lanes, err := w.q.Lanes(context.Background())
	require.NoError(w.t, err)
	for _, l := range lanes {
		i := slices.IndexFunc(w.lanes, func(o Lane) bool { return o.Name == l.Name })
		w.t.Logf("%s: %s %v, running %v; printer: %+v", l.Name, l.State, l.Reasons, l.Running, w.paper[i].State())
	}
	jobs, err := w.q.Jobs(context.Background(), Filter{States: []State{Queued, Printing, Doubt}})
	require.NoError(w.t, err)
	for _, j := range jobs {
		w.t.Logf("%s on %s is %s: %s, attempt %d", j.ID, j.Lane, j.State, j.Reason, j.Attempt)
	}
}
