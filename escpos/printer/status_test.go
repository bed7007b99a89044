package printer_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// answers is a printer that answers DLE EOT n with answers[n]; not at all
// where that is 0.
func answers(bytes [5]byte) func(*far) {
	return func(f *far) {
		f.listen(func(n int) {
			if bytes[n] != 0 {
				f.say(bytes[n])
			}
		})
	}
}

func TestStatusAsksNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, f := link(t, nil, answers([5]byte{0, 0x12, 0x12, 0x12, 0x1E}))
		s, err := p.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, 4, s.Asked)
		require.Equal(t, 4, s.Answered)
		require.Equal(t, escpos.PaperNearEnd, s.Paper())
		require.Equal(t, escpos.StateReady, s.State())
		require.NoError(t, p.Close())
		require.Equal(t, []byte{0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 4, 0x10, 4, 3}, f.received())
	})
}

func TestStatusOfASilentPrinterIsUnknownInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, answers([5]byte{}))
		began := time.Now()
		s, err := p.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, 4, s.Asked)
		require.Zero(t, s.Answered)
		require.Equal(t, escpos.Status{}, s.Status)
		require.LessOrEqual(t, time.Since(began), 3*time.Second+3*time.Millisecond)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		s, err = p.Status(ctx)
		require.NoError(t, err, "a deadline sooner than the default is no failure")
		require.Zero(t, s.Answered)
		require.Less(t, time.Since(began), time.Second)
	})
}

func TestStatusIsCanceledAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, answers([5]byte{}))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		began := time.Now()
		_, err := p.Status(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 100*time.Millisecond, time.Since(began))
		require.NoError(t, p.Err(), "the link is as good as before")
	})
}

func TestStatusAfterTheLinkBroke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, f := link(t, nil, func(f *far) {})
		require.NoError(t, f.Close())
		<-p.Done()
		_, err := p.Status(t.Context())
		require.ErrorIs(t, err, printer.ErrLinkLost)
		require.NotErrorIs(t, err, printer.ErrClosed)
		var e *printer.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, "status", e.Op)
	})
}

// However little time there is, an open link that brings no answer in it is a
// Status that knows nothing, and not an error.
func TestNoTimeForAnAnswer(t *testing.T) {
	for _, d := range []time.Duration{time.Nanosecond, time.Millisecond, 4 * time.Millisecond, 50 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			slow := func(f *far) {
				f.listen(func(int) {
					time.Sleep(time.Second)
					f.say(0x12)
				})
			}
			p, _ := link(t, &printer.Config{AnswerTimeout: d}, slow)
			s, err := p.Status(t.Context())
			require.NoError(t, err)
			require.Equal(t, escpos.StateUnknown, s.State())

			p, _ = link(t, nil, slow)
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			s, err = p.Status(ctx)
			require.NoError(t, err)
			require.Equal(t, escpos.StateUnknown, s.State())
			s, err = p.Status(ctx)
			require.NoError(t, err)
			require.Zero(t, s.Answered)
			require.NoError(t, p.Err())

			canceled, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = p.Status(canceled)
			require.ErrorIs(t, err, context.Canceled)
		})
	}
}
