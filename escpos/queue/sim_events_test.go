package queue

import (
	"context"
	"slices"

	"github.com/stretchr/testify/require"
)

// simEvent is an event that a life of a process told.
type simEvent struct {
	life int
	Event
}

// hear takes in an event.
func (s *sim) hear(p *simProcess, e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, simEvent{p.life, e})
	if s.Bug == BugEvents && e.Kind == JobPrinted {
		s.heard = append(s.heard, simEvent{p.life, e})
	}
}

// told returns the events of each job as they are recorded, and holds what
// was heard against them: what a process tells of a job are steps that it
// took, each once and in order, and what it raises it clears before it raises
// it again. Of a process that is killed between a step and the telling, the
// step is not told.
func (s *sim) told() map[string][]EventKind {
	recorded := map[string][]EventKind{}
	for _, w := range s.want {
		steps, err := s.desk.History(context.Background(), w.job)
		require.NoError(s.t, err)
		kinds := []EventKind{JobQueued}
		for _, st := range steps {
			if st.event != "" {
				kinds = append(kinds, st.event)
			}
		}
		recorded[w.job] = kinds
	}
	s.mu.Lock()
	heard := s.heard
	s.mu.Unlock()
	raises := map[EventKind]EventKind{} // the other way round
	for k, clear := range pairs {
		raises[clear] = k
	}
	type subject struct {
		life int
		lane string
		kind EventKind
	}
	raised := map[subject]bool{}
	jobs := map[string][]EventKind{}
	for _, e := range heard {
		of := subject{e.life, e.Lane, e.Kind}
		raise, clears := raises[e.Kind]
		switch {
		case e.Kind == Dropped:
			s.complain("process %d: %d events dropped", e.life, e.Dropped)
		case e.Job != nil:
			jobs[e.Job.ID] = append(jobs[e.Job.ID], e.Kind)
		case clears:
			of.kind = raise
			if !raised[of] {
				s.complain("process %d, %s: %s, and nothing was raised", e.life, e.Lane, e.Kind)
			}
			delete(raised, of)
		default:
			// Another reason for a lane to be held is told as well.
			if raised[of] && e.Kind != LaneHolds {
				s.complain("process %d, %s: %s is raised again", e.life, e.Lane, e.Kind)
			}
			raised[of] = true
		}
	}
	for id, kinds := range jobs {
		if kinds, all := kinds, recorded[id]; !inOrder(kinds, all) || s.lives == len(s.procs) && len(kinds) < len(all) {
			s.complain("%s: told %v, and recorded %v", id, kinds, recorded[id])
		}
	}
	return recorded
}

// inOrder reports whether kinds come in all, in that order.
func inOrder(kinds, all []EventKind) bool {
	for _, k := range kinds {
		i := slices.Index(all, k)
		if i < 0 {
			return false
		}
		all = all[i+1:]
	}
	return true
}
