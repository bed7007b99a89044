package hook

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos/queue"
)

// ErrHook is what errors about a Hook's configuration match.
var ErrHook = errors.New("bad hook")

// A Hook is one receiver of events. Exactly one of Exec and URL is set.
type Hook struct {
	// Name names the hook in logs and in the outbox. Empty: the program's
	// or the host's name. What waits in the outbox belongs to the name.
	Name string

	// Exec is a program and its arguments. No shell sees them.
	Exec []string

	// URL is where events are posted, over http or https.
	URL string

	// Secret signs what is posted: "whsec_" and 24 to 64 bytes in base64.
	// Empty: it goes unsigned.
	Secret string

	// Events are the kinds to deliver. Empty: all.
	Events []queue.EventKind

	// Lanes are the lanes to hear of. Empty: all.
	Lanes []string

	// OnlyIfLasts delays what is raised, and drops it where it is cleared
	// before. It does not apply to job events. 0: everything is told at once.
	OnlyIfLasts time.Duration

	// AtStart also tells what was so already when the lane started.
	AtStart bool

	// Timeout bounds one run of the program, or one request. 0: 10 s.
	Timeout time.Duration
}

const defaultTimeout = 10 * time.Second

// kinds are the events that a hook can ask for.
var kinds = [...]queue.EventKind{
	queue.PaperNearEnd, queue.PaperOK,
	queue.PaperOut, queue.PaperLoaded,
	queue.CoverOpen, queue.CoverClosed,
	queue.Offline, queue.Online,
	queue.ErrorRaised, queue.ErrorCleared,
	queue.Unreachable, queue.Reachable,
	queue.LaneHolds, queue.LaneResumes,
	queue.JobQueued, queue.JobPrinted, queue.JobReprinted, queue.JobDoubt,
	queue.JobFailed, queue.JobExpired, queue.JobCanceled,
}

// Kinds lists the events that a hook can ask for.
func Kinds() []queue.EventKind { return slices.Clone(kinds[:]) }

// raisedBy returns what an event clears, if anything.
func raisedBy(k queue.EventKind) (raise queue.EventKind, ok bool) {
	for _, raise := range kinds {
		if c, ok := raise.Clears(); ok && c == k {
			return raise, true
		}
	}
	return "", false
}

// Check reports what is wrong with a hook. The error matches [ErrHook].
func (h Hook) Check() error {
	if err := h.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrHook, err)
	}
	return nil
}

func (h Hook) check() error {
	switch {
	case len(h.Exec) == 0 && h.URL == "":
		return errors.New("it has neither a program nor a URL (set one of them)")
	case len(h.Exec) > 0 && h.URL != "":
		return errors.New("it has a program and a URL (make two hooks of it)")
	case len(h.Exec) > 0 && h.Exec[0] == "":
		return errors.New("the program has no name (the first word is what to start)")
	case slices.ContainsFunc(h.Exec, func(s string) bool { return strings.ContainsRune(s, 0) }):
		return errors.New("a word of the program has a NUL in it")
	case h.Secret != "" && h.URL == "":
		return errors.New("a secret signs requests, and this hook makes none (leave it out)")
	case h.OnlyIfLasts < 0 || h.Timeout < 0:
		return errors.New("a time is negative")
	}
	if h.URL != "" {
		u, err := url.Parse(h.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return errors.New("the URL is not one of http or https (write https://host/path)") // not quoted: it may hold a secret
		}
	}
	if h.Secret != "" {
		if _, err := parseSecret(h.Secret); err != nil {
			return err
		}
	}
	for _, k := range h.Events {
		if !slices.Contains(kinds[:], k) {
			return fmt.Errorf("there is no event %q", k)
		}
	}
	return nil
}

// name returns how the hook is called. A URL is not shown whole: where it
// leads may be all the secret there is.
func (h Hook) name() string {
	switch {
	case h.Name != "":
		return h.Name
	case len(h.Exec) > 0:
		return filepath.Base(h.Exec[0])
	}
	u, _ := url.Parse(h.URL) // checked
	return u.Host
}

func (h Hook) timeout() time.Duration { return cmp.Or(h.Timeout, defaultTimeout) }

func (h Hook) wants(k queue.EventKind) bool {
	return len(h.Events) == 0 || slices.Contains(h.Events, k)
}

func (h Hook) hears(lane string) bool {
	return len(h.Lanes) == 0 || slices.Contains(h.Lanes, lane)
}
