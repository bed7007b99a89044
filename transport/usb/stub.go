//go:build !cgo || nousb

package usb

import (
	"context"
	"fmt"
	"net/url"

	"github.com/printerctl/printerctl/transport"
)

// Available reports whether this build can open USB printers.
const Available = false

var errUnavailable = fmt.Errorf("%w: built without libusb", transport.ErrUnsupported)

// List reports that this build has no libusb.
func List(context.Context) ([]Info, error) {
	return nil, transport.NewOpError("list", "usb://", errUnavailable, "")
}

// Open reports that this build has no libusb.
func Open(_ context.Context, u *url.URL) (*Conn, error) {
	if _, err := ParseURI(u); err != nil {
		return nil, err
	}
	return nil, transport.NewOpError("open", u.String(), errUnavailable,
		"install libusb-1.0-0-dev and pkg-config and build with CGO_ENABLED=1, or on Linux use lp:///dev/usb/lp0")
}
