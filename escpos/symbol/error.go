package symbol

import (
	"errors"
	"strconv"
)

// What can be wrong with the data of a symbol. Every error of the package is a
// *DataError that wraps one of them.
var (
	ErrLength     = errors.New("wrong length")
	ErrCharacter  = errors.New("character not allowed")
	ErrCheckDigit = errors.New("wrong check digit")
	ErrTooLong    = errors.New("too much data")
	ErrOption     = errors.New("option out of range")
	ErrSyntax     = errors.New("malformed data")
)

// A DataError says why data cannot become a symbol.
type DataError struct {
	Kind   Kind
	Pos    int    // byte offset in the data of what is wrong; -1: the data as a whole
	Err    error  // one of the Err values of the package
	Reason string // what is wrong, and what would be right
}

// Error returns the kind, the place, and the reason.
func (e *DataError) Error() string {
	s := e.Kind.String() + ": " + e.Err.Error()
	if e.Pos >= 0 {
		s += " at byte " + strconv.Itoa(e.Pos)
	}
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}

// Unwrap returns e.Err.
func (e *DataError) Unwrap() error { return e.Err }

func badLength(k Kind, n int, want string) error {
	return &DataError{k, -1, ErrLength, strconv.Itoa(n) + ", want " + want}
}

func badByte(k Kind, c byte, pos int, want string) error {
	return &DataError{k, pos, ErrCharacter, strconv.QuoteToASCII(string([]byte{c})) + ", want " + want}
}

func badCheckDigit(k Kind, pos int, got, want byte) error {
	return &DataError{k, pos, ErrCheckDigit, "is " + string(got) + ", should be " + string(want)}
}

func badOption(k Kind, reason string) error {
	return &DataError{k, -1, ErrOption, reason}
}

func tooLong(k Kind, reason string) error {
	return &DataError{k, -1, ErrTooLong, reason}
}

func itoa(n int) string { return strconv.Itoa(n) }
