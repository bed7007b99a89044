//go:build (darwin && !cgo) || freebsd || openbsd

package discover

import (
	"go.bug.st/serial"
)

func ports() ([]Device, error) {
	names, err := serial.GetPortsList()
	if err != nil {
		return nil, err
	}
	devices := make([]Device, 0, len(names))
	for _, name := range names {
		devices = append(devices, Device{
			Kind: Serial, URI: "serial://" + name, Evidence: "a serial port: what is on it is not known",
		})
	}
	return devices, nil
}
