package virtual

import "github.com/printerctl/printerctl/escpos/symbol"

// barcode is what GS h, GS w, GS H and GS f set.
type barcode struct {
	height int // dots
	module int // dots
	hri    int // where the text stands: 1 above, 2 below, 3 both
	font   uint8
}

// symbols is what GS ( k sets and stores, until ESC @.
type symbols struct {
	module  [7]int // by cn-48; dots
	qrModel symbol.QRModel
	qrLevel symbol.QRLevel
	pdf     struct{ columns, rows, rowHeight, level, ratio, truncated int }
	aztec   struct{ compact, layers, percent int }
	matrix  struct{ shape, columns, rows int }
	stacked int
	maxW    int
	data    [7][]byte
}

func newSymbols() symbols {
	s := symbols{module: [7]int{3, 3, 0, 2, 2, 3, 3}}
	s.pdf.rowHeight = 3
	s.pdf.ratio = 1
	s.aztec.percent = 23
	return s
}

// setBarcode executes GS h, GS w, GS H and GS f.
func (p *Printer) setBarcode(which, n byte) {
	b := &p.barcode
	switch which {
	case 'h':
		b.height = max(1, int(n))
	case 'w':
		switch {
		case n >= 2 && n <= 6:
			b.module = int(n)
		case n >= 68 && n <= 76: // in steps of half a dot
			b.module = int(n-64) / 2
		}
	case 'H':
		if v := arg(n); v <= 3 {
			b.hri = v
		}
	case 'f':
		if v := arg(n); v <= 1 {
			b.font = uint8(v)
		}
	}
}

// printBarcode is GS k. What the printer cannot make a bar code of, it does
// not print.
func (p *Printer) printBarcode(m byte, data []byte) {
	if len(p.line) > 0 && !p.pageMode {
		return
	}
	if m < symbol.GSK {
		m += symbol.GSK
	}
	kind := symbol.Kind(m - symbol.GSK)
	if m == 79 { // CODE128 auto
		kind = symbol.Code128
	}
	if !kind.Linear() {
		return
	}
	encode := symbol.EncodeNative
	if m == 79 {
		encode = func(k symbol.Kind, b []byte) (*symbol.Linear, error) { return symbol.Encode(k, string(b)) }
	}
	l, err := encode(kind, data)
	if err != nil {
		return
	}
	b := p.barcode
	w := l.Width(b.module, symbol.Wide(b.module))
	if w > p.area()-p.x {
		p.block(nil, b.height) // too wide: it feeds and prints nothing
		return
	}
	row := make([]byte, (w+7)/8)
	x, dark := 0, true
	for _, e := range l.AppendWidths(nil, b.module, symbol.Wide(b.module)) {
		if dark {
			for i := x; i < x+e; i++ {
				row[i/8] |= 0x80 >> (i % 8)
			}
		}
		x += e
		dark = !dark
	}

	var items []item
	y := 0
	text := []byte(l.Text)
	hri := func() {
		st := style{font: b.font, w: 1, h: 1}
		cw, ch := p.cell(st)
		tw := cw * len(text)
		if len(text) == 0 || tw > p.area() {
			return
		}
		items = append(items, item{
			kind: itemHRI, style: st, x: int32(max(0, (w-tw)/2)), y: int32(y), w: int32(tw), h: int32(ch),
			off: p.hold(text), n: int32(len(text)),
		})
		y += ch
	}
	if b.hri&1 != 0 {
		hri()
	}
	items = append(items, item{
		kind: itemBarcode, y: int32(y), w: int32(w), h: int32(b.height), stride: int32(len(row)),
		off: p.hold(row, []byte(l.Text)), n: int32(len(row) + len(l.Text)), symbol: uint8(kind), mx: 1, my: 1,
	})
	y += b.height
	if b.hri&2 != 0 {
		hri()
	}
	p.block(items, y)
}

