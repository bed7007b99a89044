package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/transport"
)

func newStatusCommand(a *app) *cobra.Command {
	var watch bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Ask a printer how it is, and change nothing",
		Long: `Ask a printer how it is. Nothing but status questions (DLE EOT 1 to 4) is sent:
nothing is printed, fed, cleared or reset. With --watch, automatic status (GS a)
is switched on as long as it runs, where the printer has it.

Exit: 0 all is well · 1 warning (paper near its end) · 2 critical (no paper,
cover open, error, offline, unreachable) · 3 unknown (no answer, wrong usage).`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ts, err := a.named()
			if watch && err == nil {
				ts, err = a.targets()
			}
			if err != nil {
				return &exitError{Code: exitUnknown, Err: err}
			}
			if watch {
				return a.watch(cmd.Context(), ts)
			}
			return a.status(cmd.Context(), ts)
		},
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "go on, and tell every change")
	return cmd
}

// A report is what is known about one printer: the JSON object of
// status --json, which is a contract.
type report struct {
	Schema     int               `json:"schema"`
	Printer    string            `json:"printer"`
	URI        string            `json:"uri"`
	Time       time.Time         `json:"time"`
	State      string            `json:"state"`
	Severity   string            `json:"severity"`
	Online     *bool             `json:"online"`
	Paper      string            `json:"paper"`
	Cover      string            `json:"cover"`
	Error      string            `json:"error"`
	DrawerPin3 string            `json:"drawer_pin3"`
	Reasons    []string          `json:"reasons"`
	Raw        map[string]string `json:"raw"`
	Owner      string            `json:"owner,omitempty"` // the process that drives the printer and was asked in its place

	target  target
	status  escpos.Status
	err     error // why it could not be asked
	asked   int   // questions
	replied int   // answers
	watched bool  // told by the printer itself, not asked for
}

func newReport(t target, now time.Time) report {
	r := report{Schema: 1, Printer: t.Name, URI: t.URI, Time: now, target: t}
	r.setStatus(escpos.Status{})
	return r
}

func (r *report) setStatus(s escpos.Status) {
	r.status = s
	r.State = s.State().String()
	r.Severity = s.Severity().String()
	r.Online = boolOf(s.Online)
	r.Paper = s.Paper().String()
	r.Cover = word(s.CoverOpen, "open", "closed")
	r.Error = s.Error().String()
	r.DrawerPin3 = word(s.DrawerPin3High, "high", "low")
	r.Reasons = append([]string{}, s.Reasons()...)
	r.Raw = map[string]string{}
	for n := 1; n <= 4; n++ {
		if s.Raw.Has(n) {
			r.Raw["dle_eot_"+string(rune('0'+n))] = hexByte(s.Raw.RealTime[n])
		}
	}
}

// setError records why the printer could not be asked. A device that is not
// there is unreachable; one that may not be opened is unknown.
func (r *report) setError(err error) {
	r.err = err
	if unreachable(err) {
		r.State = escpos.StateUnreachable.String()
		r.Severity = escpos.SeverityCritical.String()
		r.Reasons = []string{"connecting-to-device-error"}
	}
}

func (r *report) exitCode() int {
	switch r.Severity {
	case "ok":
		return exitOK
	case "warning":
		return exitWarning
	case "critical":
		return exitCritical
	}
	return exitUnknown
}

// status asks every printer at once, so that a dead one delays nobody, and
// prints in the order in which they were named.
func (a *app) status(ctx context.Context, ts []target) error {
	reports := make([]report, len(ts))
	var wg sync.WaitGroup
	for i, t := range ts {
		wg.Go(func() { reports[i] = a.ask(ctx, t) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return &exitError{Code: exitUnknown, Err: err}
	}
	if a.json {
		enc := json.NewEncoder(a.stdout)
		for i := range reports {
			if err := enc.Encode(&reports[i]); err != nil {
				return err
			}
		}
	} else {
		a.showReports(ctx, reports)
	}
	for i := range reports {
		if err := reports[i].err; err != nil {
			a.complain(err)
		}
	}
	return exit(worst(reports))
}

// tellingTimeout is how long nothing must have been heard of a printer for
// that to mean that it is not there.
const tellingTimeout = 500 * time.Millisecond

// ask opens one printer, asks, and closes it again.
func (a *app) ask(ctx context.Context, t target) report {
	all := ctx
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	r := newReport(t, time.Now())
	if err := t.check(); err != nil {
		r.setError(err)
		return r
	}
	cfg, err := t.config("", a.timeout)
	if err != nil {
		r.setError(err)
		return r
	}
	p, err := printer.Open(ctx, t.URI, cfg)
	if err != nil {
		switch {
		case (errors.Is(err, transport.ErrBusy) || errors.Is(err, transport.ErrRefused)) && a.askOwner(all, &r):
		case errors.Is(err, context.DeadlineExceeded) && a.timeout < tellingTimeout:
			r.err = fmt.Errorf("%s: nothing heard within %v: too short a time to tell (give more with --timeout)", t.URI, a.timeout)
		case errors.Is(err, context.DeadlineExceeded):
			r.setError(fmt.Errorf("%w (%w within %v)", err, transport.ErrUnreachable, a.timeout))
		default:
			r.setError(err)
		}
		return r
	}
	defer p.Close()
	s, err := p.Status(ctx)
	r.setStatus(s.Status)
	if !s.Time.IsZero() {
		r.Time = s.Time
	}
	r.asked, r.replied = s.Asked, s.Answered
	switch {
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		r.setStatus(escpos.Status{}) // a link that broke leaves no status behind
		r.setError(err)
	case s.Answered == 0:
		// Many printers take several hosts and hear the first.
		a.askOwner(all, &r)
	}
	return r
}

// askOwner takes the status from the store, where the process that drives the
// printer keeps it. It reports whether one does, and hears it itself.
func (a *app) askOwner(ctx context.Context, r *report) bool {
	q, err := a.stored(ctx)
	if q == nil || err != nil {
		return false
	}
	defer q.Close()
	lanes, err := q.Lanes(ctx)
	if err != nil {
		return false
	}
	for _, l := range lanes {
		if !l.Hears() || !queue.SamePrinter(l.URI, r.URI) {
			continue
		}
		r.setStatus(l.Status.Status)
		r.Time, r.Owner = l.Status.Time, l.Owner
		r.asked, r.replied = l.Status.Asked, l.Status.Answered
		return true
	}
	return false
}

// worst is the exit code for several printers: the gravest, where not
// knowing is graver than a warning.
func worst(reports []report) int {
	rank := map[int]int{exitOK: 0, exitWarning: 1, exitUnknown: 2, exitCritical: 3}
	code := exitOK
	for i := range reports {
		if c := reports[i].exitCode(); rank[c] > rank[code] {
			code = c
		}
	}
	return code
}

func boolOf(t escpos.Tri) *bool {
	if t == escpos.Unknown {
		return nil
	}
	b := t == escpos.Yes
	return &b
}

func word(t escpos.Tri, yes, no string) string {
	switch t {
	case escpos.Yes:
		return yes
	case escpos.No:
		return no
	}
	return "unknown"
}

func hexByte(b byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[b>>4], digits[b&15]})
}
