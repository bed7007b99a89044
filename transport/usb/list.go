package usb

// Info is what is known of a USB printer without printing on it.
type Info struct {
	Vendor, Product uint16
	Port            string // "1-4.2"
	Class           uint8  // of the interface: 7, printer, or 0xff, vendor-specific
	// Manufacturer, Name and Serial are the device's strings, empty where this
	// user may not open it.
	Manufacturer, Name, Serial string
}
