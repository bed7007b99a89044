package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
)

func newTestCommand(a *app) *cobra.Command {
	o := actOptions{}
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Print a page that shows whether all is well",
		Long: `Print a page that shows whether all is well: the width of a line, the styles,
characters beyond ASCII, a QR code, the cut.

Exit: 0 printed, or sent to a printer that cannot confirm · 1 failed, nothing
was printed · 4 in doubt.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := a.target()
			if err != nil {
				return err
			}
			return a.act(cmd.Context(), "test page", testPage(t, time.Now()), o)
		},
	}
	o.flags(cmd.Flags())
	return cmd
}

// testPage is a page on which what is wrong can be seen.
func testPage(t target, now time.Time) *escpos.Document {
	d := new(escpos.Document)
	d.Align(escpos.Center).Size(2, 2).Line("printerctl").Size(1, 1)
	d.Line("test page").Align(escpos.Left)
	d.Rule('=')
	d.Item("Printer", t.Name)
	if t.Name != t.URI {
		d.Line(t.URI)
	}
	d.Item("Time", now.Format("2006-01-02 15:04:05"))
	d.Rule('-')
	// Lines of a known number of characters: the longest one that is not
	// wrapped tells the width.
	for _, n := range []int{32, 42, 48} {
		d.Line(strings.Repeat("1234567890", 5)[:n-3] + " " + strconv.Itoa(n))
	}
	d.Rule('-')
	d.Text("plain ").Bold(true).Text("bold ").Bold(false).Underline(1).Text("underline").Underline(0).Text(" ")
	d.Invert(true).Text(" inverse ").Invert(false).Text("\n")
	d.Size(2, 1).Line("double width").Size(1, 2).Line("double height").Size(1, 1)
	d.Font(escpos.FontB).Line("font B: the quick brown fox").Font(escpos.FontA)
	d.Line("äöüß éèê ñ £ € ½")
	d.Rule('-')
	d.Align(escpos.Center).QR(escpos.QR{Data: "https://example.com/printerctl"}).Align(escpos.Left)
	d.Line("The rule above and below reach from")
	d.Line("edge to edge, and the paper is cut.")
	d.Rule('=')
	return d.Cut(escpos.CutPartial)
}
