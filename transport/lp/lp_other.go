//go:build !linux

package lp

import (
	"context"
	"fmt"
	"net/url"

	"github.com/printerctl/printerctl/transport"
)

// Open reports that the system has no usblp.
func Open(_ context.Context, u *url.URL) (transport.Conn, error) {
	if _, err := devicePath(u); err != nil {
		return nil, err
	}
	return nil, transport.NewOpError("open", u.String(),
		fmt.Errorf("%w: lp:// is the Linux kernel's printer driver", transport.ErrUnsupported),
		"use usb://, serial:// or tcp://")
}
