package printer_test

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// A job ends when its context does, whatever the printer is doing.
func TestAJobEndsWithItsContext(t *testing.T) {
	flood := func(f *far) {
		go f.listen(func(int) {})
		b := bytes.Repeat([]byte{0x12}, 1024)
		for {
			if _, err := f.Write(b); err != nil {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
	scripts := map[string]func(*far){
		"floods answers":     flood,
		"reads nothing":      func(*far) {},
		"reads 20 bytes":     func(f *far) { f.limit = 20; answers(healthy)(f) },
		"reads 60 bytes":     func(f *far) { f.limit = 60; answers(healthy)(f) },
		"reads half":         func(f *far) { f.limit = 600; answers(healthy)(f) },
		"never confirms":     answers(healthy),
		"is out of paper":    answers(noPaper),
		"is silent":          func(f *far) { f.listen(func(int) {}) },
		"noise":              noise(1),
		"answers in an hour": func(f *far) { f.listen(func(int) { time.Sleep(time.Hour) }) },
	}
	for name, script := range scripts {
		t.Run(name, func(t *testing.T) {
			for _, after := range []time.Duration{0, time.Millisecond, 300 * time.Millisecond, time.Second, 4 * time.Second, 8 * time.Second, 30 * time.Second} {
				for _, canceled := range []bool{true, false} {
					synctest.Test(t, func(t *testing.T) {
						p, _ := link(t, nil, script)
						ctx, cancel := context.WithTimeout(t.Context(), after)
						defer cancel()
						if canceled {
							ctx, cancel = context.WithCancel(t.Context())
							time.AfterFunc(after, cancel)
						}
						began := time.Now()
						_, err := p.Print(ctx, &printer.Job{Document: receipt(40)})
						require.LessOrEqual(t, time.Since(began), after+50*time.Millisecond, "%v", err)
						began = time.Now()
						require.NoError(t, p.Close())
						require.LessOrEqual(t, time.Since(began), 100*time.Millisecond)
					})
				}
			}
		})
	}
}

// Giving a job up takes no longer than asking the printer to forget it, and
// nothing where the printer is not one to confirm that.
func TestGivingUpIsPrompt(t *testing.T) {
	for name, c := range map[string]struct {
		known printer.Capabilities
		most  time.Duration
	}{
		"never tried":           {printer.Capabilities{}, 3 * time.Second},
		"known not to clear it": {printer.Capabilities{Clear: escpos.No}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				state := inMood(healthy)
				p, _ := link(t, &printer.Config{Known: c.known}, func(f *far) {
					f.onGSr = func() { // paper ends while it prints the receipt
						if len(f.received()) < 400 {
							f.say(0)
							return
						}
						state.set(noPaper)
					}
					f.listen(func(n int) { f.say(state.answer(n)) })
				})
				var at time.Time
				job := &printer.Job{Document: receipt(60), OnStall: func(printer.Stall) printer.Action {
					at = time.Now()
					return printer.Abandon
				}}
				res, err := p.Print(t.Context(), job)
				require.ErrorIs(t, err, printer.ErrAbandoned)
				require.Positive(t, res.Sent)
				require.Equal(t, c.most, res.Ended.Sub(at))
				require.Equal(t, escpos.No, c.known.Learn(p.Capabilities()).Clear)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p, f := link(t, nil, func(f *far) { f.listen(func(int) {}) })
		_, err := p.Status(t.Context())
		require.NoError(t, err)
		before, at := len(f.received()), time.Now()
		require.ErrorIs(t, p.Clear(t.Context()), printer.ErrNoAnswer)
		require.Equal(t, at, time.Now())
		require.Len(t, f.received(), before)
	})
}
