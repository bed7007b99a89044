package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

func newInfoCommand(a *app) *cobra.Command {
	var profile string
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Tell who a printer is, what it has done and what it can do",
		Long: `Tell who a printer is (GS I), what it has done (its own counters, GS g 2), and
what it can do: what the profile of its model claims beside what this very
printer was seen to do. Nothing is printed and nothing is changed.

A printer that does not answer status questions, or that is stopped, is not
asked who it is: it would answer later, or print the question.

Exit: as status.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := a.target()
			if err != nil {
				return &exitError{Code: exitUnknown, Err: err}
			}
			return a.info(cmd.Context(), t, profile)
		},
	}
	cmd.Flags().StringVar(&profile, "profile", "", "compare with this `model` instead of the one that the printer says it is")
	return cmd
}

// identity is what info finds out: the JSON object of info --json.
type identity struct {
	Schema       int                   `json:"schema"`
	Printer      string                `json:"printer"`
	URI          string                `json:"uri"`
	Time         time.Time             `json:"time"`
	State        string                `json:"state"`
	Maker        string                `json:"maker"`
	Model        string                `json:"model"`
	Serial       string                `json:"serial"`
	Firmware     string                `json:"firmware"`
	Font         string                `json:"font"`
	Profile      string                `json:"profile"`
	Reason       string                `json:"reason"`
	Counters     map[string]int64      `json:"counters"`
	Capabilities map[string]capability `json:"capabilities"`

	rows []capability
}

// A capability is one thing that a model is known to do, and whether this
// printer was seen to do it.
type capability struct {
	Name     string     `json:"-"`
	Title    string     `json:"-"`
	Claimed  escpos.Tri `json:"claimed"`
	Observed escpos.Tri `json:"observed"`
}

func (a *app) info(ctx context.Context, t target, profile string) error {
	r := newReport(t, time.Now())
	id, err := a.identify(ctx, t, profile, &r)
	if err != nil {
		r.setError(err)
		a.complain(err)
		return exit(r.exitCode())
	}
	if a.json {
		if err := json.NewEncoder(a.stdout).Encode(id); err != nil {
			return err
		}
	} else {
		writeIdentity(a.stdout, id)
	}
	return exit(r.exitCode())
}

// identify asks one printer. The status goes into r.
func (a *app) identify(ctx context.Context, t target, profile string, r *report) (*identity, error) {
	cfg, err := t.config(profile, a.timeout)
	if err != nil {
		return nil, err
	}
	// Each of the questions has its own deadline; the whole has this one.
	ctx, cancel := context.WithTimeout(ctx, 10*a.timeout)
	defer cancel()
	openCtx, opened := context.WithTimeout(ctx, a.timeout)
	defer opened()
	p, err := printer.Open(openCtx, t.URI, cfg)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	info, err := p.Info(ctx)
	if err != nil {
		return nil, err
	}
	r.setStatus(info.Status.Status)
	id := &identity{
		Schema: 1, Printer: t.Name, URI: t.URI, Time: info.Status.Time, State: r.State,
		Maker: info.Maker, Model: info.Model, Serial: info.Serial, Firmware: info.Firmware, Font: info.Font,
		Profile: info.Profile.Name, Reason: info.Reason, Counters: map[string]int64{},
		Capabilities: map[string]capability{},
	}
	if info.Maker+info.Model != "" {
		c, err := p.Counters(ctx)
		if err != nil {
			return nil, err
		}
		for _, k := range []struct {
			name string
			c    printer.Counter
		}{{"lines", c.Lines}, {"pulses", c.Pulses}, {"cuts", c.Cuts}, {"hours", c.Hours}} {
			if k.c.Known {
				id.Counters[k.name] = k.c.Value
			}
		}
		info.Observed = p.Capabilities()
	}
	id.rows = capabilities(info)
	for _, c := range id.rows {
		id.Capabilities[c.Name] = c
	}
	return id, nil
}

func capabilities(info printer.Info) []capability {
	p, o := info.Profile, info.Observed
	rows := []capability{
		{"dle_eot_1", "online (DLE EOT 1)", p.StatusReplies, o.RealTime[1]},
		{"dle_eot_2", "cause of a stop (DLE EOT 2)", p.StatusReplies, o.RealTime[2]},
		{"dle_eot_3", "cause of an error (DLE EOT 3)", p.StatusReplies, o.RealTime[3]},
		{"dle_eot_4", "paper sensors (DLE EOT 4)", p.StatusReplies, o.RealTime[4]},
		{"asb", "tells by itself (GS a)", p.ASB, o.ASB},
		{"process_id", "confirms by id (GS ( H)", p.ProcessID, o.ProcessID},
		{"paper_status", "confirms in turn (GS r)", escpos.Unknown, o.PaperStatus},
		{"identity", "says who it is (GS I)", escpos.Unknown, o.Identity},
		{"counters", "counts (GS g 2)", escpos.Unknown, o.Counters},
		{"clear", "clears its buffers (DLE DC4 8)", p.Clear, o.Clear},
	}
	return rows
}

func writeIdentity(w io.Writer, id *identity) {
	fmt.Fprintf(w, "%s   %s\n", id.Printer, id.URI)
	for _, l := range []struct{ label, value string }{
		{"maker", id.Maker}, {"model", id.Model}, {"serial", id.Serial}, {"firmware", id.Firmware}, {"font", id.Font},
	} {
		if l.value == "" {
			l.value = "–"
		}
		fmt.Fprintf(w, "  %-9s %s\n", l.label, l.value)
	}
	fmt.Fprintf(w, "  %-9s %s\n", "state", id.State)
	fmt.Fprintf(w, "  %-9s %s (%s)\n", "profile", id.Profile, id.Reason)
	for _, c := range []struct{ key, label, unit string }{
		{"cuts", "cuts", ""}, {"lines", "fed", " lines"}, {"hours", "on", " hours"},
	} {
		if n, ok := id.Counters[c.key]; ok {
			fmt.Fprintf(w, "  %-9s %d%s\n", c.label, n, c.unit)
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\n  CAN\tTHE MODEL\tTHIS PRINTER")
	for _, c := range id.rows {
		remark := ""
		if c.Claimed == escpos.Yes && c.Observed == escpos.No {
			remark = "  (the model does, this one does not)"
		}
		fmt.Fprintf(t, "  %s\t%s\t%s%s\n", c.Title, c.Claimed, seen(c.Observed), remark)
	}
	t.Flush()
}

func seen(t escpos.Tri) string {
	if t == escpos.Unknown {
		return "not tried"
	}
	return t.String()
}
