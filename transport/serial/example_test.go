package serial_test

import (
	"fmt"
	"runtime"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/serial"
)

// What a URI says about the line, before anything is opened.
func ExampleParseURI() {
	uri := "serial:///dev/ttyUSB0?baud=38400&flow=dtrdsr"
	if runtime.GOOS == "windows" {
		uri = "serial://COM3?baud=38400&flow=dtrdsr"
	}
	u, err := transport.Parse(uri)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, mode, err := serial.ParseURI(u)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mode, mode.BytesPerSecond(), "bytes a second")
	// Output: 38400 8N1 dtrdsr 3840 bytes a second
}

// A mode as a technician finds it on the self-test slip, as a URI.
func ExampleMode_Query() {
	mode := serial.DefaultMode
	mode.Baud = 19200
	mode.Parity = serial.ParityEven
	fmt.Println("serial:///dev/ttyS0?" + mode.Query().Encode())
	// Output: serial:///dev/ttyS0?baud=19200&parity=even
}
