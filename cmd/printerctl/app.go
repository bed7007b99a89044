package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/transport"
	_ "github.com/printerctl/printerctl/transport/lp"
	_ "github.com/printerctl/printerctl/transport/serial"
	_ "github.com/printerctl/printerctl/transport/tcp"
	_ "github.com/printerctl/printerctl/transport/usb"
)

// Exit codes. Scripts rely on them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitWarning     = 1 // status: near-end
	exitCritical    = 2 // status: does not print; doctor: a check failed
	exitUnknown     = 3 // status: no answer, or a usage error
	exitDoubt       = 4
	exitStillQueued = 75 // EX_TEMPFAIL
)

// app is one run of the program: its streams, and the options that every
// command has.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string

	printers   []string // -p, or PRINTERCTL_PRINTER
	configPath string   // --config, or PRINTERCTL_CONFIG, or the XDG place
	stateDir   string   // --state, or PRINTERCTL_STATE, or the XDG place
	timeout    time.Duration
	json       bool
}

// exitError carries an exit code. A nil Err prints nothing: the command has
// said already what there is to say.
type exitError struct {
	Code int
	Err  error
}

func (e *exitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit %d", e.Code)
	}
	return e.Err.Error()
}

func (e *exitError) Unwrap() error { return e.Err }

// exit returns an error that ends the program with code, silently.
func exit(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{Code: code}
}

// run is main without its process: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	out := &output{w: stdout}
	a := &app{stdin: stdin, stdout: out, stderr: stderr, getenv: getenv, timeout: 3 * time.Second}
	root := a.command()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(out)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if out.err != nil && (err == nil || errors.As(err, new(*exitError))) {
		err = fmt.Errorf("writing the output: %w", out.err)
	}
	if err == nil {
		return exitOK
	}
	var ee *exitError
	if errors.As(err, &ee) {
		if ee.Err != nil {
			a.complain(ee.Err)
		}
		return ee.Code
	}
	a.complain(err)
	// For status an exit of 1 means near-end, and must not mean a typing error.
	if cmd != nil && cmd.Name() == "status" {
		return exitUnknown
	}
	return exitFailed
}

// complain says on stderr, in one line, what went wrong.
func (a *app) complain(err error) {
	fmt.Fprintln(a.stderr, "printerctl: "+clean(strings.ReplaceAll(err.Error(), "\n", "; ")))
}

// clean makes the control characters of a text visible: names and titles come
// from anywhere, and a terminal obeys what it is sent.
func clean(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			fmt.Fprintf(&b, "\\x%02x", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// output remembers the first error of writing, so that results that nobody
// got are not a success.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// say tells a person something, on stderr.
func (a *app) say(format string, args ...any) {
	fmt.Fprintln(a.stderr, clean(fmt.Sprintf(format, args...)))
}

// command builds the command tree.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "printerctl",
		Short: "Talk to ESC/POS receipt printers, and never lose a receipt",
		Long: `printerctl asks ESC/POS receipt printers how they are, prints on them through a
durable queue, finds out what is wrong with them, and imitates them for tests.

A printer is named by a URI:
  tcp://host[:9100]   serial:///dev/ttyUSB0?baud=38400&flow=rtscts
  usb://   usb://04b8:0202/SERIAL   lp:///dev/usb/lp0   virtual://
or by its name in the configuration file.`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              noArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := root.PersistentFlags()
	f.StringArrayVarP(&a.printers, "printer", "p", nil, "printer URI or configured `name` (PRINTERCTL_PRINTER)")
	f.StringVar(&a.configPath, "config", "", "configuration `file` (PRINTERCTL_CONFIG)")
	f.StringVar(&a.stateDir, "state", "", "`directory` of the stored receipts (PRINTERCTL_STATE)")
	f.VarP((*positive)(&a.timeout), "timeout", "", "how long to wait for a printer's answer")
	f.BoolVar(&a.json, "json", false, "print JSON, one object a line")
	root.AddCommand(a.commands()...)
	return root
}

// configFile returns the path of the configuration file, and whether
// somebody named it: then it must exist. Services and cron jobs may have no
// home, and so no file: then the path is empty.
func (a *app) configFile() (path string, named bool) {
	if a.configPath != "" {
		return a.configPath, true
	}
	if p := a.getenv("PRINTERCTL_CONFIG"); p != "" {
		return p, true
	}
	dir := a.getenv("XDG_CONFIG_HOME")
	if dir == "" {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return "", false
		}
	}
	return filepath.Join(dir, "printerctl", "config.toml"), false
}

// stateDirectory returns the directory of the queue. It does not create it.
func (a *app) stateDirectory() (string, error) {
	if a.stateDir != "" {
		return a.stateDir, nil
	}
	if d := a.getenv("PRINTERCTL_STATE"); d != "" {
		return d, nil
	}
	if d := a.getenv("XDG_STATE_HOME"); d != "" {
		return filepath.Join(d, "printerctl"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no place for the stored receipts: %w (name a directory with --state)", err)
	}
	return filepath.Join(home, ".local", "state", "printerctl"), nil
}

// interactive reports whether w is a terminal.
func interactive(w io.Writer) bool {
	if o, ok := w.(*output); ok {
		w = o.w
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// open opens a file to read, or stdin for "-" and "". Errors name the file
// and the cure.
func (a *app) open(name string) (io.ReadCloser, error) {
	if name == "" || name == "-" {
		return io.NopCloser(a.stdin), nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file (check the path)", name)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s: permission denied (check who may read it)", name)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s: is a directory (name a file, or - for standard input)", name)
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%s: permission denied (check who may read it)", name)
	}
	return f, err
}

// unreachable reports whether err says that the printer is not there: not
// plugged in, switched off, or with no way to it. A printer that is there and
// may not be opened is not unreachable, and neither is a badly written URI.
func unreachable(err error) bool {
	for _, target := range []error{
		transport.ErrNotFound, transport.ErrRefused, transport.ErrUnreachable,
		transport.ErrGone, printer.ErrLinkLost,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// positive is a duration flag that must be above zero.
type positive time.Duration

func (p *positive) String() string { return time.Duration(*p).String() }
func (p *positive) Type() string   { return "duration" }

func (p *positive) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil {
		return errors.New("write a time such as 500ms, 3s or 2m")
	}
	if d <= 0 {
		return errors.New("it must be above zero")
	}
	*p = positive(d)
	return nil
}
