package virtual

import (
	"errors"
	"strconv"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/symbol"
)

// barcode is what GS h, GS w, GS H and GS f set.
type barcode struct {
	height int // dots
	module int // dots
	hri    int // where the text stands: 1 above, 2 below, 3 both
	font   uint8
}

// symbols is what GS ( k sets and stores, until ESC @.
type symbols struct {
	module   [7]int // by cn-48; dots
	pdf      symbol.PDF417Options
	qr       symbol.QROptions
	maxiMode int
	maxWidth int // dots; 0: none
	aztec    symbol.AztecOptions
	matrix   symbol.DataMatrixOptions
	data     [7][]byte
}

func newSymbols() symbols {
	return symbols{module: [7]int{3, 3, 1, 2, 2, 3, 3}}
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
	for i := range items {
		// Bars that are narrower than their text are aligned as it is.
		if it := &items[i]; it.kind == itemBarcode {
			it.x = max(0, items[0].w-it.w, items[len(items)-1].w-it.w) * int32(p.justify) / 2
		}
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
	case 82:
		p.replySymbolSize(cn)
		return
	case 67:
		if n >= 1 && n <= 16 && cn != 2 {
			s.module[cn] = n
		}
		return
	}
	switch cn {
	case 0:
		s.setPDF417(fn, n, a)
	case 1:
		switch {
		case fn == 65 && n == 49:
			s.qr.Model = symbol.QRModel1
		case fn == 65 && n == 50:
			s.qr.Model = symbol.QRModel2
		case fn == 65 && n == 51:
			s.qr.Model = symbol.QRMicro
		case fn == 69 && n >= 48 && n <= 51:
			s.qr.Level = symbol.QRLevel(n - 48)
		}
	case 2:
		if fn == 65 && n >= 50 && n <= 54 {
			s.maxiMode = n - 48
		}
	case 3, 4:
		if fn == 71 && len(a) == 2 {
			s.maxWidth = le(a)
		}
	case 5:
		switch {
		case fn == 66 && len(a) == 2:
			s.aztec.Compact, s.aztec.Layers = n&1 != 0, int(a[1])
		case fn == 69:
			s.aztec.Percent = n
		}
	case 6:
		if fn == 66 && len(a) == 3 {
			s.matrix = symbol.DataMatrixOptions{Rectangular: n&1 != 0, Columns: int(a[1]), Rows: int(a[2])}
		}
	}
}

func (s *symbols) setPDF417(fn byte, n int, a []byte) {
	switch {
	case fn == 65 && n <= 30:
		s.pdf.Columns = n
	case fn == 66 && (n == 0 || n >= 3 && n <= 90):
		s.pdf.Rows = n
	case fn == 68 && n >= 2 && n <= 8:
		s.pdf.RowHeight = n
	case fn == 69 && len(a) == 2 && n == 48 && a[1] >= 48 && a[1] <= 56:
		s.pdf.Level = symbol.PDF417Level0 + symbol.PDF417Level(a[1]-48)
	case fn == 69 && len(a) == 2 && n == 49 && a[1] >= 1 && a[1] <= 40:
		s.pdf.Level, s.pdf.Percent = symbol.PDF417Auto, 10*int(a[1])
	case fn == 70 && n <= 1:
		s.pdf.Truncated = n == 1
	}
}

// printSymbol prints what fn 80 has stored. Data that do not fit are not
// printed, silently.
func (p *Printer) printSymbol(cn int) {
	if len(p.line) > 0 && !p.pageMode {
		return
	}
	m, err := p.encodeSymbol(cn)
	if err != nil {
		return
	}
	module := p.symbols.module[cn]
	w, h := m.Width*module, m.Height*module
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
		n: int32(len(bits) + len(data)), symbol: uint8(m.Kind), mx: int8(module), my: int8(module),
	}}, h)
}

// encodeSymbol makes the modules of a stored symbol.
func (p *Printer) encodeSymbol(cn int) (*symbol.Matrix, error) {
	s := &p.symbols
	data := s.data[cn]
	if len(data) == 0 {
		return nil, errNoData
	}
	switch cn {
	case 0:
		return symbol.EncodePDF417(data, s.pdf)
	case 1:
		return symbol.EncodeQR(data, s.qr)
	case 2:
		return symbol.EncodeMaxiCode(data, symbol.MaxiCodeOptions{Mode: s.maxiMode, Pitch: 0.88 * float64(p.pers.DPI) / 25.4})
	case 3:
		kind, ok := map[byte]symbol.Kind{72: symbol.DataBarStacked, 73: symbol.DataBarStackedOmni, 76: symbol.DataBarExpandedStacked}[data[0]]
		if !ok {
			return nil, errNoData
		}
		columns := 0
		if s.maxWidth > 0 {
			columns = min(max(1, s.maxWidth/s.module[3]/49), 11)
		}
		return symbol.EncodeDataBarStackedNative(kind, data[1:], columns)
	case 5:
		return symbol.EncodeAztec(data, s.aztec)
	case 6:
		return symbol.EncodeDataMatrix(data, s.matrix)
	}
	return nil, errNoData
}

var errNoData = errors.New("no such symbol, or nothing stored")

// replySymbolSize answers fn 82: the size that the symbol would have, and
// whether there is room for it.
func (p *Printer) replySymbolSize(cn int) {
	m, err := p.encodeSymbol(cn)
	if err != nil {
		return
	}
	w, h := m.Width*p.symbols.module[cn], m.Height*p.symbols.module[cn]
	b := strconv.AppendInt([]byte{escpos.HeaderFunction, 0x36}, int64(w), 10)
	b = append(b, 0x1F)
	b = strconv.AppendInt(b, int64(h), 10)
	p.reply(append(b, 0x1F, '1', 0x1F, '0'+on(1, w > p.area()), 0)...)
}
