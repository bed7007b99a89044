package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

func newTestCommand(a *app) *cobra.Command {
	o := actOptions{}
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Print a page that shows whether all is well",
		Long: `Print a page that shows what the printer can do and whether all is well: the
width of a line, the fonts and styles, each code page and each bar code that its
profile claims, a grey ramp, the cut.

Exit: 0 printed, or sent to a printer that cannot confirm · 1 failed, nothing
was printed · 4 in doubt.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := a.target()
			if err != nil {
				return err
			}
			p, err := a.profileOf(cmd.Context(), t, o.profile)
			if err != nil {
				return err
			}
			return a.act(cmd.Context(), "test page", testPage(t, p, time.Now()), o)
		},
	}
	o.flags(cmd.Flags())
	return cmd
}

// profileOf returns the profile named, or the one that the printer's own word
// chooses, or the generic one where it cannot be asked now.
func (a *app) profileOf(ctx context.Context, t target, name string) (*escpos.Profile, error) {
	cfg, err := t.config(name, a.timeout)
	if err != nil || cfg.Profile != nil {
		return cfg.Profile, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	p, err := printer.Open(ctx, t.URI, cfg)
	if err != nil {
		return escpos.GenericProfile(), nil
	}
	defer p.Close()
	info, err := p.Info(ctx)
	if err != nil || info.Profile == nil {
		return escpos.GenericProfile(), nil
	}
	return info.Profile, nil
}
