package virtual

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/transport"
)

// Config is how a Printer is made. The zero value, and a nil *Config, is a
// modern Epson with a full roll whose mechanism takes no time.
type Config struct {
	// Personality says what model the printer is. Nil means
	// DefaultPersonality. It is copied.
	Personality *Personality

	// Paper is the length of the roll in mm, from the head to its end; 0
	// means a new roll of 80 m. The printer stops some way before the end of
	// the roll, when the paper end sensor sees it: see
	// Personality.EndSensorMM, and PaperFor.
	Paper float64

	// NearEnd is the length in mm, from the head to the end of the roll, at
	// which the near-end sensor trips; 0 means 1,500 mm.
	NearEnd float64

	// Speed of the paper in mm a second. 0 means that nothing takes time:
	// when Write returns, what was written has been printed.
	Speed float64

	// Keep is how many receipts are kept; 0 means 1,000. Older ones are
	// forgotten.
	Keep int
}

const (
	newRoll        = 80_000 // mm
	defaultNearEnd = 1_500  // mm
	defaultKeep    = 1_000
)

// A Printer is a receipt printer made of software. Its methods may be called
// from any goroutine.
//
// A Printer has no goroutine of its own: it works in the calls of those who
// talk to it, and in timers while its paper moves.
type Printer struct {
	pers   *Personality
	speed  float64 // mm/s
	keep   int
	endAt  int // dots of paper left at which the end sensor trips
	nearAt int // and the near-end sensor

	mu      sync.Mutex
	closed  bool
	on      bool
	links   []*link
	changed chan struct{} // see Wait
	later   delayed

	// Reception.
	rx   ring
	full bool // since the receive buffer was full, until it is less so

	// Execution.
	scan    escpos.Scanner
	pending int     // bytes at the front of rx that the scanner has passed, and that wait for the mechanism
	command command // the command whose data are coming in
	settings
	line       []item // the print buffer
	lineBytes  []byte
	x          int // next character, in dots from the left margin
	char       [4]byte
	charN      int // bytes of a character that is not complete
	lineNo     int32
	raster     raster
	graphics   bitmap // GS ( L fn 112
	download   map[[2]byte]bitmap
	downloaded bitmap // GS *
	page
	macro   macro
	blocks  [][]byte // of an answer in blocks: the one that was sent, and those to come
	headBuf [32]byte
	argBuf  [64]byte

	// Mechanism.
	ops       []op
	reserved  []op // cuts whose place has not come to the cutter
	moving    bool
	moveBegan time.Time
	moveFor   time.Duration
	mover     *time.Timer
	booting   *time.Timer
	strip     strip
	paper     int // dots from the head to the end of the roll
	pieces    []*piece
	pieceNo   int
	repeat    *strip // the line that is printed once more on new paper

	// State.
	condition
	jammed   bool // the cutter will not move
	lastASB  escpos.ASB
	lastHalt halt
	pulses   []Pulse
	counters counters
	nv       memory
}

// New returns a printer that is switched on, with paper in it and its cover
// closed. Close it to be rid of its timers.
func New(cfg *Config) *Printer {
	if cfg == nil {
		cfg = new(Config)
	}
	pers := cfg.Personality
	if pers == nil {
		pers, _ = PersonalityByName(DefaultPersonality) // embedded, and tested
	}
	pers = pers.withDefaults()
	p := &Printer{
		pers:  pers,
		speed: cfg.Speed,
		keep:  cfg.Keep,
		endAt: pers.dots(pers.EndSensorMM),
		paper: pers.dots(cfg.Paper),
		rx:    ring{cap: pers.ReceiveBuffer},
	}
	if cfg.Paper <= 0 {
		p.paper = pers.dots(newRoll)
	}
	near := cfg.NearEnd
	if near <= 0 {
		near = defaultNearEnd
	}
	p.nearAt = max(p.endAt, pers.dots(near))
	if p.keep <= 0 {
		p.keep = defaultKeep
	}
	p.strip.y = pers.dots(pers.CutterMM)
	p.start()
	return p
}

// PaperFor returns the length of roll in mm, to be given as Config.Paper or
// to LoadPaper, on which a printer of this personality prints n lines of
// normal height in normal spacing, and stops after the last of them.
func (p *Personality) PaperFor(lines int) float64 {
	q := p.withDefaults()
	return q.EndSensorMM + q.mm(max(q.LineSpacing, q.FontA[1])*lines)
}

// start is what happens at power-on.
func (p *Printer) start() {
	p.on = true
	p.halted = 0
	if p.cover {
		p.halted = haltCover
	}
	p.reset()
	p.sense()
	p.heed()
	p.lastASB = p.condition.asb()
	p.lastHalt = p.halted
	if p.pers.PowerNotice {
		p.reply(escpos.HeaderPowerNotice, 0x31, 0)
	}
}

