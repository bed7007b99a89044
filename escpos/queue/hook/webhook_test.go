package hook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/queue"
)

// The example that the Standard Webhooks reference implementations test
// themselves with.
func TestSignatureVector(t *testing.T) {
	key, err := parseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
		sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)))
}

// arrival is a request as an endpoint got it.
type arrival struct {
	at   time.Time
	head http.Header
	body []byte
	data struct {
		SpecVersion, ID, Source, Type, Subject, DataContentType string
		Time                                                    time.Time
		Data                                                    Payload
	}
}

// endpoint is a web server under virtual time: it takes a request, notes it,
// and answers as told.
type endpoint struct {
	answer func(n int) (status int, head http.Header, err error)

	mu   sync.Mutex
	seen []arrival
}

func (e *endpoint) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	a := arrival{at: time.Now(), head: req.Header, body: body}
	if err := json.Unmarshal(body, &a.data); err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.seen = append(e.seen, a)
	n := len(e.seen)
	e.mu.Unlock()
	status, head := 204, http.Header(nil)
	if e.answer != nil {
		if status, head, err = e.answer(n); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: status, Header: head, Body: io.NopCloser(strings.NewReader("answer\n")), Request: req}, nil
}

func (e *endpoint) arrivals() []arrival {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]arrival(nil), e.seen...)
}

// kinds says what arrived, in order.
func (e *endpoint) kinds() []string {
	kinds := []string{}
	for _, a := range e.arrivals() {
		kinds = append(kinds, strings.TrimPrefix(a.data.Type, TypePrefix))
	}
	return kinds
}

// inBubble runs f under virtual time, with a function that opens a Runner of
// one webhook to e, again and again on the same outbox.
func inBubble(t *testing.T, e *endpoint, f func(t *testing.T, open func(Hook, Config) *Runner)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f(t, func(h Hook, cfg Config) *Runner {
			h.URL, cfg.Client = "https://shop.example/hook", &http.Client{Transport: e}
			r, err := Open(t.Context(), dir, []Hook{h}, &cfg)
			require.NoError(t, err)
			t.Cleanup(func() { _ = r.Close() }) // where a test ends early
			return r
		})
	})
}

func TestWebhookOnTheWire(t *testing.T) {
	const secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	got := make(chan arrival, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got <- arrival{head: req.Header, body: body}
		if req.Method != http.MethodPost || req.URL.Path != "/hook" {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer srv.Close()
	log, lines := newLog()
	r := start(t, &Config{Logger: log}, Hook{URL: srv.URL + "/hook", Secret: "whsec_" + secret})
	r.Handle(paperOut())
	a := <-got
	lines.wait(t, "webhook delivered", "200 OK")

	require.Equal(t, "application/cloudevents+json; charset=utf-8", a.head.Get("Content-Type"))
	var ce map[string]any
	require.NoError(t, json.Unmarshal(a.body, &ce))
	require.Equal(t, "1.0", ce["specversion"])
	require.Equal(t, "io.github.printerctl.paper-out", ce["type"])
	require.Equal(t, "tcp://192.0.2.7", ce["source"])
	require.Equal(t, "till", ce["subject"])
	require.Equal(t, "2026-03-04T05:06:07Z", ce["time"])
	require.Equal(t, "application/json", ce["datacontenttype"])
	require.Equal(t, "paper-out", ce["data"].(map[string]any)["event"])
	require.Equal(t, ce["id"], a.head.Get("webhook-id"))

	// As a receiver checks it, from the specification.
	ts := a.head.Get("webhook-timestamp")
	sent, err := strconv.ParseInt(ts, 10, 64)
	require.NoError(t, err)
	require.Positive(t, sent)
	key, err := base64.StdEncoding.DecodeString(secret)
	require.NoError(t, err)
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", a.head.Get("webhook-id"), ts, a.body)
	require.Equal(t, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)), a.head.Get("webhook-signature"))
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		require.Equal(t, "/hook", req.URL.Path)
		http.Redirect(w, req, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer srv.Close()
	log, lines := newLog()
	r := start(t, &Config{Logger: log}, Hook{URL: srv.URL + "/hook"})
	r.Handle(paperOut())
	lines.wait(t, "it will be repeated", "307")
}

// The same message comes again, with growing pauses, until it is taken; those
// behind it wait, so that the order holds.
func TestRetriesKeepIdBodyAndOrder(t *testing.T) {
	e := &endpoint{answer: func(n int) (int, http.Header, error) {
		switch {
		case n == 1:
			return 0, nil, errors.New("connection refused")
		case n == 5:
			return 429, http.Header{"Retry-After": {"600"}}, nil
		case n < 8:
			return 503, nil, nil
		}
		return 200, nil, nil
	}}
	inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
		r := open(Hook{Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, Config{})
		r.Handle(jobEvent(1))
		r.Handle(jobEvent(2))
		time.Sleep(time.Hour)
		require.NoError(t, r.Close())
		got := e.arrivals()
		require.Len(t, got, 9)
		pause := time.Second
		for i, a := range got[:7] {
			require.Equal(t, got[0].data.ID, a.data.ID)
			require.Equal(t, got[0].body, a.body)
			next := got[i+1]
			least, most := pause/2, pause
			if i == 4 {
				least, most = 600*time.Second, 600*time.Second
			}
			require.GreaterOrEqual(t, next.at.Sub(a.at), least)
			require.LessOrEqual(t, next.at.Sub(a.at), most)
			pause *= 2
			// Each attempt is signed for its own time.
			require.Equal(t, strconv.FormatInt(a.at.Unix(), 10), a.head.Get("webhook-timestamp"))
		}
		require.NotEqual(t, got[0].head.Get("webhook-signature"), got[3].head.Get("webhook-signature"))
		require.Equal(t, "k7qd-2", got[8].data.Data.Job.ID)
		require.NotEqual(t, got[0].data.ID, got[8].data.ID)
	})
}

