package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/printerctl/printerctl/transport"
)

// config is the configuration file. A missing file is an empty one, unless
// somebody named it.
type config struct {
	Printers map[string]printerConfig `toml:"printer"`

	names []string // of Printers, in the file's order
}

// printerConfig is one [printer.NAME] table.
type printerConfig struct {
	URI     string `toml:"uri"`
	Profile string `toml:"profile"`
	Serial  string `toml:"serial"` // serial number, for doctor to compare
}

// loadConfig reads the configuration file. Errors name the file, the line and
// the key.
func (a *app) loadConfig() (*config, error) {
	path, named, err := a.configFile()
	if err != nil {
		return nil, err
	}
	c := &config{}
	md, err := toml.DecodeFile(path, c)
	if errors.Is(err, fs.ErrNotExist) {
		if named {
			return nil, fmt.Errorf("%s: no such file (check --config or PRINTERCTL_CONFIG)", path)
		}
		return c, nil
	}
	var pe toml.ParseError
	if errors.As(err, &pe) {
		return nil, fmt.Errorf("%s: line %d: %s (check the key %q)", path, pe.Position.Line, pe.Message, pe.LastKey)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if unknown := md.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("%s: unknown key %q (known in [printer.NAME]: uri, profile, serial)", path, unknown[0])
	}
	for _, k := range md.Keys() {
		if len(k) >= 2 && k[0] == "printer" && !slices.Contains(c.names, k[1]) {
			c.names = append(c.names, k[1])
		}
	}
	for _, name := range c.names {
		p := c.Printers[name]
		if p.URI == "" {
			return nil, fmt.Errorf("%s: [printer.%s] has no uri (add uri = \"tcp://…\")", path, name)
		}
		if strings.Contains(name, "://") {
			return nil, fmt.Errorf("%s: [printer.%s]: a name must not look like a URI", path, name)
		}
		if err := transport.Check(p.URI); err != nil {
			return nil, fmt.Errorf("%s: [printer.%s]: %w", path, name, err)
		}
	}
	return c, nil
}

// targets returns the configured printers, in the file's order.
func (c *config) targets() []target {
	ts := make([]target, 0, len(c.names))
	for _, name := range c.names {
		t, _ := c.target(name)
		ts = append(ts, t)
	}
	return ts
}

// target returns the printer configured as name.
func (c *config) target(name string) (target, bool) {
	p, ok := c.Printers[name]
	return target{Name: name, URI: p.URI, Profile: p.Profile, Serial: p.Serial}, ok
}
