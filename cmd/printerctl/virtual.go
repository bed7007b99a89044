package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// virtualOptions are the options of printerctl virtual.
type virtualOptions struct {
	listen, control, out string
	personality          string
	paper, near, speed   float64
	pty, remote          bool
}

func newVirtualCommand(a *app) *cobra.Command {
	var o virtualOptions
	cmd := &cobra.Command{
		Use:   "virtual",
		Short: "Be a printer, to test against",
		Long: `Run a printer made of software: on TCP, as a network printer, or with --pty as
a serial one. It has paper that runs out, a cover, a cutter, sensors, and a
buffer that fills.

Standard input, and the port given with --control, take commands, one a line,
each answered by one line that begins with ok or error:
  load MM, remove, open, close, jam, unjam, press, release, cut-link,
  power off|on, status, receipts, receipt N, pending,
  wait idle|online|offline [D], wait receipt N [D], help

On a terminal the paper is shown as it comes out. With --out each receipt
becomes three files: its text, its picture (PNG), and its bytes.

It runs until it is interrupted.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.virtual(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:9100", "TCP `address` to listen on; empty: none")
	f.BoolVar(&o.remote, "allow-remote", false, "allow addresses that other machines can reach")
	f.BoolVar(&o.pty, "pty", false, "be a serial printer on a pseudo-terminal, not a network printer")
	f.StringVar(&o.personality, "personality", virtual.DefaultPersonality, "which printer to be: "+strings.Join(virtual.PersonalityNames(), ", "))
	f.Float64Var(&o.paper, "paper", 0, "`mm` of paper; 0: a new roll of 80 m")
	f.Float64Var(&o.near, "near-end", 0, "`mm` left at which the near-end sensor trips; 0: 1500")
	f.Float64Var(&o.speed, "speed", 150, "`mm/s`; 0: nothing takes time")
	f.StringVar(&o.out, "out", "", "`directory` for the receipts")
	f.StringVar(&o.control, "control", "", "TCP `address` that takes the commands of standard input")
	return cmd
}

// virtual runs a virtual printer until ctx ends.
func (a *app) virtual(ctx context.Context, o virtualOptions) error {
	if o.paper < 0 || o.near < 0 || o.speed < 0 {
		return errors.New("--paper, --near-end and --speed cannot be negative")
	}
	pers, err := virtual.PersonalityByName(o.personality)
	if err != nil {
		return err
	}
	p := virtual.New(&virtual.Config{Personality: pers, Paper: o.paper, NearEnd: o.near, Speed: o.speed})
	defer p.Close()

	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	failed := make(chan error, 4)
	run := func(f func() error) {
		running.Go(func() {
			if err := f(); err != nil {
				failed <- err
			}
		})
	}

	switch {
	case o.pty:
		tty, err := p.OpenPTY()
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "ok listening serial://%s\n", tty.Name())
		run(func() error { return tty.Serve(ctx) })
	case o.listen != "":
		l, err := listenOn(o.listen, o.remote)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "ok listening tcp://%s\n", l.Addr())
		run(func() error { return p.Serve(ctx, l) })
	}
	if o.control != "" {
		l, err := listenOn(o.control, o.remote)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "ok control %s\n", l.Addr())
		run(func() error { return p.ServeConsole(ctx, l) })
	}
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o700); err != nil {
			return err
		}
		run(func() error { return keepReceipts(ctx, p, o.out) })
	}
	if interactive(a.stdout) {
		a.say("%s. Type help for the commands, Ctrl-C to end.", pers.Title)
		run(func() error { a.showPaper(ctx, p); return nil })
	}
	// Standard input cannot be interrupted, so nobody waits for its end.
	go func() {
		if err := p.Console(ctx, a.stdin, a.stdout); err != nil && ctx.Err() == nil {
			failed <- err
		}
	}()
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// listenOn listens on an address, which must be of this machine alone unless
// remote is set: nothing asks for a password.
func listenOn(addr string, remote bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w (write it as 127.0.0.1:9100)", addr, err)
	}
	if ip := net.ParseIP(host); !remote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s can be reached from other machines (use 127.0.0.1, or --allow-remote if that is meant)", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w (is another printer there? try port 0)", addr, errors.Unwrap(err))
	}
	return l, nil
}

// keepReceipts writes each receipt into dir as it comes out.
func keepReceipts(ctx context.Context, p *virtual.Printer, dir string) error {
	for n := 0; ; {
		err := p.WaitReceipts(ctx, n+1)
		for _, r := range p.Receipts() { // also those that came out at the end
			if r.Number <= n {
				continue
			}
			n = r.Number
			var picture bytes.Buffer
			if err := r.WritePNG(&picture); err != nil {
				return err
			}
			name := filepath.Join(dir, fmt.Sprintf("receipt-%04d", r.Number))
			for ext, b := range map[string][]byte{".txt": []byte(r.Text), ".png": picture.Bytes(), ".bin": r.Raw} {
				if err := os.WriteFile(name+ext, b, 0o600); err != nil {
					return err
				}
			}
		}
		if err != nil {
			return nil // the program ends
		}
	}
}

// showPaper shows what happens to the printer, on a terminal.
func (a *app) showPaper(ctx context.Context, p *virtual.Printer) {
	var last virtual.State
	last.On, last.Online = true, true
	shown := 0
	for {
		var now virtual.State
		err := p.Wait(ctx, func(s virtual.State) bool {
			now = s
			return s.Paper != last.Paper || s.Receipts != last.Receipts || what(s) != what(last)
		})
		if err != nil {
			return
		}
		for _, r := range p.Receipts() {
			if r.Number <= last.Receipts || r.Number > now.Receipts {
				continue
			}
			paperLines(a.stdout, r.Lines, shown)
			shown = 0
			edge := "cut"
			if r.Torn {
				edge = "torn off"
			}
			fmt.Fprintf(a.stdout, "  '- - - - - %s, receipt %d, %.0f mm - - - - -\n", edge, r.Number, r.Length)
		}
		shown = paperLines(a.stdout, p.PendingReceipt().Lines, shown)
		if text := what(now); text != what(last) {
			fmt.Fprintln(a.stdout, "* "+text)
		}
		last = now
	}
}

// paperLines shows lines from the given one on, and returns how many have
// been shown.
func paperLines(w io.Writer, lines []string, from int) int {
	for i := from; i < len(lines); i++ {
		fmt.Fprintf(w, "  | %s\n", lines[i])
	}
	return max(from, len(lines))
}

// what says how the printer is, for a person.
func what(s virtual.State) string {
	switch {
	case !s.On:
		return "off"
	case s.CoverOpen:
		return "cover open"
	case s.PaperEnd:
		return "out of paper (type: load 80000)"
	case s.Error:
		return "error (type: unjam; the host must recover it)"
	case s.Waiting:
		return "waits for the FEED button (type: press, release)"
	case s.NearEnd:
		return "ready, paper near its end"
	}
	return "ready"
}
