package discover

import (
	"net/url"

	"github.com/printerctl/printerctl/transport/internal/device"
)

// OtherUser names another program that has the device of a serial:// or lp://
// URI open, as "name (process 17)". A serial port, unlike others, can be open
// twice where the first program has not locked it; each then takes some of the
// printer's answers from the other. It returns "" where there is none, where
// this user may not see it, and on other systems than Linux.
func OtherUser(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "serial" && u.Scheme != "lp" {
		return ""
	}
	return device.OtherUser(u.Path)
}
