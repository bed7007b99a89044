package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/queue/hook"
	"github.com/printerctl/printerctl/transport"
)

// config is the configuration file. A missing file is an empty one, unless
// somebody named it.
//
//	[printer.counter]
//	uri          = "tcp://192.0.2.7"
//	profile      = "tm-t88v"        # or a JSON file
//	serial       = "J5KF012345"     # for doctor to compare
//	after_stop   = "resume"         # or "restart"
//	after_doubt  = "ask"            # or "reprint", "drop"
//	max_reprints = 3
//	hold_near_end = false
//	backup       = "bar"
//	backup_after = "5m"
//	counters_keep = false
//	grace        = "10s"
//	[printer.counter.marks]         # reprint, receipt, attempt, from, time
//	reprint      = "*** KOPIE ***"
//
//	[[hook]]
//	exec         = ["/usr/local/bin/call-staff", "--quiet"]
//	events       = ["paper-out", "paper-loaded"]
//	only_if_lasts = "60s"
//
//	[[hook]]
//	url          = "https://shop.example/printers"
//	secret_file  = "/etc/printerctl/webhook.secret"
//	printers     = ["counter"]
//	at_start     = true
//	timeout      = "10s"
type config struct {
	path     string
	names    []string // of the printers, in the file's order
	printers map[string]target
	hooks    []hookConfig
}

// hookConfig is one [[hook]] table. Its secret file is read when the hook is
// used: who asks for a status need not be allowed to.
type hookConfig struct {
	hook.Hook
	secretFile string
	table      *table
}

// loadConfig reads the configuration file. Errors name the file, the line and
// the key.
func (a *app) loadConfig() (*config, error) {
	path, named := a.configFile()
	if path == "" {
		return &config{}, nil
	}
	f, err := readConfigFile(path)
	if err != nil {
		return nil, err
	}
	if f == nil {
		if named {
			return nil, fmt.Errorf("%s: no such file (check --config or PRINTERCTL_CONFIG)", path)
		}
		return &config{}, nil
	}
	return f.config()
}

// config reads the whole file.
func (f *configFile) config() (*config, error) {
	c := &config{path: f.path, printers: map[string]target{}}
	root := f.table("", f.root)
	printers := root.sub("printer")
	hooks, _ := read[[]map[string]any](root, "hook", "a list of tables", "…, or [[hook]] above its keys")
	root.end()
	for _, k := range f.keys {
		if len(k) >= 2 && k[0] == "printer" && !slices.Contains(c.names, k[1]) {
			c.names = append(c.names, k[1])
		}
	}
	for _, name := range c.names {
		c.printers[name] = c.readPrinter(name, printers.sub(name))
	}
	for i, h := range hooks {
		t := f.table("[[hook]]", h, "hook", fmt.Sprint(i))
		if len(hooks) > 1 {
			t.title = fmt.Sprintf("[[hook]] %d", i+1)
		}
		c.hooks = append(c.hooks, c.readHook(t))
	}
	if f.err != nil {
		return nil, f.err
	}
	return c, nil
}

func (c *config) readPrinter(name string, t *table) target {
	p := target{Name: name, URI: t.text("uri"), Profile: t.text("profile"), Serial: t.text("serial")}
	if strings.Contains(name, "://") {
		t.fail("", "the name must not look like a URI (give the printer a short name)")
	}
	if p.URI == "" {
		t.fail("uri", "there is none (add uri = \"tcp://…\"; \"printerctl devices\" lists what is connected)")
	} else if err := transport.Check(p.URI); err != nil {
		t.fail("uri", "%v", err)
	}
	if p.Profile != "" && !strings.HasSuffix(p.Profile, ".json") {
		if _, err := escpos.ProfileByName(p.Profile); err != nil {
			t.fail("profile", "%v", err)
		}
	}
	l := &p.lane
	l.AfterStop = []queue.StopPolicy{queue.Resume, queue.Restart}[t.choice("after_stop", "resume", "restart")]
	l.AfterDoubt = []queue.DoubtPolicy{queue.Ask, queue.Reprint, queue.Drop}[t.choice("after_doubt", "ask", "reprint", "drop")]
	if n, ok := read[int64](t, "max_reprints", "a whole number", "3"); ok {
		if n < 1 || n > 100 {
			t.fail("max_reprints", "%d is not between 1 and 100 (for none at all: after_doubt = \"ask\")", n)
		}
		l.MaxReprints = int(n)
	}
	l.HoldNearEnd = t.flag("hold_near_end")
	l.CountersKeep = t.flag("counters_keep")
	if l.Backup = t.text("backup"); l.Backup == name {
		t.fail("backup", "a printer cannot stand in for itself (name another one)")
	} else if l.Backup != "" && !slices.Contains(c.names, l.Backup) {
		t.fail("backup", "%s", c.noPrinter(l.Backup))
	}
	var set bool
	if l.BackupAfter, set = t.duration("backup_after", time.Second); set && l.Backup == "" {
		t.fail("backup_after", "there is no backup to wait for (add backup = \"…\")")
	}
	if l.Grace, set = t.duration("grace", 0); set && l.Grace == 0 {
		l.Grace = -1 // none at all
	}
	marks := t.sub("marks")
	l.Marks = queue.Marks{
		Reprint: marks.text("reprint"), Receipt: marks.text("receipt"), Attempt: marks.text("attempt"),
		From: marks.text("from"), Time: marks.text("time"),
	}
	marks.end()
	t.end()
	return p
}

