//go:build linux

package vmtest

import (
	"slices"
	"testing"
)

// An FTDI is an emulated FT232R, the chip in most USB serial adapters, with a
// serial line behind it. The vendor requests are those of the kernel's
// drivers/usb/serial/ftdi_sio.h.
type FTDI struct {
	*Device
	wire

	sent [2]byte // the status that the host knows
}

// The chip's requests.
const (
	ftdiReset      = 0x00
	ftdiModemCtrl  = 0x01
	ftdiFlowCtrl   = 0x02
	ftdiBaudRate   = 0x03
	ftdiSetData    = 0x04
	ftdiModemStat  = 0x05
	ftdiLatency    = 0x09
	ftdiGetLatency = 0x0A

	ftdiCTS  = 0x10
	ftdiDSR  = 0x20
	ftdiPE   = 0x04
	ftdiFE   = 0x08
	ftdiTHRE = 0x20
	ftdiTEMT = 0x40
)

// NewFTDI returns an adapter that is not plugged in yet.
func NewFTDI(t testing.TB) *FTDI {
	id := identity{vendor: 0x0403, product: 0x6001, release: 0x0600, maker: "FTDI", name: "FT232R USB UART", serial: "A50285BI"}
	config := configDesc(1,
		interfaceDesc(0, 0, 2, 0xFF, 0xFF, 0xFF),
		endpointDesc(0x81, transferBulk, 64),
		endpointDesc(0x02, transferBulk, 64))
	f := &FTDI{Device: newDevice(id, fullSpeed, config)}
	f.wire.Stream = &Stream{out: f.endpoints[0x02], in: f.endpoints[0x81]}
	f.wire.status = f.tell
	f.control = f.vendor
	f.start(t)
	return f
}

// status is the two bytes that begin each packet to the host.
func (f *FTDI) status() [2]byte {
	s := [2]byte{0x01, ftdiTHRE}
	if f.cts {
		s[0] |= ftdiCTS
	}
	if f.dsr {
		s[0] |= ftdiDSR
	}
	if f.idle() {
		s[1] |= ftdiTEMT
	}
	return s
}

// tell sends the status, if it is new.
func (f *FTDI) tell() {
	if s := f.status(); s != f.sent {
		f.packet(nil, 0)
	}
}

// packet sends data, and what was wrong with it on the line.
func (f *FTDI) packet(data []byte, wrong byte) {
	s := f.status()
	f.sent = s
	s[1] |= wrong
	// A newer status stands for one that the host has not fetched.
	if last := len(f.in.packets) - 1; last >= 0 && len(f.in.packets[last]) == len(s) {
		f.in.packets = f.in.packets[:last]
	}
	f.in.packets = append(f.in.packets, slices.Concat(s[:], data))
	f.in.step()
}

// Write sends from the printer to the host.
func (f *FTDI) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.far == (Settings{}) {
		f.chunks(p, 0)
		return len(p), nil
	}
	for _, h := range f.far.over(f.set, p) {
		var wrong byte
		if h.parity {
			wrong |= ftdiPE
		}
		if h.frame {
			wrong |= ftdiFE
		}
		f.chunks([]byte{h.b}, wrong)
	}
	return len(p), nil
}

func (f *FTDI) chunks(p []byte, wrong byte) {
	for part := range slices.Chunk(f.software(p), 62) {
		f.packet(part, wrong)
	}
}

func (f *FTDI) vendor(s setup, _ []byte) ([]byte, bool) {
	if s.requestType&typeMask != typeVendor {
		return nil, false
	}
	switch s.request {
	case ftdiReset:
		if s.value == 2 { // purge what the host has sent
			f.out.buffer = nil
			f.out.step()
		}
	case ftdiModemCtrl:
		if s.value&0x0100 != 0 {
			f.set.DTR = s.value&1 != 0
		}
		if s.value&0x0200 != 0 {
			f.set.RTS = s.value&2 != 0
		}
	case ftdiFlowCtrl:
		f.set.Flow = Flow(s.index >> 8)
		f.xoffed = false
		f.packet(nil, 0) // the chip repeats its status anyway, every 16 ms
	case ftdiBaudRate:
		// A divisor of 24 MHz in eighths; the fraction has a code of its own.
		eighths := [...]int{0, 3, 2, 4, 1, 5, 6, 7}
		code := int(s.value>>14) | int(s.index&1)<<2
		divisor := int(s.value&0x3FFF)<<3 | slices.Index(eighths[:], code)
		f.set.Baud = 24_000_000 / max(divisor, 1)
	case ftdiSetData:
		f.set.DataBits = int(s.value & 0xFF)
		f.set.Parity = "NOEMS"[(s.value>>8&7)%5]
		f.set.StopBits = map[uint16]int{0: 1, 1: 1, 2: 2}[s.value>>11&7]
	case ftdiModemStat:
		status := f.status()
		return status[:], true
	case ftdiLatency:
	case ftdiGetLatency:
		return []byte{16}, true
	default:
		return nil, false
	}
	f.changed.Broadcast()
	return nil, true
}
