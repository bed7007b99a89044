package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// showReports prints a card for one printer, and a table for several.
func (a *app) showReports(ctx context.Context, reports []report) {
	if len(reports) == 1 {
		r := &reports[0]
		writeCard(a.stdout, r, a.backlog(ctx, r.target))
		return
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PRINTER\tSTATE\tPAPER\tCOVER\tERROR\tWHAT TO DO")
	for i := range reports {
		r := &reports[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Printer, r.State, shout(r.Paper), shout(r.Cover), r.Error, advice(r))
	}
	w.Flush()
}

// writeCard prints what is known about one printer, and ends in what to do.
func writeCard(w io.Writer, r *report, backlog string) {
	head := []string{r.Printer}
	if r.Printer != r.URI {
		head = append(head, r.URI)
	}
	fmt.Fprintln(w, strings.Join(head, "   "))
	line := func(label, value, remark string) {
		if remark != "" {
			value = fmt.Sprintf("%-12s  %s", value, remark)
		}
		fmt.Fprintf(w, "  %-8s %s\n", label, value)
	}
	line("state", r.State, stateRemark(r))
	line("paper", shout(r.Paper), paperRemark(r))
	line("cover", shout(r.Cover), coverRemark(r))
	line("error", r.Error, errorAdvice[r.Error])
	if backlog != "" {
		line("queue", backlog, "")
	}
	if r.Owner != "" {
		line("asked", fmt.Sprintf("not now: %s drives it, and heard this %s", r.Owner, ago(time.Since(r.Time))), "")
	} else if !r.watched {
		line("asked", fmt.Sprintf("%s, %d of %d questions answered", ago(time.Since(r.Time)), r.replied, 4), "")
	}
	line("do", advice(r), "")
}

// shout makes the words stand out that want a person.
func shout(s string) string {
	switch s {
	case "out", "open":
		return strings.ToUpper(s)
	}
	return s
}

func stateRemark(r *report) string {
	switch {
	case r.err != nil:
		return ""
	case r.status.WaitingOnline == escpos.Yes:
		return "waits for the FEED button"
	case r.status.Online == escpos.No && len(r.Reasons) == 1 && r.Reasons[0] == "other-error":
		return "says that it is offline, and not why"
	}
	return ""
}

func paperRemark(r *report) string {
	switch {
	case r.Paper == "out":
		return "load paper; printing resumes by itself"
	case r.Paper == "near-end":
		return "prints on; have a new roll at hand"
	case r.Paper == "unknown" && r.Cover == "open":
		return "cannot be known while the cover is open"
	case r.Paper == "unknown" && r.status.NonConforming:
		return "the answer contradicts itself"
	}
	return ""
}

func coverRemark(r *report) string {
	if r.Cover == "open" {
		return "close the cover"
	}
	return ""
}

var errorAdvice = map[string]string{
	"recoverable":      "remove the cause, then switch it off and on",
	"cutter":           "switch off, free the cutter, switch on",
	"auto-recoverable": "goes by itself: the head cools, or the cover is closed",
	"unrecoverable":    "switch it off; it needs service",
}

// advice is the one sentence that tells a person what to do.
func advice(r *report) string {
	switch {
	case r.err != nil && r.State == "unreachable":
		return "check power and cable, and that the address is right"
	case r.err != nil:
		return "see the message below"
	case r.Cover == "open":
		return "close the cover"
	case r.Paper == "out":
		return "load paper"
	case r.Error != "none" && r.Error != "unknown":
		return errorAdvice[r.Error]
	case r.status.WaitingOnline == escpos.Yes:
		return "press FEED"
	case r.Severity == "ok":
		return "nothing; it is ready"
	case r.Severity == "warning":
		return "have a new roll at hand"
	case r.replied == 0:
		return "it does not answer: it may be off, busy, or a model that never does; try \"printerctl doctor\""
	case r.Severity == "critical":
		return "look at the printer"
	}
	return "it does not tell enough; look at the printer"
}

// ago says how long ago something was, for people.
func ago(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return "just now"
	default:
		return span(d) + " ago"
	}
}

// span says a length of time, for people: "4 min 12 s".
func span(d time.Duration) string {
	d = d.Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case h >= 48:
		return fmt.Sprintf("%d days", h/24)
	case h > 0:
		return fmt.Sprintf("%d h %d min", h, m)
	case m > 0:
		return fmt.Sprintf("%d min %d s", m, s)
	}
	return fmt.Sprintf("%d s", s)
}
