package queue

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
)

// SimBug is a bug that is planted to see whether the checker finds it.
type SimBug string

// The bugs.
const (
	BugFence    SimBug = "printed before the fence"
	BugLease    SimBug = "lease forgotten"
	BugClear    SimBug = "resent after an unconfirmed clear"
	BugDoubt    SimBug = "doubt printed again without a mark"
	BugPrinted  SimBug = "a kill settles what was being printed"
	BugMoved    SimBug = "moved without its mark"
	BugCounters SimBug = "counters believed across a power cycle"
	BugEvents   SimBug = "events told twice"
)

// SimBugs are all of them.
var SimBugs = []SimBug{BugFence, BugLease, BugClear, BugDoubt, BugPrinted, BugMoved, BugCounters, BugEvents}

// gauge is what a printer's counters show whose memory is written only when
// they are read: at a power cycle they go back.
type gauge struct {
	back bool
	lost reading
	last reading
}

func (g *gauge) read(c reading) reading {
	if g.back {
		g.back, g.lost = false, c.since(g.last)
	}
	g.last = c.since(g.lost)
	return g.last
}

var (
	moved = regexp.MustCompile(`(?m)^\s*From lane`)
	whose = regexp.MustCompile(`(?m)^\s*Receipt (\S+)`)
)

// plant puts the bug in.
func (s *sim) plant(q *Queue) {
	rows := append([]transition(nil), machine[:]...)
	for i := range rows {
		switch {
		case s.Bug == BugDoubt && rows[i].on == causeSaysAgain:
			rows[i].mark = false
		case s.Bug == BugPrinted && rows[i].on == causeLost:
			rows[i].to, rows[i].raise = Printed, JobPrinted
		}
	}
	q.s.machine = rows
	count := q.count
	q.count = func(ctx context.Context, p *printer.Printer) (c reading, known bool, err error) {
		c, known, err = count(ctx, p)
		s.mu.Lock()
		defer s.mu.Unlock()
		if g := s.rolled[p.URI()]; g != nil && known {
			c = g.read(c)
		}
		return c, known, err
	}
	print := q.print
	switch s.Bug {
	case BugFence:
		q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			j.OnProgress = func(pr printer.Progress) {
				if pr.Band >= pr.Bands-1 {
					cancel()
				}
			}
			res, err := print(p, ctx, j)
			if res.Sent > 0 && res.Outcome == printer.Doubt {
				res.Outcome, res.Evidence, err = printer.Printed, printer.EvidenceProcessID, nil
			}
			return res, err
		}
	case BugLease:
		q.lease = func(dir, lane string) (*lease, error) {
			f, err := os.CreateTemp(dir, "no-lock")
			return &lease{f: f}, err
		}
	case BugClear:
		q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
			res, err := print(p, ctx, j)
			if errors.Is(err, printer.ErrAbandoned) && res.Outcome == printer.Doubt {
				res.Outcome = printer.NotPrinted
			}
			return res, err
		}
	case BugMoved:
		q.print = func(p *printer.Printer, ctx context.Context, j *printer.Job) (printer.Result, error) {
			text := j.Document.PlainText()
			if id := whose.FindStringSubmatch(text); id != nil && moved.MatchString(text) && strings.Contains(text, "REPRINT") {
				var err error
				j.Document, err = q.Document(ctx, id[1])
				require.NoError(s.t, err)
			}
			return print(p, ctx, j)
		}
	}
}
