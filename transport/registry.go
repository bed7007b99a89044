package transport

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sort"
	"strings"
	"sync"
)

// An Opener opens a link to the printer that u names. It returns errors as
// [*OpError] values.
type Opener func(ctx context.Context, u *url.URL) (Conn, error)

// The scheme table is the one piece of package state: media packages add to
// it from their init, as database/sql drivers do.
var (
	schemesMu sync.RWMutex
	schemes   = map[string]Opener{}
)

// Register makes a scheme known to [Open]. It is called from the init of a
// media package, and panics if the scheme is registered twice.
func Register(scheme string, open Opener) {
	schemesMu.Lock()
	defer schemesMu.Unlock()
	if _, dup := schemes[scheme]; dup {
		panic("transport: scheme registered twice: " + scheme)
	}
	schemes[scheme] = open
}

// Schemes returns the registered schemes, sorted.
func Schemes() []string {
	schemesMu.RLock()
	defer schemesMu.RUnlock()
	s := make([]string, 0, len(schemes))
	for name := range schemes {
		s = append(s, name)
	}
	sort.Strings(s)
	return s
}

// Open opens the printer that uri names. ctx bounds the opening, not the life
// of the Conn. Errors are [*OpError] values.
func Open(ctx context.Context, uri string) (Conn, error) {
	u, open, err := lookup(uri)
	if err != nil {
		return nil, err
	}
	c, err := open(ctx, u)
	if err == nil {
		return c, nil
	}
	var oe *OpError
	if !errors.As(err, &oe) {
		return nil, NewOpError("open", uri, err, "")
	}
	oe.URI = uri // as it was given, not as it was parsed
	return nil, err
}

// Check reports whether uri is well formed and its scheme is registered,
// without opening anything. Parameters of the medium are checked by Open.
func Check(uri string) error {
	_, _, err := lookup(uri)
	return err
}

func lookup(uri string) (*url.URL, Opener, error) {
	u, err := Parse(uri)
	if err != nil {
		return nil, nil, err
	}
	schemesMu.RLock()
	open := schemes[u.Scheme]
	schemesMu.RUnlock()
	if open == nil {
		return nil, nil, NewOpError("parse", uri, fmt.Errorf("%w %q", ErrScheme, u.Scheme),
			"known here: "+strings.Join(Schemes(), ", "))
	}
	return u, open, nil
}

// Parse splits a printer URI of any scheme, registered or not, as [Open]
// does. It is url.Parse, except that the host of usb://04b8:0e2a is no host
// and a port to it. Errors are [*OpError] values that match [ErrURI].
func Parse(uri string) (*url.URL, error) {
	scheme, rest, found := strings.Cut(uri, "://")
	if !found || scheme == "" {
		return nil, NewOpError("parse", uri, fmt.Errorf("%w: no scheme", ErrURI),
			"write it as tcp://host, serial:///dev/ttyUSB0, usb://, lp:///dev/usb/lp0 or virtual://")
	}
	var u *url.URL
	var err error
	if strings.EqualFold(scheme, "usb") {
		u, err = parseUSB(rest)
	} else {
		u, err = url.Parse(uri)
	}
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // the rest of it repeats the URI
		}
		return nil, NewOpError("parse", uri, fmt.Errorf("%w: %w", ErrURI, err), "")
	}
	return u, nil
}

func parseUSB(rest string) (*url.URL, error) {
	rest, query, _ := strings.Cut(rest, "?")
	host, path, slash := strings.Cut(rest, "/")
	u := &url.URL{Scheme: "usb", Host: host, RawQuery: query}
	if slash {
		p, err := url.PathUnescape("/" + path)
		if err != nil {
			return nil, err
		}
		u.Path = p
	}
	return u, nil
}
