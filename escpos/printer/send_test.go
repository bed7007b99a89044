package printer_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

func TestAPrinterThatNeverReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, func(*far) {})
		stalls := make(chan printer.Stall, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		res, err := p.Print(ctx, &printer.Job{Document: receipt(5), OnStall: func(s printer.Stall) printer.Action {
			stalls <- s
			return printer.Resume
		}})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.NotPrinted, res.Outcome)
		s := <-stalls
		require.True(t, s.Blocked)
		require.NoError(t, s.Err())
		require.Less(t, s.Since.Sub(res.Began), 15*time.Second)
	})
}

func TestAPrinterThatStopsReadingInMidImage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, func(f *far) {
			f.onGSr = func() { f.say(0) }
			f.limit = 6000
			f.listen(func(int) { f.say(0x12) })
		})
		image := append([]byte{0x1D, 'v', '0', 0, 72, 0, 0xC8, 0}, make([]byte, 72*200)...)
		var stalls []printer.Stall
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		res, err := p.Print(ctx, &printer.Job{
			Document: new(escpos.Document).Line("a picture").Raw(image),
			OnStall: func(s printer.Stall) printer.Action {
				stalls = append(stalls, s)
				return printer.Resume
			},
		})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.Len(t, stalls, 1)
		require.True(t, stalls[0].Blocked)
		require.True(t, stalls[0].Sent)
		require.ErrorIs(t, p.Err(), printer.ErrLinkLost, "what came next would be taken for the picture")
		require.GreaterOrEqual(t, p.Unfinished(), len(image))
	})
}

// TestQuestionsStandBetweenCommands asks all the time while a job runs, and
// looks at the wire.
func TestQuestionsStandBetweenCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := virtual.New(&virtual.Config{Speed: 200})
		defer v.Close()
		conn, err := v.Dial()
		require.NoError(t, err)
		wire := &recorder{Conn: conn}
		p := printer.New(wire, "virtual://test", nil)
		defer p.Close()

		d := new(escpos.Document)
		image := bytes.Repeat([]byte{0x55}, 72*100)
		for range 10 {
			d.Line("before the picture").Raw(append([]byte{0x1D, 'v', '0', 0, 72, 0, 100, 0}, image...))
		}
		d.Cut(escpos.CutPartial)
		ctx, cancel := context.WithCancel(t.Context())
		asked := make(chan int)
		go func() {
			n := 0
			for ctx.Err() == nil {
				if s, err := p.Status(ctx); err == nil && s.Answered == 4 {
					n++
				}
				time.Sleep(10 * time.Millisecond)
			}
			asked <- n
		}()
		res, err := p.Print(t.Context(), &printer.Job{Document: d})
		cancel()
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Greater(t, <-asked, 10)

		var images, questions int
		for c := range escpos.Commands(wire.sent()) {
			require.True(t, c.Known, "%q % x", c.Name, c.Bytes[:min(8, len(c.Bytes))])
			switch c.Name {
			case "GS v 0":
				images++
				require.Equal(t, image, c.Data)
			case "DLE EOT":
				questions++
			}
		}
		require.Equal(t, 10, images)
		require.Greater(t, questions, 40)
	})
}

// A recorder keeps what is written to a Conn.
type recorder struct {
	transport.Conn
	mu  sync.Mutex
	got []byte
}

func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.Conn.Write(p)
	r.mu.Lock()
	r.got = append(r.got, p[:n]...)
	r.mu.Unlock()
	return n, err
}

func (r *recorder) sent() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.got)
}
