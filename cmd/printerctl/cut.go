package main

import (
	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
)

func newCutCommand(a *app) *cobra.Command {
	o := actOptions{done: "done"}
	var full bool
	cmd := &cobra.Command{
		Use:   "cut",
		Short: "Feed past the cutter and cut",
		Long: `Feed what is printed past the cutter, and cut.

Exit: 0 done, or sent to a printer that cannot confirm · 1 not done · 4 in doubt.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			mode := escpos.CutPartial
			if full {
				mode = escpos.CutFull
			}
			return a.act(cmd.Context(), "cut", new(escpos.Document).Cut(mode), o)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().BoolVar(&full, "full", false, "cut through; the usual cut leaves one point")
	return cmd
}
