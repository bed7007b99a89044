package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/transport"
)

// printOptions are the flags of print.
type printOptions struct {
	source  sourceOptions
	profile string
	key     string
	wait    time.Duration
	async   bool
	copies  int
	done    string // for people, what it is to have printed it; "" is printed
}

func newPrintCommand(a *app) *cobra.Command {
	var o printOptions
	cmd := &cobra.Command{
		Use:   "print [FILE or -]",
		Short: "Print a file, and wait until it came out",
		Long: `Print a file or standard input. The receipt is stored first, so that it is not
lost whatever happens; then it is printed, by this process or by the one that
drives the printer already. If the printer runs out of paper, it waits.

Control characters in text never reach the printer. Raw ESC/POS is sent with
--as raw, and only then.

Exit: 0 printed, or sent to a printer that cannot confirm · 1 failed, nothing
was printed · 4 in doubt · 75 still queued, nothing is lost.`,
		Args: needArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := a.target()
			if err != nil {
				return err
			}
			name := "-"
			if len(args) == 1 {
				name = args[0]
			}
			return a.print(cmd.Context(), t, name, o)
		},
	}
	f := cmd.Flags()
	o.source.flags(f)
	f.StringVar(&o.profile, "profile", "", "printer `model` to print for, or a JSON file that describes one; chosen by what the printer says if not given")
	f.StringVar(&o.key, "key", "", "idempotency `key`: the same key prints once, however often it is asked for")
	f.DurationVar(&o.wait, "wait", 0, "give up waiting after this time; the receipt stays queued (0: wait as long as it takes)")
	f.BoolVar(&o.async, "async", false, "store the receipt and return; something else drives the printer")
	f.IntVar(&o.copies, "copies", 1, "how many receipts of the same content to print, 1 to 99")
	return cmd
}

func (a *app) print(ctx context.Context, t target, name string, o printOptions) error {
	if o.copies < 1 || o.copies > 99 {
		return fmt.Errorf("--copies %d: out of range (1 to 99)", o.copies)
	}
	if o.wait < 0 {
		return fmt.Errorf("--wait %v: out of range (0 waits as long as it takes)", o.wait)
	}
	cfg, err := t.config(o.profile, a.timeout)
	if err != nil {
		return err
	}
	doc, err := a.load(name, o.source)
	if err != nil {
		return err
	}
	if err := a.rehearse(name, doc, cfg.Profile, o.copies); err != nil {
		return err
	}
	if !o.async {
		if err := a.present(ctx, t); err != nil {
			return err
		}
	}
	title := clean(filepath.Base(name))
	if name == "-" {
		title = ""
	}
	receipts := make([]queue.Receipt, o.copies)
	for i := range receipts {
		receipts[i] = queue.Receipt{Lane: t.Name, Key: o.key, Document: doc, Title: title}
		if o.key != "" && o.copies > 1 {
			receipts[i].Key += "/" + strconv.Itoa(i+1)
		}
	}
	return a.deliver(ctx, t, cfg, receipts, o)
}

// present finds the mistakes that waiting does not mend, before anything is
// stored: a URI that cannot be right, a local device that is not there or may
// not be opened. A printer on the network that is off, and a device that
// another program holds, are waited for.
func (a *app) present(ctx context.Context, t target) error {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	if strings.HasPrefix(t.URI, "tcp:") {
		cancel() // only the URI is looked at: some printers take one host at a time
	}
	c, err := transport.Open(ctx, t.URI)
	if err == nil {
		return c.Close()
	}
	for _, mistake := range []error{transport.ErrURI, transport.ErrNotFound, transport.ErrPermission, transport.ErrUnsupported} {
		if errors.Is(err, mistake) {
			return err
		}
	}
	return nil
}

