package queue

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// routeEvery is how often a lane that is not ready looks whether its backup
// is, once it is time.
const routeEvery = time.Second

// route moves what waits to the backup lane, when that is due. Where the
// lane has a backup and is not ready, it returns when to look again.
//
// A receipt moves while it is queued, in one transaction: it is on one lane
// or on the other, and never on both. One that was moved does not move again.
func (r *runner) route(ctx context.Context) (time.Duration, bool) {
	r.mu.Lock()
	unready := r.unready
	r.mu.Unlock()
	if r.lane.Backup == "" || unready.IsZero() {
		return 0, false
	}
	if d := r.lane.backupAfter() - time.Since(unready); d > 0 {
		return d, true
	}
	if err := r.move(ctx); err != nil && ctx.Err() == nil {
		r.log.Warn("cannot move receipts to the backup lane", "backup", r.lane.Backup, "error", err)
	}
	return routeEvery, true
}

func (r *runner) move(ctx context.Context) error {
	lanes, err := r.q.s.lanes(ctx)
	if err != nil {
		return err
	}
	ready := slices.ContainsFunc(lanes, func(l LaneInfo) bool {
		return l.Name == r.lane.Backup && l.Running && l.State == LaneReady
	})
	if !ready {
		return nil
	}
	jobs, err := r.q.s.query(ctx, selectJob+` WHERE lane = ? AND state = 'queued' AND origin = lane
		ORDER BY priority DESC, seq LIMIT ?`, r.lane.Name, maxBatch)
	if err != nil || len(jobs) == 0 {
		return err
	}
	return r.advance(ctx, func(t *tx) error {
		for _, j := range jobs {
			_, err := t.advance(j.seq, causeRoute, change{
				lane: r.lane.Backup, reason: fmt.Sprintf("%s was not ready for %s", r.lane.Name, r.lane.backupAfter()),
			}, r.q.now())
			if err := r.ignoreState(err); err != nil {
				return err
			}
		}
		return nil
	})
}
