package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
)

func newFeedCommand(a *app) *cobra.Command {
	o := actOptions{done: "done"}
	var lines int
	cmd := &cobra.Command{
		Use:   "feed",
		Short: "Feed paper",
		Long: `Feed some lines of paper.

Exit: 0 done, or sent to a printer that cannot confirm · 1 not done · 4 in doubt.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if lines < 1 || lines > 255 {
				return fmt.Errorf("--lines %d: out of range (1 to 255)", lines)
			}
			return a.act(cmd.Context(), "feed", new(escpos.Document).Feed(lines), o)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().IntVarP(&lines, "lines", "n", 3, "how many lines, 1 to 255")
	return cmd
}
