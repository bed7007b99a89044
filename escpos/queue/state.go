package queue

// State is the state of a job. States are words in the store as well: no
// flipped bit makes one word out of another.
type State string

// The states of a job.
const (
	Queued   State = "queued"   // waits; nothing of this copy has been sent
	Printing State = "printing" // bytes may have been sent; nobody knows yet what came out
	Printed  State = "printed"  // came out, on the evidence in Job.Evidence
	Doubt    State = "doubt"    // may have come out, whole, in part or not at all
	Failed   State = "failed"   // provably nothing was printed, and nothing will be
	Canceled State = "canceled" // taken out by a person or a policy
	Expired  State = "expired"  // its time was over before it was printed
)

// Settled reports whether a job in this state is done with: nothing more
// happens to it.
func (s State) Settled() bool {
	switch s {
	case Printed, Failed, Canceled, Expired:
		return true
	}
	return false
}

func (s State) valid() bool {
	switch s {
	case Queued, Printing, Doubt:
		return true
	}
	return s.Settled()
}

// LaneState is the state of a lane.
type LaneState string

// The states of a lane.
const (
	LaneReady   LaneState = "ready"   // prints what comes
	LaneHeld    LaneState = "held"    // waits for the printer, see the reasons; resumes by itself
	LaneBlocked LaneState = "blocked" // waits for a person to resolve a doubt
)

// cause names why a job changes its state.
type cause string

const (
	causeStart     cause = "start"      // about to send the first byte
	causeProof     cause = "proof"      // the printer proved that the receipt came out
	causeNothing   cause = "nothing"    // the attempt ended, and nothing was sent
	causeCleared   cause = "cleared"    // interrupted in the middle, and the printer confirmed that it cleared the rest
	causeRefused   cause = "refused"    // the receipt cannot be printed on this printer at all; nothing was sent
	causeLost      cause = "lost"       // interrupted: link, power or process
	causeCounters  cause = "counters"   // the printer's counters show that it came out
	causeUncounted cause = "uncounted"  // the printer's counters show that nothing came out
	causeSaysDone  cause = "says-done"  // a person says that it came out
	causeSaysAgain cause = "says-again" // a person or the lane's policy wants another copy
	causeDrop      cause = "drop"       // a person or the lane's policy gives it up
	causeCancel    cause = "cancel"     // taken out while waiting
	causeExpire    cause = "expire"     // its time is over
	causeDamage    cause = "damage"     // the record does not read back as written
	causeRoute     cause = "route"      // moves to the backup lane
)

// transition is one row of the state machine.
type transition struct {
	on   cause
	from State
	to   State
	// mark makes every later copy of the receipt a marked one.
	mark bool
	// raise is the event that the change fires, if any. Printed fires
	// JobReprinted instead where the copy was marked.
	raise EventKind
}

// machine is the whole state machine of a job: nothing else changes a state.
// Two things follow from it alone. A job leaves Printing unmarked for Queued
// only where nothing was sent or the counters show that nothing came out; and
// Printing is left for Printed only on proof.
var machine = [...]transition{
	{on: causeStart, from: Queued, to: Printing},
	{on: causeCancel, from: Queued, to: Canceled, raise: JobCanceled},
	{on: causeExpire, from: Queued, to: Expired, raise: JobExpired},
	{on: causeDamage, from: Queued, to: Failed, raise: JobFailed},
	{on: causeRoute, from: Queued, to: Queued, raise: JobQueued},

	{on: causeProof, from: Printing, to: Printed, raise: JobPrinted},
	{on: causeNothing, from: Printing, to: Queued},
	{on: causeRefused, from: Printing, to: Failed, raise: JobFailed},
	{on: causeCleared, from: Printing, to: Queued, mark: true},
	{on: causeCounters, from: Printing, to: Printed, raise: JobPrinted},
	{on: causeUncounted, from: Printing, to: Queued},
	{on: causeLost, from: Printing, to: Doubt, raise: JobDoubt},

	{on: causeSaysDone, from: Doubt, to: Printed, raise: JobPrinted},
	{on: causeSaysAgain, from: Doubt, to: Queued, mark: true},
	{on: causeDrop, from: Doubt, to: Canceled, raise: JobCanceled},
}

// next returns the row of a machine for a job in state from to which c
// happens. ok is false where c cannot happen in that state.
func next(machine []transition, from State, c cause) (t transition, ok bool) {
	for _, t := range machine {
		if t.from == from && t.on == c {
			return t, true
		}
	}
	return transition{}, false
}
