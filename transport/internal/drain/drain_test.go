package drain_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/internal/drain"
)

func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		empty := time.Now().Add(1100 * time.Millisecond)
		looks := 0
		queued := func() (int, error) {
			looks++
			return int(time.Until(empty) / time.Millisecond), nil
		}
		require.NoError(t, drain.Poll(t.Context(), queued))
		require.WithinRange(t, time.Now(), empty, empty.Add(50*time.Millisecond), "prompt")
		require.Less(t, looks, 40, "and not eager")

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.Equal(t, context.DeadlineExceeded, drain.Poll(ctx, func() (int, error) { return 1, nil }))

		broken := errors.New("unplugged")
		require.Equal(t, broken, drain.Poll(t.Context(), func() (int, error) { return 1, broken }))
	})
}
