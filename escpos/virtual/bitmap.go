package virtual

// A bitmap is an image in the printer's memory: rows of dots, the most
// significant bit left.
type bitmap struct {
	w, h   int
	stride int // bytes a row
	rows   []byte
	mx, my int // magnification; 0 counts as 1
}

// columnsToRows turns an image that comes in columns, of a number of bytes
// each and the most significant bit on top, into rows.
func columnsToRows(data []byte, w, bytes int) bitmap {
	b := bitmap{w: w, h: 8 * bytes, stride: (w + 7) / 8}
	if len(data) < w*bytes {
		return bitmap{}
	}
	b.rows = make([]byte, b.stride*b.h)
	for x := range w {
		for i, v := range data[x*bytes : (x+1)*bytes] {
			for k := 0; v != 0; k++ {
				if v&0x80 != 0 {
					b.rows[(8*i+k)*b.stride+x/8] |= 0x80 >> (x % 8)
				}
				v <<= 1
			}
		}
	}
	return b
}

// printBitmap prints an image from memory; bit 0 of m doubles its width, bit
// 1 its height.
func (p *Printer) printBitmap(b bitmap, m int) {
	if b.rows == nil || m > 3 {
		return
	}
	mx, my := max(1, b.mx)*(1+m&1), max(1, b.my)*(1+m>>1&1)
	if p.pageMode {
		w := min(b.w, max(0, p.area()-p.x)/mx)
		p.block([]item{{
			kind: itemRaster, w: int32(w * mx), h: int32(b.h * my), stride: int32(b.stride),
			off: p.hold(b.rows), n: int32(len(b.rows)), mx: int8(mx), my: int8(my),
		}}, b.h*my)
		return
	}
	if len(p.line) > 0 {
		return
	}
	p.raster.begin(p, b.w, b.stride, b.h, mx, my)
	p.raster.source = b.rows
}

// graphicsCommand is GS ( L and GS 8 L. a begins with m.
func (p *Printer) graphicsCommand(a []byte) {
	if len(a) < 2 || a[0] != 48 {
		return
	}
	fn, a := a[1], a[2:]
	if fn >= 48 && fn <= 52 {
		fn -= 48
	}
	switch fn {
	case 0:
		p.replyNumber(0x30, p.pers.NVMemory)
	case 3:
		p.replyNumber(0x31, p.pers.NVMemory-p.nv.used())
	case 4:
		p.replyNumber(0x32, downloadMemory-used(p.download))
	case 2:
		b := p.graphics
		p.graphics = bitmap{}
		p.printBitmap(b, 0)
	case 112, 113:
		if len(a) >= 8 {
			b := parseBitmap(le(a[4:]), le(a[6:]), a[8:], fn == 113)
			b.mx, b.my = max(1, arg(a[1])), max(1, arg(a[2]))
			if b.mx <= 2 && b.my <= 2 {
				p.graphics = b
			}
		}
	default:
		store, size := &p.nv.graphics, p.pers.NVMemory-p.nv.used()
		answer := byte(0x72)
		if fn >= 80 {
			store, size, fn = &p.download, downloadMemory-used(p.download), fn-16
			answer = 0x73
		}
		p.storedGraphics(store, size, answer, fn, a)
	}
}

const downloadMemory = 128 << 10

// storedGraphics are the functions that NV and download graphics share.
func (p *Printer) storedGraphics(store *map[[2]byte]bitmap, free int, answer, fn byte, a []byte) {
	switch {
	case fn == 64:
		p.replyBlocks(answer, keyList(*store))
	case fn == 65 && string(a) == "CLR":
		*store = nil
	case fn == 66 && len(a) == 2:
		delete(*store, [2]byte(a))
	case (fn == 67 || fn == 68) && len(a) > 9:
		// One colour after the other, each after its number: the first is
		// what this printer prints.
		b := parseBitmap(le(a[4:]), le(a[6:]), a[9:], fn == 68)
		if b.rows == nil || len(b.rows) > free {
			return
		}
		if *store == nil {
			*store = make(map[[2]byte]bitmap)
		}
		(*store)[[2]byte(a[1:3])] = b
	case fn == 69 && len(a) == 4:
		m := on(1, a[2] == 2) | on(2, a[3] == 2)
		p.printBitmap((*store)[[2]byte(a)], int(m))
	}
}

// parseBitmap reads an image of w × h dots in rows, or in columns.
func parseBitmap(w, h int, data []byte, columns bool) bitmap {
	switch {
	case w == 0 || h == 0:
		return bitmap{}
	case columns:
		b := columnsToRows(data, w, (h+7)/8)
		b.h = min(b.h, h)
		return b
	}
	stride := (w + 7) / 8
	if len(data) < stride*h {
		return bitmap{}
	}
	return bitmap{w: w, h: h, stride: stride, rows: append([]byte(nil), data[:stride*h]...)}
}

// defineNVImages is FS q: it replaces all images, and resets the printer.
func (p *Printer) defineNVImages(h, data []byte) {
	p.nv.images = nil
	for range h[2] {
		if len(data) < 4 {
			break
		}
		x, y := le(data), le(data[2:])
		k := 8 * x * y
		if len(data) < 4+k || k > p.pers.NVMemory-p.nv.used() {
			break
		}
		p.nv.images = append(p.nv.images, columnsToRows(data[4:4+k], 8*x, y))
		data = data[4+k:]
	}
	p.reset()
}

// printNVImage is FS p.
func (p *Printer) printNVImage(n, m int) {
	if n >= 1 && n <= len(p.nv.images) {
		p.printBitmap(p.nv.images[n-1], m)
	}
}

// glyphKey names a user-defined character.
type glyphKey struct {
	font uint8
	code byte
}

// defineGlyphs is ESC &.
func (p *Printer) defineGlyphs(h, data []byte) {
	if len(h) < 5 {
		return
	}
	y, from, to := int(h[2]), int(h[3]), int(h[4])
	if y != 3 || from < 0x20 || to > 0x7E {
		return
	}
	for c := from; c <= to && len(data) > 0; c++ {
		x := int(data[0])
		if len(data) < 1+x*y || x > 12 {
			return
		}
		if p.glyphs == nil {
			p.glyphs = make(map[glyphKey]bitmap)
		}
		p.glyphs[glyphKey{p.style.font, byte(c)}] = bitmap{w: x, h: 8 * y, stride: y, rows: append([]byte(nil), data[1:1+x*y]...)}
		data = data[1+x*y:]
	}
}

// userGlyph draws the first character of b, if the user has defined it.
func (p *Printer) userGlyph(b []byte) (n int, drawn bool) {
	g, ok := p.glyphs[glyphKey{p.style.font, b[0]}]
	if !ok {
		return 0, false
	}
	w, h := p.cell(p.style)
	if p.x > 0 && p.x+w > p.area() {
		p.wrap()
		return 0, true
	}
	if len(p.lineBytes)+len(g.rows) <= maxLine {
		p.line = append(p.line, item{
			kind: itemColumns, x: int32(p.x), w: int32(g.w * int(p.style.w)), h: int32(h),
			off: p.hold(g.rows), n: int32(len(g.rows)), stride: int32(g.stride), mx: int8(p.style.w), my: int8(p.style.h),
		})
	}
	p.x += w
	return 1, true
}
