package printer_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestInfo(t *testing.T) {
	cases := []struct {
		model         string
		maker, name   string
		profile       string
		reason        string
		cjk           string
		ids, identity escpos.Tri
	}{
		{"tm-t20iii", "EPSON", "TM-T20III", "TM-T20III", "it says it is EPSON TM-T20III", "", escpos.Yes, escpos.Yes},
		{"tm-t88v-japan", "EPSON", "TM-T88V", "TM-T88V", `its font "KANJI JAPANESE" is shift_jis`, "shift_jis", escpos.Yes, escpos.Yes},
		{"clone-epson", "EPSON", "TM-T88V", "generic-80", "taken for a clone", "", escpos.No, escpos.Yes},
		{"clone-no-near-end", "", "", "generic-80", "does not say what it is", "", escpos.Unknown, escpos.No},
		{"clone-silent", "", "", "generic-80", "does not say what it is", "", escpos.Unknown, escpos.Unknown},
	}
	for _, c := range cases {
		t.Run(c.model, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := virtual.New(&virtual.Config{Personality: personality(t, c.model)})
				defer v.Close()
				conn, err := v.Dial()
				require.NoError(t, err)
				wire := &recorder{Conn: conn}
				p := printer.New(wire, "virtual://test", nil)
				defer p.Close()
				info, err := p.Info(t.Context())
				require.NoError(t, err)
				require.Equal(t, c.maker, info.Maker)
				require.Equal(t, c.name, info.Model)
				require.Equal(t, c.profile, info.Profile.Name)
				require.Contains(t, info.Reason, c.reason)
				require.Equal(t, c.cjk, info.Profile.CJK)
				require.Equal(t, c.ids, info.Observed.ProcessID)
				require.Equal(t, c.identity, info.Observed.Identity)
				require.Empty(t, v.Printed())
				if c.model == "clone-silent" {
					require.Zero(t, len(wire.sent())%3)
					require.NotContains(t, string(wire.sent()), "\x1D")
				}
			})
		})
	}
}

func TestInfoOfAStoppedPrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, nil, nil)
		v.RemovePaper()
		info, err := p.Info(t.Context())
		require.NoError(t, err)
		require.Empty(t, info.Model, "it would answer later, when nobody asks")
		require.Equal(t, escpos.PaperOut, info.Status.Paper())
		v.LoadPaper(80000)
		info, err = p.Info(t.Context())
		require.NoError(t, err)
		require.Equal(t, "TM-m30II", info.Model)
	})
}

func TestCounters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := device(t, nil, nil)
		before, err := p.Counters(t.Context())
		require.NoError(t, err)
		require.True(t, before.Cuts.Known)
		_, err = p.Print(t.Context(), &printer.Job{Document: receipt(10)})
		require.NoError(t, err)
		after, err := p.Counters(t.Context())
		require.NoError(t, err)
		require.Equal(t, before.Cuts.Value+1, after.Cuts.Value)
		require.Greater(t, after.Lines.Value, before.Lines.Value)
		require.Equal(t, escpos.Yes, p.Capabilities().Counters)
	})
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, &virtual.Config{Personality: personality(t, "clone-silent")}, nil)
		c, err := p.Counters(t.Context())
		require.NoError(t, err)
		require.Zero(t, c)
		require.Empty(t, v.Printed()+v.Pending())
	})
}

func TestClear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := device(t, nil, nil)
		require.NoError(t, p.Clear(t.Context()))
		require.Equal(t, escpos.Yes, p.Capabilities().Clear)
		clone, _ := device(t, &virtual.Config{Personality: personality(t, "clone-no-near-end")}, nil)
		err := clone.Clear(t.Context())
		require.ErrorIs(t, err, printer.ErrNoAnswer)
		var e *printer.Error
		require.ErrorAs(t, err, &e)
		require.True(t, e.Timeout())
	})
}
