package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos/queue"
)

func newQueueRunCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Drive the printers until told to stop",
		Long: `Drive the printers: print what is queued, hold while a printer is out of paper
or not there, and go on by itself. On SIGTERM or an interrupt, the receipt that
is coming out is finished, or put back.

Without -p, all configured printers are driven.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withQueue(cmd.Context(), func(q *queue.Queue) error { return a.runQueue(cmd.Context(), q) })
		},
	}
}

// runQueue drives the lanes until ctx ends.
func (a *app) runQueue(ctx context.Context, q *queue.Queue) error {
	ts, err := a.targets()
	if err != nil {
		return err
	}
	lanes := make([]queue.Lane, len(ts))
	for i, t := range ts {
		cfg, err := t.config("", a.timeout)
		if err != nil {
			return err
		}
		lanes[i] = queue.Lane{Name: t.Name, URI: t.URI, Printer: cfg}
	}
	events := q.Subscribe(256)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for e := range events.C() {
			a.narrate(e)
		}
	}()
	err = q.Run(ctx, lanes...)
	events.Close()
	<-told
	return err
}
