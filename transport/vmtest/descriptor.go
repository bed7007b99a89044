//go:build linux

package vmtest

import (
	"encoding/binary"
	"unicode/utf16"
)

// Descriptor types and standard requests, USB 2.0 tables 9-4 and 9-5.
const (
	descDevice    = 1
	descConfig    = 2
	descString    = 3
	descInterface = 4
	descEndpoint  = 5

	reqGetStatus     = 0
	reqClearFeature  = 1
	reqGetDescriptor = 6
	reqGetConfig     = 8
	reqSetConfig     = 9
	reqGetInterface  = 10
	reqSetInterface  = 11
)

// Bits of a request type, and the transfer types of an endpoint.
const (
	typeStandard = 0x00
	typeClass    = 0x20
	typeVendor   = 0x40
	typeMask     = 0x60

	dirIn         = 0x80
	transferBulk  = 2
	transferIntr  = 3
	recipEndpoint = 2
)

// identity is what the device descriptor says.
type identity struct {
	class               uint8
	vendor, product     uint16
	release             uint16 // bcdDevice
	maker, name, serial string
}

func (id identity) descriptor() []byte {
	d := []byte{18, descDevice, 0x00, 0x02, id.class, 0, 0, 64}
	d = binary.LittleEndian.AppendUint16(d, id.vendor)
	d = binary.LittleEndian.AppendUint16(d, id.product)
	d = binary.LittleEndian.AppendUint16(d, id.release)
	d = append(d, 1, 2, 0, 1)
	if id.serial != "" {
		d[16] = 3
	}
	return d
}

// text is the string descriptor with this index.
func (id identity) text(index uint8) ([]byte, bool) {
	table := []string{1: id.maker, 2: id.name, 3: id.serial}
	if index == 0 {
		return []byte{4, descString, 0x09, 0x04}, true // US English
	}
	if int(index) >= len(table) {
		return nil, false
	}
	d := []byte{0, descString}
	for _, u := range utf16.Encode([]rune(table[index])) {
		d = binary.LittleEndian.AppendUint16(d, u)
	}
	d[0] = byte(len(d))
	return d, true
}

func interfaceDesc(number, alt, endpoints, class, subclass, protocol uint8) []byte {
	return []byte{9, descInterface, number, alt, endpoints, class, subclass, protocol, 0}
}

func endpointDesc(address, transfer uint8, packet uint16) []byte {
	return []byte{7, descEndpoint, address, transfer, byte(packet), byte(packet >> 8), 8}
}

// configDesc is a self-powered configuration with these interfaces.
func configDesc(interfaces uint8, parts ...[]byte) []byte {
	d := []byte{9, descConfig, 0, 0, interfaces, 1, 0, 0xC0, 1}
	for _, p := range parts {
		d = append(d, p...)
	}
	binary.LittleEndian.PutUint16(d[2:], uint16(len(d)))
	return d
}
