package virtual

import "time"

// macro is a sequence of bytes that GS : records and GS ^ plays.
type macro struct {
	bytes    []byte
	defining bool
	run      []byte // what is left to be executed
}

// maxMacro is how long a macro can be, in bytes (Epson ESC/POS, GS :).
const maxMacro = 2048

// record adds what has been executed to the macro. A macro that grows too
// long is given up.
func (m *macro) record(b []byte) {
	if len(m.bytes)+len(b) > maxMacro {
		m.bytes, m.defining = nil, false
		return
	}
	m.bytes = append(m.bytes, b...)
}

// defineMacro is GS :, which begins and ends a definition.
func (p *Printer) defineMacro() {
	m := &p.macro
	if len(m.run) > 0 {
		return
	}
	if m.defining {
		m.defining = false
		m.bytes = m.bytes[:max(0, len(m.bytes)-2)] // GS : itself
		return
	}
	m.bytes = m.bytes[:0]
	m.defining = true
}

// runMacro is GS ^. Before each round it waits, for a time, or for the FEED
// button.
func (p *Printer) runMacro(rounds int, wait time.Duration, button bool) {
	m := &p.macro
	if m.defining { // ends the definition without a macro
		m.bytes, m.defining = nil, false
		return
	}
	if len(m.bytes) == 0 || len(m.run) > 0 || rounds == 0 {
		return
	}
	for range rounds {
		m.run = append(m.run, m.bytes...)
	}
	if wait > 0 && p.speed > 0 {
		p.ops = append(p.ops, op{kind: opWait, wait: time.Duration(rounds) * wait})
	}
	if button {
		p.halted |= haltMacro
	}
}
