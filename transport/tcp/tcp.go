package tcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/drain"
	"github.com/printerctl/printerctl/transport/internal/param"
)

// DefaultPort is the port of a URI that names none. Printer makers call it
// raw, AppSocket or JetDirect.
const DefaultPort = "9100"

// dialTimeout bounds a connection attempt whose context has no deadline; the
// system's own limit is minutes.
const dialTimeout = 10 * time.Second

// keepAlive finds a host that has lost power in 10 + 4×5 s.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4}

func init() {
	transport.Register("tcp", func(ctx context.Context, u *url.URL) (transport.Conn, error) {
		c, err := Open(ctx, u)
		if err != nil {
			return nil, err
		}
		return c, nil
	})
}

// A Conn is an open connection to a printer. It is a [transport.DrainConn].
type Conn struct {
	tcp *net.TCPConn
	uri string
}

var _ transport.DrainConn = (*Conn)(nil)

// Open connects to the printer that u names. Errors are
// [*transport.OpError] values; they match [transport.ErrNotFound] for an
// unknown host name, [transport.ErrRefused], or [transport.ErrUnreachable].
// Where ctx has no deadline, the attempt ends after 10 s.
func Open(ctx context.Context, u *url.URL) (*Conn, error) {
	addr, err := address(u)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTimeout, KeepAliveConfig: keepAlive}
	nc, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, dialError(ctx, u, err)
	}
	c := &Conn{tcp: nc.(*net.TCPConn), uri: u.String()}
	limitUnsent(c.tcp)
	return c, nil
}

// address returns the host:port of u.
func address(u *url.URL) (string, error) {
	fail := func(what, cure string) (string, error) {
		return "", transport.NewOpError("parse", u.String(), fmt.Errorf("%w: %s", transport.ErrURI, what), cure)
	}
	if _, err := param.Parse(u); err != nil {
		return "", err
	}
	host, port := u.Hostname(), u.Port()
	switch {
	case host == "":
		return fail("no host", "write it as tcp://192.0.2.7 or tcp://printer.example:9100")
	case u.User != nil:
		return fail("a user name has no meaning here", "")
	case u.Path != "" && u.Path != "/":
		return fail(fmt.Sprintf("path %q", u.Path), "write it as tcp://"+u.Host)
	case port == "":
		port = DefaultPort
	default:
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fail("port "+port, "a port is a number from 1 to 65535")
		}
	}
	return net.JoinHostPort(host, port), nil
}

// dialError sorts what DialContext reports.
func dialError(ctx context.Context, u *url.URL, err error) error {
	uri := u.String()
	wrap := func(sentinel error, cure string) error {
		return transport.NewOpError("open", uri, fmt.Errorf("%w: %w", sentinel, cause(err)), cure)
	}
	var dns *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return transport.NewOpError("open", uri, ctx.Err(), "")
	case errors.As(err, &dns) && dns.IsNotFound:
		return transport.NewOpError("open", uri, fmt.Errorf("%w: no host named %s", transport.ErrNotFound, dns.Name),
			"check the spelling, or use the printer's address")
	case errors.As(err, &dns):
		return transport.NewOpError("open", uri, fmt.Errorf("%w: looking up %s: %s", transport.ErrUnreachable, dns.Name, dns.Err),
			"the name server does not answer; use the printer's address")
	case errors.Is(err, errRefused):
		return transport.NewOpError("open", uri, transport.ErrRefused,
			"the host is there: is it the printer's port, and does another host hold the printer?")
	case errors.Is(err, os.ErrPermission):
		return wrap(transport.ErrPermission, "a firewall on this machine forbids it")
	}
	return wrap(transport.ErrUnreachable, "is the printer on, on this network, and is that its address?")
}

// cause strips the addresses that net repeats around the reason.
func cause(err error) error {
	var ne *net.OpError
	for errors.As(err, &ne) {
		err = ne.Err
	}
	var se *os.SyscallError
	if errors.As(err, &se) {
		err = se.Err
	}
	return err
}

// Read reads what the printer sent. It returns [io.EOF] once the printer has
// ended its side.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.tcp.Read(p)
	return n, c.wrap("read", err)
}

// Write writes p. Its count is what the system has taken: see [Conn.Drain].
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.tcp.Write(p)
	return n, c.wrap("write", err)
}

// SetReadDeadline implements [transport.Conn].
func (c *Conn) SetReadDeadline(t time.Time) error {
	return c.wrap("set deadline", c.tcp.SetReadDeadline(t))
}

// SetWriteDeadline implements [transport.Conn].
func (c *Conn) SetWriteDeadline(t time.Time) error {
	return c.wrap("set deadline", c.tcp.SetWriteDeadline(t))
}

// Drain waits until the printer's side of the network has acknowledged every
// byte written, or ctx ends. On systems that do not tell (all but Linux) it
// returns at once.
func (c *Conn) Drain(ctx context.Context) error {
	return drain.Poll(ctx, func() (int, error) {
		n, err := unacknowledged(c.tcp)
		return n, c.wrap("drain", err)
	})
}

// Close closes the connection. Bytes that Write took are still sent by the
// system, as long as the printer takes them.
func (c *Conn) Close() error {
	discardInput(c.tcp)
	err := c.tcp.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return c.wrap("close", err)
}

// LocalAddr returns this side's address.
func (c *Conn) LocalAddr() net.Addr { return c.tcp.LocalAddr() }

// RemoteAddr returns the printer's address, as the host name resolved.
func (c *Conn) RemoteAddr() net.Addr { return c.tcp.RemoteAddr() }

// wrap turns an error of an established connection into what
// [transport.Conn] promises.
func (c *Conn) wrap(op string, err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.Is(err, net.ErrClosed):
		return transport.NewOpError(op, c.uri, transport.ErrClosed, "")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return transport.NewOpError(op, c.uri, os.ErrDeadlineExceeded, "")
	}
	return transport.NewOpError(op, c.uri, fmt.Errorf("%w: %w", transport.ErrGone, cause(err)), "")
}
