package escpos

import (
	"encoding/json"
	"reflect"
)

// Tri is a fact that may be unknown. The zero value is Unknown: what a
// printer has not said is neither so nor not so.
type Tri uint8

// The values of a Tri.
const (
	Unknown Tri = iota
	No
	Yes
)

// TriOf returns Yes or No.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

// String returns "unknown", "no" or "yes".
func (t Tri) String() string {
	switch t {
	case No:
		return "no"
	case Yes:
		return "yes"
	}
	return "unknown"
}

// Not returns the opposite; of Unknown, Unknown.
func (t Tri) Not() Tri {
	switch t {
	case No:
		return Yes
	case Yes:
		return No
	}
	return Unknown
}

// MarshalJSON writes true, false, or null for Unknown.
func (t Tri) MarshalJSON() ([]byte, error) {
	switch t {
	case No:
		return []byte("false"), nil
	case Yes:
		return []byte("true"), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads true, false, or null for Unknown.
func (t *Tri) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		*t = Unknown
	case "true":
		*t = Yes
	case "false":
		*t = No
	default:
		return &json.UnmarshalTypeError{Value: string(b), Type: reflect.TypeFor[Tri]()}
	}
	return nil
}
