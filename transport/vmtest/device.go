//go:build linux

package vmtest

import (
	"bufio"
	"encoding/binary"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// speed is a bus speed as the kernel's enum usb_device_speed numbers it.
type speed int

const (
	fullSpeed speed = 2 // 12 Mbit/s, bulk packets of 64 bytes
	highSpeed speed = 3 // 480 Mbit/s, bulk packets of 512 bytes
)

// packet is the largest bulk packet at a speed.
func (s speed) packet() int {
	if s == highSpeed {
		return 512
	}
	return 64
}

// A Device is an emulated USB device: descriptors, control requests and
// endpoints. It outlives being plugged in: what its endpoints have
// acknowledged stays, as it would in a device with power of its own.
//
// All that a device does happens under one lock and at once, when a message
// of the host arrives or its own side changes something: it needs no
// goroutine but the one that reads the bus.
type Device struct {
	identity identity
	speed    speed
	config   []byte
	// control answers class and vendor requests; false stalls. The lock is
	// held.
	control func(s setup, data []byte) ([]byte, bool)

	mu        sync.Mutex
	changed   sync.Cond // of mu: anything that a blocked call could wait for
	bus       *os.File  // nil while unplugged
	endpoints map[uint8]*endpoint
	reply     []byte
}

func newDevice(id identity, sp speed, config []byte) *Device {
	d := &Device{identity: id, speed: sp, config: config, endpoints: map[uint8]*endpoint{}}
	d.changed.L = &d.mu
	for rest := config; len(rest) >= 2 && int(rest[0]) <= len(rest); rest = rest[rest[0]:] {
		if rest[1] == descEndpoint {
			address := rest[2]
			d.endpoints[address] = &endpoint{
				device: d, in: address&dirIn != 0,
				packet: int(binary.LittleEndian.Uint16(rest[4:])),
				room:   2 * sp.packet(),
			}
		}
	}
	return d
}

// serve does what the host asks until the bus is closed.
func (d *Device) serve(bus *os.File) {
	r := bufio.NewReaderSize(bus, 64<<10)
	for {
		c, err := readCommand(r)
		if err != nil {
			return
		}
		d.mu.Lock()
		if d.bus != bus {
			d.mu.Unlock()
			return
		}
		if c.transfer == nil {
			d.unlink(c)
		} else {
			d.submit(c.transfer)
		}
		d.mu.Unlock()
	}
}

func (d *Device) submit(t *transfer) {
	if t.ep == 0 {
		d.controlTransfer(t)
		return
	}
	address := t.ep
	if t.in {
		address |= dirIn
	}
	e := d.endpoints[address]
	if e == nil {
		d.complete(t, statusStall)
		return
	}
	e.queue = append(e.queue, t)
	e.step()
}

// unlink gives a transfer back with what was done of it. The result of the
// transfer comes first: a USB/IP unlink carries no count, and what a printer
// has acknowledged must not look as if it had not.
func (d *Device) unlink(c command) {
	for _, e := range d.endpoints {
		for i, t := range e.queue {
			if t.seq == c.unlink {
				e.queue = append(e.queue[:i:i], e.queue[i+1:]...)
				d.complete(t, statusUnlinked)
				e.step()
			}
		}
	}
	d.send(appendRetUnlink(d.reply[:0], c.seq, statusOK))
}

func (d *Device) complete(t *transfer, status int32) {
	d.send(appendRetSubmit(d.reply[:0], t, status))
}

func (d *Device) send(b []byte) {
	d.reply = b
	if d.bus != nil {
		_, _ = d.bus.Write(b) // a broken bus ends serve
	}
}

func (d *Device) controlTransfer(t *transfer) {
	answer, ok := d.standard(t.setup, t.data)
	if !ok {
		d.complete(t, statusStall)
		return
	}
	if t.in {
		t.data = answer[:min(len(answer), t.length)]
	} else {
		t.done = len(t.data)
	}
	d.complete(t, statusOK)
}

func (d *Device) standard(s setup, data []byte) ([]byte, bool) {
	if s.requestType&typeMask != typeStandard {
		if d.control == nil {
			return nil, false
		}
		return d.control(s, data)
	}
	switch s.request {
	case reqGetDescriptor:
		switch s.value >> 8 {
		case descDevice:
			return d.identity.descriptor(), true
		case descConfig:
			return d.config, true
		case descString:
			return d.identity.text(uint8(s.value))
		}
		return nil, false
	case reqGetStatus:
		return []byte{1, 0}, true // self-powered
	case reqGetConfig:
		return []byte{1}, true
	case reqGetInterface:
		return []byte{0}, true
	case reqSetConfig, reqSetInterface:
		for _, e := range d.endpoints {
			e.halted = false
			e.step()
		}
	case reqClearFeature:
		if e := d.endpoints[uint8(s.index)]; s.requestType&0x1F == recipEndpoint && e != nil {
			e.halted = false
			e.step()
		}
	}
	return nil, true
}

// attach begins a life on the bus, as a reset does.
func (d *Device) attach(bus *os.File) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bus = bus
	for _, e := range d.endpoints {
		e.queue, e.halted = nil, false
		if e.in {
			e.packets = nil
		}
	}
}

// detach ends it.
func (d *Device) detach() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bus != nil {
		// Closing alone would leave serve in its read.
		_ = unix.Shutdown(int(d.bus.Fd()), unix.SHUT_RDWR)
		_ = d.bus.Close()
		d.bus = nil
	}
	d.changed.Broadcast()
}
