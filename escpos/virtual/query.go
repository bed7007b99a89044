package virtual

import (
	"strconv"

	"github.com/printerctl/printerctl/escpos"
)

// replyByte answers GS r and its like, if the printer has them.
func (p *Printer) replyByte(b byte) {
	if p.pers.PaperStatus {
		p.reply(b)
	}
}

// identify is GS I n.
func (p *Printer) identify(n byte) {
	v := int(n)
	if v >= '1' && v <= '3' {
		v -= '0'
	}
	if !has(p.pers.Info, v) {
		return
	}
	text := func(s string) { p.reply(append(append([]byte{escpos.HeaderInfoB}, s...), 0)...) }
	switch v {
	case 1:
		p.reply(p.pers.ModelID)
	case 2:
		p.reply(on(0x01, p.pers.KanjiSet != "") | on(0x02, p.pers.Cutter))
	case 3:
		p.reply(p.pers.ROMVersion &^ 0x90)
	case 65:
		text(p.pers.Firmware)
	case 66:
		text(p.pers.Maker)
	case 67:
		text(p.pers.Model)
	case 68:
		text(p.pers.Serial)
	case 69:
		text(p.pers.FontName)
	}
}

// counters are the maintenance counters. They survive power-off.
type counters struct {
	lines, dots, cuts int64
	since             counterBase // what GS g 0 has set to zero
}

type counterBase struct{ lines, dots, cuts int64 }

// maintenance is GS g 0 and GS g 2.
func (p *Printer) maintenance(h []byte) {
	if !p.pers.Counters || len(h) < 6 {
		return
	}
	c := &p.counters
	n := le(h[4:])
	var value *int64
	var base *int64
	switch n {
	case 20, 148:
		value, base = &c.lines, &c.since.lines
	case 21, 149:
		value, base = &c.dots, &c.since.dots
	case 50, 178:
		value, base = &c.cuts, &c.since.cuts
	case 70, 198:
		value, base = new(int64), new(int64)
	default:
		return
	}
	switch h[2] {
	case '0':
		if n < 128 {
			*base = *value
		}
	case '2':
		v := *value
		if n < 128 {
			v -= *base
		}
		b := strconv.AppendInt([]byte{escpos.HeaderInfoB}, v, 10)
		p.reply(append(b, 0)...)
	}
}
