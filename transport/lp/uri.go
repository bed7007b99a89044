package lp

import (
	"context"
	"fmt"
	"net/url"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/param"
)

func init() {
	transport.Register("lp", func(ctx context.Context, u *url.URL) (transport.Conn, error) {
		c, err := Open(ctx, u)
		if err != nil {
			return nil, err
		}
		return c, nil
	})
}

// devicePath returns the path of the device that u names.
func devicePath(u *url.URL) (string, error) {
	if _, err := param.Parse(u); err != nil {
		return "", err
	}
	if u.Host != "" || u.Path == "" || u.Path == "/" {
		return "", transport.NewOpError("parse", u.String(),
			fmt.Errorf("%w: no absolute device path", transport.ErrURI), "write it as lp:///dev/usb/lp0, with three slashes")
	}
	return u.Path, nil
}