// deliver stores receipts, sees them through, and tells what became of them.
func (a *app) deliver(ctx context.Context, t target, cfg *printer.Config, receipts []queue.Receipt, o printOptions) error {
	dir, err := a.stateDirectory()
	if err != nil {
		return err
	}
	q, err := a.openQueue(ctx, dir, nil)
	if err != nil {
		return err
	}
	defer q.Close()
	jobs := make([]queue.Job, len(receipts))
	for i, r := range receipts {
		if jobs[i], err = q.Enqueue(ctx, r); err == nil {
			continue
		}
		if i > 0 { // whoever asks again for all of them gets these twice
			err = &exitError{exitStillQueued, fmt.Errorf("%w; %d of the %d copies are stored all the same, and will be printed", err, i, len(receipts))}
		}
		return err
	}
	if !o.async {
		if err := a.seeThrough(ctx, q, t, cfg, jobs, o.wait); err != nil {
			return err
		}
	}
	return a.tellJobs(jobs, o)
}

// graceAfterWait is how long a receipt that is coming out may take beyond
// --wait.
const graceAfterWait = time.Second

// seeThrough drives the printer's lane, unless another process does, until
// every job is settled or in doubt, or patience ends. It updates jobs.
func (a *app) seeThrough(ctx context.Context, q *queue.Queue, t target, cfg *printer.Config, jobs []queue.Job, patience time.Duration) error {
	lane := t.laneOf(cfg)
	if patience > 0 {
		lane.Grace = graceAfterWait
	}
	if interactive(a.stderr) {
		line := &progress{w: a.stderr}
		a.stderr, lane.OnProgress = line, line.hear
		defer func() { a.stderr = line.w }()
		defer line.end()
	}
	runCtx, stop := context.WithCancel(ctx)
	told := make(chan struct{})
	events := q.Subscribe(64)
	go func() {
		defer close(told)
		for e := range events.C() {
			a.narrate(e)
			if e.Kind == queue.LaneHolds {
				a.nameDoubts(runCtx, q, e.Lane)
			}
		}
	}()
	ran := make(chan error, 1)
	go func() { ran <- q.Run(runCtx, lane) }()

	waitCtx, cancel := runCtx, context.CancelFunc(func() {})
	if patience > 0 {
		waitCtx, cancel = context.WithTimeout(runCtx, patience)
	}
	defer cancel()
	var err error
	for i := range jobs {
		var j queue.Job
		if j, err = q.Wait(waitCtx, jobs[i].ID); err != nil {
			break
		}
		jobs[i] = j
	}
	stop()
	runErr := <-ran
	events.Close()
	<-told
	switch {
	case err != nil && waitCtx.Err() == nil:
		return err
	case runErr != nil && !errors.Is(runErr, context.Canceled):
		return runErr
	}
	// Parking the receipt in hand may have changed what is known of it.
	late := context.WithoutCancel(ctx)
	for i := range jobs {
		if jobs[i], err = q.Job(late, jobs[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// narrate tells a person what holds a printer up, and that it goes on.
func (a *app) narrate(e queue.Event) {
	switch e.Kind {
	case queue.LaneHolds, queue.LaneResumes, queue.PaperNearEnd:
		a.say("%s: %s", e.Lane, e.Text)
	}
}

// nameDoubts names the receipts that block a lane until somebody decides.
func (a *app) nameDoubts(ctx context.Context, q *queue.Queue, lane string) {
	doubts, err := q.Jobs(ctx, queue.Filter{Lane: lane, States: []queue.State{queue.Doubt}})
	if err != nil {
		return
	}
	for _, j := range doubts {
		a.say("%s: job %s is %s", lane, j.ID, outcome(j))
	}
}

// jobLine is the JSON object of print --json and queue list --json, which is
// a contract.
type jobLine struct {
	Job      string    `json:"job"`
	Printer  string    `json:"printer"`
	Key      string    `json:"key"`
	State    string    `json:"state"`
	Reason   string    `json:"reason"`
	Evidence string    `json:"evidence"`
	Attempt  int       `json:"attempt"`
	Reprint  bool      `json:"reprint"`
	Time     time.Time `json:"time"`
}

func newJobLine(j queue.Job) jobLine {
	return jobLine{
		Job: j.ID, Printer: j.Lane, Key: j.Key, State: string(j.State), Reason: j.Reason,
		Evidence: j.Evidence.String(), Attempt: j.Attempt, Reprint: j.Reprint, Time: j.Updated,
	}
}

// tellJobs prints what became of the jobs, and returns the exit code that
// says the gravest of it.
func (a *app) tellJobs(jobs []queue.Job, o printOptions) error {
	code := exitOK
	rank := map[int]int{exitOK: 0, exitStillQueued: 1, exitFailed: 2, exitDoubt: 3}
	enc := json.NewEncoder(a.stdout)
	for _, j := range jobs {
		c := jobExit(j, o.async)
		if rank[c] > rank[code] {
			code = c
		}
		if a.json {
			if err := enc.Encode(newJobLine(j)); err != nil {
				return err
			}
			continue
		}
		if c == exitOK {
			text := outcome(j)
			if o.done != "" && j.State == queue.Printed {
				text = strings.Replace(text, "printed", o.done, 1)
			}
			fmt.Fprintf(a.stdout, "%s  job %s\n", text, j.ID)
			continue
		}
		if o.done != "" && j.State == queue.Expired {
			a.say("not done, and it will not be done later: the printer could not do it in time (printerctl status tells why)")
			continue
		}
		a.say("%s  job %s", outcome(j), j.ID)
	}
	return exit(code)
}

func jobExit(j queue.Job, async bool) int {
	switch j.State {
	case queue.Printed:
		return exitOK
	case queue.Doubt:
		return exitDoubt
	case queue.Queued, queue.Printing:
		if async {
			return exitOK
		}
		return exitStillQueued
	}
	return exitFailed
}

// outcome says what became of a job, for people.
func outcome(j queue.Job) string {
	reason := ""
	if j.Reason != "" {
		reason = ": " + j.Reason
	}
	switch j.State {
	case queue.Printed:
		what := "printed"
		if j.Reprint {
			what = "printed again, marked as a reprint"
		}
		switch j.Evidence {
		case printer.EvidenceSent:
			return "sent, unconfirmed: this printer does not say what it prints"
		case printer.EvidenceNone:
			return what + reason
		}
		return what + " (" + j.Evidence.String() + ")"
	case queue.Doubt:
		return "in doubt" + reason + "; look at the paper, then say: printerctl queue resolve " + j.ID + " --printed, --reprint or --drop"
	case queue.Queued, queue.Printing:
		return "still queued" + reason + "; nothing is lost"
	}
	return string(j.State) + reason
}

// rehearse encodes the document once, before it is queued, so that what
// no printer could print is said while somebody listens. Which characters one
// lacks is said only where it is known which printer that is.
func (a *app) rehearse(name string, doc *escpos.Document, p *escpos.Profile, copies int) error {
	known := p != nil
	if !known {
		// The printer will say itself what it is. What the most able one could
		// print is not refused here.
		able := *escpos.GenericProfile()
		able.Width, able.PageMode, able.NVGraphics = escpos.MaxProfileWidth, true, true
		p = &able
	}
	_, subs, err := doc.AppendEncode(nil, p)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if n := doc.NonvolatileWrites(); n > 0 {
		a.warnOfWear(name, n*copies)
	}
	controls := 0
	for _, s := range subs {
		if s.Rune < 0x20 || s.Rune >= 0x7F && s.Rune < 0xA0 {
			controls++
		}
	}
	if controls > 0 {
		a.say("%s: %d control characters do not go to the printer and show as marks (raw ESC/POS is sent with --as raw)", name, controls)
	}
	if n := len(subs) - controls; known && n > 0 {
		s := subs[0]
		for _, s = range subs {
			if s.Rune >= 0x20 {
				break
			}
		}
		a.say("%s: %d characters are not in the character set of %s, the first is %q and prints as %q", name, n, p.Name, s.Rune, s.With)
	}
	return nil
}
