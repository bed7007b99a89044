package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/transport"
)

// Config says how to talk to a printer. A nil Config, and the zero value of
// each field, stands for the default.
type Config struct {
	// Dial opens the link. nil: transport.Open with the URI.
	Dial func(ctx context.Context) (transport.Conn, error)

	// Profile says what the printer is. nil: what it says of itself decides
	// (GS I 66, 67 and 69), if it then behaves like that model; else the
	// generic profile serves.
	Profile *escpos.Profile

	// Unfinished is what Printer.Unfinished returned for the link before: the
	// printer may be inside a command of that many bytes. The first job then
	// sees to it that it is not, and cuts off what there is of the receipt
	// that was interrupted. 0: nothing is known to be unfinished.
	Unfinished int

	// Logger hears of what is odd: noise, answers that nobody asked for, a
	// link that broke. nil: nobody hears of it.
	Logger *slog.Logger

	// Known is what this very printer was seen to do over earlier links: see
	// Capabilities.Learn. What it could do then, it can do now: if it
	// answered DLE EOT and now says nothing, another host has it or it is not
	// up yet, and no receipt is sent into the silence; if it answered the
	// question behind a receipt, it is busy until it does. A Profile that is
	// given here, and says that its model answers, does the first as well.
	Known Capabilities

	// AnswerTimeout bounds one Status: four questions. 0: 3 s.
	AnswerTimeout time.Duration

	// ConfirmTimeout is how long a printer that says it is ready may leave
	// the question behind a receipt unanswered, before the receipt is in
	// doubt. The time that its buffer may take to print is added. 0: 30 s.
	ConfirmTimeout time.Duration
}

const (
	defaultAnswerTimeout  = 3 * time.Second
	defaultConfirmTimeout = 30 * time.Second
)

// A Printer is one open link to one printer. Its methods may be called from
// several goroutines; jobs and questions take turns, and a question is put
// between two commands of a running job. Close it when done.
type Printer struct {
	uri  string
	conn transport.Conn
	cfg  Config
	log  *slog.Logger

	turn    chan struct{}   // holds one token; who takes it may write
	jobs    chan struct{}   // holds one token; who takes it may print
	timer   *time.Timer     // of the one who has the turn
	latency time.Duration   // how long answers take, lately; of the one who has the turn
	life    context.Context // ends with the link
	done    <-chan struct{} // life.Done()
	end     func()
	closed  sync.Once
	wg      sync.WaitGroup // the reader and the monitor

	mu     sync.Mutex
	err    error // why the link ended
	in     input
	asb    asbState
	caps   Capabilities
	prof   *escpos.Profile // observed; nil: not yet
	reason string          // why prof

	asked      int       // rounds of questions put
	answers    questions // those that were answered, ever, on this link
	said       Status    // the answers to the last round that stood in no noise
	unfinished int       // see Unfinished
	fragment   bool      // part of a receipt that broke off may be on paper
	vain       int       // jobs in a row that a marker known to be answered was not
	opened     time.Time
	fresh      bool // answers to what another link asked may come yet
}

// Open opens the printer that uri names. ctx bounds the opening, not the life
// of the Printer. No byte is sent. The error is that of the transport: test
// it for transport.ErrRefused, transport.ErrNotFound and the like.
func Open(ctx context.Context, uri string, cfg *Config) (*Printer, error) {
	dial := func(ctx context.Context) (transport.Conn, error) { return transport.Open(ctx, uri) }
	if cfg != nil && cfg.Dial != nil {
		dial = cfg.Dial
	}
	conn, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	return New(conn, uri, cfg), nil
}

// New makes a Printer of an open link, which it owns from then on. The uri is
// for messages. No byte is sent.
func New(conn transport.Conn, uri string, cfg *Config) *Printer {
	p := &Printer{
		uri:   uri,
		conn:  conn,
		turn:  make(chan struct{}, 1),
		jobs:  make(chan struct{}, 1),
		timer: time.NewTimer(time.Hour),
	}
	if cfg != nil {
		p.cfg = *cfg
	}
	if p.cfg.AnswerTimeout <= 0 {
		p.cfg.AnswerTimeout = defaultAnswerTimeout
	}
	if p.cfg.ConfirmTimeout <= 0 {
		p.cfg.ConfirmTimeout = defaultConfirmTimeout
	}
	p.log = p.cfg.Logger
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	p.life, p.end = context.WithCancel(context.Background())
	p.done = p.life.Done()
	p.timer.Stop()
	p.unfinished, p.fresh, p.opened = p.cfg.Unfinished, true, time.Now()
	p.fragment = p.unfinished > 0
	p.asb.job, p.asb.poke = make(chan struct{}, 1), make(chan struct{}, 1)
	p.in.asking, p.in.got, p.in.last = classNone, make(chan answer, maxRounds), time.Now()
	p.turn <- struct{}{}
	p.jobs <- struct{}{}
	p.wg.Add(1)
	go p.read()
	return p
}

// URI returns the printer's URI.
func (p *Printer) URI() string { return p.uri }

// Done is closed when the link has ended: it broke, or Close was called.
func (p *Printer) Done() <-chan struct{} { return p.done }

// Err returns why the link ended, or nil while it stands. It matches
// [ErrLinkLost], and [ErrClosed] after Close.
func (p *Printer) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Close ends the link and everything that runs over it, and waits until no
// goroutine of the Printer is left. Automatic status that a Watch switched on
// is switched off first, if the printer takes that without delay. Closing
// again does nothing.
func (p *Printer) Close() error {
	p.disarm()
	p.fail(ErrClosed)
	p.wg.Wait()
	return nil
}

// fail ends the link, once.
func (p *Printer) fail(err error) {
	p.closed.Do(func() {
		if !errors.Is(err, ErrLinkLost) {
			err = fmt.Errorf("%w: %w", ErrLinkLost, err)
		}
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		p.end()
		if err := p.conn.Close(); err != nil {
			p.log.Debug("closing the link", "printer", p.uri, "error", err)
		}
	})
}

// read is the one reader: it lives as long as the link.
func (p *Printer) read() {
	defer p.wg.Done()
	buf := make([]byte, 1024)
	for {
		n, err := p.conn.Read(buf)
		if n > 0 {
			if p.receive(buf[:n], time.Now()) {
				p.fail(errPowerCycled)
				return
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, transport.ErrNoBackChannel):
			p.mu.Lock()
			p.in.mute = true
			p.mu.Unlock()
			return
		case errors.Is(err, io.EOF):
			p.fail(p.hungUp())
			return
		default:
			p.fail(err)
			return
		}
	}
}

// hungUp says why the printer may have ended the link.
func (p *Printer) hungUp() error {
	if p.Stats().Received == 0 && time.Since(p.opened) < time.Second {
		return errors.New("the printer hung up at once; another host may have it")
	}
	return errors.New("the printer hung up")
}

// acquire takes the turn to write. It gives up when ctx ends or the link
// does.
func (p *Printer) acquire(ctx context.Context) error {
	select {
	case <-p.done: // a free turn must not hide a dead link
		return p.Err()
	default:
	}
	select {
	case <-p.turn:
		return nil
	case <-p.done:
		return p.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Printer) release() { p.turn <- struct{}{} }
