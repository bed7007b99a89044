package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// The simulator runs the whole stack under virtual time: a shop that sells,
// two processes that print, two printers, somebody who looks after them, and
// a world that breaks things. All that happens is drawn from a seed.
// Afterwards the paper is held against the records, and what the hooks were
// told against both.

// SimConfig is what a simulation is made of.
type SimConfig struct {
	Seed     uint64
	Receipts int
	Faults   int
	Bug      SimBug
	// Hooks starts the hooks of one life of a process that prints. nil: none.
	Hooks func(t *testing.T, dir string, life int) SimHooks
}

// SimHooks are hooks at work.
type SimHooks interface {
	Handle(Event)
	Close() error // after it has been killed, or told to end
	Kill()        // deliver nothing more
}

// SimResult is what came of a simulation.
type SimResult struct {
	Wrong   []string
	History []string
	Told    map[string][]EventKind   // the events of each job, as recorded
	Settled map[string]time.Duration // when, after the beginning, by the key
}

// sim is one run.
type sim struct {
	SimConfig
	t     *testing.T
	dir   string
	rng   *rand.Rand // of the world
	began time.Time
	lanes []Lane
	paper []*virtual.Printer
	desk  *Queue // of those who look after things: a process that prints nothing

	mu      sync.Mutex
	history []string
	want    map[int]want // what Enqueue took
	procs   [2]*simProcess
	lives   int
	skew    time.Duration     // of the clock
	disk    error             // what the disk answers
	slow    time.Duration     // how long it takes
	active  map[string]int    // receipts under way, by printer
	rolled  map[string]*gauge // counters that go back
	wrong   []string
	heard   []simEvent
}

// simProcess is one life of a process that prints.
type simProcess struct {
	life  int
	q     *Queue
	hooks SimHooks
	stop  context.CancelFunc
	ran   chan error
	dead  bool
	conns []transport.Conn
}

func (s *sim) log(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history = append(s.history, fmt.Sprintf("%12s  ", time.Since(s.began).Round(time.Millisecond))+fmt.Sprintf(format, args...))
}

func (s *sim) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

// Simulate runs a simulation.
func Simulate(t *testing.T, cfg SimConfig) (res SimResult) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &sim{
			SimConfig: cfg, t: t, dir: dir, began: time.Now(), want: map[int]want{}, active: map[string]int{},
			rolled: map[string]*gauge{}, rng: rand.New(rand.NewPCG(cfg.Seed, 42)),
		}
		s.build()
		s.desk = s.openQueue(nil)
		for i := range s.procs {
			s.start(i)
			time.Sleep(7 * time.Millisecond) // or their clocks would tick at the same instants
		}
		var wg sync.WaitGroup
		wg.Go(s.sell)
		s.breakThings()
		wg.Wait()
		s.repair(0)
		s.repair(1)
		s.settle()
		for i := range s.procs {
			s.end(i)
		}
		wrong, err := check(context.Background(), s.desk, s.want, s.paper...)
		require.NoError(t, err)
		res.Told, res.Settled = s.told(), s.settled()
		require.NoError(t, s.desk.Close())
		for _, p := range s.paper {
			require.NoError(t, p.Close())
		}
		res.Wrong, res.History = append(wrong, s.wrong...), s.history
	})
	return res
}

