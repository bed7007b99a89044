package deadline_test

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/internal/deadline"
)

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadline.Deadline
		require.False(t, d.Expired(), "the zero value is no deadline")

		waiting := d.Done()
		d.Set(time.Now().Add(time.Second))
		<-waiting // set after the wait began, seen all the same
		require.True(t, d.Expired())

		d.Set(time.Now().Add(time.Second))
		require.False(t, d.Expired(), "moved on")
		d.Set(time.Now().Add(time.Hour))
		<-time.After(time.Minute)
		require.False(t, d.Expired(), "the earlier timer is off")

		d.Set(time.Now().Add(-time.Second))
		require.True(t, d.Expired(), "in the past")
		d.Set(time.Unix(1, 0))
		require.True(t, d.Expired(), "again in the past")
		d.Set(time.Time{})
		require.False(t, d.Expired(), "removed")
	})
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadline.Deadline
		set := func(at time.Time) error { d.Set(at); return nil }
		blocked := func() (int, error) { <-d.Done(); return 3, os.ErrDeadlineExceeded }

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		n, err := deadline.Run(ctx, set, blocked)
		require.Equal(t, 3, n, "the count survives the cancel")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.False(t, d.Expired(), "left cleared")

		called := false
		_, err = deadline.Run(ctx, set, func() (int, error) { called = true; return 0, nil })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.False(t, called, "an ended context starts nothing")

		d.Set(time.Now().Add(-1))
		live, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, err = deadline.Run(live, set, blocked)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "the caller's own deadline is not the context's")
	})
}

// The deadline that ends the call is set and cleared in that order, however
// late the watcher is: it cannot hit the next call.
func TestRunJoinsWatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var set []bool // whether the deadline set was one
		slow := func(at time.Time) error {
			if !at.IsZero() {
				<-time.After(time.Second)
			}
			set = append(set, !at.IsZero())
			return nil
		}
		n, err := deadline.Run(ctx, slow, func() (int, error) { cancel(); return 1, nil })
		require.NoError(t, err, "the call was faster")
		require.Equal(t, 1, n)
		require.Equal(t, []bool{true, false}, set)
	})
}
