//go:build linux

package vmtest

import "encoding/binary"

// An ACM is an emulated CDC-ACM device, as printers have whose USB port poses
// as a serial one. It has no line: a printer that is full does not
// acknowledge.
type ACM struct {
	*Device
	*Stream

	set Settings
}

// Requests of CDC PSTN 1.2, table 13.
const (
	acmSetLineCoding   = 0x20
	acmGetLineCoding   = 0x21
	acmSetControlLines = 0x22
	acmSendBreak       = 0x23
)

// NewACM returns a device that is not plugged in yet.
func NewACM() *ACM {
	id := identity{class: 2, vendor: 0x04b8, product: 0x0e28, release: 0x0100, maker: "EPSON", name: "TM-m30", serial: "X5JZ"}
	config := configDesc(2,
		interfaceDesc(0, 0, 1, 2, 2, 1),
		[]byte{5, 0x24, 0x00, 0x10, 0x01}, // header
		[]byte{5, 0x24, 0x01, 0x00, 1},    // call management
		[]byte{4, 0x24, 0x02, 0x02},       // line coding, control lines
		[]byte{5, 0x24, 0x06, 0, 1},       // union
		endpointDesc(0x83, transferIntr, 16),
		interfaceDesc(1, 0, 2, 10, 0, 0),
		endpointDesc(0x01, transferBulk, 64),
		endpointDesc(0x82, transferBulk, 64))
	a := &ACM{Device: newDevice(id, fullSpeed, config)}
	a.Stream = &Stream{out: a.endpoints[0x01], in: a.endpoints[0x82]}
	a.control = a.class
	return a
}

func (a *ACM) class(s setup, data []byte) ([]byte, bool) {
	if s.requestType&typeMask != typeClass {
		return nil, false
	}
	switch s.request {
	case acmSetLineCoding:
		if len(data) < 7 {
			return nil, false
		}
		a.set.Baud = int(binary.LittleEndian.Uint32(data))
		a.set.StopBits = map[byte]int{0: 1, 2: 2}[data[4]]
		a.set.Parity = "NOEMS"[data[5]%5]
		a.set.DataBits = int(data[6])
	case acmGetLineCoding:
		return []byte{0x80, 0x25, 0, 0, 0, 0, 8}, true
	case acmSetControlLines:
		a.set.DTR, a.set.RTS = s.value&1 != 0, s.value&2 != 0
	case acmSendBreak:
	default:
		return nil, false
	}
	return nil, true
}

// Settings is how the host has set the device.
func (a *ACM) Settings() Settings {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.set
}
