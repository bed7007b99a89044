package virtual

import "github.com/printerctl/printerctl/escpos"

// halt is a set of reasons for being offline. The printer is online when it
// is empty.
type halt uint16

const (
	haltPower    halt = 1 << iota // off, or not yet up
	haltCover                     // open
	haltPaper                     // stopped by the paper end
	haltNearEnd                   // stopped by the near end (ESC c 4)
	haltButton                    // fed by the button
	haltMacro                     // a macro waits for the button
	haltRecovery                  // waits for the button after new paper
	haltError                     // any error
)

// fault is a set of errors.
type fault uint8

const (
	faultRecoverable fault = 1 << iota
	faultCutter
	faultFatal
	faultHeat  // auto-recoverable: the head is too hot
	faultCover // auto-recoverable: the cover was opened while printing
)

const faultAuto = faultHeat | faultCover

// condition is what the printer says of itself at one moment. Every way of
// asking is answered from it, so that no two answers contradict each other.
type condition struct {
	halted  halt
	fault   fault
	cover   bool // open
	button  bool // pressed
	feeding bool // by the button
	nearEnd bool // as the sensor says
	end     bool // as the sensor says
	pin3    bool // drawer connector pin 3 is high
}

func (c condition) offline() bool { return c.halted != 0 }

// waiting reports whether it takes a button or a command to go on.
func (c condition) waiting() bool { return c.halted&(haltRecovery|haltMacro) != 0 }

// on is b where is holds.
func on(b byte, is bool) byte {
	if is {
		return b
	}
	return 0
}

// realTime is the answer to DLE EOT n.
func (c condition) realTime(n int) byte {
	switch n {
	case 1:
		return 0x12 | on(0x04, c.pin3) | on(0x08, c.offline()) | on(0x20, c.waiting()) | on(0x40, c.button)
	case 2:
		return 0x12 | on(0x04, c.cover) | on(0x08, c.feeding) | on(0x20, c.halted&(haltPaper|haltNearEnd) != 0) | on(0x40, c.fault != 0)
	case 3:
		return 0x12 | on(0x04, c.fault&faultRecoverable != 0) | on(0x08, c.fault&faultCutter != 0) | on(0x20, c.fault&faultFatal != 0) | on(0x40, c.fault&faultAuto != 0)
	default:
		return 0x12 | on(0x0C, c.nearEnd) | on(0x60, c.end)
	}
}

// asb is the frame of automatic status back.
func (c condition) asb() escpos.ASB {
	return escpos.ASB{
		0x10 | on(0x04, c.pin3) | on(0x08, c.offline()) | on(0x20, c.cover) | on(0x40, c.feeding),
		on(0x01, c.waiting()) | on(0x02, c.button) | on(0x04, c.fault&faultRecoverable != 0) | on(0x08, c.fault&faultCutter != 0) | on(0x20, c.fault&faultFatal != 0) | on(0x40, c.fault&faultAuto != 0),
		c.paperStatus(),
		0x00,
	}
}

// asbMask is the part of an ASB frame that the mask n of GS a watches.
func asbMask(n byte, sensorsStop bool) (m escpos.ASB) {
	if n&0x01 != 0 {
		m[0] |= 0x04
	}
	if n&0x02 != 0 {
		m[0] |= 0x08 | 0x20 | 0x40
		m[1] |= 0x01
		if sensorsStop {
			m[2] |= 0x03
		}
	}
	if n&0x04 != 0 {
		m[1] |= 0x04 | 0x08 | 0x20 | 0x40
	}
	if n&0x08 != 0 {
		m[2] |= 0x0F
	}
	if n&0x40 != 0 {
		m[1] |= 0x02
	}
	return m
}

// paperStatus is the answer to GS r 1, and the third byte of an ASB frame.
func (c condition) paperStatus() byte { return on(0x03, c.nearEnd) | on(0x0C, c.end) }

// drawerStatus is the answer to GS r 2.
func (c condition) drawerStatus() byte { return on(0x01, c.pin3) }

// offlineResponse is the block of GS ( H fn 49, with or without its cause
// bytes. Epson leaves their layout to the model; this is the TM-L90's.
func (c condition) offlineResponse(causes bool) []byte {
	b := []byte{escpos.HeaderFunction, escpos.FunctionOfflineResponse}
	if causes {
		b = append(b, 0x40, 0x40, 0x40,
			0x40|on(0x01, c.fault&faultCutter != 0)|on(0x02, c.cover),
			0x40|on(0x01, c.end))
	}
	return append(b, 0)
}
