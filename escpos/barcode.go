package escpos

import (
	"errors"
	"fmt"

	"github.com/printerctl/printerctl/escpos/symbol"
)

// Symbology is a kind of bar code.
type Symbology uint8

// The symbologies, in the order in which GS k numbers them from 65.
const (
	UPCA Symbology = iota
	UPCE
	EAN13
	EAN8
	Code39
	ITF
	Codabar
	Code93
	Code128
	GS1128
	DataBar // GS1 DataBar Omnidirectional
	DataBarTruncated
	DataBarLimited
	DataBarExpanded
)

var symbologyNames = [...]string{
	"upc-a", "upc-e", "ean-13", "ean-8", "code39", "itf", "codabar", "code93", "code128", "gs1-128",
	"databar", "databar-truncated", "databar-limited", "databar-expanded",
}

// String returns the name that profiles and JSON use, such as "ean-13".
func (s Symbology) String() string { return nameOf(symbologyNames[:], int(s)) }

// HRI is where a bar code has its human-readable interpretation.
type HRI uint8

// The places.
const (
	HRINone HRI = iota
	HRIAbove
	HRIBelow
	HRIBoth
)

var hriNames = [...]string{"none", "above", "below", "both"}

// String returns "none", "above", "below" or "both".
func (h HRI) String() string { return nameOf(hriNames[:], int(h)) }

// Barcode is a bar code of one row.
type Barcode struct {
	Symbology Symbology
	// Data is what is encoded. Check digits may be left out, and are
	// verified where they stand: symbol.Check says what each symbology takes.
	// For CODE128 it is text, and the shortest choice of code sets is made.
	Data   string
	Height int  // of the bars, 1 to 255 dots; 0 means 162
	Width  int  // of a module, 2 to 6 dots; 0 means 3
	HRI    HRI  // where the text is, if anywhere
	Font   Font // of the text: A or B
}

// The defaults of a Barcode. Epson: GS h, GS w.
const (
	barcodeHeight = 162
	barcodeWidth  = 3
)

// Barcode prints a bar code, on a line of its own, where Align says. On a
// printer that does not have the symbology it is drawn. The quiet zone beside
// it is a matter of the layout. Epson: GS k.
func (d *Document) Barcode(b Barcode) *Document {
	if b.Height == 0 {
		b.Height = barcodeHeight
	}
	if b.Width == 0 {
		b.Width = barcodeWidth
	}
	switch {
	case int(b.Symbology) >= len(symbologyNames):
		return d.fail(opBarcode, fmt.Errorf("there is no symbology %d", b.Symbology))
	case b.Height < 1 || b.Height > 255:
		return d.fail(opBarcode, fmt.Errorf("bars of %d dots; 1 to 255 are possible", b.Height))
	case b.Width < 2 || b.Width > 6:
		return d.fail(opBarcode, fmt.Errorf("modules of %d dots; 2 to 6 are possible", b.Width))
	case int(b.HRI) >= len(hriNames):
		return d.fail(opBarcode, fmt.Errorf("there is no place %d for the text", b.HRI))
	case b.Font > FontB:
		return d.fail(opBarcode, fmt.Errorf("font %s is not for bar codes", b.Font))
	case len(b.Data) > 255:
		return d.fail(opBarcode, fmt.Errorf("%d bytes of data; at most 255 are possible", len(b.Data)))
	case !d.room(len(b.Data) + 512):
		return d.fail(opBarcode, errTooLarge)
	}
	kind := symbol.Kind(b.Symbology)
	off := len(d.arena)
	d.arena = append(d.arena, b.Data...)
	arena, err := symbol.AppendNative(d.arena, kind, b.Data)
	if err != nil {
		d.arena = d.arena[:off]
		return d.fail(opBarcode, err)
	}
	d.arena = arena
	dots, err := barcodeDots(kind, b)
	if err != nil {
		d.arena = d.arena[:off]
		return d.fail(opBarcode, err)
	}
	return d.add(op{opHead: opHead{kind: opBarcode, a: uint8(b.Symbology), b: uint8(b.Height), c: uint8(b.Width) | uint8(b.HRI)<<3 | uint8(b.Font)<<5},
		off: uint32(off), n: uint32(len(d.arena) - off), m: uint32(len(b.Data))<<16 | uint32(dots)})
}

// barcodeDots returns how wide the bars are.
func barcodeDots(kind symbol.Kind, b Barcode) (int, error) {
	switch kind {
	case symbol.UPCA, symbol.EAN13:
		return 95 * b.Width, nil
	case symbol.EAN8:
		return 67 * b.Width, nil
	case symbol.UPCE:
		return 51 * b.Width, nil
	}
	l, err := symbol.Encode(kind, b.Data)
	if err != nil {
		return 0, err
	}
	return l.Width(b.Width, symbol.Wide(b.Width)), nil
}

// barcodeOf is the reverse of Document.Barcode.
func (d *Document) barcodeOf(o *op) Barcode {
	return Barcode{
		Symbology: Symbology(o.a),
		Data:      string(d.arena[o.off : o.off+o.m>>16]),
		Height:    int(o.b),
		Width:     int(o.c & 7),
		HRI:       HRI(o.c >> 3 & 3),
		Font:      Font(o.c >> 5),
	}
}

var errTooWide = errors.New("wider than the paper")

// barcode prints a bar code, natively or drawn.
func (e *encoder) barcode(o *op) error {
	width, height, hri, font := o.c&7, o.b, o.c>>3&3, o.c>>5
	if dots := int(o.m & 0xFFFF); dots > e.lineDots() {
		return fmt.Errorf("%w: %d dots of %d", errTooWide, dots, e.lineDots())
	}
	native := e.arena[o.off+o.m>>16 : o.off+o.n]
	m := symbol.GSK + o.a
	form := e.p.barcodeForm(Symbology(o.a))
	if form == 0 || ContainsRealTime(native) >= 0 {
		return e.drawBarcode(o)
	}
	e.block()
	if e.barHeight != height {
		e.dst = append(e.dst, gs, 'h', height)
		e.barHeight = height
	}
	if e.barWidth != width {
		e.dst = append(e.dst, gs, 'w', width)
		e.barWidth = width
	}
	if e.barHRI != hri {
		e.dst = append(e.dst, gs, 'H', hri)
		e.barHRI = hri
	}
	if hri != 0 && e.barFont != font {
		e.dst = append(e.dst, gs, 'f', font)
		e.barFont = font
	}
	if form == 'A' {
		e.dst = append(append(append(e.dst, gs, 'k', m-symbol.GSK), native...), 0)
	} else {
		e.dst = append(append(e.dst, gs, 'k', m, byte(len(native))), native...)
	}
	e.dirty = true
	return nil
}
