package printer

import (
	"context"
	"errors"

	"github.com/printerctl/printerctl/escpos"
)

// Counters are a printer's own cumulative counters, which nobody can reset.
type Counters struct {
	Lines  Counter // lines fed
	Pulses Counter // times the head was energised
	Cuts   Counter // times the autocutter worked
	Hours  Counter // hours the printer was on
}

// A Counter is one of them. The zero value is one that the printer does not
// have.
type Counter struct {
	Value int64
	Known bool
}

// Counters reads the maintenance counters (GS g 2). A printer that does not
// know them leaves them unknown; that is not an error.
func (p *Printer) Counters(ctx context.Context) (Counters, error) {
	c, err := p.counters(ctx)
	return c, newError("counters", p.uri, err)
}

func (p *Printer) counters(ctx context.Context) (Counters, error) {
	var c Counters
	if !p.everAnswered() {
		if _, err := p.status(ctx, allQuestions); err != nil {
			return c, err
		}
	}
	if known := p.Capabilities(); !p.everAnswered() || known.Identity == escpos.No || known.Counters == escpos.No {
		return c, nil // what it does not understand it may print
	}
	if err := p.acquire(ctx); err != nil {
		return c, err
	}
	defer p.release()
	seen := escpos.No
	for _, q := range []struct {
		item byte
		into *Counter
	}{{178, &c.Cuts}, {148, &c.Lines}, {149, &c.Pulses}, {198, &c.Hours}} {
		a, err := p.ask(ctx, []byte{0x1D, 'g', 0x32, 0, q.item, 0}, classInfo, p.patience())
		if errors.Is(err, ErrNoAnswer) {
			break
		}
		if err != nil {
			return c, err
		}
		if n, ok := a.reply().Counter(); ok {
			*q.into, seen = Counter{n, true}, escpos.Yes
		}
	}
	p.mu.Lock()
	p.caps.Counters = seen
	p.mu.Unlock()
	return c, nil
}
