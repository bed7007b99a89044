package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// memory is what is remembered of a printer from one link to the next, by
// whichever process: what it can do, and in what state it was left. It
// belongs to the printer and not to the lane, which may be renamed.
type memory struct {
	trust trust
	known printer.Capabilities
	// unfinished is how many bytes it may still expect of a command that was
	// cut off. It is on the disk before the first byte of a receipt leaves,
	// and stands until the printer is known to be at a command boundary.
	unfinished int
	// fragment: a receipt that is not cut off may stand on the paper.
	fragment bool
}

// begun is what must be remembered while a document is on its way.
func (m memory) begun(doc shape) memory {
	m.unfinished = max(m.unfinished, doc.longest)
	m.fragment = true
	return m
}

// ended is what is known after an attempt that began with m.
func (m memory) ended(p *printer.Printer, res printer.Result, doc shape) memory {
	m.known = m.known.Learn(p.Capabilities())
	m.unfinished = p.Unfinished()
	switch res.Outcome {
	case printer.Printed:
		m.fragment = doc.cuts > 0 && (res.Cut == escpos.No || res.Cut == escpos.Unknown && p.Err() != nil)
	case printer.Doubt:
		m.fragment = true
	}
	return m
}

// cutOff puts a cut before a document where a fragment may stand above it.
func (m memory) cutOff(doc *escpos.Document) *escpos.Document {
	if !m.fragment {
		return doc
	}
	return new(escpos.Document).Cut(escpos.CutPartial).Append(doc)
}

// remember stores what is known of a printer.
func (t *tx) remember(uri string, m memory) error {
	known, err := json.Marshal(m.known)
	if err != nil {
		return err
	}
	trust, err := json.Marshal(m.trust)
	if err != nil {
		return err
	}
	_, err = t.s.stmts.remember.ExecContext(context.Background(), uri, string(trust), string(known), m.unfinished, m.fragment)
	return err
}

// recall returns what is remembered of a printer: nothing of one that was
// never seen. What cannot be read is not known.
func (s *store) recall(ctx context.Context, uri string) (m memory, err error) {
	var trusted, known []byte
	err = s.reader.QueryRowContext(ctx, "SELECT counters, known, unfinished, fragment FROM printer WHERE uri = ?", uri).
		Scan(&trusted, &known, &m.unfinished, &m.fragment)
	if errors.Is(err, sql.ErrNoRows) {
		return memory{}, nil
	}
	if json.Unmarshal(trusted, &m.trust) != nil {
		m.trust = trust{}
	}
	if json.Unmarshal(known, &m.known) != nil {
		m.known = printer.Capabilities{}
	}
	return m, err
}

// printerKey is what the printer of the lane is remembered under.
func (l Lane) printerKey() string {
	if l.URI == "" {
		return l.Name // it has a Dial of its own
	}
	return l.URI
}

// keep stores what is remembered, where it is another thing than was.
// Nothing that cannot be learnt again may depend on it.
func (r *runner) keep(ctx context.Context, m memory) {
	if m == r.mem {
		return
	}
	r.mem = m
	err := r.q.settle(context.WithoutCancel(ctx), func(t *tx) error { return t.remember(r.lane.printerKey(), m) })
	if err != nil {
		r.log.Warn("cannot store what was learnt of the printer", "error", err)
	}
}
