package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
)

func newDrawerCommand(a *app) *cobra.Command {
	o := actOptions{done: "done"}
	var pin int
	var on time.Duration
	cmd := &cobra.Command{
		Use:   "drawer",
		Short: "Open the cash drawer",
		Long: `Open the cash drawer that is connected to the printer, by a pulse on pin 2 or 5
of its connector.

Exit: 0 done, or sent to a printer that cannot confirm · 1 not done · 4 in doubt.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if pin != 2 && pin != 5 {
				return fmt.Errorf("--pin %d: the connector has pulses on pin 2 and pin 5", pin)
			}
			return a.act(cmd.Context(), "drawer", new(escpos.Document).Drawer(pin, on, 510*time.Millisecond), o)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().IntVar(&pin, "pin", 2, "`pin` of the drawer connector, 2 or 5")
	cmd.Flags().DurationVar(&on, "pulse", 100*time.Millisecond, "length of the pulse, 2 to 510 `ms`")
	return cmd
}
