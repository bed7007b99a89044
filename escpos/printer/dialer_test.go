package printer_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

func TestDialerIsPatient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := virtual.New(nil)
		defer v.Close()
		began := time.Now()
		var waits []time.Duration
		d := printer.Dialer{
			URI: "virtual://lane-1",
			Config: &printer.Config{Dial: func(context.Context) (transport.Conn, error) {
				if time.Since(began) < time.Minute {
					return nil, transport.NewOpError("open", "virtual://lane-1", transport.ErrRefused, "")
				}
				return v.Dial()
			}},
			MaxBackoff: 8 * time.Second,
			OnError: func(err error, wait time.Duration) {
				require.ErrorIs(t, err, transport.ErrRefused)
				waits = append(waits, wait)
			},
		}
		p, err := d.Dial(t.Context())
		require.NoError(t, err)
		require.NoError(t, p.Close())
		require.GreaterOrEqual(t, len(waits), 10)
		for i, w := range waits {
			whole := min(500*time.Millisecond<<i, 8*time.Second)
			require.LessOrEqual(t, w, whole)
			require.GreaterOrEqual(t, w, whole/2-time.Nanosecond)
		}
	})
}

func TestDialerGivesUp(t *testing.T) {
	d := printer.Dialer{URI: "tpc://192.0.2.7"}
	_, err := d.Dial(t.Context())
	require.ErrorIs(t, err, transport.ErrScheme)

	synctest.Test(t, func(t *testing.T) {
		d := printer.Dialer{URI: "virtual://lane-1", Config: &printer.Config{
			Dial: func(context.Context) (transport.Conn, error) { return nil, transport.ErrUnreachable },
		}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		_, err := d.Dial(ctx)
		require.ErrorIs(t, err, transport.ErrUnreachable, "why it could not")
		require.ErrorIs(t, err, context.DeadlineExceeded, "why it stopped trying")
		require.Equal(t, 10*time.Second, time.Since(began))
	})
}
