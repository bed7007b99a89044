package hook

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos/queue"
)

// Config says how a Runner works. A nil Config, and the zero value of each
// field, stands for the default.
type Config struct {
	// Logger hears what programs print and which deliveries fail. nil:
	// nobody hears of it.
	Logger *slog.Logger

	// Client makes the requests. Redirects are not followed, whatever it
	// says. nil: one of the Runner's own, with the proxy of the environment.
	Client *http.Client

	// Env is added to the environment of programs, as "KEY=value".
	Env []string

	// Buffer is how many events may wait for each program. 0: 256.
	Buffer int

	// MaxMessages is how many messages of each webhook may wait in the
	// outbox, the oldest making room. 0: 10,000.
	MaxMessages int

	// MaxAge is how long a message may wait in the outbox. 0: 3 days.
	MaxAge time.Duration

	// Grace is how long Close waits for what is being delivered. 0: 5 s.
	Grace time.Duration
}

const (
	defaultBuffer      = 256
	defaultMaxMessages = 10_000
	defaultMaxAge      = 3 * 24 * time.Hour
	defaultGrace       = 5 * time.Second
	expireEvery        = time.Hour
)

// A Runner delivers events to hooks. Its methods may be called from several
// goroutines.
type Runner struct {
	cfg    Config
	log    *slog.Logger
	out    *outbox
	sender string // names this Runner among the processes that share the outbox
	inbox  *ring[queue.Event]
	sinks  []*sink

	ctx    context.Context // ends what is being delivered
	cancel context.CancelFunc
	ending chan struct{} // closed: deliver what is there, then stop
	sorted chan struct{} // closed: every event has got to its sinks
	wg     sync.WaitGroup

	closing sync.Once
	closed  error
}

// A sink is a hook at work.
type sink struct {
	Hook
	id      string // unique among the hooks, the same after a restart
	log     *slog.Logger
	key     []byte // signs requests; nil: unsigned
	conds   map[subject]*condition
	dropped int // events lost since the last delivery

	runs  *ring[Payload] // for the program
	nudge chan struct{}  // something is in the outbox
}

// Open starts delivering to hooks. dir is where the outbox is kept, usually
// the queue's own directory; it is made where it is missing. ctx bounds the
// opening alone.
func Open(ctx context.Context, dir string, hooks []Hook, cfg *Config) (*Runner, error) {
	r := &Runner{sender: rand.Text(), ending: make(chan struct{}), sorted: make(chan struct{})}
	if cfg != nil {
		r.cfg = *cfg
	}
	r.setDefaults()
	ids := map[string]int{}
	for i, h := range hooks {
		if err := h.Check(); err != nil {
			return nil, fmt.Errorf("hook %d: %w", i+1, err)
		}
		s := &sink{Hook: h, id: h.name(), nudge: make(chan struct{}, 1)}
		if ids[s.id]++; ids[s.id] > 1 {
			s.id = fmt.Sprintf("%s#%d", s.id, ids[s.id])
		}
		s.log = r.log.With("hook", s.id)
		if h.Secret != "" {
			s.key, _ = parseSecret(h.Secret) // checked
		}
		if h.URL == "" {
			s.runs = newRing[Payload](r.cfg.Buffer)
		}
		r.sinks = append(r.sinks, s)
	}
	r.inbox = newRing[queue.Event](max(r.cfg.Buffer, 1024))
	var err error
	if r.out, err = openOutbox(ctx, dir, r.cfg.MaxMessages, r.log); err != nil {
		return nil, fmt.Errorf("hooks: %w", err)
	}
	for _, s := range r.sinks {
		if s.conds, err = r.out.conditions(ctx, s.id); err != nil {
			_ = r.out.close()
			return nil, fmt.Errorf("hooks: %w", err)
		}
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.wg.Go(r.sort)
	for _, s := range r.sinks {
		if s.runs != nil {
			r.wg.Go(func() { r.runAll(s) })
		} else {
			r.wg.Go(func() { r.sendAll(s) })
		}
	}
	return r, nil
}

func (r *Runner) setDefaults() {
	c := &r.cfg
	if r.log = c.Logger; r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if c.Buffer <= 0 {
		c.Buffer = defaultBuffer
	}
	if c.MaxMessages <= 0 {
		c.MaxMessages = defaultMaxMessages
	}
	if c.MaxAge <= 0 {
		c.MaxAge = defaultMaxAge
	}
	if c.Grace <= 0 {
		c.Grace = defaultGrace
	}
	client := http.Client{}
	if c.Client != nil {
		client = *c.Client
	} else {
		client.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	// A secret path or a signed body is for the host that was named.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.Client = &client
}

// Handle takes in an event. It never waits, and is meant for
// [queue.Config.OnEvent]. After Close it does nothing.
func (r *Runner) Handle(e queue.Event) { r.inbox.put(e) }

// Dead lists the messages that were given up, the oldest first. At most
// 1,000 are kept.
func (r *Runner) Dead(ctx context.Context) ([]DeadLetter, error) { return r.out.dead(ctx) }

// Close delivers what has come in, for as long as [Config.Grace] allows and
// nothing fails, and stops. Messages to webhooks that are then left wait for
// the next Open. Closing again does nothing.
func (r *Runner) Close() error {
	r.closing.Do(func() {
		timer := time.AfterFunc(r.cfg.Grace, r.cancel)
		defer timer.Stop()
		r.inbox.close()
		<-r.sorted
		close(r.ending)
		r.wg.Wait()
		r.cancel()
		r.cfg.Client.CloseIdleConnections()
		r.closed = r.out.close()
	})
	return r.closed
}
