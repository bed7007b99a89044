package printer_test

import (
	"bytes"
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// watched is a Printer on a virtual printer, with a record of the wire, and a
// Watch whose first change was taken.
func watched(t *testing.T, vcfg *virtual.Config) (*printer.Printer, *virtual.Printer, *recorder, *printer.Watch) {
	v := virtual.New(vcfg)
	conn, err := v.Dial()
	require.NoError(t, err)
	wire := &recorder{Conn: conn}
	p := printer.New(wire, "virtual://test", nil)
	t.Cleanup(func() {
		_ = p.Close()
		_ = v.Close()
	})
	w, err := p.Watch(t.Context(), nil)
	require.NoError(t, err)
	c := <-w.C()
	require.Equal(t, escpos.StateReady, c.Status.State())
	require.Zero(t, c.Prev)
	synctest.Wait() // automatic status is switched on
	return p, v, wire, w
}

func TestWatchTellsChangesOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, v, _, w := watched(t, nil)
		time.Sleep(10 * time.Minute)
		require.Empty(t, w.C(), "nothing has changed")
		v.RemovePaper()
		at := time.Now()
		c := <-w.C()
		require.Equal(t, at, c.Status.Time, "the printer told by itself")
		require.Equal(t, escpos.PaperOut, c.Status.Paper())
		require.Equal(t, escpos.PaperOK, c.Prev.Paper())
		require.Equal(t, c.Status.Raw.ASB[:], c.Raw)
		v.LoadPaper(80000)
		c = <-w.C()
		require.Equal(t, escpos.StateReady, c.Status.State())
	})
}

func TestWatchCostsNothingWhileNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, wire, w := watched(t, nil)
		time.Sleep(10 * time.Second)
		before := len(wire.sent())
		received := p.Stats().Received
		time.Sleep(time.Hour)
		require.Equal(t, 60*3, len(wire.sent())-before, "one question a minute")
		require.EqualValues(t, 60, p.Stats().Received-received)
		require.Empty(t, w.C())
	})
}

func TestWatchLeavesAutomaticStatusAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, wire, _ := watched(t, nil)
		require.Contains(t, string(wire.sent()), "\x1Da\x4F")
		require.NoError(t, p.Close())
		sent := string(wire.sent())
		require.Equal(t, "\x1Da\x00", sent[len(sent)-3:])
	})
	synctest.Test(t, func(t *testing.T) {
		v := virtual.New(&virtual.Config{Personality: personality(t, "clone-asb-on")})
		defer v.Close()
		conn, err := v.Dial()
		require.NoError(t, err)
		wire := &recorder{Conn: conn}
		p := printer.New(wire, "virtual://test", nil)
		v.RemovePaper() // it tells, without having been asked to
		v.LoadPaper(80000)
		synctest.Wait()
		w, err := p.Watch(t.Context(), nil)
		require.NoError(t, err)
		<-w.C()
		require.NoError(t, p.Close())
		require.NotContains(t, string(wire.sent()), "\x1Da\x00")
	})
}

func TestAJobLeavesAutomaticStatusAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := virtual.New(nil)
		defer v.Close()
		conn, err := v.Dial()
		require.NoError(t, err)
		wire := &recorder{Conn: conn}
		p := printer.New(wire, "virtual://test", nil)
		defer p.Close()
		_, err = p.Print(t.Context(), &printer.Job{Document: receipt(10)})
		require.NoError(t, err)
		last := bytes.LastIndex(wire.sent(), []byte("\x1Da"))
		require.Equal(t, byte(0), wire.sent()[last+2])
	})
}

func TestWatchSurvivesAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v, _, w := watched(t, &virtual.Config{Speed: 150})
		// ESC @ switches automatic status off; what ends in bold ends in one.
		res, err := p.Print(t.Context(), &printer.Job{Document: receipt(10).Bold(true).Text("!")})
		require.NoError(t, err)
		require.Equal(t, printer.Printed, res.Outcome)
		time.Sleep(5 * time.Second)
		require.Empty(t, w.C())
		v.OpenCover()
		at := time.Now()
		c := <-w.C()
		require.Equal(t, at, c.Status.Time)
		require.Equal(t, escpos.Yes, c.Status.CoverOpen)
	})
}

