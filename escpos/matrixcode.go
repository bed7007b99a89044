package escpos

import (
	"errors"
	"fmt"

	"github.com/printerctl/printerctl/escpos/symbol"
)

var errNoData = errors.New("there is no data")

// The settings of symbols, each set by a function of GS ( k.
const (
	setQRModel = iota
	setQRSize
	setQRLevel
	setPDFColumns
	setPDFRows
	setPDFWidth
	setPDFHeight
	setPDFLevel
	setPDFOption
	setMaxiMode
	setDataMatrixSize
	setAztecMode
	setAztecSize
	setAztecLevel
	setDataBarSize
	setDataBarWidth
	symbolSettings
)

// symbolDefaults are the settings after ESC @, in which all printers agree
// (Epson: GS ( k, functions 65 to 70). Where 0 stands, it is always set.
var symbolDefaults = [symbolSettings][2]byte{
	setQRModel:    {50, 0},
	setPDFColumns: {0, 0},
	setPDFRows:    {0, 0},
	setPDFLevel:   {49, 1},
	setPDFOption:  {0, 0},
	setMaxiMode:   {50, 0},
	setAztecMode:  {0, 0},
	setAztecLevel: {23, 0},
}

// setSymbol sends a setting that differs from the last.
func (e *encoder) setSymbol(setting int, cn, fn byte, values ...byte) {
	var v [2]byte
	copy(v[:], values)
	if e.symbols[setting] == v {
		return
	}
	e.symbols[setting] = v
	e.dst = append(append(e.dst, gs, '(', 'k', byte(2+len(values)), 0, cn, fn), values...)
}

// fits checks the width of a symbol.
func fits(modules, size, room int) error {
	if dots := modules * size; dots > room {
		return fmt.Errorf("%w: %d modules of %d dots are %d of %d", errTooWide, modules, size, dots, room)
	}
	return nil
}

// storeSymbol stores the data of a symbol and prints it. Epson: GS ( k,
// functions 80 and 81.
func (e *encoder) storeSymbol(cn byte, data []byte) {
	n := len(data) + 3
	e.dst = append(e.dst, gs, '(', 'k', byte(n), byte(n>>8), cn, 80, 48)
	e.dst = append(e.dst, data...)
	e.dst = append(e.dst, gs, '(', 'k', 3, 0, cn, 81, 48)
	e.dirty = true
}

// matrixCode prints a two-dimensional symbol.
func (e *encoder) matrixCode(o *op) error {
	if o.kind == opQR {
		return e.qr(o)
	}
	width, size := int(o.m&0xFFFF), o.size()
	data := e.arena[o.off : o.off+o.n]
	if !e.p.hasSymbol(o.kind) || ContainsRealTime(data) >= 0 {
		m, err := o.drawn(data, e.p.DPI)
		if err != nil {
			return err
		}
		return e.drawMatrix(m, size, size)
	}
	if err := fits(width, size, e.lineDots()); err != nil {
		return err
	}
	e.block()
	switch o.kind {
	case opPDF417:
		e.setSymbol(setPDFColumns, 48, 65, o.a)
		e.setSymbol(setPDFRows, 48, 66, o.b)
		e.setSymbol(setPDFWidth, 48, 67, byte(size))
		e.setSymbol(setPDFHeight, 48, 68, byte(o.m>>20&15))
		if level := o.c & 15; level > 0 {
			e.setSymbol(setPDFLevel, 48, 69, 48, 47+level)
		} else {
			e.setSymbol(setPDFLevel, 48, 69, 49, byte(o.m>>24))
		}
		e.setSymbol(setPDFOption, 48, 70, o.c>>7)
		e.storeSymbol(48, data)
	case opMaxiCode:
		e.setSymbol(setMaxiMode, 50, 65, 48+o.a)
		e.storeSymbol(50, data)
	case opDataMatrix:
		e.setDataMatrix(o)
		e.setSymbol(setDataMatrixSize, 54, 67, byte(size))
		e.storeSymbol(54, data)
	case opAztec:
		e.setSymbol(setAztecMode, 53, 66, o.c>>7, o.a)
		e.setSymbol(setAztecSize, 53, 67, byte(size))
		e.setSymbol(setAztecLevel, 53, 69, o.b)
		e.storeSymbol(53, data)
	case opDataBarStacked:
		e.setSymbol(setDataBarSize, 51, 67, byte(size))
		if o.a == stackedExpanded {
			e.setSymbol(setDataBarWidth, 51, 71, byte(width*size), byte(width*size>>8))
		}
		return e.storeStacked(o, data)
	}
	return nil
}