func TestRefusedMessagesArePutAside(t *testing.T) {
	e := &endpoint{answer: func(n int) (int, http.Header, error) {
		return []int{410, 408, 200}[n-1], nil, nil
	}}
	inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
		log, lines := newLog()
		r := open(Hook{}, Config{Logger: log})
		r.Handle(jobEvent(1))
		r.Handle(jobEvent(2))
		time.Sleep(time.Minute)
		require.Len(t, e.arrivals(), 3)
		lines.wait(t, "given up", "410 Gone", "answer")
		dead, err := r.Dead(t.Context())
		require.NoError(t, err)
		require.Len(t, dead, 1)
		require.Equal(t, e.arrivals()[0].data.ID, dead[0].ID)
		require.Equal(t, "410 Gone", dead[0].Why)
		require.Equal(t, "shop.example", dead[0].Hook)
		require.Equal(t, 1, dead[0].Attempts)
		require.True(t, bytes.Equal(dead[0].Body, e.arrivals()[0].body))
		require.NoError(t, r.Close())
	})
}

func TestOutboxIsBounded(t *testing.T) {
	var up atomic.Bool
	e := &endpoint{answer: func(int) (int, http.Header, error) {
		if up.Load() {
			return 200, nil, nil
		}
		return 500, nil, nil
	}}
	inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
		r := open(Hook{}, Config{MaxMessages: 3, MaxAge: 24 * time.Hour})
		for i := range 6 {
			r.Handle(jobEvent(i))
			synctest.Wait()
		}
		time.Sleep(10 * time.Minute)
		up.Store(true)
		time.Sleep(10 * time.Minute)
		var got []string
		lost := 0
		for _, a := range e.arrivals() {
			if id := a.data.Data.Job.ID; len(got) == 0 || got[len(got)-1] != id {
				got = append(got, id)
				lost += a.data.Data.Dropped
			}
		}
		require.Equal(t, []string{"k7qd-0", "k7qd-4", "k7qd-5"}, got, "the head was on its way; the oldest of the rest went")
		require.Equal(t, 3, lost)

		up.Store(false)
		r.Handle(jobEvent(7))
		time.Sleep(26 * time.Hour)
		dead, err := r.Dead(t.Context())
		require.NoError(t, err)
		require.Len(t, dead, 1)
		require.Equal(t, "too old", dead[0].Why)
		require.NoError(t, r.Close())
	})
}

