package escpos

import (
	"fmt"
	"time"
)

// Feed ends the line, if one is open, and feeds n blank lines more, 0 to 255.
// Epson: ESC d.
func (d *Document) Feed(lines int) *Document {
	if lines < 0 || lines > 255 {
		return d.fail(opFeed, fmt.Errorf("%d lines; 0 to 255 are possible", lines))
	}
	return d.add(op{opHead: opHead{kind: opFeed, a: uint8(lines)}})
}

// FeedDots ends the line, if one is open, and feeds n dots more, 0 to 65535.
// Epson: ESC J.
func (d *Document) FeedDots(n int) *Document {
	if n < 0 || n > 0xFFFF {
		return d.fail(opFeedDots, fmt.Errorf("%d dots; 0 to 65535 are possible", n))
	}
	return d.add(op{opHead: opHead{kind: opFeedDots},
		m: uint32(n)})
}

// CutMode says how the paper is cut.
type CutMode uint8

// The ways to cut. A cutter that can do only one of them does that.
const (
	CutPartial CutMode = iota // one point is left uncut
	CutFull
)

var cutNames = [...]string{"partial", "full"}

// String returns "partial" or "full".
func (c CutMode) String() string { return nameOf(cutNames[:], int(c)) }

// Cut ends the line, if one is open, feeds what was printed to the cutter,
// and cuts. A printer without a cutter feeds to the tear bar. Epson: GS V.
func (d *Document) Cut(mode CutMode) *Document { return d.CutFeed(mode, 0) }

// CutFeed is Cut with 0 to 255 dots of blank paper below what was printed.
func (d *Document) CutFeed(mode CutMode, dots int) *Document {
	if int(mode) >= len(cutNames) {
		return d.fail(opCut, fmt.Errorf("there is no cut %d", mode))
	}
	if dots < 0 || dots > 255 {
		return d.fail(opCut, fmt.Errorf("%d dots of feed; 0 to 255 are possible", dots))
	}
	return d.add(op{opHead: opHead{kind: opCut, a: uint8(mode), b: uint8(dots)}})
}

// Drawer opens the cash drawer that is wired to connector pin 2 or 5, by a
// pulse of length on and a pause of length off after it. Both are rounded to
// 2 ms; on is 2 to 510 ms, off at most 510 ms. Zero means 50 ms on and the
// longest pause.
//
// A solenoid may be powered for a fifth of the time at most (Citizen,
// CT-S2000 command reference, ESC p): off must be four times on. Epson:
// ESC p.
func (d *Document) Drawer(pin int, on, off time.Duration) *Document {
	const unit = 2 * time.Millisecond
	if on == 0 {
		on = 25 * unit
	}
	if off == 0 {
		off = 255 * unit
	}
	t1, t2 := (on+unit/2)/unit, (off+unit/2)/unit
	switch {
	case pin != 2 && pin != 5:
		return d.fail(opDrawer, fmt.Errorf("pin %d; drawers are wired to pin 2 or pin 5", pin))
	case on < 0 || t1 < 1 || t1 > 255:
		return d.fail(opDrawer, fmt.Errorf("a pulse of %v; 2 to 510 ms are possible", on))
	case off < 0 || t2 > 255:
		return d.fail(opDrawer, fmt.Errorf("a pause of %v; at most 510 ms are possible", off))
	case t2 < 4*t1:
		return d.fail(opDrawer, fmt.Errorf("%v on and %v off would overheat the solenoid; off must be four times on", on, off))
	}
	return d.add(op{opHead: opHead{kind: opDrawer, a: uint8(pin), b: uint8(t1), c: uint8(t2)}})
}

// Raw sends bytes as they are, for commands that this package does not know.
// This is the only door by which foreign bytes become commands. What they
// set, they must also put back, as far as later elements depend on it: it is
// not tracked. The document then ends with ESC @.
func (d *Document) Raw(b []byte) *Document {
	if !d.room(len(b)) {
		return d.fail(opRaw, errTooLarge)
	}
	off := len(d.arena)
	d.arena = append(d.arena, b...)
	return d.add(op{opHead: opHead{kind: opRaw},
		off: uint32(off), n: uint32(len(b))})
}

// The commands that sound a buzzer, as profiles name them.
const (
	buzzerEpson = "esc-(-a-97" // Epson: ESC ( A, function 97
	buzzerBEL   = "esc-bel"    // ESC BEL: length, pause and count (BP-003 manual, p. 46)
	buzzerESCB  = "esc-b"      // ESC B: count and length, as many small printers have it
)

var buzzers = []string{buzzerEpson, buzzerBEL, buzzerESCB}

// Buzzer sounds the buzzer 1 to 9 times, for a length of 100 ms to 900 ms
// each, rounded to 100 ms. A printer without one, by its profile, skips it.
func (d *Document) Buzzer(times int, length time.Duration) *Document {
	if times < 1 || times > 9 {
		return d.fail(opBuzzer, fmt.Errorf("%d times; 1 to 9 are possible", times))
	}
	tenths := (length + 50*time.Millisecond) / (100 * time.Millisecond)
	if tenths < 1 || tenths > 9 {
		return d.fail(opBuzzer, fmt.Errorf("a length of %v; 100 to 900 ms are possible", length))
	}
	return d.add(op{opHead: opHead{kind: opBuzzer, a: uint8(times), b: uint8(tenths)}})
}

func (e *encoder) buzzer(o *op) {
	switch e.p.Buzzer {
	case buzzerEpson:
		e.dst = append(e.dst, esc, '(', 'A', 5, 0, 97, 100, o.a, o.b, o.b)
	case buzzerBEL:
		e.dst = append(e.dst, esc, 7, o.b, o.b, o.a)
	case buzzerESCB:
		e.dst = append(e.dst, esc, 'B', o.a, 2*o.b) // units of 50 ms
	}
}

// MaxTabs is how many tab stops there can be.
const MaxTabs = 32

// Tabs sets the stops that a tab in text moves to, in cells from the left
// margin, ascending. Behind the last one, as without any, there is a stop
// every eight cells.
func (d *Document) Tabs(stops ...int) *Document {
	if len(stops) > MaxTabs {
		return d.fail(opTabs, fmt.Errorf("%d stops; at most %d are possible", len(stops), MaxTabs))
	}
	last := 0
	for _, s := range stops {
		if s <= last || s > 255 {
			return d.fail(opTabs, fmt.Errorf("a stop at %d; they ascend from 1 to 255", s))
		}
		last = s
	}
	if !d.room(len(stops)) {
		return d.fail(opTabs, errTooLarge)
	}
	off := len(d.arena)
	for _, s := range stops {
		d.arena = append(d.arena, byte(s))
	}
	return d.add(op{opHead: opHead{kind: opTabs},
		off: uint32(off), n: uint32(len(stops))})
}