// size returns the dots of a module.
func (o *op) size() int {
	if o.kind == opPDF417 {
		return int(o.m >> 16 & 15)
	}
	return int(o.c & 31)
}

// drawn makes the modules of a symbol, or the dots, if those depend on how
// many there are to the inch.
func (o *op) drawn(data []byte, dpi int) (*symbol.Matrix, error) {
	switch o.kind {
	case opPDF417:
		return symbol.EncodePDF417(data, o.pdf417Options())
	case opMaxiCode:
		return symbol.EncodeMaxiCode(data, symbol.MaxiCodeOptions{Mode: int(o.a), Pitch: maxiPitch * float64(dpi) / 25.4})
	case opAztec:
		return symbol.EncodeAztec(data, symbol.AztecOptions{Compact: o.c>>7 != 0, Layers: int(o.a), Percent: int(o.b)})
	case opDataBarStacked:
		return symbol.EncodeDataBarStacked(stackedKinds[o.a], string(data), int(o.b))
	default:
		return symbol.EncodeDataMatrix(data, symbol.DataMatrixOptions{Rectangular: o.c>>7 != 0, Rows: int(o.a), Columns: int(o.b)})
	}
}

// matrix adds a symbol that the package symbol can draw: this is how its data
// are checked.
func (d *Document) matrix(o op, data string) *Document {
	if !d.room(len(data)) {
		return d.fail(o.kind, errTooLarge)
	}
	off := len(d.arena)
	m, err := o.drawn([]byte(data), 203)
	if err != nil {
		return d.fail(o.kind, err)
	}
	if o.kind == opDataMatrix && o.c>>7 != 0 {
		o.a, o.b = uint8(m.Height), uint8(m.Width) // printers are told the shape of a rectangle
	}
	d.arena = append(d.arena, data...)
	o.off, o.n = uint32(off), uint32(len(data))
	o.m |= uint32(m.Width)
	return d.add(o)
}

// moduleSize checks the size of a module.
func moduleSize(size *int, low, high, standard int) error {
	if *size == 0 {
		*size = standard
	}
	if *size < low || *size > high {
		return fmt.Errorf("modules of %d dots; %d to %d are possible", *size, low, high)
	}
	return nil
}

// PDF417 is a stack of rows. The zero values leave its shape to the data.
type PDF417 struct {
	Data      string // any bytes
	Columns   int    // 1 to 30; 0: as the data need
	Rows      int    // 3 to 90; 0: as the data need
	Size      int    // width of a module, 2 to 8 dots; 0 means 3
	RowHeight int    // modules, 2 to 8; 0 means 3
	// Level of error correction, 1 to 8. 0 is by Percent: check words as a
	// share of the data, 10 to 400 %, of which 0 means 10.
	Level     int
	Percent   int
	Truncated bool
}

// PDF417 prints a PDF417 symbol, on lines of its own, where Align says. On a
// printer that has none it is drawn. Epson: GS ( k, cn = 48.
func (d *Document) PDF417(p PDF417) *Document {
	if p.RowHeight == 0 {
		p.RowHeight = 3
	}
	if p.Percent == 0 {
		p.Percent = 10
	}
	if err := moduleSize(&p.Size, 2, 8, 3); err != nil {
		return d.fail(opPDF417, err)
	}
	switch {
	case p.Columns < 0 || p.Columns > 30:
		return d.fail(opPDF417, fmt.Errorf("%d columns; 0 to 30 are possible", p.Columns))
	case p.Rows < 0 || p.Rows > 90 || p.Rows == 1 || p.Rows == 2:
		return d.fail(opPDF417, fmt.Errorf("%d rows; 0 and 3 to 90 are possible", p.Rows))
	case p.RowHeight < 2 || p.RowHeight > 8:
		return d.fail(opPDF417, fmt.Errorf("rows of %d modules; 2 to 8 are possible", p.RowHeight))
	case p.Level < 0 || p.Level > 8:
		return d.fail(opPDF417, fmt.Errorf("level %d; 0 to 8 are possible", p.Level))
	case p.Percent < 10 || p.Percent > 400 || p.Percent%10 != 0:
		return d.fail(opPDF417, fmt.Errorf("%d %% of check words; tens from 10 to 400 are possible", p.Percent))
	}
	level := uint8(0)
	if p.Level > 0 {
		level = uint8(p.Level) + 1 // as symbol.PDF417Level counts
	}
	return d.matrix(op{opHead: opHead{kind: opPDF417, a: uint8(p.Columns), b: uint8(p.Rows), c: level | flag(p.Truncated)<<7},
		m: uint32(p.Size)<<16 | uint32(p.RowHeight)<<20 | uint32(p.Percent/10)<<24}, p.Data)
}

