package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

func newLogoCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logo",
		Short: "List, store, print and delete the logos that a printer keeps",
		Long: `List, store, print and delete the logos that a printer keeps in its non-volatile
memory, each under a key of two printable ASCII characters.

That memory wears out: Epson advises against more than ten writes a day. Store a
logo when the printer is set up, and print it by its key with each receipt.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newLogoListCommand(a),
		newLogoStoreCommand(a),
		newLogoPrintCommand(a),
		newLogoDeleteCommand(a),
	)
	return cmd
}

func newLogoListCommand(a *app) *cobra.Command {
	var profile string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the keys of the logos",
		Long: `List the keys of the logos, one a line, and how much memory is free.

Exit: 0 listed · 1 not.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := a.target()
			if err != nil {
				return err
			}
			l, err := a.logos(cmd.Context(), t, profile)
			if err != nil {
				return err
			}
			return a.tellLogos(t, l)
		},
	}
	cmd.Flags().StringVar(&profile, "profile", "", "printer `model`; chosen by what the printer says if not given")
	return cmd
}

// logos asks the printer which logos it keeps.
func (a *app) logos(ctx context.Context, t target, profile string) (printer.Logos, error) {
	cfg, err := t.config(profile, a.timeout)
	if err != nil {
		return printer.Logos{}, err
	}
	// Each of the questions has its own deadline; the whole has this one.
	ctx, cancel := context.WithTimeout(ctx, 20*a.timeout)
	defer cancel()
	openCtx, opened := context.WithTimeout(ctx, a.timeout)
	defer opened()
	p, err := printer.Open(openCtx, t.URI, cfg)
	if err != nil {
		return printer.Logos{}, err
	}
	defer p.Close()
	return p.Logos(ctx)
}

// logoList is the JSON object of logo list --json.
type logoList struct {
	Schema   int      `json:"schema"`
	Printer  string   `json:"printer"`
	URI      string   `json:"uri"`
	Keys     []string `json:"keys"`
	Capacity int64    `json:"capacity"`
	Free     int64    `json:"free"`
}

func (a *app) tellLogos(t target, l printer.Logos) error {
	if a.json {
		return json.NewEncoder(a.stdout).Encode(logoList{
			Schema: 1, Printer: t.Name, URI: t.URI,
			Keys: append([]string{}, l.Keys...), Capacity: l.Capacity, Free: l.Free,
		})
	}
	for _, k := range l.Keys {
		fmt.Fprintln(a.stdout, k)
	}
	a.say("%d logos; %d of %d bytes are free", len(l.Keys), l.Free, l.Capacity)
	return nil
}

const logoExit = `

Exit: 0 done, or sent to a printer that cannot confirm · 1 not done · 4 in doubt.`

func newLogoStoreCommand(a *app) *cobra.Command {
	var o actOptions
	var dither string
	cmd := &cobra.Command{
		Use:   "store KEY FILE",
		Short: "Store a picture as a logo",
		Long: `Store a picture, PNG, JPEG or GIF, or - for standard input, in place of the logo
of that key. A picture that is wider than the paper is scaled to its width.

The memory wears out: at most ten writes a day.` + logoExit,
		Args: needArgs(2, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := a.read(args[1])
			if err != nil {
				return err
			}
			img, err := decodeImage(b, dither)
			if err != nil {
				return fmt.Errorf("%s: %w", args[1], err)
			}
			return a.actLogo(cmd.Context(), "logo store", args[0], new(escpos.Document).StoreLogo(args[0], img), o)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().StringVar(&dither, "dither", "", "how greys become dots: threshold, floyd-steinberg, atkinson or bayer (default floyd-steinberg)")
	return cmd
}

func newLogoPrintCommand(a *app) *cobra.Command {
	var o actOptions
	var noCut bool
	cmd := &cobra.Command{
		Use:   "print KEY",
		Short: "Print a logo",
		Long:  `Print a logo, and cut. A printer that has none of that key prints nothing.` + logoExit,
		Args:  needArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			doc := new(escpos.Document).Align(escpos.Center).Logo(args[0], 1, 1).ResetStyle()
			if !noCut {
				doc.Cut(escpos.CutPartial)
			}
			return a.actLogo(cmd.Context(), "logo print", args[0], doc, o)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().BoolVar(&noCut, "no-cut", false, "do not cut after it")
	return cmd
}

func newLogoDeleteCommand(a *app) *cobra.Command {
	var o actOptions
	var all bool
	cmd := &cobra.Command{
		Use:   "delete KEY | --all",
		Short: "Delete a logo, or all of them",
		Long: `Delete the logo of a key, or all logos. With --all the printer is asked first
whether it has any.

The memory wears out: at most ten writes a day.` + logoExit,
		Args: needArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case all && len(args) == 0:
				return a.deleteLogos(cmd.Context(), o)
			case all || len(args) == 0:
				return errors.New("logo delete: name one key, or --all")
			}
			return a.actLogo(cmd.Context(), "logo delete", args[0], new(escpos.Document).DeleteLogo(args[0]), o)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().BoolVar(&all, "all", false, "delete all logos")
	return cmd
}

func (a *app) actLogo(ctx context.Context, what, key string, doc *escpos.Document, o actOptions) error {
	title := fmt.Sprintf("%s %q", what, key)
	if err := doc.Err(); err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	return a.act(ctx, title, doc, o)
}

// deleteAllLogos is GS ( L fn 65: one write, however many there are.
var deleteAllLogos = []byte{0x1D, '(', 'L', 5, 0, 48, 65, 'C', 'L', 'R'}

// deleteLogos deletes all logos of a printer that has some. One that keeps
// none might print the command.
func (a *app) deleteLogos(ctx context.Context, o actOptions) error {
	t, err := a.target()
	if err != nil {
		return err
	}
	l, err := a.logos(ctx, t, o.profile)
	if err != nil {
		return err
	}
	if len(l.Keys) == 0 {
		a.say("%s keeps no logos", t.Name)
		return nil
	}
	a.warnOfWear("logo delete --all", 1)
	return a.act(ctx, "logo delete --all", new(escpos.Document).Raw(deleteAllLogos), o)
}

// warnOfWear says that something writes memory that wears out.
func (a *app) warnOfWear(name string, writes int) {
	times := "once"
	if writes > 1 {
		times = fmt.Sprintf("%d times", writes)
	}
	a.say("%s: writes the printer's non-volatile memory %s; it wears out, so no more than ten writes a day", name, times)
}
