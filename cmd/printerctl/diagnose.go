package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/discover"
)

// printerChecks are the checks that need an open printer, in their order.
var printerChecks = []string{"answers", "identity", "cover", "paper", "error", "capabilities", "characters", "flow control"}

// run makes every check. One that fails ends those that rest on it.
func (d *diagnosis) run(ctx context.Context) {
	if p := d.open(ctx); p != nil {
		d.ask(ctx, p)
		_ = p.Close()
	} else {
		d.skipRest("the printer is not open")
	}
	d.queue(ctx)
}

// skipRest says of the checks of the printer that were not made why not.
func (d *diagnosis) skipRest(why string) {
	for _, name := range printerChecks {
		if !slices.ContainsFunc(d.Checks, func(c check) bool { return c.Name == name }) {
			d.skip(name, why)
		}
	}
}

// open checks what lies between this machine and the printer: device,
// permission, holder, connection. It returns nil where the printer cannot be
// opened.
func (d *diagnosis) open(ctx context.Context) *printer.Printer {
	cfg, err := d.t.config("", d.a.timeout)
	if err != nil {
		d.failErr("profile", err)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.a.timeout)
	defer cancel()
	began := time.Now()
	p, err := printer.Open(ctx, d.URI, cfg)
	step, cure := "connection", "check power and cable, and that the address is right"
	switch {
	case err == nil:
		d.pass("device", "present")
		d.pass("permission", "granted")
		if who := discover.OtherUser(d.URI); who != "" {
			d.fail("held", "open in "+who+" as well, which takes answers away", "close "+who)
		} else {
			d.pass("held", "by nobody else")
		}
		d.pass("connection", "opened within "+(time.Since(began).Truncate(time.Millisecond)+time.Millisecond).String())
		return p
	case errors.Is(err, transport.ErrNotFound), errors.Is(err, transport.ErrURI), errors.Is(err, transport.ErrUnsupported):
		step = "device"
	case errors.Is(err, transport.ErrPermission):
		d.pass("device", "present")
		step = "permission"
	case errors.Is(err, transport.ErrBusy):
		d.pass("device", "present")
		d.pass("permission", "granted")
		step = "held"
		if d.owned(ctx, step, "by") {
			return nil
		}
	default:
		if !strings.HasPrefix(d.URI, "tcp:") {
			break
		}
		if errors.Is(err, transport.ErrRefused) {
			d.pass("device", "the host is there")
			cure = "switch the printer's raw port on, or free it: some printers take one host at a time"
		}
	}
	d.failErr(step, err)
	last := &d.Checks[len(d.Checks)-1]
	if who, ok := strings.CutPrefix(last.Cure, "held by "); ok {
		last.Finding += ", held by " + who
		last.Cure = "close " + who
	}
	if last.Cure == "" {
		last.Cure = cure
	}
	return nil
}

// owned reports whether a service of ours drives the printer, and then takes
// its word for a step.
func (d *diagnosis) owned(ctx context.Context, step, to string) bool {
	r := newReport(d.t, time.Now())
	if !d.a.askOwner(ctx, &r) {
		return false
	}
	d.pass(step, to+" "+r.Owner+", which drives it; it heard "+ago(time.Since(r.Time))+": "+r.State)
	d.condition(r.status)
	return true
}

// ask checks the open printer.
func (d *diagnosis) ask(ctx context.Context, p *printer.Printer) {
	s, err := p.Status(ctx)
	stats := p.Stats()
	d.fact("status", rawStatus(s.Status))
	d.fact("link", stats)
	serial := strings.HasPrefix(d.URI, "serial:")
	switch {
	case err != nil:
		d.failErr("answers", err)
	case s.Answered == 4:
		d.pass("answers", fmt.Sprintf("4 of 4 questions, last %s", ago(time.Since(s.Time))))
	case s.Answered > 0 && serial:
		if p = d.searchParity(ctx, p, s.Answered); p == nil {
			d.skipRest("the line is set wrongly")
			return
		}
		defer p.Close()
	case s.Answered > 0:
		d.pass("answers", fmt.Sprintf("%d of 4 questions: what it does not answer stays unknown", s.Answered))
	case serial:
		_ = p.Close() // the device is needed for the search
		d.search(ctx, stats)
	case stats.Unknown > 0:
		d.fail("answers", fmt.Sprintf("%d bytes that are no ESC/POS status", stats.Unknown), "check that an ESC/POS printer is at this address, and that its emulation is set to ESC/POS")
	case d.owned(ctx, "answers", "to"):
		d.skipRest("another process drives the printer")
		return
	default:
		d.fail("answers", "none: it is switched off, busy, or a model that never answers",
			"switch it off and on; if it prints and never answers, configure profile = \"generic-58\": receipts are then sent without proof")
	}
	if err != nil || s.Answered == 0 {
		d.skipRest("the printer does not answer")
		return
	}
	d.identity(ctx, p, s)
	d.condition(s.Status)
	d.equipment(p)
}