func (c *config) noPrinter(name string) string {
	return fmt.Sprintf("there is no printer %q (configured: %s)", name, strings.Join(c.names, ", "))
}

func (c *config) readHook(t *table) hookConfig {
	h := hookConfig{table: t, secretFile: t.text("secret_file")}
	h.Name, h.Exec, h.URL, h.Secret = t.text("name"), t.texts("exec"), t.text("url"), t.text("secret")
	for _, word := range t.texts("events") {
		if !slices.Contains(hook.Kinds(), queue.EventKind(word)) {
			t.fail("events", "there is no event %q (known: %s)", word, eventNames())
		}
		h.Events = append(h.Events, queue.EventKind(word))
	}
	h.Lanes = t.texts("printers")
	for _, name := range h.Lanes {
		if !slices.Contains(c.names, name) && !strings.Contains(name, "://") {
			t.fail("printers", "%s", c.noPrinter(name))
		}
	}
	h.OnlyIfLasts, _ = t.duration("only_if_lasts", time.Second)
	h.AtStart = t.flag("at_start")
	h.Timeout, _ = t.duration("timeout", 100*time.Millisecond)
	t.end()
	if h.Secret != "" && h.secretFile != "" {
		t.fail("secret_file", "there is a secret as well (keep one of them)")
	}
	if h.secretFile != "" && h.URL == "" {
		t.fail("secret_file", "a secret signs requests, and this hook makes none (leave it out)")
	}
	if err := h.Check(); err != nil {
		key := ""
		switch {
		case h.Secret != "":
			key = "secret"
		case h.URL != "":
			key = "url"
		case len(h.Exec) > 0:
			key = "exec"
		}
		t.fail(key, "%v", err)
	}
	return h
}

func eventNames() string {
	var names []string
	for _, k := range hook.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// readHooks returns the hooks with their secrets.
func (c *config) readHooks() ([]hook.Hook, error) {
	hooks := make([]hook.Hook, len(c.hooks))
	for i, h := range c.hooks {
		if name := h.secretFile; name != "" {
			if !filepath.IsAbs(name) {
				name = filepath.Join(filepath.Dir(c.path), name)
			}
			b, err := os.ReadFile(name)
			if err != nil {
				h.table.fail("secret_file", "%v", err)
			}
			h.Secret = strings.TrimSpace(string(b))
			if h.Secret == "" {
				h.table.fail("secret_file", "%s is empty (make a secret: echo whsec_$(head -c 32 /dev/urandom | base64))", name)
			} else if err := h.Check(); err != nil {
				h.table.fail("secret_file", "%s: %v", name, err)
			}
			if err := h.table.f.err; err != nil {
				return nil, err
			}
		}
		hooks[i] = h.Hook
	}
	return hooks, nil
}

// targets returns the configured printers, in the file's order.
func (c *config) targets() []target {
	ts := make([]target, 0, len(c.names))
	for _, name := range c.names {
		ts = append(ts, c.printers[name])
	}
	return ts
}

// target returns the printer configured as name, or the one that a URI leads
// to: its receipts are kept in one lane, by whichever name it is called.
func (c *config) target(name string) (target, bool) {
	if t, ok := c.printers[name]; ok {
		return t, true
	}
	for _, t := range c.targets() {
		if queue.SamePrinter(t.URI, name) {
			return t, true
		}
	}
	return target{}, false
}
