package queue

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What a caller decides on. An [*Error] wraps one of these where the cause is
// known; test with [errors.Is].
var (
	// ErrClosed: the Queue was closed.
	ErrClosed = errors.New("queue is closed")
	// ErrNotFound: no such job or lane. Settled jobs are removed after a
	// while, see Config.Retention.
	ErrNotFound = errors.New("not found")
	// ErrKeyConflict: the lane has a receipt of the same key with another
	// content.
	ErrKeyConflict = errors.New("key is taken by another receipt")
	// ErrState: the job is not in a state in which this can be done to it.
	ErrState = errors.New("job is in another state")
	// ErrReceipt: the receipt cannot be queued as it is.
	ErrReceipt = errors.New("bad receipt")
	// ErrLane: a lane is not configured right.
	ErrLane = errors.New("bad lane")
	// ErrDamaged: stored data does not read back as it was written.
	ErrDamaged = errors.New("stored data is damaged")
	// ErrFull: the disk is full. Nothing was stored.
	ErrFull = errors.New("disk is full")
	// ErrDisk: the disk failed to read or to write. Nothing is known to
	// have been stored.
	ErrDisk = errors.New("disk failed")
	// ErrBusy: another process kept the store locked for too long.
	ErrBusy = errors.New("store is locked by another process")
	// ErrAccess: the store's directory or files cannot be used.
	ErrAccess = errors.New("store cannot be used")
	// ErrVersion: a newer program wrote the store.
	ErrVersion = errors.New("store is of a newer version")
)

// An Error says what failed, on what, and what to do about it.
type Error struct {
	Op   string // "open", "enqueue", "cancel", …
	What string // a job id, a lane's name or a path
	Err  error  // the cause; wraps a sentinel of this package where one fits
	Cure string // what a person can do, in a short phrase; may be empty
}

// Error implements error: "cancel k7qd-12: job is in another state: printed".
func (e *Error) Error() string {
	s := e.Op
	if e.What != "" {
		s += " " + e.What
	}
	s += ": " + e.Err.Error()
	if e.Cure != "" {
		s += " (" + e.Cure + ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// opError returns an [*Error], or nil where err is nil. The cure of what
// the store itself reports is added here.
func opError(op, what string, err error, cure string) error {
	if err == nil {
		return nil
	}
	var qe *Error
	if errors.As(err, &qe) {
		return err
	}
	err = storeError(err)
	if cure == "" {
		switch {
		case errors.Is(err, ErrFull):
			cure = "free some space; nothing was lost"
		case errors.Is(err, ErrDisk):
			cure = "check the disk, then open the queue again"
		case errors.Is(err, ErrBusy):
			cure = "look for a stopped or hanging program that uses the queue"
		case errors.Is(err, ErrAccess):
			cure = "check that the directory may be written"
		case errors.Is(err, ErrDamaged):
			cure = "open the queue again while nothing else uses it: what can be read is kept"
		}
	}
	return &Error{Op: op, What: what, Err: err, Cure: cure}
}

// storeError puts one of the sentinels before an error of the database.
func storeError(err error) error {
	sentinel := sentinelOf(err)
	if sentinel == nil || errors.Is(err, sentinel) {
		return err
	}
	return fmt.Errorf("%w: %w", sentinel, err)
}

func sentinelOf(err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return nil
	}
	switch se.Code() & 0xFF {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM:
		return ErrDisk
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH:
		return ErrAccess
	}
	return nil
}