// searchParity looks for a parity at which a serial printer that answers only
// some questions answers all of them: two stop bits pass for a parity and one,
// with every other byte. It closes p, and returns a printer that is open again
// where the parity was right.
func (d *diagnosis) searchParity(ctx context.Context, p *printer.Printer, answered int) *printer.Printer {
	_ = p.Close() // the device is needed for the search
	u, err := url.Parse(d.URI)
	if err != nil {
		d.failErr("answers", err)
		return nil
	}
	q := u.Query()
	configured := cmp.Or(q.Get("parity"), "none")
	for _, parity := range []string{"even", "odd", "none"} {
		if parity == configured {
			continue
		}
		q.Set("parity", parity)
		u.RawQuery = q.Encode()
		if d.makesSense(ctx, u.String(), 4) {
			d.fail("answers", fmt.Sprintf("%d of 4 questions; with parity %s it answers all", answered, parity),
				fmt.Sprintf("use parity=%s in the URI: %s", parity, u))
			return nil
		}
	}
	if p, err = printer.Open(ctx, d.URI, &printer.Config{AnswerTimeout: d.a.timeout}); err != nil {
		d.failErr("answers", err)
		return nil
	}
	d.pass("answers", fmt.Sprintf("%d of 4 questions, with any parity: what it does not answer stays unknown", answered))
	return p
}

