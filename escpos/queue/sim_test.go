package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// The simulator runs the whole stack under virtual time: a shop that sells, a
// process that prints, two printers, and a world that breaks things. All that
// happens is drawn from a seed. Afterwards a checker reads the paper and the
// records: nothing is lost, and no second copy is unmarked.

// simBug is a bug that is planted to see whether the checker finds it.
type simBug string

const (
	bugFence   simBug = "printed before the fence"
	bugLease   simBug = "lease forgotten"
	bugClear   simBug = "resent after an unconfirmed clear"
	bugDoubt   simBug = "doubt printed again without a mark"
	bugPrinted simBug = "a kill settles what was being printed"
)

var simBugs = []simBug{bugFence, bugLease, bugClear, bugDoubt, bugPrinted}

type simConfig struct {
	seed     uint64
	receipts int
	faults   int
	bug      simBug
}

// sim is one run.
type sim struct {
	simConfig
	t     *testing.T
	dir   string
	rng   *rand.Rand
	began time.Time
	lanes []Lane
	paper []*virtual.Printer

	mu      sync.Mutex
	history []string
	want    map[int]simReceipt // what Enqueue took
	owner   *simOwner
	skew    time.Duration  // of the clock
	disk    error          // what the disk answers
	slow    time.Duration  // how long it takes
	active  map[string]int // receipts under way, by printer
	wrong   []string
}

type simReceipt struct {
	job   string
	lines int
}

// simOwner is one life of the process that prints.
type simOwner struct {
	q    *Queue
	stop context.CancelFunc
	ran  chan error
	dead bool
}

func (s *sim) log(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history = append(s.history, fmt.Sprintf("%12s  ", time.Since(s.began).Round(time.Millisecond))+fmt.Sprintf(format, args...))
}

// simulate runs a simulation and returns what is wrong afterwards, and the
// history.
func simulate(t *testing.T, cfg simConfig) (wrong []string, history []string) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &sim{
			simConfig: cfg, t: t, dir: dir, began: time.Now(), want: map[int]simReceipt{}, active: map[string]int{},
			rng: rand.New(rand.NewPCG(cfg.seed, 42)),
		}
		s.build()
		s.start()
		twin := s.second()
		var wg sync.WaitGroup
		wg.Go(s.sell)
		s.breakThings()
		wg.Wait()
		s.repair(0)
		s.repair(1)
		wrong = s.settle()
		s.end()
		twin()
		wrong = append(wrong, s.check()...)
		wrong = append(wrong, s.wrong...)
		for _, p := range s.paper {
			_ = p.Close()
		}
		history = s.history
	})
	return wrong, history
}

// watch sees to it that one process at a time prints on a printer.
func (s *sim) watch(q *Queue) {
	print := q.print
	count := func(p *printer.Printer, d int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.active[p.URI()] += d; s.active[p.URI()] > 1 {
			s.wrong = append(s.wrong, "two processes print on "+p.URI())
		}
	}
	q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
		count(p, 1)
		defer count(p, -1)
		return print(p, ctx, j)
	}
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
		v := virtual.New(&virtual.Config{Personality: pers, Speed: 100, Keep: 100_000})
		lane := Lane{
			Name: fmt.Sprintf("lane-%d", i), URI: fmt.Sprintf("virtual://%d", i),
			AfterStop: StopPolicy(s.rng.IntN(2)), AfterDoubt: DoubtPolicy(s.rng.IntN(2)), Grace: time.Second,
			Printer: &printer.Config{
				Dial:           func(context.Context) (transport.Conn, error) { return v.Dial() },
				ConfirmTimeout: 10 * time.Second,
			},
		}
		if i == 0 && s.rng.IntN(2) == 0 {
			lane.Backup, lane.BackupAfter = "lane-1", time.Minute
		}
		s.paper, s.lanes = append(s.paper, v), append(s.lanes, lane)
		s.log("%s: %s, loses buffer %v, clears %v; stop policy %d, doubt policy %d, backup %q",
			lane.Name, pers.Name, pers.LosesBuffer, pers.Functions != nil, lane.AfterStop, lane.AfterDoubt, lane.Backup)
	}
}

