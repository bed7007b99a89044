package discover_test

import (
	"context"
	"fmt"

	"github.com/printerctl/printerctl/transport/discover"
)

// The printers on USB, with what to open them by. This machine has none, or
// other ones.
func ExampleFinder_USB() {
	devices, err := new(discover.Finder).USB(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range devices {
		fmt.Println(d.Name(), d.URI, d.Proof)
	}
}