// hold appends bytes to the print buffer and returns where they begin.
func (p *Printer) hold(parts ...[]byte) int32 {
	off := len(p.lineBytes)
	for _, b := range parts {
		p.lineBytes = append(p.lineBytes, b...)
	}
	return int32(off)
}

// symbolCommand is GS ( k.
func (p *Printer) symbolCommand(a []byte) {
	if len(a) < 2 || a[0] < 48 || a[0] > 54 {
		return
	}
	cn, fn, a := int(a[0]-48), a[1], a[2:]
	s := &p.symbols
	n := 0
	if len(a) > 0 {
		n = int(a[0])
	}
	switch fn {
	case 80:
		if len(a) > 1 {
			s.data[cn] = append(s.data[cn][:0], a[1:]...)
		}
		return
	case 81:
		p.printSymbol(cn)
		return
	case 67:
		if n >= 1 && n <= 16 {
			s.module[cn] = n
		}
		return
	}
	switch {
	case cn == 0 && fn == 65 && n <= 30:
		s.pdf.columns = n
	case cn == 0 && fn == 66 && (n == 0 || n >= 3 && n <= 90):
		s.pdf.rows = n
	case cn == 0 && fn == 68 && n >= 2 && n <= 8:
		s.pdf.rowHeight = n
	case cn == 0 && fn == 69 && len(a) == 2 && n == 48:
		s.pdf.level, s.pdf.ratio = int(a[1])-48, 0
	case cn == 0 && fn == 69 && len(a) == 2 && n == 49:
		s.pdf.ratio = int(a[1])
	case cn == 0 && fn == 70 && n <= 1:
		s.pdf.truncated = n
	case cn == 1 && fn == 65:
		switch n {
		case 49:
			s.qrModel = symbol.QRModel1
		case 50:
			s.qrModel = symbol.QRModel2
		case 51:
			s.qrModel = symbol.QRMicro
		}
	case cn == 1 && fn == 69 && n >= 48 && n <= 51:
		s.qrLevel = symbol.QRLevel(n - 48)
	case cn == 5 && fn == 66 && len(a) == 2:
		s.aztec.compact, s.aztec.layers = n&1, int(a[1])
	case cn == 5 && fn == 69:
		s.aztec.percent = n
	case cn == 6 && fn == 66 && len(a) == 3:
		s.matrix.shape, s.matrix.columns, s.matrix.rows = n&1, int(a[1]), int(a[2])
	case (cn == 3 || cn == 4) && fn == 71 && len(a) == 2:
		s.maxW = le(a)
	}
}

// printSymbol prints what fn 80 has stored. Data that do not fit are not
// printed, silently.
func (p *Printer) printSymbol(cn int) {
	if len(p.line) > 0 && !p.pageMode {
		return
	}
	m, my := p.encodeSymbol(cn)
	if m == nil {
		return
	}
	module := p.symbols.module[cn]
	w, h := m.Width*module, m.Height*module*my
	if w > p.area()-p.x {
		return
	}
	stride := (m.Width + 7) / 8
	bits := make([]byte, stride*m.Height)
	for y := range m.Height {
		for x := range m.Width {
			if m.At(x, y) {
				bits[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	data := p.symbols.data[cn]
	p.block([]item{{
		kind: itemSymbol, w: int32(w), h: int32(h), stride: int32(stride), off: p.hold(bits, data),
		n: int32(len(bits) + len(data)), symbol: uint8(m.Kind), mx: int8(module), my: int8(module * my),
	}}, h)
}

// encodeSymbol makes the modules of a stored symbol. my is how much taller
// than wide a module is.
func (p *Printer) encodeSymbol(cn int) (m *symbol.Matrix, my int) {
	s := &p.symbols
	data := s.data[cn]
	if len(data) == 0 {
		return nil, 0
	}
	var err error
	switch cn {
	case 1:
		m, err = symbol.EncodeQR(data, symbol.QROptions{Model: s.qrModel, Level: s.qrLevel})
	}
	if err != nil {
		return nil, 0
	}
	return m, 1
}
