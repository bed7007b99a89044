package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos/queue"
)

// stored opens the stored receipts, if there are any: it is nil where nothing
// was ever queued here.
func (a *app) stored(ctx context.Context) (*queue.Queue, error) {
	dir, err := a.stateDirectory()
	if err != nil {
		return nil, nil
	}
	if _, err := os.Stat(filepath.Join(dir, queue.FileName)); err != nil {
		return nil, nil
	}
	return a.openQueue(ctx, dir, nil)
}

// openQueue opens the stored receipts, and says what was damaged.
func (a *app) openQueue(ctx context.Context, dir string, cfg *queue.Config) (*queue.Queue, error) {
	q, err := queue.Open(ctx, dir, cfg)
	if err != nil {
		return nil, err
	}
	if d := q.Damage(); d != nil {
		a.say("%s", describeDamage(d))
	}
	return q, nil
}

// describeDamage says what became of a store that did not read back.
func describeDamage(d *queue.Damage) string {
	s := fmt.Sprintf("the stored receipts were damaged (%v): %d could be read and are kept", d.Cause, d.Kept)
	if len(d.Lost) > 0 {
		s += ", lost are " + strings.Join(d.Lost, ", ")
	}
	return s + "; the damaged file is " + d.File
}

// backlog says in a few words what waits for a printer. It is empty where
// nothing was ever queued here; a store that cannot be read is no reason to
// say nothing about the printer.
func (a *app) backlog(ctx context.Context, t target) string {
	q, err := a.stored(ctx)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	if q == nil {
		return ""
	}
	defer q.Close()
	st, err := q.Stats(ctx)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	for _, l := range st.Lanes {
		if l.Lane == t.Name {
			return describeBacklog(l)
		}
	}
	return ""
}

func describeBacklog(l queue.LaneStats) string {
	s := "empty"
	if n := l.Waiting(); n > 0 {
		s = fmt.Sprintf("%d waiting", n)
		if !l.Oldest.IsZero() {
			s += ", oldest " + span(time.Since(l.Oldest))
		}
	}
	if n := l.Count[queue.Doubt]; n > 0 {
		s += fmt.Sprintf(", %d in doubt (printerctl queue list)", n)
	}
	return s
}
