package ieee1284_test

import (
	"fmt"

	"github.com/printerctl/printerctl/transport/ieee1284"
)

func ExampleDeviceID() {
	id := ieee1284.DeviceID("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;")
	fmt.Println(id.Manufacturer(), id.Model(), id.ESCPOS())
	// Output: EPSON TM-T20III true
}

func ExamplePortStatus() {
	fmt.Println(ieee1284.PortStatus(0x38))
	// Output: paper empty, selected, no error
}
