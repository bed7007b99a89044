package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/printerctl/printerctl/transport"
)

// A printer that does not answer costs as long as the context allows, and no
// longer; the link stays usable.
func ExampleRead() {
	host, printer := net.Pipe() // any Conn, and its far end
	defer printer.Close()
	defer host.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := transport.Read(ctx, host, make([]byte, 16))
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

// The sentinels are what a program decides on; the text is for a person.
func ExampleOpen_unknownScheme() {
	_, err := transport.Open(context.Background(), "tpc://192.0.2.7")
	if errors.Is(err, transport.ErrScheme) {
		fmt.Println("not a printer that this program knows how to reach")
	}
	// Output: not a printer that this program knows how to reach
}
