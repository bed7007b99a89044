package queue

import (
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
)

// A Receipt is what Enqueue takes: a document, and how it is to be treated.
type Receipt struct {
	// Lane names the printer's lane. It need not be running, nor have been
	// seen before. Required.
	Lane string

	// Key makes Enqueue safe to repeat: the same key on the same lane with
	// the same document is the same job. Empty: every Enqueue is a new job.
	Key string

	// Document is what to print. It is stored as it is, not as bytes, so
	// that it can still go to another printer. Required.
	Document *escpos.Document

	// Title is shown to people in lists. At most 200 bytes are kept.
	Title string

	// Priority: higher goes first; equal ones in the order of Enqueue. Zero
	// is the usual one.
	Priority int

	// Expires is when printing the receipt no longer makes sense; it is
	// then Expired instead. Zero: never. A receipt on its way to the paper
	// is not stopped by it.
	Expires time.Time
}

// A Job is a receipt as the queue keeps it. It is a copy: later changes do
// not show in it.
type Job struct {
	ID       string // unique, and never used again: "k7qd-12"
	Lane     string // where it prints, or printed
	Origin   string // the lane it was queued on; another one than Lane after it moved to a backup
	Key      string
	Title    string
	Priority int
	Size     int // of the stored document, in bytes

	State    State
	Reason   string           // why it is in this state, in words; may be empty
	Evidence printer.Evidence // what Printed rests on
	Attempt  int              // how many times it was sent, at least in part
	Reprint  bool             // the current copy, and any later one, is marked as a reprint

	Created, Updated time.Time
	Expires          time.Time // zero: never

	seq int64
	sum []byte
}

// Waits reports whether the job still has to be printed.
func (j Job) Waits() bool { return j.State == Queued || j.State == Printing }

// A Step is one entry of a job's history.
type Step struct {
	Time     time.Time
	Job      string
	Lane     string
	State    State
	Reason   string
	Evidence printer.Evidence
	Attempt  int
	Reprint  bool
	// Detail is what was learnt at this step: stalls, counters, times.
	Detail string

	seq   int64
	event EventKind
}

// A Filter selects jobs. The zero value selects all.
type Filter struct {
	Lane   string  // only this lane
	Key    string  // only this key
	States []State // only these states
	Newest bool    // newest first; otherwise the oldest
	Limit  int     // at most so many; zero: all
}

// A Resolution is how a doubt ends.
type Resolution uint8

// The ways to resolve a doubt.
const (
	ResolvePrinted Resolution = iota + 1 // somebody has it in hand: it came out
	ResolveReprint                       // print another copy, marked
	ResolveDrop                          // give it up
)

var resolutionNames = [...]string{"", "printed", "reprint", "drop"}

// String returns "printed", "reprint" or "drop".
func (r Resolution) String() string {
	if int(r) < len(resolutionNames) {
		return resolutionNames[r]
	}
	return ""
}

// Stats are counts and ages.
type Stats struct {
	Lanes []LaneStats
	Bytes int64 // size of the store on the disk
}

// LaneStats are the counts and ages of one lane.
type LaneStats struct {
	Lane   string
	Count  map[State]int // jobs by state; settled ones only as long as they are kept
	Oldest time.Time     // when the oldest waiting job was queued; zero where none waits
}

// Waiting is how many jobs of the lane are still to be printed.
func (l LaneStats) Waiting() int { return l.Count[Queued] + l.Count[Printing] }
