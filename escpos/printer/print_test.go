package printer_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// device is a Printer on a virtual printer; both end with the test.
func device(t testing.TB, vcfg *virtual.Config, cfg *printer.Config) (*printer.Printer, *virtual.Printer) {
	v := virtual.New(vcfg)
	conn, err := v.Dial()
	require.NoError(t, err)
	p := printer.New(conn, "virtual://test", cfg)
	t.Cleanup(func() {
		_ = p.Close()
		_ = v.Close()
	})
	return p, v
}

// receipt is a receipt of n numbered lines and a cut.
func receipt(n int) *escpos.Document {
	d := new(escpos.Document)
	for i := range n {
		d.Line(fmt.Sprintf("line %02d", i+1))
	}
	return d.Cut(escpos.CutPartial)
}

// lines returns the printed lines that are not blank.
func lines(v *virtual.Printer) []string {
	var got []string
	for _, r := range v.Receipts() {
		for _, l := range r.Lines {
			if s := strings.TrimSpace(l); s != "" {
				got = append(got, s)
			}
		}
	}
	return got
}

// numbered is the text of receipt(n).
func numbered(n int) []string {
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("line %02d", i+1))
	}
	return want
}

func TestPrintIsProvedByProcessID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150}, nil)
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(40)})
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Equal(t, escpos.Yes, res.Cut)
		require.Equal(t, res.Bytes, res.Sent)
		require.Empty(t, res.Stalls)
		require.Equal(t, numbered(40), lines(v))
	})
}

func TestPrintWaitsForPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150, Paper: 100}, nil)
		var stall, resume []printer.Stall
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(60),
			OnStall: func(s printer.Stall) printer.Action {
				stall = append(stall, s)
				time.AfterFunc(time.Hour, func() { v.LoadPaper(80000) })
				return printer.Resume
			},
			OnResume: func(s printer.Stall) { resume = append(resume, s) },
		})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Len(t, stall, 1)
		require.ErrorIs(t, stall[0].Err(), printer.ErrPaperEnd)
		require.True(t, stall[0].Sent)
		require.Len(t, resume, 1)
		require.GreaterOrEqual(t, resume[0].For, time.Hour)
		require.Equal(t, resume, res.Stalls)
		require.Equal(t, numbered(60), lines(v))
	})
}

func personality(t testing.TB, name string) *virtual.Personality {
	per, err := virtual.PersonalityByName(name)
	require.NoError(t, err)
	return per
}

func TestEvidenceByModel(t *testing.T) {
	want := map[string]printer.Evidence{
		"modern-epson":       printer.EvidenceProcessID,
		"tm-t20iii":          printer.EvidenceProcessID,
		"tm-t88v-japan":      printer.EvidenceProcessID,
		"tm-t88iii":          printer.EvidencePaperStatus,
		"clone-asb-on":       printer.EvidencePaperStatus,
		"clone-epson":        printer.EvidencePaperStatus,
		"clone-loses-buffer": printer.EvidencePaperStatus,
		"clone-no-near-end":  printer.EvidencePaperStatus,
		"clone-repeats-line": printer.EvidencePaperStatus,
		"clone-slow":         printer.EvidencePaperStatus,
		"clone-n1-n4":        printer.EvidenceSent,
		"clone-silent":       printer.EvidenceSent,
	}
	for _, name := range virtual.PersonalityNames() {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, want, name)
			synctest.Test(t, func(t *testing.T) {
				p, v := device(t, &virtual.Config{Speed: 150, Personality: personality(t, name)}, nil)
				for n := range 2 { // with the capabilities known, too
					res, err := p.Print(t.Context(), &printer.Job{Document: receipt(40)})
					require.NoError(t, err)
					require.Equal(t, printer.Printed, res.Outcome)
					require.Equal(t, want[name], res.Evidence)
					if res.Evidence >= printer.EvidencePaperStatus {
						require.Equal(t, escpos.Yes, res.Cut)
						require.Len(t, v.Receipts(), n+1)
						require.Equal(t, 40*(n+1), len(lines(v)))
					}
				}
				require.NoError(t, v.WaitIdle(t.Context()))
				printed := strings.Fields(strings.ReplaceAll(v.Printed(), "line ", "line-"))
				require.Len(t, printed, 80, "what was asked left no trace on paper")
			})
		})
	}
}

func TestPrintToAStoppedPrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, nil, nil)
		v.OpenCover()
		var stalls []printer.Stall
		job := &printer.Job{Document: receipt(3), OnStall: func(s printer.Stall) printer.Action {
			stalls = append(stalls, s)
			return printer.Resume
		}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		res, err := p.Print(ctx, job)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.NotPrinted, res.Outcome)
		require.Zero(t, res.Sent)
		require.Len(t, stalls, 1)
		require.False(t, stalls[0].Sent)
		require.ErrorIs(t, stalls[0].Err(), printer.ErrCoverOpen)

		job.OnStall = func(printer.Stall) printer.Action { return printer.Abandon }
		res, err = p.Print(t.Context(), job)
		require.ErrorIs(t, err, printer.ErrAbandoned)
		require.ErrorIs(t, err, printer.ErrCoverOpen)
		require.Equal(t, printer.NotPrinted, res.Outcome)

		job.OnStall = nil
		time.AfterFunc(time.Minute, v.CloseCover)
		res, err = p.Print(t.Context(), job)
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		require.Equal(t, numbered(3), lines(v), "and nothing of the jobs before")
	})
}

func TestAbandonClearsThePrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150, Paper: 60}, nil)
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(60),
			OnStall:  func(printer.Stall) printer.Action { return printer.Abandon },
		})
		require.ErrorIs(t, err, printer.ErrAbandoned)
		require.ErrorIs(t, err, printer.ErrPaperEnd)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.True(t, res.Cleared)
		begun := len(strings.Fields(v.Printed())) / 2
		require.Less(t, begun, 60)

		v.LoadPaper(80000)
		require.NoError(t, v.WaitIdle(t.Context()))
		require.Len(t, strings.Fields(v.Printed()), 2*begun, "nothing more of it comes")
		res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
	})
}

func TestAbandonWithoutConfirmation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 150, Paper: 60, Personality: personality(t, "clone-no-near-end")}, nil)
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(60),
			OnStall:  func(printer.Stall) printer.Action { return printer.Abandon },
		})
		require.ErrorIs(t, err, printer.ErrAbandoned)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.False(t, res.Cleared)
		require.Equal(t, printer.EvidenceNone, res.Evidence)

		// The answer of the job given up comes once there is paper. It must
		// not pass for that of the next one.
		v.LoadPaper(80000)
		res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
		require.Equal(t, numbered(60), lines(v)[:60])
		require.Equal(t, numbered(3), lines(v)[60:])
	})
}

func TestALostBufferIsFound(t *testing.T) {
	for _, model := range []string{"clone-loses-buffer", "modern-epson"} {
		for _, n := range []int{60, 600} {
			synctest.Test(t, func(t *testing.T) {
				pers := personality(t, model)
				pers.LosesBuffer = true
				p, v := device(t, &virtual.Config{Speed: 150, Paper: 100, Personality: pers}, nil)
				res, err := p.Print(t.Context(), &printer.Job{
					Document: receipt(n),
					OnStall: func(printer.Stall) printer.Action {
						time.AfterFunc(time.Minute, func() { v.LoadPaper(80000) })
						return printer.Resume
					},
				})
				require.ErrorIs(t, err, printer.ErrUnconfirmed)
				require.Equal(t, printer.Doubt, res.Outcome)
				require.Less(t, len(strings.Fields(v.Printed())), 2*n)
			})
		}
	}
}

func TestCutterJam(t *testing.T) {
	for _, model := range []string{"modern-epson", "tm-t88iii"} {
		t.Run(model, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, v := device(t, &virtual.Config{Speed: 150, Personality: personality(t, model)}, nil)
				v.JamCutter()
				res, err := p.Print(t.Context(), &printer.Job{Document: receipt(10)})
				require.NoError(t, err, "the receipt is on paper")
				require.Equal(t, printer.Printed, res.Outcome)
				require.GreaterOrEqual(t, res.Evidence, printer.EvidencePaperStatus)
				require.Equal(t, escpos.No, res.Cut)

				// The next one waits until somebody has seen to it, and then
				// has the printer go on.
				time.AfterFunc(10*time.Second, func() {
					v.OpenCover()
					v.ClearJam()
				})
				time.AfterFunc(30*time.Second, v.CloseCover)
				res, err = p.Print(t.Context(), &printer.Job{Document: receipt(10)})
				require.NoError(t, err)
				require.Equal(t, escpos.Yes, res.Cut)
				require.Len(t, res.Stalls, 1)
				require.ErrorIs(t, res.Stalls[0].Err(), printer.ErrCutter)
				require.Less(t, res.Stalls[0].For, 45*time.Second)
			})
		})
	}
}

// TestGoesOnAfterAnError has the cover opened under a printer that takes that
// for an error, and waits to be told to go on (Msw8-8).
func TestGoesOnAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		per := personality(t, "modern-epson")
		per.CoverIsError = true
		p, v := device(t, &virtual.Config{Speed: 50, Personality: per}, nil)
		time.AfterFunc(2*time.Second, v.OpenCover)
		time.AfterFunc(time.Minute, v.CloseCover)
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(60)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceProcessID, res.Evidence)
		require.Len(t, res.Stalls, 1)
		require.Less(t, res.Stalls[0].For, 70*time.Second)
	})
}

