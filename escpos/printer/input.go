package printer

import (
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// class is a kind of answer that does not say which question it answers, so
// that only counting tells.
type class uint8

const (
	classRealTime class = iota // DLE EOT
	classByte                  // GS r, GS I 1 to 3
	classInfo                  // GS I 65 to 69, GS g 2
	classes
	classNone = classes // answers that say what they are
)

// input is the receiving side of a Printer, guarded by Printer.mu.
type input struct {
	dec    escpos.ReplyDecoder
	last   time.Time // when the last byte came
	window uint32    // the last three bytes
	mute   bool      // the medium has no back channel
	echo   bool      // what comes back is what was sent

	// owed counts, by class, the answers that were asked for and have not
	// come. Who asks anew must let that many pass.
	owed   [classes]int
	asking class       // of the question under way; classNone if there is none
	got    chan answer // its answers
	waits  []*wait

	frames   []escpos.ASB  // that came with the bytes being taken in
	noise    int64         // stats.Received when noise, or an answer to nobody, came last
	strayed  time.Time     // when the last stray answer came
	flow     chan struct{} // non-nil while XOFF holds; closed by XON
	replaced bool          // the printer was switched off or on
	stats    Stats
}

// Stats counts what came in over the link. All counts are of bytes, but
// Frames and Strays, which are messages.
type Stats struct {
	Received int64 // everything
	Frames   int64 // automatic status frames
	Strays   int64 // answers that nobody waited for
	Unknown  int64 // bytes of no known message: noise
	XOFF     int64 // flow control: times the printer asked to stop
}

// Stats returns the counts so far.
func (p *Printer) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.in.stats
}

// A wait stands for somebody who waits for replies of one kind. Each reply
// that matches is handed over; those that find the channel full are strays.
//
// It is for replies that say what they are, and for those behind a receipt,
// which may be long in coming; ask serves all others.
type wait struct {
	match func(escpos.Reply) bool
	got   chan answer
}

// answer is a Reply that outlives the decoder's buffer.
type answer struct {
	escpos.Reply
	text string // ReplyBlock: the data
}

// reply is the Reply with its data.
func (a answer) reply() escpos.Reply {
	r := a.Reply
	r.Data = []byte(a.text)
	return r
}

func newWait(n int, match func(escpos.Reply) bool) *wait {
	return &wait{match: match, got: make(chan answer, n)}
}

func (p *Printer) addWait(w *wait) {
	p.mu.Lock()
	p.in.waits = append(p.in.waits, w)
	p.mu.Unlock()
}

func (p *Printer) dropWait(w *wait) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, x := range p.in.waits {
		if x == w {
			p.in.waits = append(p.in.waits[:i], p.in.waits[i+1:]...)
			return
		}
	}
}

// stale is how long a message may rest unfinished before it is given up.
const stale = time.Second

// receive takes in what the reader has read. It reports whether the printer
// said that it was switched off or on: its buffer and settings are gone then,
// whatever the cable says.
func (p *Printer) receive(b []byte, now time.Time) (replaced bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	in := &p.in
	if in.dec.Pending() && now.Sub(in.last) > stale {
		p.take(in.dec.Reset(), now)
	}
	in.last = now
	in.stats.Received += int64(len(b))
	in.frames = in.frames[:0]
	if !in.echo && in.echoed(b) {
		in.echo = true
		p.log.Warn("the line echoes what is sent to it; no answer is believed", "printer", p.uri)
	}
	for len(b) > 0 {
		r, n := in.dec.Decode(b)
		p.take(r, now)
		b = b[n:]
	}
	if in.noisy() { // before the frames, or behind them
		p.distrust()
		return in.replaced
	}
	for _, f := range in.frames {
		p.frame(f, now)
	}
	return in.replaced
}

// echoed reports whether one of our questions has come back: DLE EOT n or
// GS r 1. No printer says these bytes in this order: an ASB frame that begins
// 10 04 would be online and in error, and 1D opens no message.
func (in *input) echoed(b []byte) bool {
	for _, c := range b {
		in.window = in.window<<8&0xFFFFFF | uint32(c)
		switch in.window {
		case 0x100401, 0x100402, 0x100403, 0x100404, 0x1D7201:
			return true
		}
	}
	return false
}

// take takes in one message. p.mu is held.
func (p *Printer) take(r escpos.Reply, now time.Time) {
	in := &p.in
	switch r.Kind {
	case escpos.ReplyNone:
		return
	case escpos.ReplyXOFF:
		in.stats.XOFF++
		if in.flow == nil {
			in.flow = make(chan struct{})
		}
		return
	case escpos.ReplyXON:
		if in.flow != nil {
			close(in.flow)
			in.flow = nil
		}
		return
	case escpos.ReplyUnknown:
		in.stats.Unknown += int64(len(r.Data))
		in.noise = in.stats.Received
		return
	}
	if in.echo {
		in.stats.Strays++
		return
	}
	if r.Kind == escpos.ReplyASB {
		in.stats.Frames++
		in.frames = append(in.frames, r.ASB)
		return
	}
	c := classOf(r)
	if c != classNone {
		if in.owed[c] == 0 {
			in.stray(now)
			return
		}
		in.owed[c]--
	}
	if r.Kind == escpos.ReplyBlock && r.Byte == escpos.HeaderPowerNotice && len(r.Data) == 1 && !in.noisy() {
		in.replaced = true
		return
	}
	a := answer{Reply: r, text: string(r.Data)}
	a.Data = nil
	if c != classNone && c == in.asking && send(in.got, a) {
		return
	}
	for _, w := range in.waits {
		if w.match(r) && send(w.got, a) {
			return
		}
	}
	if c == classNone { // those that were owed are not strays
		in.stray(now)
	}
}

// noisy reports whether there was noise of late, within the last 64 bytes:
// noise can look like anything.
func (in *input) noisy() bool {
	return in.noise > 0 && in.stats.Received-in.noise <= 64
}

func send(c chan answer, a answer) bool {
	select {
	case c <- a:
		return true
	default:
		return false
	}
}

func (in *input) stray(now time.Time) {
	in.stats.Strays++
	in.strayed = now
	in.noise = in.stats.Received
}

func classOf(r escpos.Reply) class {
	switch {
	case r.Kind == escpos.ReplyRealTime:
		return classRealTime
	case r.Kind == escpos.ReplyByte:
		return classByte
	case r.Kind == escpos.ReplyBlock && r.Byte == escpos.HeaderInfoB:
		return classInfo
	}
	return classNone
}