// build makes two printers and their lanes.
func (s *sim) build() {
	names := []string{virtual.DefaultPersonality, "tm-t88iii"}
	for i := range 2 {
		pers, err := virtual.PersonalityByName(names[s.rng.IntN(len(names))])
		require.NoError(s.t, err)
		pers.Hosts = 4 // so that it is not the printer that keeps a second owner out
		pers.LosesBuffer = s.rng.IntN(4) == 0
		if s.rng.IntN(3) == 0 {
			pers.Functions = nil // confirms no clear
		}
		if s.rng.IntN(3) == 0 {
			pers.InterfaceBuffer = 0 // long commands get stuck half way
		}
		v := virtual.New(&virtual.Config{Personality: pers, Speed: 100, Keep: 100_000})
		lane := Lane{
			Name: fmt.Sprintf("lane-%d", i), URI: fmt.Sprintf("virtual://%d", i),
			AfterStop: StopPolicy(s.rng.IntN(2)), AfterDoubt: []DoubtPolicy{Ask, Ask, Reprint, Reprint, Drop}[s.rng.IntN(5)],
			Grace: time.Second,
		}
		// Counters are believed where they are exact after a power cycle, and
		// not where they go back to what they were when they were last saved.
		back := s.rng.IntN(2) == 0
		lane.CountersKeep = !back && s.rng.IntN(4) > 0
		if s.Bug == BugCounters {
			back, lane.CountersKeep = true, true
		}
		if back {
			s.rolled[lane.URI] = new(gauge)
		}
		if i == 0 && s.rng.IntN(3) > 0 {
			lane.Backup, lane.BackupAfter = "lane-1", time.Duration(10+s.rng.IntN(50))*time.Second
		}
		if i == 0 && s.Bug == BugMoved {
			lane.AfterDoubt, lane.Backup, lane.BackupAfter = Reprint, "lane-1", 2*time.Second
		}
		s.paper, s.lanes = append(s.paper, v), append(s.lanes, lane)
		s.log("%s: %s, loses buffer %v, clears %v, takes in %d; stop policy %d, doubt policy %d, backup %q, counters go back %v, believed %v",
			lane.Name, pers.Name, pers.LosesBuffer, pers.Functions != nil, pers.InterfaceBuffer,
			lane.AfterStop, lane.AfterDoubt, lane.Backup, back, lane.CountersKeep)
	}
}

// openQueue opens the store, without waiting for the disk: whoever is killed
// here is not the machine.
func (s *sim) openQueue(onEvent func(Event)) *Queue {
	q, err := Open(context.Background(), s.dir, &Config{OnEvent: onEvent, EventBuffer: 1 << 20})
	require.NoError(s.t, err)
	_, err = q.s.conn.ExecContext(context.Background(), "PRAGMA synchronous = OFF")
	require.NoError(s.t, err)
	q.now = func() time.Time {
		s.mu.Lock()
		defer s.mu.Unlock()
		return time.Now().Add(s.skew)
	}
	s.plant(q)
	s.watch(q)
	return q
}

// watch sees to it that one process at a time prints on a printer.
func (s *sim) watch(q *Queue) {
	print := q.print
	enter := func(p *printer.Printer, d int) {
		s.mu.Lock()
		s.active[p.URI()] += d
		n := s.active[p.URI()]
		s.mu.Unlock()
		if n > 1 {
			s.complain("two processes print on %s", p.URI())
		}
	}
	q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
		enter(p, 1)
		defer enter(p, -1)
		return print(p, ctx, j)
	}
}

// start begins a life of process i.
func (s *sim) start(i int) {
	s.mu.Lock()
	s.lives++
	p := &simProcess{life: s.lives, ran: make(chan error, 1)}
	s.mu.Unlock()
	if s.Hooks != nil {
		p.hooks = s.Hooks(s.t, filepath.Join(s.dir, "hooks"), p.life)
	}
	p.q = s.openQueue(func(e Event) {
		s.hear(p, e)
		if p.hooks != nil {
			p.hooks.Handle(e)
		}
	})
	_ = p.q.Subscribe(2) // that nobody ever reads
	p.q.s.fault = func(step string) error {
		s.mu.Lock()
		dead, disk, slow := p.dead, s.disk, s.slow
		s.mu.Unlock()
		if dead {
			return errKilled
		}
		// Not inside of a transaction: SQLite lets others wait for its end in
		// real time.
		if slow > 0 && step == "begin" {
			time.Sleep(slow)
		}
		return disk
	}
	var ctx context.Context
	ctx, p.stop = context.WithCancel(context.Background())
	lanes := make([]Lane, len(s.lanes))
	for k, l := range s.lanes {
		l.Printer = &printer.Config{
			ConfirmTimeout: 10 * time.Second,
			Dial:           func(context.Context) (transport.Conn, error) { return s.dial(p, k) },
		}
		lanes[k] = l
	}
	go func() { p.ran <- p.q.Run(ctx, lanes...) }()
	s.procs[i] = p
}

