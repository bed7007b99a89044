package virtual_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// personality returns a built-in personality, for a test to change.
func personality(t testing.TB, name string) *virtual.Personality {
	t.Helper()
	p, err := virtual.PersonalityByName(name)
	require.NoError(t, err)
	return p
}

// host is somebody who talks to a printer.
type host struct {
	t testing.TB
	transport.Conn
}

func start(t testing.TB, cfg *virtual.Config) (*virtual.Printer, host) {
	t.Helper()
	p := virtual.New(cfg)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p, dial(t, p)
}

func dial(t testing.TB, p *virtual.Printer) host {
	t.Helper()
	c, err := p.Dial()
	require.NoError(t, err)
	return host{t, c}
}

func (h host) send(b string) {
	h.t.Helper()
	n, err := io.WriteString(h, b)
	require.NoError(h.t, err)
	require.Equal(h.t, len(b), n)
}

// expect reads as many bytes as want has.
func (h host) expect(want string) {
	h.t.Helper()
	require.NoError(h.t, h.SetReadDeadline(time.Now().Add(10*time.Second)))
	got := make([]byte, len(want))
	n, err := io.ReadFull(h, got)
	require.NoError(h.t, err, "after % X", got[:n])
	require.Equal(h.t, fmt.Sprintf("% X", want), fmt.Sprintf("% X", got))
}

// silent expects that no byte has been sent.
func (h host) silent() {
	h.t.Helper()
	require.NoError(h.t, h.SetReadDeadline(time.Now().Add(time.Millisecond)))
	var b [64]byte
	n, err := h.Read(b[:])
	require.ErrorIs(h.t, err, os.ErrDeadlineExceeded, "got % X", b[:n])
}

const (
	reset    = "\x1b@"
	cut      = "\x1dVA\x00"
	eot1     = "\x10\x04\x01"
	eot2     = "\x10\x04\x02"
	eot3     = "\x10\x04\x03"
	eot4     = "\x10\x04\x04"
	askPaper = "\x1dr\x01"
	clearAll = "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
)

func processID(id string) string { return "\x1d(H\x06\x0000" + id }

func numbered(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, "line %02d\n", i)
	}
	return b.String()
}

func TestPrintsAndCuts(t *testing.T) {
	p, h := start(t, nil)
	h.send(reset + "Hello\nWorld\n" + cut)
	require.Equal(t, "", p.Pending())
	rs := p.Receipts()
	require.Len(t, rs, 1)
	require.Equal(t, "Hello\nWorld\n", rs[0].Text)
	require.Equal(t, []string{"Hello", "World"}, rs[0].Lines)
	require.Equal(t, virtual.FullCut, rs[0].Cut)
	require.False(t, rs[0].Torn)
	require.Equal(t, reset+"Hello\nWorld\n"+cut, string(rs[0].Raw))
	// Two lines of 30 dots, and what lay between cutter and head at the cut
	// before, at 203 dpi.
	require.InDelta(t, (2*30+104)*25.4/203, rs[0].Length, 0.1)
}

func TestCutWithoutFeedLeavesTheLastLinesForTheNextReceipt(t *testing.T) {
	p, h := start(t, nil)
	h.send(numbered(1, 10) + "\x1dV\x00" + numbered(11, 12) + cut)
	rs := p.Receipts()
	require.Len(t, rs, 2)
	require.Equal(t, numbered(1, 7), rs[0].Text)
	require.Equal(t, numbered(8, 12), rs[1].Text)
}

func TestReservedCut(t *testing.T) {
	p, h := start(t, nil)
	h.send(numbered(1, 3) + "\x1dVa\x00" + numbered(4, 6))
	require.Empty(t, p.Receipts())
	h.send(numbered(7, 8))
	rs := p.Receipts()
	require.Len(t, rs, 1)
	require.Equal(t, numbered(1, 3), rs[0].Text)
	require.Equal(t, numbered(4, 8), p.Pending())
}

func TestPaperEndHoldsAndResumes(t *testing.T) {
	pers := personality(t, "modern-epson")
	p, h := start(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(25)})
	h.send(reset + numbered(1, 60) + cut + processID("0001"))
	require.Equal(t, numbered(1, 25), p.Pending())
	h.send(eot1)
	h.expect("\x1a")
	h.send(eot2)
	h.expect("\x32")
	h.send(eot3)
	h.expect("\x12")
	h.send(eot4)
	h.expect("\x7e")
	require.False(t, p.State().Online)
	require.False(t, p.State().Idle)

	p.OpenCover()
	h.send(eot2)
	h.expect("\x36")
	p.LoadPaper(5000)
	h.send(eot4)
	h.expect("\x7e") // with the cover open the sensors keep what they saw
	p.CloseCover()
	h.expect("\x37\x220001\x00")
	h.send(eot4)
	h.expect("\x12")

	rs := p.Receipts()
	require.Len(t, rs, 2)
	require.True(t, rs[0].Torn)
	require.Equal(t, numbered(1, 25), rs[0].Text)
	require.Equal(t, numbered(26, 60), rs[1].Text)
	require.Equal(t, numbered(1, 60), p.Printed())
	require.True(t, p.State().Idle)
}

