package usb

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/param"
)

func init() {
	transport.Register("usb", func(ctx context.Context, u *url.URL) (transport.Conn, error) {
		c, err := Open(ctx, u)
		if err != nil {
			return nil, err
		}
		return c, nil
	})
}

// An Address says which printer is meant. The zero value is any printer.
type Address struct {
	Vendor, Product uint16 // both 0: any
	Serial          string // "": any
	Port            string // "1-4.2", bus and ports; "": any
	KeepDriver      bool   // do not take the printer from the kernel's driver
}

var portForm = regexp.MustCompile(`^[0-9]+-[0-9]+(\.[0-9]+)*$`)

// ParseURI returns the address that u stands for. Errors are
// [*transport.OpError] values that match [transport.ErrURI].
func ParseURI(u *url.URL) (Address, error) {
	fail := func(what, cure string) (Address, error) {
		return Address{}, transport.NewOpError("parse", u.String(), fmt.Errorf("%w: %s", transport.ErrURI, what), cure)
	}
	v, err := param.Parse(u, "port", "detach")
	if err != nil {
		return Address{}, err
	}
	a := Address{
		Serial:     strings.TrimPrefix(u.Path, "/"),
		Port:       v.String("port"),
		KeepDriver: v.Choice("detach", "yes", "no") == 1,
	}
	if err := v.Err(); err != nil {
		return Address{}, err
	}
	if a.Port != "" && !portForm.MatchString(a.Port) {
		return fail(fmt.Sprintf("port=%q", a.Port), "a port is written as 1-4.2: bus, port, ports of hubs")
	}
	if u.Host == "" {
		if a.Serial != "" {
			return fail("a serial number needs the ids before it", "write it as usb://04b8:0202/SERIAL")
		}
		return a, nil
	}
	vid, pid, found := strings.Cut(u.Host, ":")
	vn, verr := strconv.ParseUint(vid, 16, 16)
	pn, perr := strconv.ParseUint(pid, 16, 16)
	if !found || verr != nil || perr != nil || vn == 0 {
		return fail(fmt.Sprintf("ids %q", u.Host), "write vendor and product id in hexadecimal, as usb://04b8:0202")
	}
	a.Vendor, a.Product = uint16(vn), uint16(pn)
	return a, nil
}

// String returns the address as a URI.
func (a Address) String() string {
	var b strings.Builder
	b.WriteString("usb://")
	if a.Vendor != 0 {
		fmt.Fprintf(&b, "%04x:%04x", a.Vendor, a.Product)
		if a.Serial != "" {
			b.WriteString("/" + url.PathEscape(a.Serial))
		}
	}
	q := url.Values{}
	if a.Port != "" {
		q.Set("port", a.Port)
	}
	if a.KeepDriver {
		q.Set("detach", "no")
	}
	if len(q) > 0 {
		b.WriteString("?" + q.Encode())
	}
	return b.String()
}
