package printer

import (
	"context"

	"github.com/printerctl/printerctl/escpos"
)

// recover brings the printer out of a command of at most n bytes that was cut
// off. A printer that answers GS r 1 is out of it already. Else it is asked to
// clear its buffers, where its model is known to do that; and else the command
// is filled up with NUL bytes, which are white where they are image data and
// nothing where they are commands.
func (r *run) recover(ctx context.Context, n int) error {
	p := r.p
	if p.everAnswered() {
		if ok, err := r.responds(ctx); err != nil || ok {
			return err
		}
		if r.prof.Clear == escpos.Yes && p.clear(ctx) == nil {
			return nil
		}
	}
	p.log.Info("filling up a command that was cut off", "printer", p.uri, "bytes", n)
	if err := r.write(ctx, make([]byte, n)); err != nil {
		return err
	}
	p.cleared()
	return nil
}

// whole notes that what was interrupted before has been cut off.
func (p *Printer) whole() {
	p.mu.Lock()
	p.fragment = false
	p.mu.Unlock()
}

// separate cuts off what is on paper of a receipt that broke off, so that the
// next customer is not handed it.
func (r *run) separate(ctx context.Context) error {
	p := r.p
	p.mu.Lock()
	fragment := p.fragment
	p.mu.Unlock()
	if !fragment || !r.prof.Cutter.Partial && !r.prof.Cutter.Full {
		return nil
	}
	b, _, err := new(escpos.Document).Cut(escpos.CutPartial).AppendEncode(nil, r.prof)
	if err != nil {
		return err
	}
	return r.write(ctx, b)
}

// responds reports whether the printer executes commands. It may have to print
// first what it had got before the link broke.
func (r *run) responds(ctx context.Context) (bool, error) {
	p := r.p
	none := p.newMarker(EvidenceNone, idProbe, 0, 0)
	m := p.firstMarker()
	defer p.dropWait(m.wait)
	if err := r.write(ctx, m.bytes); err != nil {
		return false, err
	}
	_, ok, err := p.heard(ctx, none, m, probing{patience: p.cfg.ConfirmTimeout, held: r.held}, r.write)
	if ok {
		p.mu.Lock()
		p.unfinished = 0
		p.mu.Unlock()
	}
	return ok, err
}