func TestWatchAsksWhereThePrinterDoesNotTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := inMood(healthy)
		p, f := link(t, nil, func(f *far) { f.listen(func(n int) { f.say(state.answer(n)) }) })
		w, err := p.Watch(t.Context(), nil)
		require.NoError(t, err)
		<-w.C()
		time.Sleep(10 * time.Minute)
		before := len(f.received())
		time.Sleep(10 * time.Minute)
		require.InDelta(t, 60*12, len(f.received())-before, 13, "every ten seconds, while all is well")
		state.set(noPaper)
		at := time.Now()
		c := <-w.C()
		require.Less(t, c.Status.Time.Sub(at), 11*time.Second)
		require.Equal(t, escpos.PaperOut, c.Status.Paper())
		require.Equal(t, noPaper[1], c.Raw[0])
		time.Sleep(5 * time.Second)
		state.set(healthy)
		at = time.Now()
		c = <-w.C()
		require.Less(t, c.Status.Time.Sub(at), 1100*time.Millisecond, "quickly, while something is wrong")
		require.Equal(t, escpos.PaperOK, c.Status.Paper())
	})
}

func TestSlowWatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v, _, w := watched(t, nil)
		small, err := p.Watch(t.Context(), &printer.WatchConfig{Buffer: 2})
		require.NoError(t, err)
		for range 10 {
			v.OpenCover()
			synctest.Wait()
			v.CloseCover()
			synctest.Wait()
		}
		missed := 0
		var last printer.Change
		for len(small.C()) > 0 {
			last = <-small.C()
			missed += last.Missed
		}
		require.Equal(t, 1+20-2, missed)
		require.Equal(t, escpos.No, last.Status.CoverOpen, "what is left is the newest")
		for range 16 {
			<-w.C()
		}
	})
}

func TestWatchEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, wire, w := watched(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		other, err := p.Watch(ctx, nil)
		require.NoError(t, err)
		require.NotEmpty(t, <-other.C())
		cancel()
		_, open := <-other.C()
		require.False(t, open)
		require.NoError(t, p.Err(), "the link stands")
		w.Close()
		w.Close()
		before := len(wire.sent())
		time.Sleep(time.Hour)
		require.Len(t, wire.sent(), before, "nobody watches, nobody asks")

		again, err := p.Watch(t.Context(), nil)
		require.NoError(t, err)
		<-again.C()
		require.NoError(t, p.Close())
		for range again.C() {
		}
		_, err = p.Watch(t.Context(), nil)
		require.ErrorIs(t, err, printer.ErrClosed)
	})
}

func TestWatchFindsADeadLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := make(chan struct{})
		p, _ := link(t, nil, func(f *far) {
			f.listen(func(n int) {
				select {
				case <-dead:
				default:
					f.say(healthy[n])
				}
			})
		})
		w, err := p.Watch(t.Context(), nil)
		require.NoError(t, err)
		<-w.C()
		time.Sleep(time.Minute)
		close(dead)
		at := time.Now()
		for range w.C() {
		}
		require.ErrorIs(t, p.Err(), printer.ErrLinkLost)
		require.Less(t, time.Since(at), time.Minute)
	})
}

func TestWatchNoticesThatThePrinterForgot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Somebody else's ESC @, or a printer switched off and on behind a
		// serial line: the link stands, and automatic status is off.
		state, tells := inMood(healthy), new(atomic.Bool)
		p, _ := link(t, nil, func(f *far) {
			f.onASB = func(mask byte) {
				tells.Store(mask != 0)
				f.say(0x10, 0, 0, 0)
			}
			f.listen(func(n int) { f.say(state.answer(n)) })
		})
		w, err := p.Watch(t.Context(), nil)
		require.NoError(t, err)
		<-w.C()
		time.Sleep(time.Minute)
		require.True(t, tells.Load())
		tells.Store(false)
		state.set(noPaper)
		at := time.Now()
		c := <-w.C()
		require.Equal(t, escpos.PaperOut, c.Status.Paper())
		require.LessOrEqual(t, time.Since(at), time.Minute)
		state.set(healthy)
		c = <-w.C()
		require.Equal(t, escpos.PaperOK, c.Status.Paper())
		time.Sleep(10 * time.Second)
		require.True(t, tells.Load(), "switched on again")
	})
}

func TestNoiseThatLooksLikeStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, f := link(t, nil, func(f *far) {
			f.onASB = func(byte) { f.say(0x10, 0, 0, 0) }
			f.listen(func(n int) { f.say(healthy[n]) })
		})
		w, err := p.Watch(t.Context(), nil)
		require.NoError(t, err)
		<-w.C()
		time.Sleep(time.Minute)
		f.say(0xFF, 0x80, 0x18, 0, 0x0C, 0) // paper end, in the middle of noise
		time.Sleep(time.Hour)
		require.Empty(t, w.C(), "it was asked, and said no")
		f.say(0x18, 0, 0x0C, 0)
		require.Equal(t, escpos.PaperOut, (<-w.C()).Status.Paper())
	})
}