// What a Runner leaves behind goes out with the next one, under the same ids.
func TestOutboxOutlivesTheRunner(t *testing.T) {
	var up atomic.Bool
	e := &endpoint{answer: func(int) (int, http.Header, error) {
		if up.Load() {
			return 200, nil, nil
		}
		return 0, nil, errors.New("no route")
	}}
	inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
		r := open(Hook{}, Config{})
		for i := range 3 {
			r.Handle(jobEvent(i))
		}
		require.NoError(t, r.Close(), "it does not wait for an endpoint that is down")
		first := e.arrivals()
		require.NotEmpty(t, first)
		up.Store(true)
		r = open(Hook{}, Config{})
		time.Sleep(time.Minute)
		require.NoError(t, r.Close())
		rest := e.arrivals()[len(first):]
		require.Len(t, rest, 3)
		require.Equal(t, first[0].data.ID, rest[0].data.ID)
		require.Equal(t, first[0].body, rest[0].body)
	})
}

// Two processes share an outbox: what one of them is sending, the other
// leaves alone, until it must have died.
func TestOneSenderAtATime(t *testing.T) {
	e := &endpoint{}
	inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
		r := open(Hook{Timeout: 5 * time.Second}, Config{})
		synctest.Wait() // it has looked, and found nothing
		began := time.Now()
		p := newPayload(jobEvent(1))
		_, err := r.out.save(t.Context(), "shop.example", &p, subject{}, nil, began)
		require.NoError(t, err)
		m, _, err := r.out.claim(t.Context(), "shop.example", "another", began, 7*time.Second)
		require.NoError(t, err)
		require.NotNil(t, m)
		r.Handle(jobEvent(2))
		time.Sleep(time.Minute)
		got := e.arrivals()
		require.Len(t, got, 2)
		require.Equal(t, p.ID, got[0].data.ID)
		require.GreaterOrEqual(t, got[0].at.Sub(began), 7*time.Second)
		require.NoError(t, r.Close())
	})
}

// At least once, across kill -9 in the middle of things.
func TestKilledSenderLosesNothing(t *testing.T) {
	const n = 20
	arrived := make(chan string, 1000)
	taking := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		id := req.Header.Get("webhook-id")
		select {
		case <-taking:
			arrived <- id
		default:
			arrived <- id
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer srv.Close()
	dir := t.TempDir()
	argv := self(t, "deliver", dir, srv.URL, strconv.Itoa(n))
	child := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	require.NoError(t, child.Start())
	first := <-arrived
	<-arrived // a repetition: the events were handed in long before
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	close(taking)

	r, err := Open(t.Context(), dir, []Hook{{URL: srv.URL, Timeout: time.Second}}, nil)
	require.NoError(t, err)
	defer r.Close()
	ids := map[string]bool{}
	for len(ids) < n {
		id := <-arrived
		if len(ids) == 0 {
			require.Equal(t, first, id)
		}
		ids[id] = true
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestDamagedOutboxIsMovedAside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("garbage "), 1000), 0o644))
	log, lines := newLog()
	r, err := Open(t.Context(), dir, nil, &Config{Logger: log})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	lines.wait(t, "damaged", "hooks.db.damaged")
	require.FileExists(t, path+".damaged")
}

func TestNewerOutboxIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	r, err := Open(t.Context(), dir, nil, nil)
	require.NoError(t, err)
	_, err = r.out.db.ExecContext(t.Context(), "PRAGMA user_version = 99")
	require.NoError(t, err)
	require.NoError(t, r.Close())
	_, err = Open(t.Context(), dir, nil, nil)
	require.ErrorIs(t, err, ErrVersion)
}

func TestDroppedEventsAreTold(t *testing.T) {
	e := &endpoint{}
	inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
		r := open(Hook{Events: []queue.EventKind{queue.JobPrinted}}, Config{})
		r.Handle(queue.Event{Kind: queue.Dropped, Dropped: 17})
		r.Handle(event(queue.JobQueued))
		r.Handle(jobEvent(1))
		r.Handle(jobEvent(2))
		require.NoError(t, r.Close())
		got := e.arrivals()
		require.Len(t, got, 2)
		require.Equal(t, 17, got[0].data.Data.Dropped)
		require.Zero(t, got[1].data.Data.Dropped)
	})
}
