package hook

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/queue"
)

// A story is what happens, and what of it a hook hears.
func TestWhatAHookHears(t *testing.T) {
	const minute = time.Minute
	type step struct {
		after   time.Duration
		kind    queue.EventKind
		lane    string
		initial bool
		restart bool // the process ends and begins again, before the event
	}
	for _, story := range []struct {
		name  string
		hook  Hook
		steps []step
		hears []string
	}{
		{
			name:  "everything, at once and in order",
			steps: []step{{kind: "paper-out"}, {kind: "lane-held"}, {kind: "paper-loaded"}, {kind: "lane-resumed"}, {kind: "job-printed"}},
			hears: []string{"paper-out", "lane-held", "paper-loaded", "lane-resumed", "job-printed"},
		},
		{
			name:  "only what it asked for",
			hook:  Hook{Events: []queue.EventKind{"paper-out", "job-doubt"}, Lanes: []string{"till"}},
			steps: []step{{kind: "paper-out"}, {kind: "paper-loaded"}, {kind: "paper-out", lane: "bar"}, {kind: "job-printed"}, {kind: "job-doubt"}},
			hears: []string{"paper-out", "job-doubt"},
		},
		{
			name: "only if it lasts: it does not",
			hook: Hook{OnlyIfLasts: minute},
			steps: []step{{kind: "cover-open"}, {after: 59 * time.Second, kind: "cover-closed"},
				{after: time.Hour, kind: "cover-open"}, {after: 30 * time.Second, kind: "job-queued"}, {kind: "cover-closed"}},
			hears: []string{"job-queued"},
		},
		{
			name:  "only if it lasts: it does",
			hook:  Hook{OnlyIfLasts: minute},
			steps: []step{{kind: "cover-open"}, {after: 61 * time.Second, kind: "cover-closed"}},
			hears: []string{"cover-open", "cover-closed"},
		},
		{
			name:  "only if it lasts, and only the end of it",
			hook:  Hook{OnlyIfLasts: minute, Events: []queue.EventKind{"cover-closed"}},
			steps: []step{{kind: "cover-open"}, {after: 5 * time.Second, kind: "cover-closed"}, {kind: "cover-open"}, {after: 2 * minute, kind: "cover-closed"}},
			hears: []string{"cover-closed"},
		},
		{
			name: "each printer by itself",
			hook: Hook{OnlyIfLasts: minute},
			steps: []step{{kind: "cover-open"}, {after: 30 * time.Second, kind: "cover-open", lane: "bar"},
				{after: 31 * time.Second, kind: "cover-closed", lane: "bar"}, {kind: "cover-closed"}},
			hears: []string{"cover-open", "cover-closed"},
		},
		{
			name: "another reason is told with what is told",
			hook: Hook{OnlyIfLasts: minute},
			steps: []step{{kind: "lane-held"}, {after: 40 * time.Second, kind: "lane-held"}, {after: 30 * time.Second, kind: "lane-held"},
				{kind: "lane-resumed"}},
			hears: []string{"lane-held", "lane-held", "lane-resumed"},
		},
		{
			name:  "not what was so already",
			steps: []step{{kind: "paper-out", initial: true}, {after: time.Hour, kind: "paper-loaded"}, {kind: "paper-out"}},
			hears: []string{"paper-out"},
		},
		{
			name:  "what was so already, if asked",
			hook:  Hook{AtStart: true},
			steps: []step{{kind: "paper-out", initial: true}, {kind: "paper-loaded"}},
			hears: []string{"paper-out", "paper-loaded"},
		},
		{
			name:  "what the process before told of is not told again, but its end is",
			steps: []step{{kind: "paper-out"}, {restart: true, kind: "paper-out", initial: true}, {kind: "paper-loaded"}},
			hears: []string{"paper-out", "paper-loaded"},
		},
		{
			name: "what the process before was waiting for goes on lasting",
			hook: Hook{OnlyIfLasts: minute},
			steps: []step{{kind: "paper-out"}, {after: 50 * time.Second, restart: true, kind: "paper-out", initial: true},
				{after: 11 * time.Second, kind: "paper-loaded"}},
			hears: []string{"paper-out", "paper-loaded"},
		},
		{
			name: "what ended while nobody looked begins anew",
			hook: Hook{OnlyIfLasts: minute},
			steps: []step{{kind: "paper-out"}, {after: 50 * time.Second, restart: true, kind: "paper-out"},
				{after: 30 * time.Second, kind: "paper-loaded"}},
			hears: []string{},
		},
		{
			name:  "an end without a beginning",
			steps: []step{{kind: "paper-loaded"}, {kind: "job-canceled"}},
			hears: []string{"job-canceled"},
		},
	} {
		t.Run(story.name, func(t *testing.T) {
			e := &endpoint{}
			inBubble(t, e, func(t *testing.T, open func(Hook, Config) *Runner) {
				r := open(story.hook, Config{})
				for _, s := range story.steps {
					time.Sleep(s.after) // virtual
					if s.restart {
						require.NoError(t, r.Close())
						r = open(story.hook, Config{})
					}
					ev := event(s.kind)
					ev.Initial = s.initial
					if s.lane != "" {
						ev.Lane = s.lane
					}
					r.Handle(ev)
				}
				time.Sleep(time.Second)
				require.NoError(t, r.Close())
			})
			require.Equal(t, story.hears, e.kinds())
		})
	}
}
