package escpos

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A printer with NV graphics keeps logos when it is switched off, each under
// a key of two printable ASCII characters. Storing and deleting write memory
// that wears out: Epson advises against more than ten writes a day. Store a
// logo when a printer is set up, not with every receipt.

const (
	maxLogoWidth  = 8192
	maxLogoHeight = 2304
)

var (
	errLogoKey = errors.New("a key is two characters of printable ASCII")
	errNoLogos = errors.New("the printer keeps no logos")
)

// StoreLogo keeps a picture in the printer under a key, in place of what was
// there. Do not do so with every receipt: the memory wears out. Epson: GS (
// L, function 67.
func (d *Document) StoreLogo(key string, img Image) *Document {
	k, err := logoKey(key)
	if err != nil {
		return d.fail(opLogoStore, err)
	}
	return d.image(op{opHead: opHead{kind: opLogoStore},
		m: k << 16}, img)
}

// Logo prints a logo that was stored, where Align says, at w times its width
// and h times its height, 1 or 2 each. If there is none of that key, the
// printer does nothing. Epson: GS ( L, function 69.
func (d *Document) Logo(key string, w, h int) *Document {
	k, err := logoKey(key)
	if err == nil && (w < 1 || w > 2 || h < 1 || h > 2) {
		err = fmt.Errorf("%d × %d times the size; 1 and 2 are possible", w, h)
	}
	if err != nil {
		return d.fail(opLogo, err)
	}
	return d.add(op{opHead: opHead{kind: opLogo, a: uint8(w), b: uint8(h)},
		m: k << 16})
}

// DeleteLogo frees what StoreLogo took. Epson: GS ( L, function 66.
func (d *Document) DeleteLogo(key string) *Document {
	k, err := logoKey(key)
	if err != nil {
		return d.fail(opLogoDelete, err)
	}
	return d.add(op{opHead: opHead{kind: opLogoDelete},
		m: k << 16})
}

// NonvolatileWrites returns how many elements of d write memory that wears
// out, so that a program can ask before it prints them.
func (d *Document) NonvolatileWrites() int {
	n := 0
	for i := range d.ops {
		if k := d.ops[i].kind; k == opLogoStore || k == opLogoDelete {
			n++
		}
	}
	return n
}

func logoKey(key string) (uint32, error) {
	if len(key) != 2 || key[0]-0x20 > 0x7E-0x20 || key[1]-0x20 > 0x7E-0x20 {
		return 0, errLogoKey
	}
	return uint32(key[0]) | uint32(key[1])<<8, nil
}

// key returns the key of a logo.
func (o *op) key() string { return string([]byte{byte(o.m >> 16), byte(o.m >> 24)}) }

// logo encodes an element of logos.
func (e *encoder) logo(o *op) error {
	if !e.p.NVGraphics {
		return errNoLogos
	}
	k1, k2 := byte(o.m>>16), byte(o.m>>24)
	switch o.kind {
	case opLogoDelete:
		e.dst = append(e.dst, gs, '(', 'L', 4, 0, 48, 66, k1, k2)
		return nil
	case opLogo:
		e.block()
		e.dst = append(e.dst, gs, '(', 'L', 6, 0, 48, 69, k1, k2, o.a, o.b)
		return nil
	}
	m := pictures.Get().(*bitmap)
	defer pictures.Put(m)
	e.dots(m, o)
	if m.width > maxLogoWidth || m.height > maxLogoHeight {
		return fmt.Errorf("a logo of %d × %d dots; at most %d × %d are possible", m.width, m.height, maxLogoWidth, maxLogoHeight)
	}
	if e.x > 0 {
		e.newline()
	}
	n := len(m.bits) + 11
	if n > 0xFFFF {
		e.dst = append(e.dst, gs, '8', 'L')
		e.dst = binary.LittleEndian.AppendUint32(e.dst, uint32(n))
	} else {
		e.dst = append(e.dst, gs, '(', 'L', byte(n), byte(n>>8))
	}
	e.dst = append(e.dst, 48, 67, 48, k1, k2, 1, byte(m.width), byte(m.width>>8), byte(m.height), byte(m.height>>8), 49)
	data := len(e.dst)
	e.dst = append(e.dst, m.bits...)
	e.breakRealTime(data)
	return nil
}
