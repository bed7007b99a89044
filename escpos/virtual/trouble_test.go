package virtual_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// rows adds up the heights of the images on all pieces of paper.
func rows(p *virtual.Printer) (n int) {
	for _, r := range append(p.Receipts(), p.PendingReceipt()) {
		for _, it := range r.Items() {
			if it.Kind == virtual.ImageItem && !it.Partial && !it.Cut {
				n += it.H
			}
		}
	}
	return n
}

func TestPaperEndsInsideAnImage(t *testing.T) {
	for _, speed := range []float64{0, 100} {
		synctest.Test(t, func(t *testing.T) {
			pers := personality(t, "modern-epson")
			p, h := start(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(5), Speed: speed})
			h.send("\x1dv0\x00\x02\x00\xf0\x00" + strings.Repeat("\xaa\x55", 240) + "after\n" + processID("IMG1"))
			require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return s.PaperEnd }))
			// Five lines of 30 dots are six and a quarter stripes of 24: the
			// stripe that was under way has been finished.
			require.Equal(t, 7*24, rows(p))
			h.send(eot1)
			h.expect("\x1a")
			p.LoadPaper(1000)
			h.expect("\x37\x22IMG1\x00")
			require.Equal(t, 240, rows(p))
			require.Equal(t, "after\n", p.Pending())
		})
	}
}

func TestPaperEndsInsideAPage(t *testing.T) {
	pers := personality(t, "modern-epson")
	p, h := start(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(4)})
	h.send("\x1bL\x1bW\x00\x00\x00\x00\x00\x02\x2c\x01")
	for _, line := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} {
		h.send(line + "\n")
	}
	h.send("\x0c")
	require.Equal(t, "one\ntwo\nthree\nfour\n", p.Pending())
	p.LoadPaper(1000)
	require.Equal(t, "five\nsix\nseven\neight\n", p.Pending())
}

func TestNearEndStopsWhereItIsSelected(t *testing.T) {
	p, h := start(t, &virtual.Config{Paper: 200, NearEnd: 190})
	h.send("\x1bc4\x03" + numbered(1, 6))
	require.Equal(t, numbered(1, 3), p.Pending())
	h.send(eot1 + eot2 + eot4)
	h.expect("\x1a\x32\x1e")
	p.LoadPaper(1000)
	require.Equal(t, numbered(1, 6), p.Printed())
}

func TestCoverThatIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pers := personality(t, "modern-epson")
		pers.CoverIsError = true
		p, h := start(t, &virtual.Config{Personality: pers, Speed: 100})
		h.send(numbered(1, 5))
		time.Sleep(90 * time.Millisecond) // in the middle of the third line
		p.OpenCover()
		p.CloseCover()
		h.send(eot1 + eot3)
		h.expect("\x1a\x16")
		h.send("\x10\x05\x02") // recover, and forget
		h.send(eot1)
		h.expect("\x12")
		h.send("new\n")
		require.NoError(t, p.WaitIdle(t.Context()))
		require.Equal(t, numbered(1, 2)+"new\n", p.Pending())
	})
}

func TestPowerFailsInTheMiddleOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, h := start(t, &virtual.Config{Speed: 100})
		h.send(numbered(1, 5))
		time.Sleep(90 * time.Millisecond)
		p.PowerOff()
		p.PowerOn()
		h = dial(t, p)
		h.send("new\n")
		require.NoError(t, p.WaitIdle(t.Context()))
		require.Equal(t, numbered(1, 2)+"new\n", p.Pending())
		var halves int
		for _, it := range p.PendingReceipt().Items() {
			if it.Partial {
				require.Equal(t, "line 03", it.Text)
				halves++
			}
		}
		require.Equal(t, 1, halves)
	})
}

func TestOverheatedHead(t *testing.T) {
	p, h := start(t, nil)
	p.OverheatHead()
	h.send("waits\n" + eot2 + eot3)
	h.expect("\x52\x52")
	require.Empty(t, p.Pending())
	p.CoolHead()
	require.Equal(t, "waits\n", p.Pending())
}

func TestBrokenPrinter(t *testing.T) {
	p, h := start(t, nil)
	p.Break()
	h.send("\x10\x05\x01" + "\x10\x05\x02" + eot3)
	h.expect("\x32")
}

func TestDeselectedPrinterIgnoresData(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1b=\x02ignored\n\x1b@" + eot1 + "\x1b=\x01heard\n")
	h.expect("\x12")
	require.Equal(t, "heard\n", p.Pending())
}

func TestASBThatIsAlwaysOn(t *testing.T) {
	p, h := start(t, &virtual.Config{Personality: personality(t, "clone-asb-on")})
	h.expect("\x10\x00\x00\x00")
	h.send("\x1da\x00")
	h.expect("\x10\x00\x00\x00")
	p.OpenCover()
	h.expect("\x38\x00\x00\x00")
}

func TestIdleHostIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, h := start(t, &virtual.Config{Personality: personality(t, "tm-t88iii")}) // after five minutes
		time.Sleep(4 * time.Minute)
		h.send(eot1)
		h.expect("\x12")
		time.Sleep(4 * time.Minute)
		h.send(eot1)
		h.expect("\x12")
		require.NoError(t, h.SetReadDeadline(time.Time{}))
		time.Sleep(6 * time.Minute)
		_, err := h.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		_, err = h.Write([]byte("x"))
		require.ErrorIs(t, err, transport.ErrGone)
	})
}

func TestBootTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pers := personality(t, "modern-epson")
		pers.BootTime = virtual.Seconds(3 * time.Second)
		p, _ := start(t, &virtual.Config{Personality: pers, Speed: 100})
		p.PowerOff()
		began := time.Now()
		p.PowerOn()
		require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return s.Online }))
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}

func TestSerialLineOutlivesPowerOff(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.PowerNotice = true
	p, first := start(t, &virtual.Config{Personality: pers})
	require.NoError(t, first.Close())
	h := dialSerial(t, p, virtual.Serial{})
	h.send("before\n")
	p.PowerOff()
	h.send("lost\n" + eot1)
	h.silent()
	p.PowerOn()
	h.expect("\x3b\x31\x00")
	h.send("after\n")
	require.Equal(t, "before\nafter\n", p.Pending())
}

func TestRepliesNobodyReadsAreLostWhole(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.ReplyBuffer = 10
	_, h := start(t, &virtual.Config{Personality: pers})
	h.send(processID("0001") + processID("0002") + eot1)
	h.expect("\x37\x220001\x00\x12")
	h.silent()
}
