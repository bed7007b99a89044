package transport_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
)

// opened keeps what the scheme test:// was opened with.
var opened = make(chan *url.URL, 1)

func init() {
	transport.Register("test", func(_ context.Context, u *url.URL) (transport.Conn, error) {
		switch u.Path {
		case "/plain":
			return nil, errors.New("out of order")
		case "/typed":
			return nil, transport.NewOpError("open", u.String(), transport.ErrBusy, "wait")
		}
		opened <- u
		host, _ := net.Pipe()
		return host, nil
	})
	// usb is the scheme whose host is no host.
	transport.Register("usb", func(_ context.Context, u *url.URL) (transport.Conn, error) {
		opened <- u
		host, _ := net.Pipe()
		return host, nil
	})
}

func TestOpen(t *testing.T) {
	c, err := transport.Open(t.Context(), "TEST://somewhere:17/x?y=1")
	require.NoError(t, err)
	require.NoError(t, c.Close())
	u := <-opened
	require.Equal(t, "somewhere:17", u.Host)
	require.Equal(t, "1", u.Query().Get("y"))
}

func TestOpenErrors(t *testing.T) {
	for uri, want := range map[string]struct {
		err  error
		text string
	}{
		"":                {transport.ErrURI, "write it as tcp://host"},
		"/dev/usb/lp0":    {transport.ErrURI, "write it as tcp://host"},
		"://x":            {transport.ErrURI, "no scheme"},
		"tpc://host":      {transport.ErrScheme, `unknown scheme "tpc" (known here: test, usb)`},
		"test://[::1":     {transport.ErrURI, "missing ']'"},
		"test://h/typed#": {transport.ErrBusy, "open test://h/typed#: in use by another program (wait)"},
		"test://h/plain":  {nil, "open test://h/plain: out of order"},
	} {
		_, err := transport.Open(t.Context(), uri)
		require.ErrorContains(t, err, want.text, uri)
		if want.err != nil {
			require.ErrorIs(t, err, want.err, uri)
		}
		var oe *transport.OpError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, uri, oe.URI)
	}
	require.NoError(t, transport.Check("test://h/typed"), "nothing is opened")
	require.ErrorIs(t, transport.Check("tpc://h"), transport.ErrScheme)
}

func TestRegisterTwice(t *testing.T) {
	require.Panics(t, func() { transport.Register("test", nil) })
	require.Equal(t, []string{"test", "usb"}, transport.Schemes())
}

// The ids of a USB device look like a host and a port, and are not.
func TestOpenUSB(t *testing.T) {
	for uri, want := range map[string]url.URL{
		"usb://":                        {},
		"usb://04b8:0e2a":               {Host: "04b8:0e2a"},
		"usb://04b8:0202/J5KF%2F1":      {Host: "04b8:0202", Path: "/J5KF/1"},
		"usb://04b8:0202/J5?detach=no":  {Host: "04b8:0202", Path: "/J5", RawQuery: "detach=no"},
		"usb://?port=1-4.2":             {RawQuery: "port=1-4.2"},
		"USB://04B8:0202/with%20spaces": {Host: "04B8:0202", Path: "/with spaces"},
	} {
		c, err := transport.Open(t.Context(), uri)
		require.NoError(t, err, uri)
		require.NoError(t, c.Close())
		u := <-opened
		want.Scheme = "usb"
		require.Equal(t, want, *u, uri)
	}
	_, err := transport.Open(t.Context(), "usb://04b8:0202/%zz")
	require.ErrorIs(t, err, transport.ErrURI)
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"tcp://h:9100", "usb://04b8:0202/S?x", "test://[::1]:1/%41", "://", "usb:///%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		err := transport.Check(uri)
		if err == nil {
			return
		}
		if !errors.Is(err, transport.ErrURI) && !errors.Is(err, transport.ErrScheme) {
			t.Fatalf("%q: %v", uri, err)
		}
		if !strings.Contains(err.Error(), uri) {
			t.Fatalf("%q is not named by %v", uri, err)
		}
	})
}