// openQueue opens the store, without waiting for the disk: whoever is killed
// here is not the machine.
func (s *sim) openQueue() *Queue {
	q, err := Open(context.Background(), s.dir, nil)
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

// plant puts the bug in.
func (s *sim) plant(q *Queue) {
	rows := append([]transition(nil), machine[:]...)
	for i := range rows {
		switch {
		case s.bug == bugDoubt && rows[i].on == causeSaysAgain:
			rows[i].mark = false
		case s.bug == bugPrinted && rows[i].on == causeLost:
			rows[i].to, rows[i].raise = Printed, JobPrinted
		}
	}
	q.s.machine = rows
	switch s.bug {
	case bugFence:
		q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			j.OnProgress = func(pr printer.Progress) {
				if pr.Band >= pr.Bands-1 {
					cancel()
				}
			}
			res, err := p.Print(ctx, j)
			if res.Sent > 0 && res.Outcome == printer.Doubt {
				res.Outcome, res.Evidence, err = printer.Printed, printer.EvidenceProcessID, nil
			}
			return res, err
		}
	case bugLease:
		q.lease = func(dir, lane string) (*lease, error) {
			f, err := os.CreateTemp(dir, "no-lock")
			return &lease{f: f}, err
		}
	case bugClear:
		q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
			res, err := p.Print(ctx, j)
			if errors.Is(err, printer.ErrAbandoned) && res.Outcome == printer.Doubt {
				res.Outcome = printer.NotPrinted
			}
			return res, err
		}
	}
}

func (s *sim) start() {
	o := &simOwner{q: s.openQueue(), ran: make(chan error, 1)}
	var ctx context.Context
	ctx, o.stop = context.WithCancel(context.Background())
	o.q.s.fault = func(step string) error {
		s.mu.Lock()
		dead, disk, slow := o.dead, s.disk, s.slow
		s.mu.Unlock()
		if dead {
			return errKilled
		}
		if slow > 0 {
			time.Sleep(slow)
		}
		return disk
	}
	go func() { o.ran <- o.q.Run(ctx, s.lanes...) }()
	s.mu.Lock()
	s.owner = o
	s.mu.Unlock()
}

// kill ends the owner, as SIGKILL does, and starts the next one.
func (s *sim) kill() {
	s.log("killed, and started again")
	o := s.owner
	s.mu.Lock()
	o.dead = true
	s.mu.Unlock()
	for _, v := range s.paper {
		v.CutLink()
	}
	o.stop()
	<-o.ran
	require.NoError(s.t, o.q.Close())
	s.start()
}

// second starts a process that stands by, and takes over between the lives of
// the owner.
func (s *sim) second() (stop func()) {
	q := s.openQueue()
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- q.Run(ctx, s.lanes...) }()
	return func() {
		cancel()
		s.ended(<-ran)
		require.NoError(s.t, q.Close())
	}
}

// ended takes in how a Run ended: nothing that is simulated may end it.
func (s *sim) ended(err error) {
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.wrong = append(s.wrong, "a run gave up: "+err.Error())
	}
}

// end stops the owner in good order.
func (s *sim) end() {
	s.owner.stop()
	s.ended(<-s.owner.ran)
	require.NoError(s.t, s.owner.q.Close())
}

// sell enqueues receipts, from a process of its own, and asks again with the
// same key until it is told that the receipt is stored.
func (s *sim) sell() {
	rng := rand.New(rand.NewPCG(s.seed, 7))
	q := s.openQueue()
	defer func() { require.NoError(s.t, q.Close()) }()
	q.s.fault = func(string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.disk
	}
	for i := range s.receipts {
		n := 2 + rng.IntN(30)
		doc := new(escpos.Document)
		for l := range n {
			doc.Line(fmt.Sprintf("R%d %d/%d", i, l+1, n))
		}
		doc.Feed(6).Cut(escpos.CutPartial)
		for {
			j, err := q.Enqueue(context.Background(), Receipt{Lane: s.lanes[rng.IntN(2)].Name, Key: fmt.Sprint(i), Document: doc})
			if err == nil {
				s.mu.Lock()
				s.want[i] = simReceipt{j.ID, n}
				s.mu.Unlock()
				break
			}
			require.ErrorIs(s.t, err, ErrFull)
			// The lane is drawn anew: whoever is told that nothing was stored
			// may go elsewhere.
			time.Sleep(time.Second)
		}
		if i < 4 {
			continue // some wait when the printers are first there
		}
		time.Sleep(time.Duration(rng.IntN(8000)) * time.Millisecond)
	}
}

