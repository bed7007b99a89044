// Package ieee1284 reads what a printer port tells about the printer on it:
// the device id and the status lines of the parallel port (IEEE Std 1284),
// which the USB printer class took over as GET_DEVICE_ID and GET_PORT_STATUS
// (USB Device Class Definition for Printing Devices 1.1, section 4.2).
package ieee1284

import (
	"encoding/binary"
	"errors"
	"iter"
	"strings"
)

// A DeviceID is a device id string without its length prefix, such as
//
//	MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;
//
// The zero value is an empty id. Keys are compared without regard to case;
// a long and a short name of the same key are one.
type DeviceID string

// ErrDeviceID is returned for a response that cannot hold a device id.
var ErrDeviceID = errors.New("ieee1284: malformed device id")

// ParseResponse returns the device id in b, the answer to GET_DEVICE_ID: two
// bytes of length, themselves included, then the string. The length is
// big-endian by the standard; some printers send it little-endian or leave
// themselves out of the count, and bytes past it may be anything.
func ParseResponse(b []byte) (DeviceID, error) {
	if len(b) < 2 {
		return "", ErrDeviceID
	}
	n := int(binary.BigEndian.Uint16(b))
	if n > len(b) {
		if le := int(binary.LittleEndian.Uint16(b)); le <= len(b) {
			n = le
		} else {
			n = len(b)
		}
	}
	if n < 2 {
		return "", ErrDeviceID
	}
	return Parse(string(b[2:n])), nil
}

// Parse returns s, as sysfs and configuration files hold it, as a device id:
// without white space around it, and cut at the first NUL.
func Parse(s string) DeviceID {
	s, _, _ = strings.Cut(s, "\x00")
	return DeviceID(strings.TrimSpace(s))
}

// All yields the keys, upper-cased, and values of the id in their order.
func (id DeviceID) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for field := range strings.SplitSeq(string(id), ";") {
			key, value, found := strings.Cut(field, ":")
			if !found {
				continue
			}
			if !yield(strings.ToUpper(strings.TrimSpace(key)), strings.TrimSpace(value)) {
				return
			}
		}
	}
}

func (id DeviceID) first(keys ...string) string {
	for key, value := range id.All() {
		for _, want := range keys {
			if key == want {
				return value
			}
		}
	}
	return ""
}

// Manufacturer returns MFG, or MANUFACTURER.
func (id DeviceID) Manufacturer() string { return id.first("MFG", "MANUFACTURER") }

// Model returns MDL, or MODEL.
func (id DeviceID) Model() string { return id.first("MDL", "MODEL") }

// Class returns CLS, or CLASS: PRINTER for a printer.
func (id DeviceID) Class() string { return id.first("CLS", "CLASS") }

// Description returns DES, or DESCRIPTION.
func (id DeviceID) Description() string { return id.first("DES", "DESCRIPTION") }

// SerialNumber returns SN, SERN or SERIALNUMBER; few receipt printers have it.
func (id DeviceID) SerialNumber() string { return id.first("SN", "SERN", "SERIALNUMBER") }

// CommandSets returns the languages of CMD, or COMMAND SET.
func (id DeviceID) CommandSets() []string {
	var sets []string
	for s := range strings.SplitSeq(id.first("CMD", "COMMAND SET"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			sets = append(sets, s)
		}
	}
	return sets
}

// ESCPOS reports whether the id names ESC/POS among its command sets. An id
// that does not may still belong to an ESC/POS printer.
func (id DeviceID) ESCPOS() bool {
	for _, s := range id.CommandSets() {
		if s = strings.ToUpper(s); s == "ESC/POS" || s == "ESCPOS" {
			return true
		}
	}
	return false
}

// PortStatus is the byte that GET_PORT_STATUS returns. Only three of its bits
// have a meaning.
type PortStatus byte

// The bits of a PortStatus.
const (
	BitNotError   PortStatus = 0x08 // cleared: an error
	BitSelected   PortStatus = 0x10
	BitPaperEmpty PortStatus = 0x20
)

// PaperEmpty reports whether the port says that the paper is out.
func (s PortStatus) PaperEmpty() bool { return s&BitPaperEmpty != 0 }

// Selected reports whether the port says that the printer is on line.
func (s PortStatus) Selected() bool { return s&BitSelected != 0 }

// Faulty reports whether the port signals an error.
func (s PortStatus) Faulty() bool { return s&BitNotError == 0 }

// String returns, for example, "paper empty, selected, error".
func (s PortStatus) String() string {
	words := [3]string{"paper present", "not selected", "no error"}
	if s.PaperEmpty() {
		words[0] = "paper empty"
	}
	if s.Selected() {
		words[1] = "selected"
	}
	if s.Faulty() {
		words[2] = "error"
	}
	return strings.Join(words[:], ", ")
}
