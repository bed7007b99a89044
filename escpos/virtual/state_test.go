package virtual_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// Whatever happens to the printer, all ways of asking say the same.
func TestStatusPathsAgree(t *testing.T) {
	pers := personality(t, "modern-epson")
	has := escpos.Sensors{NearEnd: escpos.Yes}
	rapid.Check(t, func(t *rapid.T) {
		p := virtual.New(&virtual.Config{Personality: pers, Paper: pers.PaperFor(30), NearEnd: pers.PaperFor(20)})
		defer p.Close()
		c, err := p.Dial()
		require.NoError(t, err)
		ask := func(question string, n int) []byte {
			_, err := io.WriteString(c, question)
			require.NoError(t, err)
			b := make([]byte, n)
			_, err = io.ReadFull(c, b)
			require.NoError(t, err)
			return b
		}
		actions := map[string]func(){
			"open": p.OpenCover, "close": p.CloseCover, "jam": p.JamCutter, "unjam": p.ClearJam,
			"heat": p.OverheatHead, "cool": p.CoolHead, "press": p.PressFeed, "release": p.ReleaseFeed,
			"load": func() { p.LoadPaper(pers.PaperFor(30)) }, "remove": p.RemovePaper,
			"drawer": func() { p.SetDrawerPin3(true) }, "recover": func() { _, _ = io.WriteString(c, "\x10\x05\x01") },
			"clear": func() { require.Equal(t, "\x37\x25\x00", string(ask(clearAll, 3))) },
			"print": func() { _, _ = io.WriteString(c, numbered(1, 8)) },
			"cut":   func() { _, _ = io.WriteString(c, "\x1dVB\x00") },
		}
		names := []string{"open", "close", "jam", "unjam", "heat", "cool", "press", "release", "load", "remove", "drawer", "recover", "clear", "print", "cut"}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 1, 20).Draw(t, "actions") {
			if p.State().Buffered > 3000 {
				break // a printer that is full hears no questions
			}
			actions[name]()
			var single, frame escpos.Status
			for n := 1; n <= 4; n++ {
				require.True(t, single.ApplyRealTime(n, ask("\x10\x04"+string(rune(n)), 1)[0], has))
			}
			frame.ApplyASB(escpos.ASB(ask("\x10\x14\x07\x01", 4)), has)
			state := p.State()

			// A frame does not carry this one.
			if single.Online == escpos.Yes {
				require.NotEqual(t, escpos.Yes, single.StoppedByPaperEnd)
				require.Equal(t, []byte{raw(single)}, ask(askPaper, 1), "GS r 1 after DLE EOT 4")
			}
			single.StoppedByPaperEnd, single.Raw, frame.Raw = escpos.Unknown, escpos.RawStatus{}, escpos.RawStatus{}
			require.Equal(t, single, frame, "after %s", name)
			require.False(t, single.NonConforming)

			require.Equal(t, escpos.TriOf(state.Online), single.Online)
			require.Equal(t, escpos.TriOf(state.CoverOpen), single.CoverOpen)
			require.Equal(t, escpos.TriOf(state.Error), single.ErrorExists)
			require.Equal(t, escpos.TriOf(state.Waiting), single.WaitingOnline)
		}
	})
}

// raw is the answer to GS r 1 that goes with the answer to DLE EOT 4.
func raw(s escpos.Status) byte {
	v := s.Raw.RealTime[4]
	return v>>2&0x03 | v>>3&0x0C
}
