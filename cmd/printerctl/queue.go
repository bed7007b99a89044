package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos/queue"
)

func newQueueCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "queue",
		Short: "Look after the stored receipts, and drive the printers",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newQueueListCommand(a),
		newQueueShowCommand(a),
		newQueueCancelCommand(a),
		newQueueResolveCommand(a),
		newQueueRunCommand(a),
		newQueueStatsCommand(a),
	)
	return cmd
}

// withQueue opens the stored receipts for the time of f.
func (a *app) withQueue(ctx context.Context, f func(*queue.Queue) error) (err error) {
	dir, err := a.stateDirectory()
	if err != nil {
		return err
	}
	q, err := a.openQueue(ctx, dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	return f(q)
}

func newQueueListCommand(a *app) *cobra.Command {
	var all bool
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the receipts that wait, are in doubt, or were settled lately",
		Long: `List the stored receipts, the oldest first: all that are not settled, and the
latest that are. With -p, only those of that printer.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withQueue(cmd.Context(), func(q *queue.Queue) error {
				jobs, err := a.listJobs(cmd.Context(), q, all, limit)
				if err != nil {
					return err
				}
				return a.showJobs(jobs, time.Now())
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "list every receipt that is still stored")
	cmd.Flags().IntVar(&limit, "settled", 20, "how many settled receipts to list")
	return cmd
}

// listJobs returns what is not settled and the latest of the rest, in the
// order in which it was queued.
func (a *app) listJobs(ctx context.Context, q *queue.Queue, all bool, limit int) ([]queue.Job, error) {
	lanes := a.printers
	if len(lanes) == 0 {
		lanes = []string{""} // all
	}
	var jobs []queue.Job
	for _, lane := range lanes {
		settled := queue.Filter{
			Lane: lane, Newest: true, Limit: limit,
			States: []queue.State{queue.Printed, queue.Failed, queue.Canceled, queue.Expired},
		}
		if all {
			settled.Limit = 0
		}
		if all || limit > 0 {
			js, err := q.Jobs(ctx, settled)
			if err != nil {
				return nil, err
			}
			jobs = append(jobs, js...)
		}
		js, err := q.Jobs(ctx, queue.Filter{Lane: lane, States: []queue.State{queue.Queued, queue.Printing, queue.Doubt}})
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, js...)
	}
	slices.SortStableFunc(jobs, func(x, y queue.Job) int { return x.Created.Compare(y.Created) })
	return jobs, nil
}

func (a *app) showJobs(jobs []queue.Job, now time.Time) error {
	if a.json {
		enc := json.NewEncoder(a.stdout)
		for _, j := range jobs {
			if err := enc.Encode(newJobLine(j)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(jobs) == 0 {
		a.say("no receipts are stored")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "JOB\tPRINTER\tSTATE\tAGE\tTITLE\tREMARK")
	for _, j := range jobs {
		title := j.Title
		if title == "" {
			title = j.Key
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", j.ID, j.Lane, stateWord(j), span(now.Sub(j.Created)), clean(title), clean(remark(j)))
	}
	return w.Flush()
}

// stateWord makes the state stand out that wants a person.
func stateWord(j queue.Job) string {
	if j.State == queue.Doubt {
		return strings.ToUpper(string(j.State))
	}
	return string(j.State)
}

// remark is what there is to know beside the state.
func remark(j queue.Job) string {
	var words []string
	if j.State == queue.Printed {
		words = append(words, j.Evidence.String())
	}
	if j.Reprint {
		words = append(words, "reprint")
	}
	if j.Origin != j.Lane {
		words = append(words, "from "+j.Origin)
	}
	if j.Reason != "" {
		words = append(words, j.Reason)
	}
	return strings.Join(words, ", ")
}

func newQueueShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show JOB",
		Short: "Show a receipt, what happened to it, and what is on it",
		Args:  needArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withQueue(cmd.Context(), func(q *queue.Queue) error { return a.showJob(cmd.Context(), q, args[0]) })
		},
	}
}

// jobDetail is the JSON object of queue show --json.
type jobDetail struct {
	jobLine
	Origin   string       `json:"origin"`
	Title    string       `json:"title"`
	Priority int          `json:"priority"`
	Created  time.Time    `json:"created"`
	Expires  *time.Time   `json:"expires"`
	Text     string       `json:"text"`
	History  []stepDetail `json:"history"`
}

type stepDetail struct {
	Time     time.Time `json:"time"`
	Printer  string    `json:"printer"`
	State    string    `json:"state"`
	Reason   string    `json:"reason"`
	Evidence string    `json:"evidence"`
	Attempt  int       `json:"attempt"`
	Detail   string    `json:"detail"`
}

func (a *app) showJob(ctx context.Context, q *queue.Queue, id string) error {
	j, err := q.Job(ctx, id)
	if err != nil {
		return err
	}
	steps, err := q.History(ctx, id)
	if err != nil {
		return err
	}
	text := ""
	doc, err := q.Document(ctx, id)
	if err == nil {
		text = doc.PlainText()
	} else if !errors.Is(err, queue.ErrDamaged) {
		return err
	}
	if a.json {
		d := jobDetail{
			jobLine: newJobLine(j), Origin: j.Origin, Title: j.Title, Priority: j.Priority, Created: j.Created,
			Text: text, History: make([]stepDetail, len(steps)),
		}
		if !j.Expires.IsZero() {
			d.Expires = &j.Expires
		}
		for i, s := range steps {
			d.History[i] = stepDetail{s.Time, s.Lane, string(s.State), s.Reason, s.Evidence.String(), s.Attempt, s.Detail}
		}
		return json.NewEncoder(a.stdout).Encode(d)
	}
	fmt.Fprintf(a.stdout, "job %s on %s: %s\n", j.ID, clean(j.Lane), outcome(j))
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  %s\tqueued\t%s\n", j.Created.Format(time.DateTime), clean(j.Title))
	for _, s := range steps {
		words := []string{}
		for _, word := range []string{s.Reason, s.Detail} {
			if word != "" {
				words = append(words, word)
			}
		}
		if s.State == queue.Printed {
			words = append([]string{s.Evidence.String()}, words...)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.Time.Format(time.DateTime), s.State, clean(strings.Join(words, "; ")))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err != nil {
		a.say("%v", err)
		return nil
	}
	fmt.Fprintf(a.stdout, "\n%s", text)
	return nil
}

func newQueueCancelCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel JOB…",
		Short: "Take receipts that wait out of the queue",
		Args:  needArgs(1, math.MaxInt),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withQueue(cmd.Context(), func(q *queue.Queue) error {
				for _, id := range args {
					if err := q.Cancel(cmd.Context(), id); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func newQueueResolveCommand(a *app) *cobra.Command {
	var printed, reprint, drop bool
	cmd := &cobra.Command{
		Use:   "resolve JOB…",
		Short: "Say what became of receipts in doubt",
		Long: `Say what became of receipts in doubt, after a look at the paper: they came out
(--printed), another copy is wanted, which will be marked (--reprint), or they
are given up (--drop).`,
		Args: needArgs(1, math.MaxInt),
		RunE: func(cmd *cobra.Command, args []string) error {
			how := queue.ResolveDrop
			switch {
			case printed:
				how = queue.ResolvePrinted
			case reprint:
				how = queue.ResolveReprint
			}
			return a.withQueue(cmd.Context(), func(q *queue.Queue) error {
				for _, id := range args {
					if err := q.Resolve(cmd.Context(), id, how); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&printed, "printed", false, "it came out")
	f.BoolVar(&reprint, "reprint", false, "print another copy, marked")
	f.BoolVar(&drop, "drop", false, "give it up")
	cmd.MarkFlagsMutuallyExclusive("printed", "reprint", "drop")
	cmd.MarkFlagsOneRequired("printed", "reprint", "drop")
	return cmd
}

func newQueueStatsCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "stats",
		Short: "Count the stored receipts, printer by printer",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withQueue(cmd.Context(), func(q *queue.Queue) error {
				st, err := q.Stats(cmd.Context())
				if err != nil {
					return err
				}
				return a.showStats(st, time.Now())
			})
		},
	}
}

// statsLine is the JSON object of queue stats --json, one for each printer.
type statsLine struct {
	Printer string         `json:"printer"`
	Count   map[string]int `json:"count"`
	Oldest  *time.Time     `json:"oldest"` // of those that wait
}

func (a *app) showStats(st queue.Stats, now time.Time) error {
	states := []queue.State{queue.Queued, queue.Printing, queue.Doubt, queue.Printed, queue.Failed, queue.Canceled, queue.Expired}
	if a.json {
		enc := json.NewEncoder(a.stdout)
		for _, l := range st.Lanes {
			line := statsLine{Printer: l.Lane, Count: map[string]int{}}
			for _, s := range states {
				line.Count[string(s)] = l.Count[s]
			}
			if !l.Oldest.IsZero() {
				line.Oldest = &l.Oldest
			}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "PRINTER")
	for _, s := range states {
		fmt.Fprint(w, "\t"+strings.ToUpper(string(s)))
	}
	fmt.Fprintln(w, "\tOLDEST WAITING")
	for _, l := range st.Lanes {
		fmt.Fprint(w, l.Lane)
		for _, s := range states {
			fmt.Fprintf(w, "\t%d", l.Count[s])
		}
		oldest := "-"
		if !l.Oldest.IsZero() {
			oldest = span(now.Sub(l.Oldest))
		}
		fmt.Fprintln(w, "\t"+oldest)
	}
	return w.Flush()
}
