package queue

import (
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos/printer"
)

// EventKind says what happened.
type EventKind string

// The events. Those about the printer and its lane come in pairs: whatever
// is raised is cleared by its partner, with the same lane.
const (
	PaperNearEnd EventKind = "paper-near-end"
	PaperOK      EventKind = "paper-ok"
	PaperOut     EventKind = "paper-out"
	PaperLoaded  EventKind = "paper-loaded"
	CoverOpen    EventKind = "cover-open"
	CoverClosed  EventKind = "cover-closed"
	Offline      EventKind = "offline"
	Online       EventKind = "online"
	ErrorRaised  EventKind = "error"
	ErrorCleared EventKind = "error-cleared"
	Unreachable  EventKind = "unreachable"
	Reachable    EventKind = "reachable"
	LaneHolds    EventKind = "lane-held" // held or blocked; see the reasons
	LaneResumes  EventKind = "lane-resumed"

	JobQueued    EventKind = "job-queued"
	JobPrinted   EventKind = "job-printed"
	JobReprinted EventKind = "job-reprinted" // printed, as a marked copy
	JobDoubt     EventKind = "job-doubt"
	JobFailed    EventKind = "job-failed"
	JobExpired   EventKind = "job-expired"
	JobCanceled  EventKind = "job-canceled"

	// Dropped tells a subscriber that came too late that Event.Dropped
	// events before this one were lost to it.
	Dropped EventKind = "events-dropped"
)

// pairs maps what is raised to what clears it.
var pairs = map[EventKind]EventKind{
	PaperNearEnd: PaperOK,
	PaperOut:     PaperLoaded,
	CoverOpen:    CoverClosed,
	Offline:      Online,
	ErrorRaised:  ErrorCleared,
	Unreachable:  Reachable,
	LaneHolds:    LaneResumes,
}

// Clears returns the kind that ends what k raises. ok is false where k
// raises nothing that lasts.
func (k EventKind) Clears() (clear EventKind, ok bool) {
	clear, ok = pairs[k]
	return clear, ok
}

// An Event is something that happened on a lane. Events come from the
// process that runs the lane, in order per lane.
type Event struct {
	Kind    EventKind
	Time    time.Time
	Lane    string
	URI     string          // of the lane's printer
	Job     *Job            // job events: the job as it then was
	Status  *printer.Status // printer events: what the printer said; nil where it said nothing
	Reasons []string        // lane-held, printer events: IPP printer-state-reasons keywords
	Text    string          // for people: what is the matter, or what to do
	Dropped int             // events-dropped: how many

	// Initial is set on what was already so when the lane started. Hooks
	// do not fire on it unless they ask to.
	Initial bool
}

// A Subscription receives the events of a Queue.
type Subscription struct {
	c    chan Event
	feed *feed

	mu      sync.Mutex
	dropped int
	closed  bool
}

// C delivers the events. It is closed by Close and with the Queue.
func (s *Subscription) C() <-chan Event { return s.c }

// Close ends the subscription.
func (s *Subscription) Close() {
	s.feed.remove(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.c)
	}
}

// send never blocks: an event that finds the buffer full is counted, and
// the count goes ahead of the next one that fits.
func (s *Subscription) send(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if s.dropped > 0 {
		if cap(s.c)-len(s.c) < 2 {
			s.dropped++
			return
		}
		s.c <- Event{Kind: Dropped, Time: e.Time, Dropped: s.dropped}
		s.dropped = 0
	}
	select {
	case s.c <- e:
	default:
		s.dropped = 1
	}
}

// feed hands events to subscribers.
type feed struct {
	mu     sync.Mutex
	subs   map[*Subscription]struct{}
	closed bool
}

func (f *feed) add(buffer int) *Subscription {
	s := &Subscription{c: make(chan Event, max(buffer, 2)), feed: f}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		s.closed = true
		close(s.c)
		return s
	}
	if f.subs == nil {
		f.subs = map[*Subscription]struct{}{}
	}
	f.subs[s] = struct{}{}
	return s
}

func (f *feed) remove(s *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.subs, s)
}

func (f *feed) send(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		s.send(e)
	}
}

func (f *feed) close() {
	f.mu.Lock()
	subs := f.subs
	f.subs, f.closed = nil, true
	f.mu.Unlock()
	for s := range subs {
		s.Close()
	}
}