func TestNearEndWarnsAndPrintsOn(t *testing.T) {
	p, h := start(t, &virtual.Config{Paper: 200, NearEnd: 190})
	h.send("\x1da\x08") // paper sensors
	h.expect("\x10\x00\x00\x00")
	h.send(numbered(1, 2))
	h.silent()
	h.send(numbered(3, 4))
	h.expect("\x10\x00\x03\x00")
	h.send(eot4 + askPaper)
	h.expect("\x1e\x03")
	require.Equal(t, numbered(1, 4), p.Pending())
}

func TestQuestionsInOrderWaitForThePaper(t *testing.T) {
	p, h := start(t, nil)
	p.OpenCover()
	h.send("text\n" + askPaper + processID("AB12"))
	h.send(eot1)
	h.expect("\x1a")
	h.silent()
	p.CloseCover()
	h.expect("\x00\x37\x22AB12\x00")
}

func TestStatusInsideAnImage(t *testing.T) {
	p, h := start(t, nil)
	data := strings.Repeat("\xaa", 10) + eot1 + strings.Repeat("\x55", 11)
	h.send("\x1dv0\x00\x04\x00\x06\x00" + data[:12])
	h.silent()
	h.send(data[12:] + "after\n")
	h.expect("\x12")
	require.Equal(t, "after\n", p.Pending())
	require.Contains(t, string(p.PendingReceipt().Raw), data)
}

func TestClearForgetsHalfACommand(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1dv0\x00\x40\x00\xff\x00lost" + clearAll + "kept\n")
	h.expect("\x37\x25\x00")
	require.Equal(t, "kept\n", p.Pending())
}

func TestResetDoesNotEmptyTheReceiveBuffer(t *testing.T) {
	p, h := start(t, nil)
	p.OpenCover()
	h.send("one\n" + reset + "two\n")
	p.CloseCover()
	require.Equal(t, "one\ntwo\n", p.Pending())
}

