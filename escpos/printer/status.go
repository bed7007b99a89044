package printer

import (
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// A Status is what a printer said of itself, and when. The zero value says
// nothing.
type Status struct {
	escpos.Status
	Time     time.Time // when the last answer came; when asking ended, if none did
	Asked    int       // how many of the questions DLE EOT 1 to 4 were put
	Answered int       // how many of these were answered
}
