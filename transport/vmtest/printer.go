//go:build linux

package vmtest

import (
	"encoding/binary"
)

// Printer class requests and the healthy port status, USB Printer Class 1.1.
const (
	reqGetDeviceID   = 0
	reqGetPortStatus = 1
	reqSoftReset     = 2

	// PortHealthy: selected, and no error.
	PortHealthy = 0x18
	// PortPaperOut: healthy but for the paper.
	PortPaperOut = 0x38
)

// PrinterConfig says which printer is plugged in. The zero value is an Epson
// TM with a two-way printer-class interface, at full speed.
type PrinterConfig struct {
	Vendor, Product uint16 // 0: 04b8:0202
	Serial          string
	DeviceID        string // IEEE 1284; "": one that names Epson and ESC/POS
	VendorClass     bool   // an interface of class 0xFF, as older Epsons have
	OneWay          bool   // no IN endpoint
	HighSpeed       bool
	EndpointOut     uint8 // 0: 0x01
	EndpointIn      uint8 // 0: 0x82
}

// A Printer is an emulated USB printer. Its Stream is what a printer's
// firmware sees.
type Printer struct {
	*Device
	*Stream

	deviceID   []byte
	portStatus byte
	resets     int
}

// NewPrinter returns a printer that is not plugged in yet. A nil config is
// the zero one.
func NewPrinter(cfg *PrinterConfig) *Printer {
	var c PrinterConfig
	if cfg != nil {
		c = *cfg
	}
	if c.Vendor == 0 {
		c.Vendor, c.Product = 0x04b8, 0x0202
	}
	if c.DeviceID == "" {
		c.DeviceID = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;"
	}
	if c.EndpointOut == 0 {
		c.EndpointOut = 0x01
	}
	if c.EndpointIn == 0 {
		c.EndpointIn = 0x82
	}
	sp := fullSpeed
	if c.HighSpeed {
		sp = highSpeed
	}
	class, subclass, protocol, endpoints := uint8(7), uint8(1), uint8(2), uint8(2)
	if c.OneWay {
		protocol, endpoints = 1, 1
	}
	if c.VendorClass {
		class, subclass, protocol = 0xFF, 0xFF, 0xFF
	}
	parts := [][]byte{
		interfaceDesc(0, 0, endpoints, class, subclass, protocol),
		endpointDesc(c.EndpointOut, transferBulk, uint16(sp.packet())),
	}
	if !c.OneWay {
		parts = append(parts, endpointDesc(c.EndpointIn, transferBulk, uint16(sp.packet())))
	}
	id := identity{vendor: c.Vendor, product: c.Product, release: 0x0100,
		maker: "EPSON", name: "TM-T88V", serial: c.Serial}
	p := &Printer{Device: newDevice(id, sp, configDesc(1, parts...)), portStatus: PortHealthy}
	p.Stream = &Stream{out: p.endpoints[c.EndpointOut], in: p.endpoints[c.EndpointIn]}
	// The length counts itself, and is the one big-endian number in USB.
	p.deviceID = append(binary.BigEndian.AppendUint16(nil, uint16(len(c.DeviceID)+2)), c.DeviceID...)
	p.control = p.class
	return p
}

func (p *Printer) class(s setup, _ []byte) ([]byte, bool) {
	if s.requestType&typeMask != typeClass {
		return nil, false
	}
	switch s.request {
	case reqGetDeviceID:
		return p.deviceID, true
	case reqGetPortStatus:
		return []byte{p.portStatus}, true
	case reqSoftReset:
		p.resets++
		p.out.buffer = nil
		if p.in != nil {
			p.in.packets = nil
		}
		p.changed.Broadcast()
		return nil, true
	}
	return nil, false
}

// SetPortStatus sets what GET_PORT_STATUS answers.
func (p *Printer) SetPortStatus(status byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.portStatus = status
}

// Resets counts the SOFT_RESETs received.
func (p *Printer) Resets() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.resets
}