func (o *op) pdf417Options() symbol.PDF417Options {
	return symbol.PDF417Options{
		Columns:   int(o.a),
		Rows:      int(o.b),
		Level:     symbol.PDF417Level(o.c & 15),
		Percent:   int(o.m>>24) * 10,
		Truncated: o.c>>7 != 0,
		RowHeight: int(o.m >> 20 & 15),
	}
}

// pdf417Of is the reverse of Document.PDF417.
func (d *Document) pdf417Of(o *op) PDF417 {
	p := PDF417{Data: d.string(o), Columns: int(o.a), Rows: int(o.b), Size: o.size(),
		RowHeight: int(o.m >> 20 & 15), Percent: int(o.m>>24) * 10, Truncated: o.c>>7 != 0}
	if level := int(o.c & 15); level > 0 {
		p.Level = level - 1
	}
	return p
}

// DataMatrix is a Data Matrix ECC 200.
type DataMatrix struct {
	Data          string // any bytes
	Rectangular   bool
	Rows, Columns int // modules, one of the sizes of the standard; 0: as the data need
	Size          int // of a module, 2 to 16 dots; 0 means 4
}

// DataMatrix prints a Data Matrix symbol, on lines of its own, where Align
// says. On a printer that has none it is drawn. Epson: GS ( k, cn = 54.
func (d *Document) DataMatrix(m DataMatrix) *Document {
	if err := moduleSize(&m.Size, 2, 16, 4); err != nil {
		return d.fail(opDataMatrix, err)
	}
	if m.Rows < 0 || m.Rows > 144 || m.Columns < 0 || m.Columns > 144 {
		return d.fail(opDataMatrix, fmt.Errorf("%d × %d modules; at most 144 × 144 are possible", m.Rows, m.Columns))
	}
	return d.matrix(op{opHead: opHead{kind: opDataMatrix, a: uint8(m.Rows), b: uint8(m.Columns), c: uint8(m.Size) | flag(m.Rectangular)<<7}}, m.Data)
}

// setDataMatrix sends the shape. A square is told by one number twice, a
// rectangle by its rows and columns. Epson: GS ( k, function 66 of cn = 54.
func (e *encoder) setDataMatrix(o *op) {
	v := [3]byte{o.c >> 7, o.a, o.b}
	if v == e.dataMatrix {
		return
	}
	e.dataMatrix = v
	e.dst = append(e.dst, gs, '(', 'k', 5, 0, 54, 66, v[0], v[1], v[2])
}

// dataMatrixOf is the reverse of Document.DataMatrix.
func (d *Document) dataMatrixOf(o *op) DataMatrix {
	return DataMatrix{Data: d.string(o), Rectangular: o.c>>7 != 0, Rows: int(o.a), Columns: int(o.b), Size: o.size()}
}

// MaxiCode is a symbol of one size, 28 × 27 mm.
type MaxiCode struct {
	// Data is any bytes in modes 4 to 6. In modes 2 and 3, for parcels, it is
	// postal code, country, service class and message, with a GS (1D) behind
	// each of the first three.
	Data string
	Mode int // 2 to 6; 0 means 4
}

// maxiPitch is the distance of two modules, in mm (ISO/IEC 16023).
const maxiPitch = 0.88

// MaxiCode prints a MaxiCode, on lines of its own, where Align says. On a
// printer that has none it is drawn. Epson: GS ( k, cn = 50.
func (d *Document) MaxiCode(m MaxiCode) *Document {
	if m.Mode == 0 {
		m.Mode = 4
	}
	if m.Mode < 2 || m.Mode > 6 {
		return d.fail(opMaxiCode, fmt.Errorf("mode %d; 2 to 6 are possible", m.Mode))
	}
	return d.matrix(op{opHead: opHead{kind: opMaxiCode, a: uint8(m.Mode), c: 1}}, m.Data)
}

// maxiCodeOf is the reverse of Document.MaxiCode.
func (d *Document) maxiCodeOf(o *op) MaxiCode { return MaxiCode{Data: d.string(o), Mode: int(o.a)} }