// TestAnAnswerThatIsNoPaperStatus prints on a printer that says to everything
// that it has no paper.
func TestAnAnswerThatIsNoPaperStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, func(f *far) {
			f.onGSr = func() { f.say(0x0F) }
			f.listen(func(int) { f.say(0x12) })
		})
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(5)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceSent, res.Evidence)
	})
}

func TestLinkLostWhilePrinting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Speed: 50}, nil)
		time.AfterFunc(time.Second, v.CutLink)
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(60)})
		require.ErrorIs(t, err, printer.ErrLinkLost)
		require.Equal(t, printer.Doubt, res.Outcome)
		require.Equal(t, printer.EvidenceNone, res.Evidence)
		<-p.Done()
		_, err = p.Print(t.Context(), &printer.Job{Document: receipt(1)})
		require.ErrorIs(t, err, printer.ErrLinkLost)
		require.Positive(t, p.Unfinished())
	})
}

func TestAnEchoIsNoProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, func(f *far) {
			b := make([]byte, 4096)
			for {
				n, err := f.Read(b)
				if err != nil {
					return
				}
				f.say(b[:n]...)
			}
		})
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(5)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceSent, res.Evidence)
	})
}

func TestAnswersThatNeverCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var deaf atomic.Bool
		p, _ := link(t, nil, func(f *far) {
			f.onGSr = func() {
				if !deaf.Load() {
					f.say(0)
				}
			}
			f.listen(func(int) { f.say(0x12) })
		})
		job := &printer.Job{Document: receipt(5), OnProgress: func(printer.Progress) { deaf.Store(true) }}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		res, err := p.Print(ctx, job)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.Doubt, res.Outcome)
		deaf.Store(false)
		for range 2 {
			res, err = p.Print(t.Context(), &printer.Job{Document: receipt(5)})
			require.NoError(t, err)
			require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
		}
	})
}

func TestAnAnswerLostBehindTheCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var deaf atomic.Bool
		p, _ := link(t, nil, func(f *far) {
			f.onGSr = func() {
				if !deaf.Load() {
					f.say(0)
				}
			}
			f.listen(func(int) { f.say(0x12) })
		})
		res, err := p.Print(t.Context(), &printer.Job{
			Document:   receipt(5),
			OnProgress: func(g printer.Progress) { deaf.Store(g.Sent == g.Total) },
		})
		require.NoError(t, err, "all but the cut is proved")
		require.Equal(t, printer.EvidencePaperStatus, res.Evidence)
		require.Equal(t, escpos.Unknown, res.Cut)
		deaf.Store(false)
		for range 2 {
			res, err = p.Print(t.Context(), &printer.Job{Document: receipt(5)})
			require.NoError(t, err)
			require.Equal(t, escpos.Yes, res.Cut)
			require.Less(t, res.Ended.Sub(res.Began), time.Second)
		}
	})
}

func TestSilenceAfterTheBytesIsNoProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// It answers everything until it has got a receipt.
		var got atomic.Bool
		p, _ := link(t, nil, func(f *far) {
			f.onGSr = func() {
				if !got.Load() {
					f.say(0)
				}
			}
			f.listen(func(int) { f.say(0x12) })
		})
		res, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(5), OnProgress: func(printer.Progress) { got.Store(true) },
		})
		require.ErrorIs(t, err, printer.ErrUnconfirmed)
		require.Equal(t, printer.Doubt, res.Outcome)
	})
}

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

// TestCancelAtAnyMoment cancels a job after each of its bytes, more or less.
// It must return at once, tell the truth, and leave a Printer that is either
// usable or closed.
func TestCancelAtAnyMoment(t *testing.T) {
	var doubt, notPrinted, usable int
	for ms := range 60 {
		synctest.Test(t, func(t *testing.T) {
			p, v := device(t, &virtual.Config{Speed: 100, Paper: 1e6}, nil)
			d := receipt(200)
			d.Raw(append([]byte{0x1D, 'v', '0', 0, 72, 0, 200, 0}, make([]byte, 72*200)...)).Line("end")
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Duration(ms)*97*time.Millisecond, cancel)
			res, err := p.Print(ctx, &printer.Job{Document: d})
			require.LessOrEqual(t, res.Ended.Sub(res.Began), time.Duration(ms)*97*time.Millisecond+time.Millisecond)
			require.ErrorIs(t, err, context.Canceled)
			if res.Sent == 0 {
				require.Equal(t, printer.NotPrinted, res.Outcome)
				notPrinted++
			} else {
				require.Equal(t, printer.Doubt, res.Outcome)
				doubt++
			}
			if p.Err() != nil {
				require.ErrorIs(t, p.Err(), printer.ErrLinkLost)
				require.Positive(t, p.Unfinished())
				return
			}
			usable++
			res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
			require.NoError(t, err)
			require.Equal(t, printer.EvidenceProcessID, res.Evidence)
			got := lines(v)
			require.Equal(t, numbered(3), got[len(got)-3:])
		})
	}
	require.Positive(t, doubt)
	require.Positive(t, usable)
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
