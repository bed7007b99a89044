package hook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	minBackoff = time.Second
	maxBackoff = 5 * time.Minute
	maxRetry   = time.Hour       // of Retry-After
	leaseSlack = 2 * time.Second // for the commit after an attempt
)

// sendAll sends what waits in the outbox for one webhook, in order, until the
// Runner ends.
func (r *Runner) sendAll(s *sink) {
	backoff := time.Duration(0)
	for {
		wait, failed := r.sendNext(s)
		switch {
		case r.ctx.Err() != nil, r.isEnding() && (failed || wait != 0):
			return
		case failed:
			backoff = min(max(2*backoff, minBackoff), maxBackoff)
			// Many tills that lost the same server must not come back as one.
			wait = max(wait, backoff/2+rand.N(backoff/2))
		default:
			backoff = 0
		}
		if wait == 0 {
			continue
		}
		if !r.pause(s, wait, failed) {
			return
		}
	}
}

func (r *Runner) isEnding() bool {
	select {
	case <-r.ending:
		return true
	default:
		return false
	}
}

// pause waits, for news as well unless the last attempt failed. It reports
// false where there is nothing more to wait for.
func (r *Runner) pause(s *sink, wait time.Duration, failed bool) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	news := s.nudge
	if failed {
		news = nil
	}
	select {
	case <-timer.C:
	case <-news:
	case <-r.ending:
		return !failed // a last look at the outbox
	case <-r.ctx.Done():
		return false
	}
	return true
}

// sendNext sends the message that is next. wait is how long to wait before
// going on: 0, not at all. failed says that the message has to be sent again.
func (r *Runner) sendNext(s *sink) (wait time.Duration, failed bool) {
	m, wait, err := r.out.claim(r.ctx, s.id, r.sender, time.Now(), s.timeout()+leaseSlack)
	switch {
	case err != nil:
		if r.ctx.Err() == nil {
			s.log.Warn("cannot read the outbox", "error", err)
		}
		return 0, true
	case m == nil && wait > 0:
		return min(wait, time.Second), false // another process may be done sooner
	case m == nil:
		return expireEvery, false
	}
	log := s.log.With("id", m.id, "attempt", m.attempts)
	res := r.post(s, m)
	ctx := context.WithoutCancel(r.ctx)
	switch {
	case res.ok:
		err = r.out.done(ctx, m)
		log.Debug("webhook delivered", "status", res.status)
	case res.final:
		err = r.out.bury(ctx, m, res.status)
		log.Error("webhook given up: the endpoint refuses it", "status", res.status, "answer", res.body)
	default:
		log.Warn("webhook not delivered; it will be repeated", "status", res.status, "answer", res.body, "error", res.err)
		if err := r.out.release(ctx, m); err != nil {
			log.Warn("cannot write to the outbox; the message may wait longer", "error", err)
		}
		return res.retryAfter, true
	}
	if err != nil {
		log.Warn("cannot write to the outbox; the message may be sent again", "error", err)
		return 0, true
	}
	return 0, false
}

// result is what came of an attempt.
type result struct {
	ok, final  bool
	status     string
	body       string // the beginning of the answer
	retryAfter time.Duration
	err        error
}

func (r *Runner) post(s *sink, m *message) result {
	ctx, cancel := context.WithTimeout(r.ctx, s.timeout())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(m.body))
	if err != nil {
		return result{err: err}
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	req.Header.Set("User-Agent", "printerctl")
	req.Header.Set("Webhook-Id", m.id)
	req.Header.Set("Webhook-Timestamp", now)
	if s.key != nil {
		req.Header.Set("Webhook-Signature", sign(s.key, m.id, now, m.body))
	}
	resp, err := r.cfg.Client.Do(req)
	if err != nil {
		return result{err: hideURL(err)}
	}
	defer resp.Body.Close()
	// Read to its end, within reason, so that the connection serves again.
	head, _ := io.ReadAll(io.LimitReader(resp.Body, 200))
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	res := result{status: fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode)), body: string(head)}
	switch c := resp.StatusCode; {
	case c/100 == 2:
		res.ok = true
	case c == http.StatusRequestTimeout || c == http.StatusTooManyRequests || c/100 != 4:
		res.retryAfter = retryAfter(resp.Header.Get("Retry-After"))
	default:
		res.final = true
	}
	return res
}

// retryAfter reads how long a server wants to be left alone (RFC 9110,
// section 10.2.3).
func retryAfter(h string) time.Duration {
	if s, err := strconv.Atoi(h); err == nil {
		return min(max(time.Duration(s), 0), maxRetry/time.Second) * time.Second
	}
	if t, err := http.ParseTime(h); err == nil {
		return min(max(time.Until(t), 0), maxRetry)
	}
	return 0
}
