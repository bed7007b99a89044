package virtual

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/printerctl/printerctl/escpos"
)

// memory is what survives power-off.
type memory struct {
	graphics map[[2]byte]bitmap // GS ( L
	images   []bitmap           // FS q
	records  map[[2]byte][]byte // GS ( C
	switches [8]byte            // GS ( E: Msw1 to Msw8
	values   map[byte]int       // GS ( E fn 5
}

// used returns how many bytes are taken.
func (m *memory) used() int {
	n := used(m.graphics)
	for _, b := range m.images {
		n += len(b.rows)
	}
	for _, r := range m.records {
		n += len(r)
	}
	return n
}

func used(m map[[2]byte]bitmap) (n int) {
	for _, b := range m {
		n += len(b.rows)
	}
	return n
}

// keyList returns the keys of m in order, one after the other.
func keyList[V any](m map[[2]byte]V) (list []byte) {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b [2]byte) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	for _, k := range keys {
		list = append(list, k[0], k[1])
	}
	return list
}

// replyNumber sends a function block with a decimal number.
func (p *Printer) replyNumber(id byte, n int) {
	b := strconv.AppendInt([]byte{escpos.HeaderFunction, id}, int64(n), 10)
	p.reply(append(b, 0)...)
}

// userMemory is GS ( C.
func (p *Printer) userMemory(a []byte) {
	if !p.pers.UserSetup || len(a) < 3 || a[0] != 0 {
		return
	}
	fn, a := arg(a[1]), a[3:]
	switch {
	case fn == 0 && len(a) == 2:
		delete(p.nv.records, [2]byte(a))
	case fn == 1 && len(a) > 2:
		if len(a)-2 > p.pers.NVMemory-p.nv.used() {
			return
		}
		if p.nv.records == nil {
			p.nv.records = make(map[[2]byte][]byte)
		}
		p.nv.records[[2]byte(a)] = append([]byte(nil), a[2:]...)
	case fn == 2 && len(a) == 2:
		p.replyBlocks(0x70, p.nv.records[[2]byte(a)])
	case fn == 3:
		n := 0
		for _, r := range p.nv.records {
			n += len(r)
		}
		p.replyNumber(0x28, n)
	case fn == 4:
		p.replyNumber(0x29, p.pers.NVMemory-p.nv.used())
	case fn == 5:
		p.replyBlocks(0x71, keyList(p.nv.records))
	case fn == 6 && string(a) == "CLR":
		p.nv.records = nil
	}
}

// setup is GS ( E. What it stores changes what it reports, and nothing of how
// the printer behaves: that is the personality's.
func (p *Printer) setup(a []byte) {
	if !p.pers.UserSetup || len(a) < 1 {
		return
	}
	fn, a := a[0], a[1:]
	switch {
	case fn == 1 && string(a) == "IN":
		p.userMode = true
		p.reply(escpos.HeaderFunction, 0x20, 0)
	case fn == 2 && string(a) == "OUT":
		if p.userMode {
			p.reset()
		}
	case fn == 3 && p.userMode:
		for ; len(a) >= 9; a = a[9:] {
			if a[0] < 1 || a[0] > 8 {
				continue
			}
			sw := &p.nv.switches[a[0]-1]
			for i, v := range a[1:9] {
				bit := byte(0x80) >> i
				switch v {
				case '0':
					*sw &^= bit
				case '1':
					*sw |= bit
				}
			}
		}
	case fn == 4 && len(a) == 1 && a[0] >= 1 && a[0] <= 8:
		b := []byte{escpos.HeaderFunction, 0x21}
		for i := range 8 {
			b = append(b, '0'+p.nv.switches[a[0]-1]>>(7-i)&1)
		}
		p.reply(append(b, 0)...)
	case fn == 5 && p.userMode:
		for ; len(a) >= 3; a = a[3:] {
			if p.nv.values == nil {
				p.nv.values = make(map[byte]int)
			}
			p.nv.values[a[0]] = le(a[1:])
		}
	case fn == 6 && len(a) == 1:
		b := []byte{escpos.HeaderFunction, 0x27}
		b = strconv.AppendInt(b, int64(a[0]), 10)
		b = append(b, 0x1F)
		b = strconv.AppendInt(b, int64(p.nv.values[a[0]]), 10)
		p.reply(append(b, 0)...)
	}
}
