package transport

import (
	"context"
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
	if err != nil {
		return nil, NewOpError("open", uri, err, "")
	}
	return c, nil
}

// Check reports whether uri is well formed and its scheme is registered,
// without opening anything. Parameters of the medium are checked by Open.
func Check(uri string) error {
	_, _, err := lookup(uri)
	return err
}

func lookup(uri string) (*url.URL, Opener, error) {
	scheme, _, found := strings.Cut(uri, "://")
	if !found || scheme == "" {
		return nil, nil, NewOpError("parse", uri, fmt.Errorf("%w: no scheme", ErrURI),
			"write it as tcp://host, serial:///dev/ttyUSB0, usb://, lp:///dev/usb/lp0 or virtual://")
	}
	schemesMu.RLock()
	open := schemes[strings.ToLower(scheme)]
	schemesMu.RUnlock()
	if open == nil {
		return nil, nil, NewOpError("parse", uri, fmt.Errorf("%w %q", ErrScheme, scheme),
			"known here: "+strings.Join(Schemes(), ", "))
	}
	u, err := parse(uri)
	if err != nil {
		return nil, nil, NewOpError("parse", uri, fmt.Errorf("%w: %w", ErrURI, err), "")
	}
	return u, open, nil
}

// parse is url.Parse, except that usb's "vid:pid" host is not a host and a
// port to it: the product id may hold letters.
func parse(uri string) (*url.URL, error) {
	scheme, rest, _ := strings.Cut(uri, "://")
	if !strings.EqualFold(scheme, "usb") {
		return url.Parse(uri)
	}
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
