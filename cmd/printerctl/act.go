package main

import (
	"context"
	"time"

	"github.com/spf13/pflag"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/queue"
)

// actOptions are the flags of the commands that have a printer do something
// now.
type actOptions struct {
	profile string
	wait    time.Duration
	done    string // what it is to have done it: "done"; for the test page "printed"
}

func (o *actOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.profile, "profile", "", "printer `model`, or a JSON file that describes one; chosen by what the printer says if not given")
	f.DurationVar(&o.wait, "wait", 10*time.Second, "how long to wait for a printer that cannot do it now; after that, it does not do it at all")
}

// act has the printer do what doc says, soon or never: a drawer that opens an
// hour later, when somebody has loaded paper, helps nobody. It goes through
// the queue, as the printer may be driven by another process.
func (a *app) act(ctx context.Context, title string, doc *escpos.Document, o actOptions) error {
	t, err := a.target()
	if err != nil {
		return err
	}
	cfg, err := t.config(o.profile, a.timeout)
	if err != nil {
		return err
	}
	if err := a.rehearse(title, doc, cfg.Profile, 1); err != nil {
		return err
	}
	if err := a.present(ctx, t); err != nil {
		return err
	}
	r := queue.Receipt{Lane: t.Name, Document: doc, Title: title, Priority: 1, Expires: time.Now().Add(o.wait)}
	return a.deliver(ctx, t, cfg, []queue.Receipt{r}, printOptions{done: o.done})
}
