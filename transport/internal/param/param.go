// Package param reads the parameters of printer URIs, strictly: a parameter
// that is unknown, repeated or out of range is an error, never a silent
// default, since baud=38400 misspelt prints garbage.
package param

import (
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/printerctl/printerctl/transport"
)

// Values are the parameters of one URI.
type Values struct {
	uri string
	q   url.Values
	err error
}

// Parse returns the parameters of u, and an [*transport.OpError] that matches
// [transport.ErrURI] where the query is malformed or holds a parameter that
// is not in allowed, or one that is given twice.
func Parse(u *url.URL, allowed ...string) (*Values, error) {
	v := &Values{uri: u.String()}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, v.fail(err.Error(), "")
	}
	v.q = q
	names := make([]string, 0, len(q))
	for name := range q {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !slices.Contains(allowed, name) {
			cure := "it takes no parameters"
			if len(allowed) > 0 {
				cure = "known here: " + strings.Join(allowed, ", ")
			}
			return nil, v.fail(fmt.Sprintf("unknown parameter %q", name), cure)
		}
		if len(q[name]) > 1 {
			return nil, v.fail(fmt.Sprintf("parameter %q is given twice", name), "")
		}
	}
	return v, nil
}

// Int returns the parameter name, or def where it is absent. A value outside
// lo to hi is kept as the error of v.
func (v *Values) Int(name string, def, lo, hi int) int {
	s, ok := v.get(name)
	if !ok {
		return def
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < lo || n > hi {
		v.sticky(fmt.Sprintf("%s=%q", name, s), fmt.Sprintf("%s is a number from %d to %d", name, lo, hi))
		return def
	}
	return n
}

// Choice returns the index in words of the parameter name, or 0 where it is
// absent. Any other value is kept as the error of v.
func (v *Values) Choice(name string, words ...string) int {
	s, ok := v.get(name)
	if !ok {
		return 0
	}
	i := slices.Index(words, strings.ToLower(s))
	if i < 0 {
		v.sticky(fmt.Sprintf("%s=%q", name, s), name+" is one of "+strings.Join(words, ", "))
		return 0
	}
	return i
}

// String returns the parameter name, or "" where it is absent.
func (v *Values) String(name string) string { return v.q.Get(name) }

// Err returns the first error of Int and Choice.
func (v *Values) Err() error { return v.err }

func (v *Values) get(name string) (string, bool) {
	s, ok := v.q[name]
	if !ok {
		return "", false
	}
	return s[0], true
}

func (v *Values) sticky(what, cure string) {
	if v.err == nil {
		v.err = v.fail(what, cure)
	}
}

func (v *Values) fail(what, cure string) error {
	return transport.NewOpError("parse", v.uri, fmt.Errorf("%w: %s", transport.ErrURI, what), cure)
}
