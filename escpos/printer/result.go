package printer

import (
	"fmt"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// Outcome is what became of a receipt.
type Outcome uint8

// The outcomes. The zero value is Doubt: what is not known to be settled is
// in doubt.
const (
	// Doubt: some bytes were sent, and nothing proves how far it got.
	Doubt Outcome = iota
	// NotPrinted: no byte of the receipt was sent. Trying again is safe.
	NotPrinted
	// Printed: the receipt was printed, as far as the Evidence carries.
	Printed
)

var outcomeNames = [...]string{"doubt", "not-printed", "printed"}

// String returns "doubt", "not-printed" or "printed".
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// Evidence is what an Outcome rests on.
type Evidence uint8

// The kinds of evidence, from the weakest.
const (
	// EvidenceNone: nothing.
	EvidenceNone Evidence = iota
	// EvidenceSent: a transport that never answers took the bytes.
	EvidenceSent
	// EvidenceCounter: the printer's own cumulative counters, read before and
	// after (GS g 2). Print does not use it; whoever compares them does.
	EvidenceCounter
	// EvidencePaperStatus: the in-order answer to a GS r 1 behind the receipt.
	EvidencePaperStatus
	// EvidenceProcessID: the echo of our own four bytes (GS ( H fn 48), sent
	// when everything before it was printed.
	EvidenceProcessID
)

var evidenceNames = [...]string{"none", "sent", "counter", "paper-status", "process-id"}

// String returns "none", "sent", "counter", "paper-status" or "process-id".
func (e Evidence) String() string {
	if int(e) < len(evidenceNames) {
		return evidenceNames[e]
	}
	return fmt.Sprintf("Evidence(%d)", uint8(e))
}

// MarshalText writes String's words.
func (e Evidence) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads String's words.
func (e *Evidence) UnmarshalText(text []byte) error {
	for i, name := range evidenceNames {
		if name == string(text) {
			*e = Evidence(i)
			return nil
		}
	}
	return fmt.Errorf("printer: unknown evidence %q", text)
}

// A Result is what became of a receipt, and how that is known.
type Result struct {
	Outcome  Outcome
	Evidence Evidence

	// Cut tells whether the last cut of the receipt was made. It is No when
	// the receipt was printed and the cutter then reported an error; Unknown
	// where the receipt has no cut or nothing was said about it.
	Cut escpos.Tri

	// Cleared: the receipt was abandoned, and the printer confirmed that it
	// threw away the rest (DLE DC4 fn 8). Part of it may be on paper; no more
	// of it will come.
	Cleared bool

	Bytes int64 // the length of the encoded receipt
	Sent  int64 // how much of it the medium took

	Stalls        []Stall               // what held it up, in order
	Substitutions []escpos.Substitution // what the profile could not print as written
	Began, Ended  time.Time
}

// A Stall is a time during which the printer could not go on.
type Stall struct {
	// Status is what the printer said when it stopped. It is all Unknown when
	// it only ceased to take bytes.
	Status Status
	Since  time.Time
	For    time.Duration // 0 while it lasts
	// Blocked: the printer takes no more bytes, in the middle of a command.
	// No question can be put until it does.
	Blocked bool
	// Sent: bytes of the receipt were sent before. Abandoning is safe while
	// it is false.
	Sent bool
}

// Err returns the sentinel of what stopped the printer: ErrPaperEnd, …; nil
// where it is not known.
func (s Stall) Err() error { return Stopped(s.Status.Status) }

// Action is what to do about a Stall.
type Action uint8

// The actions.
const (
	// Resume waits until the printer is looked after and goes on: the default.
	Resume Action = iota
	// Abandon throws away what the printer has not printed yet, if the
	// printer can do that and confirms it, and ends the job.
	Abandon
)

// Progress is how far a job has got.
type Progress struct {
	Sent, Total int64 // bytes
	Band, Bands int   // pieces written at once; Band counts from 1
}
