package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

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
	// and stands until the printer is known to be at a command boundary, and
	// what came out of the receipt is cut off: see printer.Config.Unfinished.
	unfinished int
}

// begun is what must be remembered while a document is on its way.
func (m memory) begun(doc shape) memory {
	m.unfinished = max(m.unfinished, doc.longest)
	return m
}

// ended is what is known after an attempt, or a link, that began with m.
func (m memory) ended(p *printer.Printer) memory {
	m.known = m.known.Learn(p.Capabilities())
	m.unfinished = p.Unfinished()
	return m
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
	_, err = t.s.stmts.remember.ExecContext(context.Background(), uri, string(trust), string(known), m.unfinished)
	return err
}

// recall returns what is remembered of a printer: nothing of one that was
// never seen. What cannot be read is not known.
func (s *store) recall(ctx context.Context, uri string) (m memory, err error) {
	var trusted, known []byte
	err = s.reader.QueryRowContext(ctx, "SELECT counters, known, unfinished FROM printer WHERE uri = ?", uri).
		Scan(&trusted, &known, &m.unfinished)
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
