package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// Logos is what a printer keeps in its NV graphics memory, which outlasts
// power-off. A [escpos.Document] stores, prints and deletes them.
type Logos struct {
	Keys     []string // in order; two characters of printable ASCII each
	Capacity int64    // of the memory, in bytes
	Free     int64    // of that, in bytes; 0 also where the printer does not say
}

// Logos asks the printer which logos it keeps (GS ( L, functions 48, 51 and
// 64). It prints nothing and writes no memory. It waits until no job is
// printing, so the functions of a Job must not call it.
//
// The error matches ErrNoAnswer where the printer answers nothing, or nothing
// that can be read; ErrUnsupported where it, or its profile, has no such
// memory, and then nothing is sent that it could print; and what [Stopped]
// returns where it would answer only later.
func (p *Printer) Logos(ctx context.Context) (Logos, error) {
	l, err := p.logos(ctx)
	return l, newError("logos", p.uri, err)
}

func (p *Printer) logos(ctx context.Context) (Logos, error) {
	var l Logos
	info, err := p.info(ctx)
	switch stop := Stopped(info.Status.Status); {
	case err != nil:
		return l, err
	case info.Status.Answered == 0:
		return l, ErrNoAnswer
	case stop != nil:
		return l, stop
	case !info.Profile.NVGraphics:
		return l, fmt.Errorf("%w: the profile %s keeps no logos", ErrUnsupported, info.Profile.Name)
	}
	select {
	case <-p.jobs:
		defer func() { p.jobs <- struct{}{} }()
	case <-p.done:
		return l, p.Err()
	case <-ctx.Done():
		return l, ctx.Err()
	}
	if err := p.acquire(ctx); err != nil {
		return l, err
	}
	defer p.release()
	// This one first: a printer that does not answer it is not asked what it
	// would answer in blocks, and wait for our word on each.
	l.Capacity, err = p.nvBytes(ctx, 48, escpos.FunctionNVCapacity)
	if errors.Is(err, ErrNoAnswer) {
		return l, fmt.Errorf("%w: it does not say what it keeps", ErrUnsupported)
	}
	if err != nil {
		return l, err
	}
	l.Free, err = p.nvBytes(ctx, 51, escpos.FunctionNVFree)
	if err != nil && !errors.Is(err, ErrNoAnswer) {
		return l, err
	}
	l.Keys, err = p.nvKeys(ctx)
	return l, err
}

// nvBytes is GS ( L with a function that is answered by a number. The caller
// has the turn.
func (p *Printer) nvBytes(ctx context.Context, fn, id byte) (int64, error) {
	w := newWait(1, func(r escpos.Reply) bool {
		_, ok := r.NVBytes(id)
		return ok
	})
	p.addWait(w)
	defer p.dropWait(w)
	if _, err := p.put(ctx, []byte{0x1D, '(', 'L', 2, 0, 48, fn}, time.Now().Add(p.cfg.AnswerTimeout)); err != nil {
		return 0, err
	}
	a, err := p.await(ctx, w)
	if err != nil {
		return 0, err
	}
	n, _ := a.reply().NVBytes(id)
	return n, nil
}

// askNVKeys is GS ( L fn 64.
var askNVKeys = []byte{0x1D, '(', 'L', 4, 0, 48, 64, 'K', 'C'}

// What a block is answered with (Epson ESC/POS, "handshaking protocol").
var (
	ack = []byte{0x06} // the next one
	nak = []byte{0x15} // the same once more
	can = []byte{0x18} // no more
)

const (
	maxNVKeys  = 95 * 95 // all that there can be
	maxRepeats = 3       // of one block
)

// nvKeys asks for the keys, block by block. The caller has the turn, and keeps
// it: any other byte would end the exchange.
func (p *Printer) nvKeys(ctx context.Context) (keys []string, err error) {
	w := newWait(maxRepeats, func(r escpos.Reply) bool {
		return r.Kind == escpos.ReplyBlock && r.Byte == escpos.HeaderFunction && len(r.Data) > 0 && r.Data[0] == escpos.FunctionNVKeys
	})
	p.addWait(w)
	defer p.dropWait(w)
	said, asked, repeats := askNVKeys, false, 0
	defer func() {
		if err != nil && asked {
			p.cancelBlocks(ctx)
		}
	}()
	for len(keys) <= maxNVKeys {
		before := p.Stats()
		if _, err := p.put(ctx, said, time.Now().Add(p.cfg.AnswerTimeout)); err != nil {
			return nil, err
		}
		asked = true
		a, err := p.await(ctx, w)
		after := p.Stats()
		noise := after.Unknown != before.Unknown || after.Strays != before.Strays
		if err != nil && !(noise && errors.Is(err, ErrNoAnswer)) {
			return nil, err
		}
		list, more, ok := a.reply().NVKeys()
		if !ok || noise { // noise may have cut it short
			if repeats++; repeats == maxRepeats {
				return nil, fmt.Errorf("%w that can be read: %q", ErrNoAnswer, a.text)
			}
			said = nak
			continue
		}
		for k := range slices.Chunk(list, 2) {
			keys = append(keys, string(k))
		}
		said, repeats = ack, 0
		if !more {
			if _, err := p.put(ctx, ack, time.Now().Add(p.cfg.AnswerTimeout)); err != nil {
				return nil, err
			}
			slices.Sort(keys) // a block may have come twice
			return slices.Compact(keys), nil
		}
	}
	return nil, fmt.Errorf("%w that can be read: it lists more logos than there are keys", ErrNoAnswer)
}

// cancelBlocks ends an exchange of blocks. A printer that is still in it would
// take the first byte of whatever comes next for an answer; so where it cannot
// be told, the link ends.
func (p *Printer) cancelBlocks(ctx context.Context) {
	if _, err := p.put(context.WithoutCancel(ctx), can, time.Now().Add(p.cfg.AnswerTimeout)); err != nil {
		p.fail(err)
	}
}

// await returns what w has collected or collects next, within the time for an
// answer. The caller has the turn.
func (p *Printer) await(ctx context.Context, w *wait) (answer, error) {
	p.timer.Reset(p.cfg.AnswerTimeout)
	defer p.timer.Stop()
	select {
	case a := <-w.got:
		return a, nil
	case <-p.timer.C:
		return answer{}, ErrNoAnswer
	case <-p.done:
		return answer{}, p.Err()
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
}
