package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/queue/hook"
)

// web is what hooks talk to in a simulation: an endpoint that does what it
// should, and others that do not.
type web struct {
	bad []string // of badEndpoints

	mu   sync.Mutex
	seen []hook.Payload // by the good one, in the order of their first arrival
	ids  map[string]bool
}

var badEndpoints = []string{"hang", "crash", "flood", "crawl"}

func newWeb(seed uint64) *web {
	k := seed / hooksEvery % uint64(len(badEndpoints))
	return &web{bad: badEndpoints[k : k+1], ids: map[string]bool{}}
}

// open starts the hooks of one life of a process.
func (w *web) open(t *testing.T, dir string, life int) queue.SimHooks {
	h := &simHooks{web: w, dead: make(chan struct{})}
	hooks := []hook.Hook{{URL: "http://good"}}
	for _, bad := range w.bad {
		hooks = append(hooks, hook.Hook{URL: "http://" + bad})
	}
	var err error
	h.Runner, err = hook.Open(context.Background(), dir, hooks, &hook.Config{Client: &http.Client{Transport: h}, Grace: time.Second})
	require.NoError(t, err)
	return h
}

// simHooks are the hooks of one life of a process.
type simHooks struct {
	*hook.Runner
	web  *web
	dead chan struct{}
}

func (h *simHooks) Kill() { close(h.dead) }

func (h *simHooks) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case <-h.dead:
		return nil, errors.New("the process is dead")
	default:
	}
	var event struct{ Data hook.Payload }
	if err := json.NewDecoder(req.Body).Decode(&event); err != nil {
		return nil, err
	}
	body := io.Reader(strings.NewReader(""))
	switch req.URL.Host {
	case "hang":
		<-req.Context().Done()
		return nil, req.Context().Err()
	case "crash":
		return nil, io.ErrUnexpectedEOF
	case "flood":
		body = endless{}
	case "crawl":
		time.Sleep(7 * time.Second)
	default:
		h.web.take(event.Data)
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body), Request: req}, nil
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func (w *web) take(p hook.Payload) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ids[p.ID] {
		w.ids[p.ID] = true
		w.seen = append(w.seen, p)
	}
}

// check holds what the good endpoint was told against the records: what was
// told of a job happened, each step once and in order, and nothing is over
// that had not begun.
func (w *web) check(t *testing.T, told map[string][]queue.EventKind) {
	jobs := map[string][]queue.EventKind{}
	type subject struct {
		lane string
		kind queue.EventKind
	}
	raised := map[subject]bool{}
	raises := map[queue.EventKind]queue.EventKind{}
	for _, k := range hook.Kinds() {
		if clear, ok := k.Clears(); ok {
			raises[clear] = k
		}
	}
	for _, p := range w.seen {
		require.Zero(t, p.Dropped)
		if p.Job != nil {
			jobs[p.Job.ID] = append(jobs[p.Job.ID], p.Event)
		} else if raise, ok := raises[p.Event]; ok {
			require.True(t, raised[subject{p.Printer, raise}], "%s on %s, and nothing was raised", p.Event, p.Printer)
			delete(raised, subject{p.Printer, raise})
		} else {
			raised[subject{p.Printer, p.Event}] = true
		}
	}
	require.NotEmpty(t, jobs)
	for id, kinds := range jobs {
		rest := told[id]
		for _, k := range kinds {
			i := slices.Index(rest, k)
			require.GreaterOrEqual(t, i, 0, "%s: the hook was told %v, and recorded is %v", id, kinds, told[id])
			rest = rest[i+1:]
		}
	}
}

// No receipt comes out later because of a hook.
func TestHooksDelayNothing(t *testing.T) {
	cfg := queue.SimConfig{Seed: 3, Receipts: 5}
	without := queue.Simulate(t, cfg).Settled
	w := newWeb(0)
	w.bad, cfg.Hooks = badEndpoints, w.open
	res := queue.Simulate(t, cfg)
	require.Empty(t, res.Wrong)
	require.Equal(t, without, res.Settled)
	w.check(t, res.Told)
}
