package usb_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/usb"
)

// Two printers of one model without serial numbers are told apart by the port
// that each is plugged into.
func ExampleAddress() {
	for _, port := range []string{"1-4.2", "1-4.3"} {
		fmt.Println(usb.Address{Vendor: 0x0416, Product: 0x5011, Port: port})
	}
	// Output:
	// usb://0416:5011?port=1-4.2
	// usb://0416:5011?port=1-4.3
}

// A program that prefers libusb and gets along without it.
func ExampleOpen() {
	conn, err := transport.Open(context.Background(), "usb://")
	if errors.Is(err, transport.ErrUnsupported) || errors.Is(err, transport.ErrNotFound) {
		conn, err = transport.Open(context.Background(), "lp:///dev/usb/lp0")
	}
	if err != nil {
		fmt.Println(err) // says what, where, and the cure
		return
	}
	defer conn.Close()
}
