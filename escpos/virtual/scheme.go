package virtual

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strconv"

	"github.com/printerctl/printerctl/transport"
)

func init() { transport.Register("virtual", open) }

// open is the opener of virtual://: a fresh printer, which is gone when the
// Conn is closed. Parameters: personality=NAME, paper=MM, near-end=MM,
// speed=MM/S.
func open(_ context.Context, u *url.URL) (transport.Conn, error) {
	fail := func(err error, cure string) (transport.Conn, error) {
		return nil, transport.NewOpError("open", u.String(), fmt.Errorf("%w: %w", transport.ErrURI, err), cure)
	}
	if u.Host != "" || u.Path != "" && u.Path != "/" {
		return fail(fmt.Errorf("%q names nothing", u.Host+u.Path), "write virtual://, with parameters after a ?")
	}
	cfg := new(Config)
	for key, values := range u.Query() {
		v := values[len(values)-1]
		var err error
		switch key {
		case "personality":
			cfg.Personality, err = PersonalityByName(v)
		case "paper":
			cfg.Paper, err = length(v)
		case "near-end":
			cfg.NearEnd, err = length(v)
		case "speed":
			cfg.Speed, err = length(v)
		default:
			err = fmt.Errorf("unknown parameter %q", key)
		}
		if err != nil {
			return fail(err, "known here: personality, paper, near-end, speed")
		}
	}
	p := New(cfg)
	c, err := p.Dial()
	if err != nil {
		return nil, err
	}
	return &owner{c, p}, nil
}

func length(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && (v < 0 || math.IsNaN(v) || v > 1e9) {
		err = fmt.Errorf("%q is out of range", s)
	}
	return v, err
}

// owner is a Conn to a printer of its own.
type owner struct {
	transport.Conn
	p *Printer
}

func (o *owner) Close() error {
	err := o.Conn.Close()
	_ = o.p.Close()
	return err
}