// Aztec is an Aztec Code.
type Aztec struct {
	Data    string // any bytes
	Compact bool   // with a smaller bull's eye
	Layers  int    // 1 to 32, if compact to 4; 0: as the data need
	Percent int    // of check words at least, 5 to 95; 0 means 23
	Size    int    // of a module, 2 to 16 dots; 0 means 4
}

// Aztec prints an Aztec Code, on lines of its own, where Align says. On a
// printer that has none it is drawn. Epson: GS ( k, cn = 53.
func (d *Document) Aztec(a Aztec) *Document {
	if err := moduleSize(&a.Size, 2, 16, 4); err != nil {
		return d.fail(opAztec, err)
	}
	if a.Percent == 0 {
		a.Percent = 23
	}
	switch {
	case a.Layers < 0 || a.Layers > 32 || a.Compact && a.Layers > 4:
		return d.fail(opAztec, fmt.Errorf("%d layers; 1 to 32 are possible, if compact 1 to 4, or 0", a.Layers))
	case a.Percent < 5 || a.Percent > 95:
		return d.fail(opAztec, fmt.Errorf("%d %% of check words; 5 to 95 are possible", a.Percent))
	}
	return d.matrix(op{opHead: opHead{kind: opAztec, a: uint8(a.Layers), b: uint8(a.Percent), c: uint8(a.Size) | flag(a.Compact)<<7}}, a.Data)
}

// aztecOf is the reverse of Document.Aztec.
func (d *Document) aztecOf(o *op) Aztec {
	return Aztec{Data: d.string(o), Compact: o.c>>7 != 0, Layers: int(o.a), Percent: int(o.b), Size: o.size()}
}

// StackedDataBar is a GS1 DataBar of two or more rows.
type StackedDataBar struct {
	Kind StackedKind
	// Data is 13 or 14 digits, or for Expanded element strings with their
	// application identifiers in parentheses.
	Data    string
	Columns int // of Expanded: pairs of characters in a row, 1 to 11; 0 means 2
	Size    int // of a module, 2 to 8 dots; 0 means 3
}

// StackedKind is a form of a StackedDataBar.
type StackedKind uint8

// The forms.
const (
	Stacked StackedKind = iota
	StackedOmni
	StackedExpanded
)

const stackedExpanded = uint8(StackedExpanded)

var (
	stackedNames = [...]string{"stacked", "omnidirectional", "expanded"}
	stackedKinds = [...]symbol.Kind{symbol.DataBarStacked, symbol.DataBarStackedOmni, symbol.DataBarExpandedStacked}
)

// StackedDataBar prints a GS1 DataBar of two or more rows, on lines of its
// own, where Align says. On a printer that has none it is drawn. Epson: GS (
// k, cn = 51.
func (d *Document) StackedDataBar(s StackedDataBar) *Document {
	if err := moduleSize(&s.Size, 2, 8, 3); err != nil {
		return d.fail(opDataBarStacked, err)
	}
	if s.Columns == 0 {
		s.Columns = 2
	}
	switch {
	case int(s.Kind) >= len(stackedNames):
		return d.fail(opDataBarStacked, fmt.Errorf("there is no form %d", s.Kind))
	case s.Columns < 1 || s.Columns > 11:
		return d.fail(opDataBarStacked, fmt.Errorf("%d columns; 1 to 11 are possible", s.Columns))
	}
	if _, err := symbol.AppendNative(nil, stackedKinds[s.Kind], s.Data); err != nil {
		return d.fail(opDataBarStacked, err)
	}
	return d.matrix(op{opHead: opHead{kind: opDataBarStacked, a: uint8(s.Kind), b: uint8(s.Columns), c: uint8(s.Size)}}, s.Data)
}

// storeStacked is storeSymbol with the form of a stacked GS1 DataBar.
func (e *encoder) storeStacked(o *op, data []byte) error {
	var buf [256]byte
	native, err := symbol.AppendNative(buf[:0], stackedKinds[o.a], string(data))
	if err != nil {
		return err
	}
	n := len(native) + 4
	form := [...]byte{72, 73, 76}[o.a]
	e.dst = append(e.dst, gs, '(', 'k', byte(n), byte(n>>8), 51, 80, 48, form)
	e.dst = append(e.dst, native...)
	e.dst = append(e.dst, gs, '(', 'k', 3, 0, 51, 81, 48)
	e.dirty = true
	return nil
}

// stackedOf is the reverse of Document.StackedDataBar.
func (d *Document) stackedOf(o *op) StackedDataBar {
	return StackedDataBar{Kind: StackedKind(o.a), Data: d.string(o), Columns: int(o.b), Size: o.size()}
}
