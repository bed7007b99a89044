package printer_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// healthy is what a printer answers that is online, with paper.
var healthy = [5]byte{0, 0x12, 0x12, 0x12, 0x12}

// noPaper is what it answers when paper has ended.
var noPaper = [5]byte{0, 0x1A, 0x32, 0x12, 0x72}

// TestMisbehavingPrinters asks printers that do all that printers do. Each
// must give the right status or none, in bounded time, and leave the next
// printer alone.
func TestMisbehavingPrinters(t *testing.T) {
	drop := func(f *far) { f.listen(func(int) {}) }
	cases := []struct {
		name     string
		script   func(*far)
		state    escpos.State
		paper    escpos.Paper
		answered int
		err      error
	}{
		{name: "healthy", script: answers(healthy), state: escpos.StateReady, paper: escpos.PaperOK, answered: 4},
		{name: "silent", script: drop},
		{name: "answers 12 to everything", script: answers(healthy), state: escpos.StateReady, paper: escpos.PaperOK, answered: 4},
		{name: "answers only n=2", script: answers([5]byte{2: 0x32}), state: escpos.StateStopped, paper: escpos.PaperOut, answered: 1},
		{name: "answers only n=1 and n=4", script: answers([5]byte{1: 0x12, 4: 0x1E}), state: escpos.StateReady, paper: escpos.PaperNearEnd, answered: 2},
		{name: "half-set sensor bits", script: answers([5]byte{0, 0x12, 0x12, 0x12, 0x16}), paper: escpos.PaperUnknown, answered: 4},
		{
			name: "one answer behind", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 3,
			script: func(f *far) {
				var owed byte
				f.listen(func(n int) {
					if owed != 0 {
						f.say(owed)
					}
					owed = noPaper[n]
				})
			},
		},
		{
			name: "one answer behind, after an answer of its own", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				owed := byte(0x12)
				f.listen(func(n int) {
					f.say(owed)
					owed = noPaper[n]
				})
			},
		},
		{
			name: "takes 700 ms for each answer", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				f.listen(func(n int) {
					time.Sleep(700 * time.Millisecond)
					f.say(noPaper[n])
				})
			},
		},
		{
			name: "automatic status from power-up", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				f.say(0x10, 0, 0, 0, 0x18, 0, 0x0C, 0)
				answers(noPaper)(f)
			},
		},
		{
			name: "automatic status in the middle of the exchange", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				f.listen(func(n int) {
					f.say(0x10, 0, 0, 0, noPaper[n], 0x10, 0, 0, 0)
				})
			},
		},
		{
			name: "answers left over from before", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				f.say(0x12, 0x12, 0x12, 0x12)
				answers(noPaper)(f)
			},
		},
		{
			name: "flow control between all bytes", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				f.listen(func(n int) {
					for _, b := range []byte{0x13, 0x10, 0x11, 0, 0x13, 0, 0x11, 0, 0x13, noPaper[n], 0x11} {
						f.say(b)
					}
				})
			},
		},
		{
			name: "noise around the answers", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				f.listen(func(n int) { f.say(0x80, 0xFF, 0xC3, noPaper[n], 0x9D) })
			},
		},
		{
			name: "nothing but noise",
			script: func(f *far) {
				r := rand.New(rand.NewPCG(1, 2))
				f.listen(func(int) {
					b := make([]byte, 64)
					for i := range b {
						b[i] = byte(r.Uint32())
					}
					f.say(b...)
				})
			},
		},
		{
			name: "floods 10 MB of noise",
			script: func(f *far) {
				go f.listen(func(int) {})
				r := rand.NewChaCha8([32]byte{})
				b := make([]byte, 1024)
				for range 10 * 1024 {
					_, _ = r.Read(b)
					f.say(b...)
				}
			},
		},
		{
			name: "floods answers",
			script: func(f *far) {
				go f.listen(func(int) {})
				b := bytes.Repeat([]byte{0x12}, 1024)
				for range 10 * 1024 {
					if _, err := f.Write(b); err != nil {
						return
					}
					time.Sleep(time.Millisecond)
				}
			},
		},
		{
			name: "echoes what it gets",
			script: func(f *far) {
				b := make([]byte, 16)
				for {
					n, err := f.Read(b)
					if err != nil {
						return
					}
					for _, c := range b[:n] {
						f.say(c)
					}
				}
			},
		},
		{
			name: "hangs up in mid-reply", err: printer.ErrLinkLost,
			script: func(f *far) {
				f.listen(func(n int) {
					if n == 2 {
						f.say(0x10, 0)
						_ = f.Close()
						return
					}
					f.say(0x12)
				})
			},
		},
		{
			name: "accepts but never reads", script: func(f *far) {},
		},
		{
			name: "runs out of paper between two questions", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: func(f *far) {
				state := healthy
				f.listen(func(n int) {
					f.say(state[n])
					if n == 2 {
						state = noPaper
					}
				})
			},
		},
		{
			name: "gets paper between two questions", paper: escpos.PaperOK, state: escpos.StateReady, answered: 4,
			script: func(f *far) {
				state := noPaper
				f.listen(func(n int) {
					f.say(state[n])
					if n == 2 {
						state = healthy
					}
				})
			},
		},
		{
			name: "says it is online without paper, and insists", paper: escpos.PaperOut, state: escpos.StateStopped, answered: 4,
			script: answers([5]byte{0, 0x12, 0x12, 0x12, 0x7E}),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, _ := link(t, nil, c.script)
				next, _ := link(t, nil, answers(healthy))
				for again := range 2 {
					began := time.Now()
					s, err := p.Status(t.Context())
					require.LessOrEqual(t, time.Since(began), 3100*time.Millisecond)
					if c.err != nil {
						require.ErrorIs(t, err, c.err)
						continue
					}
					require.NoError(t, err)
					if again == 0 {
						require.Equal(t, c.answered, s.Answered, "%v %+v", s, p.Stats())
					}
					require.Equal(t, c.state, s.State(), "%v", s)
					require.Equal(t, c.paper, s.Paper(), "%v", s)
				}
				s, err := next.Status(t.Context())
				require.NoError(t, err)
				require.Equal(t, escpos.StateReady, s.State())
			})
		})
	}
}
