package virtual

import (
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// realTime acts on a real-time command. It is called at reception, so it
// must not execute anything else.
func (p *Printer) realTime(cmd escpos.RealTimeCommand) {
	a := cmd.Args
	switch cmd.Kind {
	case escpos.RealTimeStatus:
		if n := int(a[0]); n <= 4 && has(p.pers.RealTime, n) {
			p.reply(p.condition.realTime(n))
		}
	case escpos.RealTimeRequest:
		if has(p.pers.Recovery, int(a[0])) {
			p.recover(int(a[0]))
		}
	case escpos.RealTimePulse:
		if has(p.pers.Functions, 1) && !p.noPulse && p.fault == 0 {
			t := time.Duration(a[1]) * 100 * time.Millisecond
			p.pulse(a[0], t, t)
		}
	case escpos.RealTimePowerOff:
		if has(p.pers.Functions, 2) && p.powerDown {
			p.reply(escpos.HeaderPowerNotice, 0x30, 0)
			p.halted |= haltPower
		}
	case escpos.RealTimeBuzzer:
		if has(p.pers.Functions, 3) && a[0] == 0 {
			p.reply(escpos.HeaderFunction, 0x54, 0x40, 0) // the buzzer has stopped
		}
	case escpos.RealTimeTransmit:
		p.transmit(int(a[0]))
	case escpos.RealTimeClear:
		if has(p.pers.Functions, 8) {
			p.clear()
			p.clearFault(faultRecoverable | faultCutter)
			p.reply(escpos.HeaderFunction, escpos.FunctionBufferCleared, 0)
		}
	}
}

// transmit is DLE DC4 fn 7.
func (p *Printer) transmit(m int) {
	if !has(p.pers.Functions, 7) {
		return
	}
	switch m {
	case 1:
		f := p.condition.asb()
		p.reply(f[:]...)
	case 4:
		if p.halted != 0 {
			p.reply(p.condition.offlineResponse(true)...)
		}
	}
}

func has(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

// recover is DLE ENQ n.
func (p *Printer) recover(n int) {
	if n == 0 {
		p.halted &^= haltRecovery | haltMacro
		return
	}
	if n > 2 || p.fault&(faultRecoverable|faultCutter) == 0 || p.fault&faultFatal != 0 || p.cover {
		return
	}
	if n == 2 {
		p.clear()
	}
	// If the cutter is still jammed, the next attempt finds it so.
	p.clearFault(faultRecoverable | faultCutter)
}

// clear empties the receive buffer and the print buffer, in the middle of a
// command where it must be.
func (p *Printer) clear() {
	p.rx.clear()
	p.full = false
	p.forget()
}

// forget drops everything that waits to be printed. The movement under way,
// if the paper moves, is finished.
func (p *Printer) forget() {
	p.scan.Flush()
	p.pending, p.command = 0, command{}
	p.clearLine()
	p.raster = raster{}
	p.reserved = nil
	p.graphics = bitmap{}
	p.macro = macro{}
	p.blocks = nil
	p.leavePage()
	bottom := p.strip.y
	if p.moving {
		p.ops = p.ops[:1]
		if o := &p.ops[0]; o.kind == opFeed {
			o.n = min(o.n, o.step)
			bottom += o.n
		}
	} else {
		p.ops = p.ops[:0]
	}
	p.strip.erase(bottom)
}
