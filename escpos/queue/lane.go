package queue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/transport"
)

// A Lane is one printer and how its receipts are treated.
type Lane struct {
	// Name is what receipts are queued under. Required.
	Name string

	// URI of the printer, as transport.Open takes it.
	URI string

	// Printer says how to talk to it. nil: the defaults.
	Printer *printer.Config

	// AfterStop says what to do with a receipt that a paper end, an open
	// cover or an error interrupted.
	AfterStop StopPolicy

	// AfterDoubt says what to do with a receipt of which nobody knows
	// whether it came out.
	AfterDoubt DoubtPolicy

	// MaxReprints bounds how many marked copies AfterDoubt may ask for by
	// itself, for one receipt; then a person is asked. 0: 3.
	MaxReprints int

	// Marks are the words above a marked copy. The zero value: English.
	Marks Marks

	// HoldNearEnd holds receipts back while the paper is near its end, so
	// that none is torn apart by the change. Where the printer does not
	// tell, nothing is held.
	HoldNearEnd bool

	// Backup names the lane that receipts move to when this one has not been
	// ready for BackupAfter. They are headed with where they came from. They
	// move only while somebody runs the backup lane and its printer is
	// ready, and only once; one whose printing has begun stays.
	Backup      string
	BackupAfter time.Duration // 0: 5 min

	// CountersKeep says that the printer's maintenance counters were shown
	// to be exact after it was switched off in the middle of a receipt. Only
	// then do they decide what became of a receipt that was interrupted, and
	// only once they have agreed with what the printer itself proved:
	// nobody can tell whether it was switched off meanwhile. Nor can anybody
	// tell whose lines were counted: leave it unset where other programs use
	// the printer, too.
	CountersKeep bool

	// Grace is how long a receipt that is coming out may take to finish
	// after Run was told to end. One that waits for paper, or for a printer
	// that takes nothing and says nothing, is not waited for.
	// 0: 10 s; negative: no time at all.
	Grace time.Duration

	// OnProgress hears of each piece of a job's bytes that went out. The lane
	// waits for it. nil: nobody does.
	OnProgress func(job string, p printer.Progress)
}

const (
	defaultMaxReprints = 3
	defaultGrace       = 10 * time.Second
	defaultBackupAfter = 5 * time.Minute
)

// StopPolicy is what to do with an interrupted receipt.
type StopPolicy uint8

// The policies. Resume is the zero value.
const (
	// Resume lets the printer finish from its own buffer once it has been
	// looked after; its answer behind the receipt then proves it.
	Resume StopPolicy = iota
	// Restart clears the printer's buffers, and prints the whole receipt
	// again, marked, once it has been looked after. Where the printer does
	// not confirm that it cleared them, the receipt is in doubt.
	Restart
)

// DoubtPolicy is what to do with a receipt in doubt.
type DoubtPolicy uint8

// The policies. Ask is the zero value.
const (
	// Ask blocks the lane until somebody calls Resolve.
	Ask DoubtPolicy = iota
	// Reprint prints another copy, marked.
	Reprint
	// Drop gives the receipt up.
	Drop
)

// check reports what is wrong with the lane's configuration.
func (l Lane) check() error {
	switch {
	case strings.TrimSpace(l.Name) == "":
		return &Error{Op: "run", Err: fmt.Errorf("%w: it has no name", ErrLane)}
	case l.AfterStop > Restart, l.AfterDoubt > Drop:
		return &Error{Op: "run", What: l.Name, Err: fmt.Errorf("%w: unknown policy", ErrLane)}
	case l.Backup == l.Name:
		return &Error{Op: "run", What: l.Name, Err: fmt.Errorf("%w: it is its own backup", ErrLane)}
	case l.Printer != nil && l.Printer.Dial != nil:
		return nil
	}
	if err := transport.Check(l.URI); err != nil {
		return &Error{Op: "run", What: l.Name, Err: fmt.Errorf("%w: %w", ErrLane, err)}
	}
	return nil
}

// answers tells what is known beforehand of whether the printer answers
// questions about its state.
func (l Lane) answers() escpos.Tri {
	if l.Printer == nil || l.Printer.Profile == nil {
		return escpos.Unknown
	}
	return l.Printer.Profile.StatusReplies
}

func (l Lane) grace() time.Duration {
	switch {
	case l.Grace == 0:
		return defaultGrace
	case l.Grace < 0:
		return 0
	}
	return l.Grace
}

func (l Lane) backupAfter() time.Duration {
	if l.BackupAfter <= 0 {
		return defaultBackupAfter
	}
	return l.BackupAfter
}

func (l Lane) maxReprints() int {
	if l.MaxReprints == 0 {
		return defaultMaxReprints
	}
	return l.MaxReprints
}

// LaneInfo is what the store knows of a lane, from whichever process runs
// it.
type LaneInfo struct {
	Name  string
	URI   string
	Owner string // the process that runs it, or ran it last: "pid 4711 on till-2"

	// Running tells whether a process runs the lane now. Where it is false,
	// State and Status are what was last known.
	Running bool
	State   LaneState
	Reasons []string  // IPP printer-state-reasons keywords; empty where ready
	Since   time.Time // of the State

	// Status is what the printer last said; Status.Time tells when that was
	// last known to be so.
	Status printer.Status
}

// Hears reports whether a process runs the lane and hears the printer: then
// Status is of now, or of Status.Time at least.
func (l LaneInfo) Hears() bool {
	return l.Running && !slices.Contains(l.Reasons, reasonUnreachable) && (l.Status.Answered > 0 || l.Status.Raw.HasASB())
}
