package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/transport"
)

func newDoctorCommand(a *app) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find out what is wrong, from the cable to the paper",
		Long: `Check a printer step by step, from the cable to the paper, and say the cure of
what fails. Nothing is printed, fed, cleared or reset. On a serial line that
gives no sense, other speeds and parities are tried.

Exit: 0 nothing is wrong · 2 a check failed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var findings []*diagnosis
			ts, err := a.targets()
			if err != nil {
				d := &diagnosis{a: a}
				d.failErr("config", err)
				if c := &d.Checks[0]; c.Cure == "" {
					c.Cure = "correct the configuration, or name another file with --config"
				}
				findings = append(findings, d)
			}
			for _, t := range ts {
				d := &diagnosis{a: a, Printer: t.Name, URI: t.URI, t: t}
				d.pass("config", configFinding(t))
				d.run(cmd.Context())
				findings = append(findings, d)
			}
			failed := false
			for i, d := range findings {
				if i > 0 && !a.json {
					fmt.Fprintln(a.stdout)
				}
				if err := a.showDiagnosis(d); err != nil {
					return err
				}
				failed = failed || d.failed()
			}
			if file != "" {
				if err := writeReport(file, findings); err != nil {
					return &exitError{Code: exitCritical, Err: fmt.Errorf("the report was not written: %w (name another file)", err)}
				}
				a.say("%s: report written; it holds no receipts", file)
			}
			if failed {
				return exit(exitCritical)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&file, "report", "", "write what a support desk needs to `FILE`, without receipts")
	return cmd
}

func configFinding(t target) string {
	if t.Name == t.URI {
		return "named by its URI"
	}
	return "configured as " + t.Name
}

// What a check came to.
const (
	checkPassed  = "passed"
	checkFailed  = "failed"
	checkUnknown = "unknown" // it could not be checked
)

// A check is one step of a diagnosis, and the object of doctor --json.
type check struct {
	Name    string `json:"check"`
	Result  string `json:"result"`
	Finding string `json:"finding"`
	Cure    string `json:"cure,omitempty"` // what to do, in a sentence; set where it failed
}

// A diagnosis is what doctor found out about one printer.
type diagnosis struct {
	Printer string         `json:"printer"`
	URI     string         `json:"uri"`
	Checks  []check        `json:"checks"`
	Facts   map[string]any `json:"facts,omitempty"` // for the support desk

	a       *app
	t       target
	profile *escpos.Profile // what it would be printed on with; nil: not known
}

func (d *diagnosis) pass(name, finding string) {
	d.Checks = append(d.Checks, check{name, checkPassed, finding, ""})
}

func (d *diagnosis) fail(name, finding, cure string) {
	d.Checks = append(d.Checks, check{name, checkFailed, finding, cure})
}

// failErr fails with an error whose cure stands in brackets at its end, as
// errors here do.
func (d *diagnosis) failErr(name string, err error) {
	text, cure := err.Error(), ""
	var oe *transport.OpError
	if errors.As(err, &oe) && oe.Cure != "" && strings.HasSuffix(text, " ("+oe.Cure+")") {
		text, cure = strings.TrimSuffix(text, " ("+oe.Cure+")"), oe.Cure // which may have brackets of its own
	} else if i := strings.LastIndex(text, " ("); i > 0 && strings.HasSuffix(text, ")") {
		text, cure = text[:i], text[i+2:len(text)-1]
	}
	d.fail(name, text, cure)
}

func (d *diagnosis) skip(name, why string) {
	d.Checks = append(d.Checks, check{name, checkUnknown, why, ""})
}

func (d *diagnosis) fact(name string, value any) {
	if d.Facts == nil {
		d.Facts = map[string]any{}
	}
	d.Facts[name] = value
}

func (d *diagnosis) failed() bool {
	for _, c := range d.Checks {
		if c.Result == checkFailed {
			return true
		}
	}
	return false
}

func (a *app) showDiagnosis(d *diagnosis) error {
	if a.json {
		enc := json.NewEncoder(a.stdout)
		for _, c := range d.Checks {
			line := struct {
				Schema  int    `json:"schema"`
				Printer string `json:"printer"`
				URI     string `json:"uri"`
				check
			}{1, d.Printer, d.URI, c}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}
	if d.Printer != "" {
		head := d.Printer
		if d.URI != d.Printer {
			head += "   " + d.URI
		}
		fmt.Fprintln(a.stdout, head)
	}
	for i := 0; i < len(d.Checks); i++ {
		c := d.Checks[i]
		// What could not be checked for one and the same reason is one line.
		for i+1 < len(d.Checks) && c.Result == checkUnknown && d.Checks[i+1].Result == checkUnknown && d.Checks[i+1].Finding == c.Finding {
			i++
			c.Name += ", " + d.Checks[i].Name
		}
		fmt.Fprintf(a.stdout, "  %-8s %-14s %s\n", map[string]string{
			checkPassed: "ok", checkFailed: "FAILED", checkUnknown: "unknown",
		}[c.Result], c.Name, c.Finding)
		if c.Cure != "" {
			fmt.Fprintf(a.stdout, "  %-8s %-14s -> %s\n", "", "", c.Cure)
		}
	}
	return nil
}

// writeReport writes what a support desk needs.
func writeReport(name string, findings []*diagnosis) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = encodeReport(f, findings)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

func encodeReport(w io.Writer, findings []*diagnosis) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Schema   int          `json:"schema"`
		Time     time.Time    `json:"time"`
		Version  string       `json:"version"`
		Go       string       `json:"go"`
		System   string       `json:"system"`
		Printers []*diagnosis `json:"printers"`
	}{1, time.Now(), buildVersion(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, findings})
}
