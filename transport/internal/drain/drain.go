// Package drain waits for queues that tell their length but not when they empty.
package drain

import (
	"context"
	"time"
)

// Poll returns when left reports 0 or fewer bytes, or an error, or ctx
// ends. It serves the Drain of media whose system tells how much is queued
// but does not tell when the queue becomes empty; it looks every 2 ms at
// first and every 50 ms at last.
func Poll(ctx context.Context, left func() (int, error)) error {
	const shortest, longest = 2 * time.Millisecond, 50 * time.Millisecond
	var timer *time.Timer
	for wait := shortest; ; wait = min(wait*2, longest) {
		n, err := left()
		if err != nil || n <= 0 {
			return err
		}
		if timer == nil {
			timer = time.NewTimer(wait)
			defer timer.Stop()
		} else {
			timer.Reset(wait)
		}
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
