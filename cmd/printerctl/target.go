package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/transport"
)

// A target is one printer that a command is to work on.
type target struct {
	Name    string // as configured; else the URI
	URI     string
	Profile string // by name, or a JSON file; empty: chosen by what the printer says
	Serial  string // serial number that it should tell; empty: any

	lane queue.Lane // the policies for its receipts
}

// laneOf returns the queue's lane for t, driven as cfg says.
func (t target) laneOf(cfg *printer.Config) queue.Lane {
	l := t.lane
	l.Name, l.URI, l.Printer = t.Name, t.URI, cfg
	return l
}

var errNoPrinter = errors.New("no printer named (give -p URI, set PRINTERCTL_PRINTER, or configure one; \"printerctl devices\" lists what is connected)")

// targets returns the printers to work on, with every URI checked.
func (a *app) targets() ([]target, error) {
	ts, err := a.named()
	if err != nil {
		return nil, err
	}
	for _, t := range ts {
		if err := t.check(); err != nil {
			return nil, err
		}
	}
	return ts, nil
}

// check reports a URI that cannot be right, and a name that is none.
func (t target) check() error {
	if t.URI == t.Name && !strings.Contains(t.URI, ":") {
		return fmt.Errorf("no printer %q is configured (check the name, or give a URI: tcp://host, serial:///dev/ttyUSB0, usb://, lp:///dev/usb/lp0)", t.Name)
	}
	return transport.Check(t.URI)
}

// named returns the printers to work on: those of -p, else
// PRINTERCTL_PRINTER, else all that are configured.
func (a *app) named() ([]target, error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	names := a.printers
	if len(names) == 0 {
		if n := a.getenv("PRINTERCTL_PRINTER"); n != "" {
			names = []string{n}
		}
	}
	var ts []target
	if len(names) == 0 {
		ts = cfg.targets()
	}
	for _, n := range names {
		t, ok := cfg.target(n)
		if !ok {
			t = target{Name: n, URI: n}
		}
		ts = append(ts, t)
	}
	if len(ts) == 0 {
		return nil, errNoPrinter
	}
	return ts, nil
}

// target returns the one printer that a command is to work on.
func (a *app) target() (target, error) {
	ts, err := a.targets()
	if err != nil {
		return target{}, err
	}
	if len(ts) > 1 {
		return target{}, fmt.Errorf("%d printers are configured (name one with -p)", len(ts))
	}
	return ts[0], nil
}

// config returns how to drive t. A profile named on the command line wins
// over the configured one.
func (t target) config(profile string, timeout time.Duration) (*printer.Config, error) {
	if profile == "" {
		profile = t.Profile
	}
	c := &printer.Config{AnswerTimeout: timeout}
	if profile != "" {
		p, err := loadProfile(profile)
		if err != nil {
			return nil, err
		}
		c.Profile = p
	}
	return c, nil
}

// loadProfile returns a profile by its name, or from a JSON file of the
// user's own.
func loadProfile(name string) (*escpos.Profile, error) {
	if !strings.HasSuffix(name, ".json") {
		return escpos.ProfileByName(name)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("profile %w", err)
	}
	p, err := escpos.ParseProfile(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}
