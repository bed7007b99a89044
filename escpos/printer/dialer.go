package printer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/printerctl/printerctl/transport"
)

// A Dialer opens the links to one printer, one after the other, and is patient
// with a printer that is not there. Set URI; the other fields may be zero. It
// may be used by several goroutines.
type Dialer struct {
	URI    string
	Config *Config

	// MinBackoff and MaxBackoff bound the wait between two tries. It doubles
	// from the one to the other, and a random part of up to half of it is
	// taken off, so that many hosts do not knock in step. 0: 500 ms and 30 s.
	MinBackoff, MaxBackoff time.Duration

	// OnError hears of each try that failed, and how long the Dialer will
	// wait. Test err for transport.ErrRefused (the printer is there, and
	// another host may hold it) and transport.ErrUnreachable.
	OnError func(err error, wait time.Duration)

	mu   sync.Mutex
	last *Printer
}

// Dial opens the printer. It tries until that succeeds or ctx ends; then the
// error is that of the last try, and matches that of ctx as well. A mistake in
// the URI, and a medium that this build does not have, is returned at once.
//
// The new Printer knows of a command that the link before was in the middle
// of: see Config.Unfinished.
func (d *Dialer) Dial(ctx context.Context) (*Printer, error) {
	low, high := d.MinBackoff, d.MaxBackoff
	if low <= 0 {
		low = 500 * time.Millisecond
	}
	if high <= 0 {
		high = 30 * time.Second
	}
	for wait := min(low, high); ; wait = min(2*wait, high) {
		p, err := Open(ctx, d.URI, d.config())
		if err == nil {
			d.mu.Lock()
			d.last = p
			d.mu.Unlock()
			return p, nil
		}
		if hopeless(err) {
			return nil, err
		}
		if cerr := ctx.Err(); cerr != nil {
			return nil, fmt.Errorf("%w (gave up: %w)", err, cerr)
		}
		rest := wait - rand.N(wait/2+1)
		if d.OnError != nil {
			d.OnError(err, rest)
		}
		timer := time.NewTimer(rest)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, fmt.Errorf("%w (gave up: %w)", err, ctx.Err())
		}
	}
}

// config is the Config of the next link.
func (d *Dialer) config() *Config {
	var c Config
	if d.Config != nil {
		c = *d.Config
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last != nil {
		c.Unfinished = d.last.Unfinished()
	}
	return &c
}

// hopeless reports whether no patience will help.
func hopeless(err error) bool {
	return errors.Is(err, transport.ErrURI) || errors.Is(err, transport.ErrScheme) || errors.Is(err, transport.ErrUnsupported)
}