func TestBackPressure(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.InterfaceBuffer = 1000
	p, h := start(t, &virtual.Config{Personality: pers})
	p.OpenCover()
	require.NoError(t, h.SetWriteDeadline(time.Now().Add(10*time.Millisecond)))
	n, err := h.Write([]byte(strings.Repeat("0123456789\n", 1000)))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Equal(t, 4096-128+1000, n) // full with 128 bytes free, and the interface's buffer
	require.NoError(t, h.SetWriteDeadline(time.Time{}))

	// Nothing enters any more: not even a question.
	require.NoError(t, h.SetWriteDeadline(time.Now().Add(10*time.Millisecond)))
	_, err = h.Write([]byte(eot1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	h.silent()
	require.NoError(t, h.SetWriteDeadline(time.Time{}))

	p.CloseCover()
	h.send(strings.Repeat("0123456789\n", 1000)[n:] + eot1)
	h.expect("\x12")
	require.Equal(t, strings.Repeat("0123456789\n", 1000), p.Pending())
}

func TestBusyWhenOffline(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.BusyWhenOffline = true
	pers.InterfaceBuffer = 0
	p, h := start(t, &virtual.Config{Personality: pers})
	p.OpenCover()
	require.NoError(t, h.SetWriteDeadline(time.Now().Add(time.Millisecond)))
	n, err := h.Write([]byte(eot1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Zero(t, n)
}

func TestCutterJam(t *testing.T) {
	p, h := start(t, nil)
	p.JamCutter()
	h.send("receipt\n" + cut + "next\n")
	h.send(eot3)
	h.expect("\x1a")
	require.Empty(t, p.Receipts())
	h.send("\x10\x05\x01") // the cause is still there
	h.send(eot3)
	h.expect("\x1a")
	p.ClearJam()
	h.send(eot3)
	h.expect("\x1a")
	h.send("\x10\x05\x01" + eot3)
	h.expect("\x12")
	require.Equal(t, "receipt\n", p.Receipts()[0].Text)
	require.Equal(t, "next\n", p.Pending())
}

func TestRecoverAndClear(t *testing.T) {
	p, h := start(t, nil)
	p.JamCutter()
	h.send("receipt\n" + cut + "next\n")
	p.ClearJam()
	h.send("\x10\x05\x02" + "new\n")
	require.Empty(t, p.Receipts())
	require.Equal(t, "receipt\nnew\n", p.Pending())
}

func TestPowerOffLosesTheBuffer(t *testing.T) {
	p, h := start(t, nil)
	h.send("printed\n")
	p.OpenCover()
	h.send("lost\n")
	p.PowerOff()
	_, err := h.Read(make([]byte, 1))
	require.ErrorIs(t, err, transport.ErrGone)
	_, err = p.Dial()
	require.ErrorIs(t, err, transport.ErrUnreachable)
	p.CloseCover()
	p.PowerOn()
	h = dial(t, p)
	h.send("after\n")
	require.Equal(t, "printed\nafter\n", p.Pending())
}

func TestCutLinkKeepsWhatWasReceived(t *testing.T) {
	p, h := start(t, nil)
	p.OpenCover()
	h.send("kept\n")
	p.CutLink()
	_, err := h.Write([]byte("x"))
	require.ErrorIs(t, err, transport.ErrGone)
	p.CloseCover()
	require.Equal(t, "kept\n", p.Pending())
}

func TestSilentClone(t *testing.T) {
	p, h := start(t, &virtual.Config{Personality: personality(t, "clone-silent")})
	h.send(eot1 + eot2 + eot3 + eot4 + askPaper + processID("0001") + "\x1da\xff\x1dI\x42text\n")
	h.silent()
	require.Equal(t, "text\n", p.Pending())
}

func TestSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		p, h := start(t, &virtual.Config{Speed: 100})
		h.send(numbered(1, 20) + processID("DONE"))
		require.Equal(t, "", p.Pending()[:0])
		h.expect("\x37\x22DONE\x00")
		// 20 lines of 30 dots at 203 dpi.
		require.InDelta(t, 20*30*25.4/203/100, time.Since(began).Seconds(), 0.001)
		require.NoError(t, p.WaitIdle(context.Background()))
		require.Equal(t, numbered(1, 20), p.Pending())
	})
}

func TestCoverOpenedInTheMiddleOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, h := start(t, &virtual.Config{Speed: 100})
		h.send(numbered(1, 5))
		// A line takes 37.5 ms: this is in the middle of the third.
		time.Sleep(90 * time.Millisecond)
		p.OpenCover()
		h.send(eot3)
		h.expect("\x52") // auto-recoverable
		h.send(eot2)
		h.expect("\x56")
		require.Equal(t, numbered(1, 2), p.Pending()) // nobody can read the third
		p.CloseCover()
		require.NoError(t, p.WaitIdle(t.Context()))
		require.Equal(t, numbered(1, 5), p.Pending())
		h.send(eot3)
		h.expect("\x12")
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, h := start(t, nil)
		p.OpenCover()
		h.send("x\n")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, p.WaitIdle(ctx), context.DeadlineExceeded)
		require.ErrorIs(t, p.WaitReceipts(ctx, 1), context.DeadlineExceeded)
	})
}

func TestPersonalities(t *testing.T) {
	for _, name := range virtual.PersonalityNames() {
		t.Run(name, func(t *testing.T) {
			pers := personality(t, name)
			require.Equal(t, name, pers.Name)
			require.NotEmpty(t, pers.Title)
			p, h := start(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(3)})
			h.send(numbered(1, 5))
			require.Equal(t, numbered(1, 3), p.Pending())
			p.LoadPaper(1000)
			switch {
			case pers.LosesBuffer:
				require.Equal(t, numbered(1, 3), p.Printed())
			case pers.RepeatsLine:
				require.Equal(t, numbered(1, 3)+numbered(3, 5), p.Printed())
			default:
				require.Equal(t, numbered(1, 5), p.Printed())
			}
		})
	}
}

func TestSlowAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, h := start(t, &virtual.Config{Personality: personality(t, "clone-slow")})
		began := time.Now()
		h.send(eot1 + eot2)
		h.expect("\x12\x12")
		require.Equal(t, 800*time.Millisecond, time.Since(began))
	})
}

func TestScheme(t *testing.T) {
	c, err := transport.Open(t.Context(), "virtual://?paper=500&personality=tm-t20iii")
	require.NoError(t, err)
	h := host{t, c}
	h.send("\x1dIC")
	h.expect("\x5fTM-T20III\x00")
	require.NoError(t, c.Close())
	_, err = c.Write([]byte("x"))
	require.ErrorIs(t, err, transport.ErrClosed)

	_, err = transport.Open(t.Context(), "virtual://?papr=1")
	require.ErrorIs(t, err, transport.ErrURI)
	_, err = transport.Open(t.Context(), "virtual://?personality=nobody")
	require.ErrorIs(t, err, transport.ErrURI)
}