// dial opens a link that dies with its process.
func (s *sim) dial(p *simProcess, lane int) (transport.Conn, error) {
	c, err := s.paper[lane].Dial()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.dead {
		_ = c.Close()
	}
	p.conns = append(p.conns, c)
	return c, nil
}

// kill ends process i, as SIGKILL does, and starts the next one.
func (s *sim) kill(i int) {
	p := s.procs[i]
	s.log("process %d is killed, and started again", i)
	s.mu.Lock()
	p.dead = true
	conns := p.conns
	s.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
	}
	if p.hooks != nil {
		p.hooks.Kill()
	}
	p.stop()
	<-p.ran
	s.close(p)
	s.start(i)
}

// end stops process i in good order. Nothing that is simulated may have ended
// it before.
func (s *sim) end(i int) {
	p := s.procs[i]
	p.stop()
	if err := <-p.ran; err != nil {
		s.complain("process %d gave up: %v", i, err)
	}
	s.close(p)
}

func (s *sim) close(p *simProcess) {
	require.NoError(s.t, p.q.Close())
	if p.hooks != nil {
		require.NoError(s.t, p.hooks.Close())
	}
}

// sell enqueues receipts, from a process of its own, and asks again with the
// same key until it is told that the receipt is stored.
func (s *sim) sell() {
	rng := rand.New(rand.NewPCG(s.Seed, 7))
	q := s.openQueue(nil)
	defer func() { require.NoError(s.t, q.Close()) }()
	q.s.fault = func(string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.disk
	}
	for i := range s.Receipts {
		n := 2 + rng.IntN(30)
		pictureAt := rng.IntN(3 * n)
		if s.Bug == BugCounters {
			pictureAt = 0 // counters say nothing of a receipt with one
		}
		r := Receipt{Key: fmt.Sprint(i), Document: numberedReceipt(i, n, pictureAt)}
		if rng.IntN(6) == 0 {
			r.Priority = 1 + rng.IntN(3)
		}
		expires := rng.IntN(8) == 0
		if expires {
			r.Expires = q.now().Add(time.Duration(rng.IntN(300)) * time.Second)
		}
		for {
			// The lane is drawn anew: whoever is told that nothing was stored
			// may go elsewhere.
			r.Lane = s.lanes[rng.IntN(2)].Name
			j, err := q.Enqueue(context.Background(), r)
			if err == nil {
				s.mu.Lock()
				s.want[i] = want{job: j.ID, of: n, expires: expires}
				s.mu.Unlock()
				s.log("%s: R%d is %s: %d places, priority %d, expires %v", r.Lane, i, j.ID, n, r.Priority, expires)
				break
			}
			require.ErrorIs(s.t, err, ErrFull)
			time.Sleep(time.Second)
		}
		if i < 4 || s.Bug == BugCounters {
			continue // some wait when the printers are first there
		}
		time.Sleep(time.Duration(rng.Int64N(int64(8 * time.Second))))
		if rng.IntN(6) == 0 {
			s.cancel(q, rng.IntN(i+1))
		}
	}
}

// cancel takes a receipt out that still waits.
func (s *sim) cancel(q *Queue, receipt int) {
	s.mu.Lock()
	w := s.want[receipt]
	s.mu.Unlock()
	switch err := q.Cancel(context.Background(), w.job); {
	case err == nil:
		s.log("%s (R%d) is canceled", w.job, receipt)
		s.mu.Lock()
		w.canceled = true
		s.want[receipt] = w
		s.mu.Unlock()
	case !errors.Is(err, ErrState) && !errors.Is(err, ErrFull):
		require.NoError(s.t, err)
	}
}