// breakThings does what the world does to printers and machines, and puts it
// right again some time later.
func (s *sim) breakThings() {
	for range s.faults {
		time.Sleep(time.Duration(s.rng.IntN(3000)) * time.Millisecond)
		i := s.rng.IntN(2)
		v := s.paper[i]
		name := s.lanes[i].Name
		switch k := s.rng.IntN(16); k {
		case 0, 1:
			mm := 20 + s.rng.Float64()*150
			s.log("%s: a roll of %.0f mm", name, mm)
			v.LoadPaper(mm)
		case 2:
			s.log("%s: paper taken out", name)
			v.RemovePaper()
		case 3:
			s.log("%s: cover opened", name)
			v.OpenCover()
		case 4:
			s.log("%s: cutter jammed", name)
			v.JamCutter()
		case 5:
			s.log("%s: head hot", name)
			v.OverheatHead()
		case 6, 7:
			s.log("%s: link cut", name)
			v.CutLink()
		case 8:
			s.log("%s: power cycled", name)
			v.PowerOff()
			time.Sleep(time.Duration(s.rng.IntN(3000)) * time.Millisecond)
			v.PowerOn()
		case 9, 10:
			s.kill()
		case 11:
			s.setDisk(nil, time.Duration(s.rng.IntN(500))*time.Millisecond)
		case 12:
			s.setDisk(fmt.Errorf("%w (simulated)", ErrFull), 0)
		case 13:
			s.mu.Lock()
			s.skew += time.Duration(s.rng.IntN(7200)-3600) * time.Second
			s.mu.Unlock()
			s.log("the clock steps to %s", s.skew)
		default:
			s.repair(i)
		}
		if s.rng.IntN(3) == 0 {
			time.Sleep(time.Duration(s.rng.IntN(20)) * time.Second)
			s.repair(i)
		}
		s.lookAfterDoubts()
	}
}

func (s *sim) setDisk(err error, slow time.Duration) {
	s.mu.Lock()
	s.disk, s.slow = err, slow
	s.mu.Unlock()
	s.log("disk: %v, %s", err, slow)
}

// repair puts a printer and the disk right.
func (s *sim) repair(i int) {
	s.log("%s: put right", s.lanes[i].Name)
	v := s.paper[i]
	v.CoolHead()
	v.ClearJam()
	v.CloseCover()
	st := v.State()
	if st.PaperEnd || st.Paper < 300 {
		v.LoadPaper(80_000)
	}
	if st.Error {
		v.PowerOff()
		v.PowerOn()
	}
	s.setDisk(nil, 0)
}

// lookAfterDoubts is what a person does: look at the paper, and say what is
// on it.
func (s *sim) lookAfterDoubts() {
	q := s.owner.q
	jobs, err := q.Jobs(context.Background(), Filter{States: []State{Doubt}})
	require.NoError(s.t, err)
	for _, j := range jobs {
		how := ResolveReprint
		if n, err := strconv.Atoi(j.Key); err == nil && s.copies()[n].whole > 0 {
			how = ResolvePrinted
		} else if s.rng.IntN(5) == 0 {
			how = ResolveDrop
		}
		s.log("%s (R%s): resolved as %s: %s", j.ID, j.Key, how, j.Reason)
		err := q.Resolve(context.Background(), j.ID, how)
		if !errors.Is(err, ErrFull) && !errors.Is(err, ErrState) {
			require.NoError(s.t, err)
		}
	}
}

// settle waits until everything is settled, for a day at most.
func (s *sim) settle() (wrong []string) {
	for range 24 * 60 {
		s.lookAfterDoubts()
		st, err := s.owner.q.Stats(context.Background())
		require.NoError(s.t, err)
		waiting := 0
		for _, l := range st.Lanes {
			waiting += l.Waiting() + l.Count[Doubt]
		}
		if waiting == 0 {
			return nil
		}
		s.repair(0)
		s.repair(1)
		time.Sleep(time.Minute)
	}
	jobs, _ := s.owner.q.Jobs(context.Background(), Filter{States: []State{Queued, Printing, Doubt}})
	for _, j := range jobs {
		wrong = append(wrong, fmt.Sprintf("%s (R%s) is still %s after a day: %s", j.ID, j.Key, j.State, j.Reason))
	}
	lanes, _ := s.owner.q.Lanes(context.Background())
	for _, l := range lanes {
		wrong = append(wrong, fmt.Sprintf("%s is %s %v", l.Name, l.State, l.Reasons))
	}
	return wrong
}

// simCopies is what lies on the paper of one receipt.
type simCopies struct {
	unmarked int // copies, whole or in part
	whole    int // unmarked ones that are whole
	marked   int // marked ones that are whole
	wrong    []string
}

var (
	simLine = regexp.MustCompile(`^R(\d+) (\d+)/(\d+)$`)
	simMark = regexp.MustCompile(`^Attempt \d+, `)
)

