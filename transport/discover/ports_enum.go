//go:build windows || (darwin && cgo)

package discover

import (
	"strconv"

	"go.bug.st/serial/enumerator"
)

func ports() ([]Device, error) {
	// No device is opened to learn its name: that could reset it.
	list, err := enumerator.GetDetailedPortsList(func(string, string) bool { return false })
	if err != nil {
		return nil, err
	}
	devices := make([]Device, 0, len(list))
	for _, p := range list {
		d := Device{Kind: Serial, URI: "serial://" + p.Name, Evidence: "a serial port: what is on it is not known"}
		if p.IsUSB {
			d.Vendor, d.Product = hexID(p.VID), hexID(p.PID)
			d.Maker, d.Model, d.Serial = p.Manufacturer, p.Product, p.SerialNumber
			describePort(&d)
		}
		devices = append(devices, d)
	}
	return devices, nil
}

func hexID(s string) uint16 {
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}