// Close switches the printer off for good and breaks its links. Receipts can
// still be read.
func (p *Printer) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.powerOff()
	return nil
}

// work lets everything go on that can. It is called, with mu held, whenever
// something has changed.
func (p *Printer) work() {
	p.run()
	for p.fill() {
		p.run()
	}
	p.report()
}

// report tells those who want to know what has changed.
func (p *Printer) report() {
	if l := p.active(); l != nil {
		p.signal(l)
		if l.writable != nil && !p.busy() {
			wake(&l.writable)
		}
	}
	p.reportASB()
	wake(&p.changed)
}

// State is a view of the printer at one moment, as somebody sees it who
// stands in front of it.
type State struct {
	On        bool    `json:"on"`
	Online    bool    `json:"online"`
	CoverOpen bool    `json:"coverOpen"`
	Jammed    bool    `json:"jammed"`   // the cutter, whether the printer has noticed or not
	PaperEnd  bool    `json:"paperEnd"` // as the sensor says
	NearEnd   bool    `json:"nearEnd"`  // as the sensor says
	Waiting   bool    `json:"waiting"`  // for the FEED button
	Error     bool    `json:"error"`    // of any kind
	Moving    bool    `json:"moving"`   // the mechanism
	Paper     float64 `json:"paper"`    // mm from the head to the end of the roll
	Buffered  int     `json:"buffered"` // bytes received and not executed, the interface's buffer included
	Receipts  int     `json:"receipts"` // pieces that came out since the printer was made
	Hosts     int     `json:"hosts"`    // connected
	Idle      bool    `json:"idle"`     // nothing is left to do: all that was received has been printed
}

// State returns the printer's state.
func (p *Printer) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state()
}

func (p *Printer) state() State {
	s := State{
		On: p.on, Online: p.on && p.halted == 0,
		CoverOpen: p.cover, Jammed: p.jammed, PaperEnd: p.end, NearEnd: p.nearEnd,
		Waiting: p.waiting(), Error: p.fault != 0, Moving: p.moving,
		Paper: p.pers.mm(p.paper), Buffered: p.rx.len(), Receipts: p.pieceNo,
	}
	for _, l := range p.links {
		s.Buffered += l.in.len()
		if l.over == nil {
			s.Hosts++
		}
	}
	s.Idle = !p.moving && len(p.ops) == 0 && s.Buffered == 0
	return s
}

// Wait waits until the printer is in a state that satisfies ok.
func (p *Printer) Wait(ctx context.Context, ok func(State) bool) error {
	for {
		p.mu.Lock()
		s, changed := p.state(), waitFor(&p.changed)
		p.mu.Unlock()
		if ok(s) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WaitIdle waits until everything that the printer has received is printed
// and the paper stands still. A printer that has stopped with data in its
// buffer is not idle.
func (p *Printer) WaitIdle(ctx context.Context) error {
	return p.Wait(ctx, func(s State) bool { return s.Idle })
}

// WaitReceipts waits until n pieces of paper have come out in all.
func (p *Printer) WaitReceipts(ctx context.Context, n int) error {
	return p.Wait(ctx, func(s State) bool { return s.Receipts >= n })
}

// Receipts returns what has come out, oldest first: the last Config.Keep
// pieces.
func (p *Printer) Receipts() []Receipt {
	p.mu.Lock()
	pieces := p.pieces[:len(p.pieces):len(p.pieces)]
	p.mu.Unlock()
	rs := make([]Receipt, len(pieces))
	for i, pc := range pieces {
		rs[i] = pc.receipt(p.pers)
	}
	return rs
}

// Pending returns the text on the paper that is still in the printer: what
// was printed since the last cut.
func (p *Printer) Pending() string {
	r := p.PendingReceipt()
	return r.Text
}

// PendingReceipt returns the paper that is still in the printer, from the
// last cut to the head.
func (p *Printer) PendingReceipt() Receipt {
	p.mu.Lock()
	s := p.strip
	pc := &piece{
		number: p.pieceNo + 1, height: s.y, items: slices.Clone(s.items),
		arena: slices.Clip(s.arena), raw: slices.Clip(s.raw),
	}
	p.mu.Unlock()
	for i := range pc.items { // what has not passed the head is not printed
		it := &pc.items[i]
		it.done = max(0, min(it.done, int32(s.y)-it.y))
	}
	return pc.receipt(p.pers)
}

// Printed returns the text of everything that came out and of what is still
// in the printer, as if the paper had never been cut.
func (p *Printer) Printed() string {
	text := ""
	for _, r := range p.Receipts() {
		text += r.Text
	}
	return text + p.Pending()
}

// Personality returns a copy of the printer's personality, with every
// default filled in.
func (p *Printer) Personality() *Personality {
	q := *p.pers
	return &q
}

var _ transport.Conn = (*conn)(nil)
