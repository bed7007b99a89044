package virtual_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestIdentity(t *testing.T) {
	_, h := start(t, nil)
	h.send("\x1dI\x01\x1dI\x02\x1dI\x43\x1dI\x42")
	h.expect("\x20\x03\x5fTM-m30II\x00\x5fEPSON\x00")
}

func TestCountersAgreeWithThePaper(t *testing.T) {
	p, h := start(t, nil)
	h.send(numbered(1, 3) + cut + numbered(4, 5) + cut)
	h.send("\x1dg2\x00\xb2\x00\x1dg2\x00\x94\x00")
	h.expect("\x5f2\x00\x5f5\x00")
	h.send("\x1dg0\x00\x32\x00\x1dg2\x00\x32\x00\x1dg2\x00\xb2\x00")
	h.expect("\x5f0\x00\x5f2\x00")
	p.PowerOff()
	p.PowerOn()
	h = dial(t, p)
	h.send("\x1dg2\x00\xb2\x00")
	h.expect("\x5f2\x00")
}

func TestUserMemorySurvivesPowerOff(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1d(C\x0a\x00\x00\x01\x00K1hello" + "\x1d(C\x05\x00\x00\x02\x00K1\x06")
	h.expect("\x37\x70\x40hello\x00")
	p.PowerOff()
	p.PowerOn()
	h = dial(t, p)
	h.send("\x1d(C\x05\x00\x00\x02\x00K1\x06" + "\x1d(C\x05\x00\x00\x02\x00K2\x06")
	h.expect("\x37\x70\x40hello\x00" + "\x37\x70\x40\x00")
}

func TestMemorySwitches(t *testing.T) {
	_, h := start(t, nil)
	h.send("\x1d(E\x03\x00\x01IN")
	h.expect("\x37\x20\x00")
	h.send("\x1d(E\x0a\x00\x03\x0122222212" + "\x1d(E\x02\x00\x04\x01")
	h.expect("\x37\x2100000010\x00")
}

func TestASBFollowsItsMask(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1da\x02")
	h.expect("\x10\x00\x00\x00")
	p.SetDrawerPin3(true) // not asked for
	h.silent()
	p.OpenCover()
	h.expect("\x3c\x00\x00\x00")
	p.CloseCover()
	h.expect("\x14\x00\x00\x00")
	h.send("\x1da\x00")
	p.OpenCover()
	h.silent()
	p.CloseCover()
	h.send("\x1da\x01")
	h.expect("\x14\x00\x00\x00")
	h.send(reset)
	p.SetDrawerPin3(false)
	h.silent()
}

func TestOfflineResponse(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1d(H\x03\x00\x31\x30\x01")
	p.OpenCover()
	h.expect("\x37\x23\x00")
	p.CloseCover()
	h.send("\x1d(H\x03\x00\x31\x30\x02")
	p.OpenCover()
	h.expect("\x37\x23\x40\x40\x40\x42\x40\x00")
}

func TestDrawerPulses(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1bp\x00\x19\xfa" + "\x10\x14\x01\x01\x02")
	ps := p.Pulses()
	require.Len(t, ps, 2)
	require.Equal(t, virtual.Pulse{Pin: 2, On: 50 * time.Millisecond, Off: 500 * time.Millisecond}, ps[0])
	require.Equal(t, virtual.Pulse{Pin: 5, On: 200 * time.Millisecond, Off: 200 * time.Millisecond}, ps[1])
	h.send("\x1d(D\x03\x00\x14\x01\x00")
	h.send("\x10\x14\x01\x01\x02")
	require.Len(t, p.Pulses(), 2)
}

func TestFeedButton(t *testing.T) {
	p, h := start(t, nil)
	p.PressFeed()
	h.send(eot1 + eot2)
	h.expect("\x5a\x1a")
	p.ReleaseFeed()
	h.send(eot1)
	h.expect("\x12")
}

func TestWaitsForTheButtonAfterPaper(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.WaitAfterPaper = true
	p, h := start(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(1)})
	h.send(numbered(1, 2))
	p.LoadPaper(1000)
	h.send(eot1)
	h.expect("\x3a")
	require.Equal(t, "line 01\n", p.Printed())
	p.PressFeed()
	p.ReleaseFeed()
	require.Equal(t, numbered(1, 2), p.Printed())
}

func TestMacro(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1d:twice\n\x1d:" + "\x1d^\x02\x00\x00after\n")
	require.Equal(t, "twice\ntwice\ntwice\nafter\n", p.Pending())
}

func TestPageMode(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1bL\x1bW\x00\x00\x00\x00\x00\x02\x80\x00" +
		"\x1d$\x60\x00lower\x1d$\x20\x00\x1b$\x00\x00upper\x1b$\xc8\x00right")
	require.Empty(t, p.Pending())
	h.send("\x0cafter\n")
	require.Equal(t, "upper           "[:5]+strings.Repeat(" ", 12)+"right\nlower\nafter\n", p.Pending())
}

func TestLeavingPageModeForgetsThePage(t *testing.T) {
	p, h := start(t, nil)
	h.send("\x1bLlost\n\x1bSkept\n")
	require.Equal(t, "kept\n", p.Pending())
}

func TestTextWithPositions(t *testing.T) {
	p, h := start(t, nil)
	h.send("a\tb\n" + "\x1ba\x01centre\n" + "\x1ba\x02right\n" + "\x1ba\x00" + strings.Repeat("x", 50) + "\n")
	require.Equal(t, "a       b\ncentre\nright\n"+strings.Repeat("x", 48)+"\nxx\n", p.Pending())
}

func TestCodePagesAndKanji(t *testing.T) {
	for name, c := range map[string]struct{ personality, bytes, want string }{
		"437":       {"modern-epson", "\x1bt\x00\x81\x84\xe1", "üäß"},
		"858":       {"modern-epson", "\x1bt\x13\xd5", "€"},
		"1252":      {"modern-epson", "\x1bt\x10\x80", "€"},
		"Kanji":     {"modern-epson", "\x1c&\xc4\xe3\xba\xc3 ok\x1c.", "你好 ok"},
		"utf-8":     {"modern-epson", "\x1c(C\x02\x00\x30\x02" + "é 你好", "é 你好"},
		"Shift_JIS": {"tm-t88v-japan", "\x1cC\x01\x1c&\x93\xfa\x96\x7b\x1c.", "日本"},
		"JIS":       {"tm-t88v-japan", "\x1c&\x46\x7c\x4b\x5c\x1c.", "日本"},
		"yen":       {"tm-t88v-japan", "\x1bR\x08\\100", "¥100"},
	} {
		t.Run(name, func(t *testing.T) {
			p, h := start(t, &virtual.Config{Personality: personality(t, c.personality)})
			h.send(c.bytes + "\n")
			require.Equal(t, c.want+"\n", p.Pending())
		})
	}
}

func TestOthersWaitTheirTurn(t *testing.T) {
	p, first := start(t, nil)
	second := dial(t, p)
	second.send("second\n" + eot1)
	first.send("first\n")
	second.silent()
	require.NoError(t, first.Close())
	second.expect("\x12")
	require.Equal(t, "first\nsecond\n", p.Pending())
}
