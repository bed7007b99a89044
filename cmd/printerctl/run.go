package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/queue/hook"
)

func newQueueRunCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Drive the printers until told to stop",
		Long: `Drive the printers: print what is queued, hold while a printer is out of paper
or not there, and go on by itself. On SIGTERM or an interrupt, the receipt that
is coming out is finished, or put back.

Without -p, all configured printers are driven. The configured hooks hear what
happens: programs and webhooks.

Under systemd with Type=notify, readiness is told when the printers are being
driven, and the watchdog is fed for as long as the stored receipts can be read
and every printer's part of the program gives a sign of life.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runQueue(cmd.Context()) },
	}
}

// runQueue drives the lanes until ctx ends.
func (a *app) runQueue(ctx context.Context) (err error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	lanes, err := a.lanes()
	if err != nil {
		return err
	}
	dir, err := a.stateDirectory()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	hooks, err := a.openHooks(ctx, cfg, dir, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hooks.Close()) }()
	q, err := a.openQueue(ctx, dir, &queue.Config{Logger: log, OnEvent: func(e queue.Event) {
		a.narrate(e)
		hooks.Handle(e)
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()

	sd, err := a.serviceManager()
	if err != nil {
		return err
	}
	defer sd.close()
	told := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(told)
		sd.tell("STOPPING=1")
	})
	defer func() {
		if !cancel() {
			<-told
		}
	}()
	sd.tell(fmt.Sprintf("READY=1\nSTATUS=printers driven: %d", len(lanes)))
	defer sd.feed(func(ctx context.Context) error {
		if _, err := q.Lanes(ctx); err != nil {
			return err
		}
		return q.Alive(ctx)
	})()
	return q.Run(ctx, lanes...)
}

// lanes returns the lanes of the printers to drive.
func (a *app) lanes() ([]queue.Lane, error) {
	ts, err := a.targets()
	if err != nil {
		return nil, err
	}
	lanes := make([]queue.Lane, len(ts))
	for i, t := range ts {
		cfg, err := t.config("", a.timeout)
		if err != nil {
			return nil, err
		}
		lanes[i] = t.laneOf(cfg)
	}
	return lanes, nil
}

// openHooks starts the configured hooks. Programs can ask printerctl about
// the printer without more ado: they are told which files are in use.
func (a *app) openHooks(ctx context.Context, cfg *config, dir string, log *slog.Logger) (*hook.Runner, error) {
	hooks, err := cfg.readHooks()
	if err != nil {
		return nil, err
	}
	var env []string
	for name, path := range map[string]string{"PRINTERCTL_CONFIG": cfg.path, "PRINTERCTL_STATE": dir} {
		if path == "" {
			continue
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		env = append(env, name+"="+abs)
	}
	return hook.Open(ctx, dir, hooks, &hook.Config{Logger: log, Env: env})
}
