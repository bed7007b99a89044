package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// breakThings does what the world does to printers and machines, and puts it
// right again some time later.
func (s *sim) breakThings() {
	for range s.Faults {
		time.Sleep(s.draw(3 * time.Second))
		i := s.rng.IntN(2)
		v := s.paper[i]
		name := s.lanes[i].Name
		k := s.rng.IntN(18)
		if s.Bug == BugCounters && k < 6 {
			k = 8
		}
		switch k {
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
		case 8, 9:
			s.powerCycle(i, s.draw(3*time.Second))
		case 10, 11:
			s.kill(s.rng.IntN(2))
		case 12:
			s.setDisk(nil, s.draw(time.Second/2))
		case 13:
			s.setDisk(fmt.Errorf("%w (simulated)", ErrFull), 0)
		case 14:
			s.mu.Lock()
			s.skew += time.Duration(s.rng.IntN(7200)-3600) * time.Second
			skew := s.skew
			s.mu.Unlock()
			s.log("the clock steps to %s", skew)
		case 15:
			s.intrude(i)
		default:
			s.repair(i)
		}
		if s.rng.IntN(3) == 0 {
			time.Sleep(s.draw(20 * time.Second))
			s.repair(i)
		}
		s.lookAfterDoubts()
	}
}

// draw is a time of up to d. It is no round number, so that nothing happens
// at the same instant as what the processes do by their clocks.
func (s *sim) draw(d time.Duration) time.Duration { return time.Duration(s.rng.Int64N(int64(d))) }

func (s *sim) setDisk(err error, slow time.Duration) {
	s.mu.Lock()
	s.disk, s.slow = err, slow
	s.mu.Unlock()
	s.log("disk: %v, %s", err, slow.Round(time.Millisecond))
}

func (s *sim) powerCycle(i int, off time.Duration) {
	s.log("%s: power cycled", s.lanes[i].Name)
	s.paper[i].PowerOff()
	s.mu.Lock()
	if g := s.rolled[s.lanes[i].URI]; g != nil {
		g.back = true
	}
	s.mu.Unlock()
	time.Sleep(off)
	s.paper[i].PowerOn()
}

// intrude lets a program that knows nothing of the queue print and cut, while
// the link is down. Counters are of use only on a printer that nobody else
// uses in the middle of a receipt.
func (s *sim) intrude(i int) {
	l := s.lanes[i]
	if l.CountersKeep {
		jobs, err := s.desk.Jobs(context.Background(), Filter{Lane: l.Name, States: []State{Printing}})
		require.NoError(s.t, err)
		if len(jobs) > 0 {
			return
		}
	}
	lines := 1 + s.rng.IntN(20)
	s.log("%s: somebody else prints %d lines", l.Name, lines)
	s.paper[i].CutLink()
	c, err := s.paper[i].Dial()
	if err != nil {
		return // it is off
	}
	doc := new(escpos.Document)
	for range lines {
		doc.Line("Somebody else")
	}
	b, _, err := doc.Cut(escpos.CutPartial).AppendEncode(nil, nil)
	require.NoError(s.t, err)
	require.NoError(s.t, c.SetWriteDeadline(time.Now().Add(time.Second)))
	_, _ = c.Write(b) // it may be full
	require.NoError(s.t, c.Close())
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
		s.powerCycle(i, 0)
	}
	s.setDisk(nil, 0)
}

// lookAfterDoubts is what a person does, in a process that prints nothing:
// look at the paper, and say what is on it.
func (s *sim) lookAfterDoubts() {
	jobs, err := s.desk.Jobs(context.Background(), Filter{States: []State{Doubt}})
	require.NoError(s.t, err)
	for _, j := range jobs {
		s.mu.Lock()
		wanted := maps.Clone(s.want)
		s.mu.Unlock()
		n, err := strconv.Atoi(j.Key)
		require.NoError(s.t, err)
		how := sawWhole(readPaper(wanted, s.paper...)[n])
		if how == ResolveReprint && s.rng.IntN(5) == 0 {
			how = ResolveDrop
		}
		s.log("%s (R%s): resolved as %s: %s", j.ID, j.Key, how, j.Reason)
		err = s.desk.Resolve(context.Background(), j.ID, how)
		if !errors.Is(err, ErrFull) && !errors.Is(err, ErrState) {
			require.NoError(s.t, err)
		}
	}
}

// settle waits until everything is settled, for a day at most.
func (s *sim) settle() {
	for range 24 * 360 {
		s.lookAfterDoubts()
		st, err := s.desk.Stats(context.Background())
		require.NoError(s.t, err)
		waiting := 0
		for _, l := range st.Lanes {
			waiting += l.Waiting() + l.Count[Doubt]
		}
		if waiting == 0 {
			return
		}
		s.repair(0)
		s.repair(1)
		time.Sleep(10 * time.Second)
	}
	jobs, _ := s.desk.Jobs(context.Background(), Filter{States: []State{Queued, Printing, Doubt}})
	for _, j := range jobs {
		s.complain("%s (R%s) is still %s after a day: %s", j.ID, j.Key, j.State, j.Reason)
	}
	lanes, _ := s.desk.Lanes(context.Background())
	for _, l := range lanes {
		s.complain("%s is %s %v", l.Name, l.State, l.Reasons)
	}
}

// settled returns when each receipt was settled.
func (s *sim) settled() map[string]time.Duration {
	jobs, err := s.desk.Jobs(context.Background(), Filter{})
	require.NoError(s.t, err)
	when := map[string]time.Duration{}
	for _, j := range jobs {
		when[j.Key] = j.Updated.Sub(s.began)
	}
	return when
}