// search looks for the speed and parity at which a serial printer makes
// sense.
func (d *diagnosis) search(ctx context.Context, seen printer.Stats) {
	finding := "nothing comes back"
	if seen.Unknown > 0 {
		finding = fmt.Sprintf("%d bytes come back that make no sense", seen.Unknown)
	}
	u, err := url.Parse(d.URI)
	if err != nil {
		d.failErr("answers", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for _, m := range likelyModes(cmp.Or(u.Query().Get("baud"), "9600")) {
		q := u.Query()
		q.Set("baud", m.baud)
		q.Set("parity", m.parity)
		u.RawQuery = q.Encode()
		if d.makesSense(ctx, u.String(), 2) {
			d.fail("answers", finding+fmt.Sprintf("; at %s baud, parity %s, it answers", m.baud, m.parity),
				fmt.Sprintf("use ?baud=%s&parity=%s in the URI: %s", m.baud, m.parity, u))
			return
		}
	}
	d.fail("answers", finding+", at any speed or parity", "check the cable (a crossed one is needed), power, and the printer's serial interface")
}

// searchTimeout is how long a printer has to answer with each setting tried:
// four answers at 2400 baud take a tenth of that.
const searchTimeout = 600 * time.Millisecond

type lineMode struct{ baud, parity string }

// likelyModes returns the speeds and parities of serial printers, in the order
// in which to try them: one setting is wrong more often than two are.
func likelyModes(configured string) []lineMode {
	bauds := []string{"9600", "19200", "38400", "115200", "57600", "4800", "2400"}
	bauds = append([]string{configured}, slices.DeleteFunc(bauds, func(b string) bool { return b == configured })...)
	modes := []lineMode{{configured, "none"}, {configured, "even"}, {configured, "odd"}}
	for _, parity := range []string{"none", "even", "odd"} {
		for _, baud := range bauds[1:] {
			modes = append(modes, lineMode{baud, parity})
		}
	}
	return modes
}

// makesSense tells whether the printer answers that many questions, and says
// nothing else.
func (d *diagnosis) makesSense(ctx context.Context, uri string, answers int) bool {
	p, err := printer.Open(ctx, uri, &printer.Config{AnswerTimeout: searchTimeout})
	if err != nil {
		return false
	}
	defer p.Close()
	s, err := p.Status(ctx)
	return err == nil && s.Answered >= answers && !s.NonConforming && p.Stats().Unknown == 0
}

// identity compares who answers with who should.
func (d *diagnosis) identity(ctx context.Context, p *printer.Printer, s printer.Status) {
	if s.State() == escpos.StateStopped {
		d.skip("identity", "it tells its name only while it is online")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d.a.timeout)
	defer cancel()
	info, err := p.Info(ctx)
	d.fact("info", info)
	d.profile = info.Profile
	who := strings.TrimSpace(info.Maker + " " + info.Model)
	switch {
	case err != nil:
		d.skip("identity", err.Error())
	case who == "" && info.Serial == "":
		d.skip("identity", "it does not tell its name")
	case d.t.Serial != "" && info.Serial != "" && d.t.Serial != info.Serial:
		d.fail("identity", fmt.Sprintf("%s, serial number %s; configured is %s", who, info.Serial, d.t.Serial),
			"another printer is connected here: exchange the cables, or correct serial in the configuration")
	case d.t.Serial != "" && info.Serial == "":
		d.skip("identity", who+", which does not tell its serial number")
	default:
		d.pass("identity", strings.TrimSpace(who+" "+info.Serial))
	}
}

// condition says what the status means.
func (d *diagnosis) condition(s escpos.Status) {
	switch s.CoverOpen {
	case escpos.Yes:
		d.fail("cover", "open", "close the cover")
	case escpos.No:
		d.pass("cover", "closed")
	default:
		d.skip("cover", "it does not tell")
	}
	switch s.Paper() {
	case escpos.PaperOut:
		d.fail("paper", "out", "load paper")
	case escpos.PaperNearEnd:
		d.pass("paper", "near its end: have a new roll at hand")
	case escpos.PaperOK:
		d.pass("paper", "present")
	default:
		d.skip("paper", "it cannot be known now")
	}
	switch e := s.Error(); {
	case e == escpos.ErrorUnknown:
		d.skip("error", "it does not tell")
	case e != escpos.ErrorNone:
		d.fail("error", e.String(), errorAdvice[e.String()])
	case s.WaitingOnline == escpos.Yes:
		d.fail("error", "it waits to be put online", "press FEED")
	default:
		d.pass("error", "none")
	}
}

// equipment says what the printer was seen to do, and what that means for
// receipts.
func (d *diagnosis) equipment(p *printer.Printer) {
	c := p.Capabilities()
	d.fact("capabilities", c)
	switch {
	case c.ProcessID == escpos.Yes:
		d.pass("capabilities", "sends our mark back: printed is proven by process-id")
	case c.PaperStatus == escpos.Yes:
		d.pass("capabilities", "answers in its turn: printed is proven by paper-status")
	default:
		d.skip("capabilities", "how it proves a receipt shows when one is printed (printerctl test)")
	}
	profile := d.profile
	if profile == nil {
		profile = escpos.GenericProfile()
	}
	set := fmt.Sprintf("profile %s: %d code pages", profile.Name, len(profile.CodePages))
	if profile.CJK != "" {
		set += " and " + profile.CJK
	}
	d.pass("characters", set)
	switch {
	case !strings.HasPrefix(d.URI, "serial:"):
		d.pass("flow control", "by the link itself")
	case strings.Contains(d.URI, "flow=rtscts"), strings.Contains(d.URI, "flow=dtrdsr"), strings.Contains(d.URI, "flow=xonxoff"):
		d.pass("flow control", "as the URI says")
	case profile.ReceiveBuffer > 0:
		d.pass("flow control", fmt.Sprintf("none: no more than the printer's %d bytes are sent ahead of its answers", profile.ReceiveBuffer))
	default:
		d.fail("flow control", "none, and the size of the printer's buffer is not known",
			"use ?flow=rtscts, dtrdsr or xonxoff as the printer is set, or configure its profile")
	}
}

// queue checks the stored receipts and the disk that they are on.
func (d *diagnosis) queue(ctx context.Context) {
	dir, err := d.a.stateDirectory()
	if err != nil {
		d.failErr("disk", err)
		return
	}
	there, unfit := nearest(dir)
	if unfit == nil {
		unfit = spare(there)
	}
	_, missing := os.Stat(dir)
	switch {
	case errors.Is(unfit, os.ErrPermission):
		d.fail("disk", unfit.Error(), "let this user write to "+there+", or name another directory with --state; receipts cannot be stored")
	case unfit != nil:
		d.fail("disk", unfit.Error(), "free some space on the disk of "+there+", or name another directory with --state; receipts cannot be stored")
	case missing != nil:
		d.pass("disk", "there is room for "+dir+", where nothing was stored yet")
	default:
		d.pass("disk", "there is room in "+dir)
	}
	q, err := d.a.stored(ctx)
	if err != nil && unfit != nil {
		d.skip("queue", "it cannot be opened while the disk takes nothing")
		return
	}
	if err != nil {
		d.failErr("queue", err)
		return
	}
	if q == nil {
		d.pass("queue", "empty")
		return
	}
	defer q.Close()
	if damage := q.Damage(); damage != nil {
		d.fail("queue", describeDamage(damage), "check the disk, and compare the receipts of the day with what was sold; keep the damaged file for support")
		return
	}
	st, err := q.Stats(ctx)
	if err != nil {
		d.failErr("queue", err)
		return
	}
	for _, l := range st.Lanes {
		if l.Lane != d.t.Name {
			continue
		}
		d.fact("queue", l.Count)
		if n := l.Count[queue.Doubt]; n > 0 {
			d.fail("queue", describeBacklog(l), "look at the paper, then: printerctl queue list, and queue resolve JOB")
			return
		}
		d.pass("queue", describeBacklog(l))
		return
	}
	d.pass("queue", "empty")
}

// nearest returns dir, or the directory above it in which it would be made.
func nearest(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	for err == nil {
		var info os.FileInfo
		switch info, err = os.Stat(dir); {
		case err == nil && info.IsDir():
			return dir, nil
		case err == nil:
			err = fmt.Errorf("%s is no directory", dir)
		case errors.Is(err, os.ErrNotExist) && filepath.Dir(dir) != dir:
			dir, err = filepath.Dir(dir), nil
		}
	}
	return dir, err
}

// spare writes and removes a file as large as any receipt.
func spare(dir string) (err error) {
	f, err := os.CreateTemp(dir, ".room-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := f.Write(make([]byte, 1<<20)); err != nil {
		return err
	}
	return f.Sync()
}

func rawStatus(s escpos.Status) map[string]string {
	r := report{}
	r.setStatus(s)
	return r.Raw
}
