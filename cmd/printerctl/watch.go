package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos/printer"
)

// watch tells every change of every printer until ctx ends. A printer that is
// lost is looked for until it is back.
func (a *app) watch(ctx context.Context, ts []target) error {
	var v view = &lineView{w: a.stdout}
	switch {
	case a.json:
		v = jsonView{json.NewEncoder(a.stdout)}
	case interactive(a.stdout) && len(ts) == 1:
		v = &liveView{w: a.stdout, backlog: func() string { return a.backlog(ctx, ts[0]) }}
	}
	reports := make(chan report)
	var wg sync.WaitGroup
	for _, t := range ts {
		wg.Go(func() { a.follow(ctx, t, reports) })
	}
	go func() { wg.Wait(); close(reports) }()

	last := map[string]report{}
	for r := range reports {
		if prev, seen := last[r.URI]; seen && same(prev, r) {
			continue
		}
		last[r.URI] = r
		if err := v.show(&r); err != nil {
			return err
		}
	}
	all := make([]report, 0, len(last))
	for _, r := range last {
		all = append(all, r)
	}
	return exit(worst(all))
}

// same reports whether a change is one that people or programs would see.
func same(p, r report) bool {
	return p.State == r.State && p.Severity == r.Severity && p.Paper == r.Paper && p.Cover == r.Cover &&
		p.Error == r.Error && p.DrawerPin3 == r.DrawerPin3 && slices.Equal(p.Reasons, r.Reasons)
}

// follow opens one printer again and again, and sends what it says.
func (a *app) follow(ctx context.Context, t target, reports chan<- report) {
	send := func(r report) {
		select {
		case reports <- r:
		case <-ctx.Done():
		}
	}
	cfg, err := t.config("", a.timeout)
	if err != nil {
		r := newReport(t, time.Now())
		r.setError(err)
		send(r)
		return
	}
	dialer := printer.Dialer{URI: t.URI, Config: cfg, OnError: func(err error, _ time.Duration) {
		r := newReport(t, time.Now())
		r.setError(err)
		send(r)
	}}
	for ctx.Err() == nil {
		p, err := dialer.Dial(ctx)
		if err != nil {
			if ctx.Err() == nil {
				r := newReport(t, time.Now())
				r.setError(err)
				send(r)
			}
			return
		}
		w, err := p.Watch(ctx, nil)
		if err == nil {
			for c := range w.C() {
				r := newReport(t, c.Status.Time)
				r.setStatus(c.Status.Status)
				r.asked, r.replied = c.Status.Asked, c.Status.Answered
				r.watched = true
				send(r)
			}
			w.Close()
		}
		_ = p.Close()
	}
}

// A view shows reports as they come.
type view interface{ show(r *report) error }

type jsonView struct{ enc *json.Encoder }

func (v jsonView) show(r *report) error { return v.enc.Encode(r) }

// lineView prints a line a change.
type lineView struct{ w io.Writer }

func (v *lineView) show(r *report) error {
	_, err := fmt.Fprintf(v.w, "%s  %s  %s  paper %s  cover %s  error %s  (%s)\n",
		r.Time.Format(time.TimeOnly), r.Printer, r.State, shout(r.Paper), shout(r.Cover), r.Error, advice(r))
	return err
}

// liveView keeps one card up to date, in place.
type liveView struct {
	w       io.Writer
	backlog func() string
	lines   int
}

func (v *liveView) show(r *report) error {
	var b strings.Builder
	if v.lines > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", v.lines)
	}
	var card strings.Builder
	writeCard(&card, r, v.backlog())
	fmt.Fprintf(&card, "  %-8s %s (Ctrl-C ends)\n", "changed", r.Time.Format(time.TimeOnly))
	v.lines = strings.Count(card.String(), "\n")
	b.WriteString(card.String())
	_, err := io.WriteString(v.w, b.String())
	return err
}