// copies reads the paper.
func (s *sim) copies() map[int]simCopies {
	all := map[int]simCopies{}
	for i, v := range s.paper {
		var (
			mark          bool // a mark stands above what comes
			cur, at, from = -1, 0, 0
			marked        bool
		)
		for text := range strings.Lines(v.Printed()) {
			text = strings.TrimSpace(text)
			if strings.Contains(text, "REPRINT") || simMark.MatchString(text) {
				mark, cur = true, -1
				continue
			}
			m := simLine.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			r, _ := strconv.Atoi(m[1])
			l, _ := strconv.Atoi(m[2])
			n, _ := strconv.Atoi(m[3])
			c := all[r]
			if r == cur && l == at {
				continue // a line that was interrupted is printed again
			}
			if r != cur || l < at {
				if r == cur && marked {
					c.wrong = append(c.wrong, fmt.Sprintf("R%d: a copy on %s goes back from line %d to %d without a mark", r, s.lanes[i].Name, at, l))
				}
				cur, from, marked = r, l, mark
				if !marked {
					c.unmarked++
				}
				mark = false
			}
			if l > at+1 && from < l {
				from = n + 1 // a hole: not whole
			}
			at = l
			if l == n && from == 1 {
				if marked {
					c.marked++
				} else {
					c.whole++
				}
			}
			all[r] = c
		}
	}
	return all
}

// check holds the records against the paper.
func (s *sim) check() (wrong []string) {
	q, err := Open(context.Background(), s.dir, nil)
	require.NoError(s.t, err)
	defer func() { require.NoError(s.t, q.Close()) }()
	copies := s.copies()
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for r, w := range s.want {
		j, err := q.Job(context.Background(), w.job)
		if err != nil {
			complain("R%d: lost: %v", r, err)
			continue
		}
		c := copies[r]
		wrong = append(wrong, c.wrong...)
		if c.unmarked > 1 {
			complain("R%d (%s): %d unmarked copies", r, j.ID, c.unmarked)
		}
		byHand := strings.HasPrefix(j.Reason, "somebody")
		switch {
		case j.State == Canceled:
		case j.State != Printed:
			complain("R%d (%s) ends as %s: %s", r, j.ID, j.State, j.Reason)
		case byHand && c.whole+c.marked == 0:
			complain("R%d (%s) was seen, and is not there", r, j.ID)
		case !byHand && !j.Reprint && c.whole != 1:
			complain("R%d (%s) is printed on %s, with %d whole copies", r, j.ID, j.Evidence, c.whole)
		case !byHand && j.Reprint && c.marked == 0:
			complain("R%d (%s) was printed again on %s, and no whole marked copy is there", r, j.ID, j.Evidence)
		}
	}
	return wrong
}

func report(t *testing.T, cfg simConfig, wrong, history []string) {
	t.Helper()
	t.Errorf("seed %d: %s\nhistory:\n%s", cfg.seed, strings.Join(wrong, "\n"), strings.Join(history, "\n"))
}

func TestSimulation(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			cfg := simConfig{seed: seed, receipts: 12, faults: 60}
			if wrong, history := simulate(t, cfg); len(wrong) > 0 {
				report(t, cfg, wrong, history)
			}
		})
	}
}

func TestSimulationFindsPlantedBugs(t *testing.T) {
	for _, bug := range simBugs {
		t.Run(string(bug), func(t *testing.T) {
			for seed := range uint64(40) {
				cfg := simConfig{seed: seed, receipts: 8, faults: 25, bug: bug}
				if wrong, _ := simulate(t, cfg); len(wrong) > 0 {
					t.Logf("seed %d: %s", seed, wrong[0])
					return
				}
			}
			t.Error("not found")
		})
	}
}

// TestSoak runs as long as it is told to:
//
//	PRINTERCTL_SOAK_SEED=0 PRINTERCTL_SOAK_COUNT=1000 go test -run Soak
//
// COUNT is the number of receipts; there are ten faults to each.
func TestSoak(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("PRINTERCTL_SOAK_COUNT"))
	seed, _ := strconv.ParseUint(os.Getenv("PRINTERCTL_SOAK_SEED"), 10, 64)
	const each = 50
	for done := 0; done < count; done += each {
		cfg := simConfig{seed: seed, receipts: each, faults: 10 * each}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if wrong, history := simulate(t, cfg); len(wrong) > 0 {
				report(t, cfg, wrong, history)
			}
		})
		seed++
	}
}
