//go:build !cgo || nousb

package usb

import (
	"context"
	"fmt"
	"net/url"

	"github.com/printerctl/printerctl/transport"
)

// Open reports that this build has no libusb.
func Open(_ context.Context, u *url.URL) (*Conn, error) {
	if _, err := ParseURI(u); err != nil {
		return nil, err
	}
	return nil, transport.NewOpError("open", u.String(),
		fmt.Errorf("%w: built without libusb", transport.ErrUnsupported),
		"install libusb-1.0-0-dev and pkg-config and build with CGO_ENABLED=1, or on Linux use lp:///dev/usb/lp0")
}
