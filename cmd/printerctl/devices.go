package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/transport/discover"
)

func newDevicesCommand(a *app) *cobra.Command {
	d := devices{app: a, finder: &discover.Finder{}}
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "Find printers on USB, serial ports and the network",
		Long: `Find printers, each with the URI to use and with what proves that it is an
ESC/POS printer.

USB and serial ports are read from what the system knows. On the network one
question is broadcast that Epson interfaces answer; --local leaves that out.
Other network printers are found only in a range that you name:

  printerctl devices --network 192.0.2.0/24

tries port 9100 of each address of the range, and sends nothing to it.

--probe asks each device how it is (DLE EOT 1 to 4: nothing is printed, fed or
reset). Serial ports are asked at 9600, 19200, 38400 and 115200 baud, until one
gives sense; the URI shown then has that speed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&d.network, "network", "", "try port 9100 of each address in `range`, such as 192.0.2.0/24")
	f.BoolVar(&d.local, "local", false, "send nothing on the network")
	f.BoolVar(&d.probe, "probe", false, "ask each device how it is")
	return cmd
}

// devices is one run of the command.
type devices struct {
	*app
	finder  *discover.Finder
	network string
	local   bool
	probe   bool
}

// A found is a device as devices --json prints it, which is a contract.
type found struct {
	Schema   int      `json:"schema"`
	Kind     string   `json:"kind"` // usb, serial, network
	URI      string   `json:"uri"`
	Also     []string `json:"also,omitempty"`
	Maker    string   `json:"maker,omitempty"`
	Model    string   `json:"model,omitempty"`
	Serial   string   `json:"serial,omitempty"`
	USB      string   `json:"usb,omitempty"` // "04b8:0202"
	Port     string   `json:"port,omitempty"`
	Class    string   `json:"class,omitempty"` // printer, vendor
	DeviceID string   `json:"device_id,omitempty"`
	Driver   string   `json:"driver,omitempty"`
	Proof    string   `json:"proof"` // esc/pos, printer, unproven
	Evidence string   `json:"evidence"`
	Probe    *probed  `json:"probe,omitempty"`

	name string
}

// probed is what --probe found out.
type probed struct {
	Answered int    `json:"answered"` // of 4 questions
	State    string `json:"state"`    // as in status
	Error    string `json:"error,omitempty"`
}

func newFound(d discover.Device) found {
	f := found{
		Schema: 1, Kind: d.Kind.String(), URI: d.URI, Also: d.Also, Maker: d.Maker, Model: d.Model, Serial: d.Serial,
		Port: d.Port, Class: d.Class, DeviceID: string(d.DeviceID), Driver: d.Driver,
		Proof: d.Proof.String(), Evidence: d.Evidence, name: d.Name(),
	}
	if d.Vendor != 0 {
		f.USB = fmt.Sprintf("%04x:%04x", d.Vendor, d.Product)
	}
	return f
}

func (d *devices) run(ctx context.Context) error {
	var scan netip.Prefix
	if d.network != "" {
		var err error
		if scan, err = parseRange(d.network); err != nil {
			return err
		}
	}
	list, err := d.find(ctx, scan)
	if err != nil {
		return err
	}
	if d.probe {
		d.ask(ctx, list)
	}
	if d.json {
		enc := json.NewEncoder(d.stdout)
		for i := range list {
			if err := enc.Encode(&list[i]); err != nil {
				return err
			}
		}
		return nil
	}
	d.show(list)
	return nil
}

// parseRange reads a range of addresses, or a single address.
func parseRange(s string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(ip, ip.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("--network %s: not a range of addresses (write it as 192.0.2.0/24)", s)
	}
	if p.Addr().BitLen()-p.Bits() > 10 {
		return p, fmt.Errorf("--network %s: more than %d addresses (name a smaller range, such as %v/24)", s, discover.MaxRange, p.Addr())
	}
	return p, nil
}

// find looks everywhere at once. What could not be looked at is said on
// stderr; the rest is still worth showing.
func (d *devices) find(ctx context.Context, scan netip.Prefix) ([]found, error) {
	type source struct {
		what string
		look func(context.Context) ([]discover.Device, error)
	}
	sources := []source{{"USB", d.finder.USB}, {"serial ports", d.finder.Serial}}
	if !d.local {
		sources = append(sources, source{"network", d.finder.Network})
	}
	if scan.IsValid() {
		sources = append(sources, source{"network range", func(ctx context.Context) ([]discover.Device, error) {
			return d.finder.Range(ctx, scan)
		}})
	}
	results := make([][]discover.Device, len(sources))
	errs := make([]error, len(sources))
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() { results[i], errs[i] = s.look(ctx) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []found
	seen := map[string]bool{}
	for i, s := range sources {
		if errs[i] != nil {
			d.complain(fmt.Errorf("%s: %w", s.what, errs[i]))
		}
		for _, dev := range results[i] {
			if !seen[dev.URI] {
				seen[dev.URI] = true
				list = append(list, newFound(dev))
			}
		}
	}
	return list, nil
}

// ask puts the status questions to every device.
func (d *devices) ask(ctx context.Context, list []found) {
	var wg sync.WaitGroup
	for i := range list {
		wg.Go(func() { d.probeOne(ctx, &list[i]) })
	}
	wg.Wait()
}

func (d *devices) probeOne(ctx context.Context, f *found) {
	if f.Kind == discover.Serial.String() {
		d.probeLine(ctx, f)
		return
	}
	// Through the kernel's driver where it has the printer: libusb would take
	// it from a program that is printing.
	uri := f.URI
	for _, also := range f.Also {
		if strings.HasPrefix(also, "lp:") {
			uri = also
		}
	}
	d.probeAt(ctx, f, uri, d.timeout)
}

// probeLine asks a serial printer at the usual speeds, the likeliest first.
func (d *devices) probeLine(ctx context.Context, f *found) {
	uri := f.URI
	for _, baud := range []string{"", "?baud=19200", "?baud=38400", "?baud=115200"} {
		if f.Probe != nil && f.Probe.Error != "" {
			return // it cannot be opened, at any speed
		}
		if d.probeAt(ctx, f, uri+baud, min(d.timeout, searchTimeout)) {
			f.URI = uri + baud
			return
		}
	}
}

// probeAt asks the printer at uri, and tells whether it gave sense.
func (d *devices) probeAt(ctx context.Context, f *found, uri string, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	f.Probe = &probed{State: "unreachable"}
	p, err := printer.Open(ctx, uri, &printer.Config{AnswerTimeout: patience})
	if err != nil {
		f.Probe.Error = err.Error()
		if !unreachable(err) {
			f.Probe.State = "unknown"
		}
		return false
	}
	defer p.Close()
	s, err := p.Status(ctx)
	f.Probe.State = s.State().String()
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		f.Probe.Error = err.Error()
	}
	if s.Answered == 0 || s.NonConforming && f.Kind == discover.Serial.String() {
		return false // a wrong speed can look like an answer
	}
	f.Probe.Answered = s.Answered
	f.Proof, f.Evidence = discover.ESCPOS.String(), "it answers ESC/POS status questions"
	return true
}

// show prints a table for people, and ends in what to do.
func (d *devices) show(list []found) {
	if len(list) == 0 {
		d.say("No printer found. Is it switched on, and is the cable in?")
		if d.network == "" {
			d.say("Network printers of other makers than Epson: printerctl devices --network RANGE")
		}
		return
	}
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	head := "URI\tPRINTER\tESC/POS\tBECAUSE"
	if d.probe {
		head += "\tSAYS"
	}
	fmt.Fprintln(w, head)
	for _, f := range list {
		name := f.name
		if name == f.URI {
			name = "-"
		}
		proof := map[string]string{"esc/pos": "yes", "printer": "likely", "unproven": "unknown"}[f.Proof]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s", f.URI, name, proof, f.because())
		if d.probe {
			fmt.Fprintf(w, "\t%s", f.Probe.words())
		}
		fmt.Fprintln(w)
		for _, also := range f.Also {
			fmt.Fprintf(w, "  or %s\n", also)
		}
	}
	w.Flush()
	for _, f := range list {
		if f.Probe != nil && f.Probe.Error != "" {
			d.say("%s", f.Probe.Error)
		}
	}
	best := max(0, slices.IndexFunc(list, func(f found) bool { return f.Proof == discover.ESCPOS.String() }))
	d.say("Ask one with: printerctl status -p %s", list[best].URI)
}

func (f *found) because() string {
	if f.Driver != "" && f.Kind == discover.USB.String() {
		return f.Evidence + "; driver " + f.Driver
	}
	return f.Evidence
}

func (p *probed) words() string {
	switch {
	case p == nil:
		return ""
	case p.Answered > 0:
		return fmt.Sprintf("%s (%d of 4 answered)", p.State, p.Answered)
	case p.Error != "":
		return p.State
	}
	return "no answer"
}
