package hook

import (
	"context"
	"time"

	"github.com/printerctl/printerctl/escpos/queue"
)

// sort takes events as they come, and gives each hook what it asked for,
// when it asked for it. It waits for nothing but the disk.
func (r *Runner) sort() {
	defer close(r.sorted)
	r.expire()
	expire := time.NewTicker(expireEvery)
	defer expire.Stop()
	due := time.NewTimer(0)
	defer due.Stop()
	for {
		r.tellDue(time.Now())
		e, dropped, ok, ended := r.inbox.take()
		if ok {
			for _, s := range r.sinks {
				s.dropped += dropped
				r.take(s, e, time.Now())
			}
			continue
		}
		if ended {
			for _, s := range r.sinks {
				if s.runs != nil {
					s.runs.close()
				}
			}
			return
		}
		due.Reset(r.nextDue(time.Now()))
		select {
		case <-r.inbox.ready:
		case <-due.C:
		case <-expire.C:
			r.expire()
		}
	}
}

func (r *Runner) expire() {
	n, err := r.out.expire(r.ctx, time.Now().Add(-r.cfg.MaxAge))
	if err != nil {
		r.log.Warn("cannot remove old messages from the outbox", "error", err)
	} else if n > 0 {
		r.log.Error("messages to webhooks were given up: too old", "messages", n)
	}
}

// take gives one event to one hook.
func (r *Runner) take(s *sink, e queue.Event, now time.Time) {
	if e.Kind == queue.Dropped {
		s.dropped += e.Dropped
		return
	}
	if !s.hears(e.Lane) {
		return
	}
	if clear, ok := e.Kind.Clears(); ok {
		if s.wants(e.Kind) || s.wants(clear) {
			r.raise(s, subject{e.Lane, e.Kind}, e, now)
		}
		return
	}
	kind, ok := raisedBy(e.Kind)
	if !ok {
		r.deliver(s, e, subject{}, nil)
		return
	}
	of := subject{e.Lane, kind}
	c := s.conds[of]
	if c == nil {
		return // nothing was told that could be over
	}
	delete(s.conds, of)
	if c.told {
		r.deliver(s, e, of, nil)
	} else {
		r.store(s, nil, of, nil)
	}
}

// raise takes in that a condition has begun, or goes on in another way.
func (r *Runner) raise(s *sink, of subject, e queue.Event, now time.Time) {
	c := s.conds[of]
	if c != nil && !c.live && !e.Initial {
		c = nil // that of an earlier process ended without anybody there
	}
	begins := c == nil
	switch {
	case begins && e.Initial && !s.AtStart:
		return
	case begins:
		c = &condition{since: now}
		s.conds[of] = c
	case c.told && e.Initial && !s.AtStart:
		c.live = true // the process before this one told of it
		return
	}
	c.live, c.event = true, e
	if c.told || s.OnlyIfLasts == 0 {
		c.told = true
		r.deliver(s, e, of, c)
		return
	}
	if begins {
		r.store(s, nil, of, c)
	}
}

// tellDue tells of what has lasted for long enough.
func (r *Runner) tellDue(now time.Time) {
	for _, s := range r.sinks {
		for of, c := range s.conds {
			if c.live && !c.told && now.Sub(c.since) >= s.OnlyIfLasts {
				c.told = true
				r.deliver(s, c.event, of, c)
			}
		}
	}
}

// nextDue returns how long nothing will be due.
func (r *Runner) nextDue(now time.Time) time.Duration {
	wait := time.Hour
	for _, s := range r.sinks {
		for _, c := range s.conds {
			if c.live && !c.told {
				wait = min(wait, s.OnlyIfLasts-now.Sub(c.since))
			}
		}
	}
	return wait
}

// deliver stores what became of a condition, and hands the event on if the
// hook asked for it.
func (r *Runner) deliver(s *sink, e queue.Event, of subject, c *condition) {
	if !s.wants(e.Kind) {
		r.store(s, nil, of, c)
		return
	}
	p := newPayload(e)
	p.Dropped, s.dropped = s.dropped, 0
	if s.runs != nil {
		r.store(s, nil, of, c)
		s.runs.put(p)
		return
	}
	r.store(s, &p, of, c)
}

func (r *Runner) store(s *sink, p *Payload, of subject, c *condition) {
	if p == nil && of == (subject{}) {
		return
	}
	dropped, err := r.out.save(context.WithoutCancel(r.ctx), s.id, p, of, c, time.Now())
	switch {
	case err != nil && p != nil:
		s.dropped += p.Dropped + 1
		s.log.Error("an event is lost: the outbox refuses it", "event", p.Event, "printer", p.Printer, "error", err)
		return
	case err != nil:
		s.log.Warn("cannot store what was told", "error", err)
		return
	case dropped > 0:
		s.log.Error("the outbox is full; the oldest messages made room", "messages", dropped)
	}
	if p != nil {
		select {
		case s.nudge <- struct{}{}:
		default:
		}
	}
}
