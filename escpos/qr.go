package escpos

import (
	"fmt"

	"github.com/printerctl/printerctl/escpos/symbol"
)

// QRModel is one of the three forms of QR Code. The zero value is model 2,
// which everyone reads.
type QRModel = symbol.QRModel

// The models.
const (
	QRModel2 = symbol.QRModel2
	QRModel1 = symbol.QRModel1
	QRMicro  = symbol.QRMicro
)

// QRLevel is how much of a QR Code may be lost: about 7, 15, 25 or 30 %.
type QRLevel = symbol.QRLevel

// The levels.
const (
	QRLevelL = symbol.QRLevelL
	QRLevelM = symbol.QRLevelM
	QRLevelQ = symbol.QRLevelQ
	QRLevelH = symbol.QRLevelH
)

var (
	// As JSON has them.
	qrModelNames = [...]string{"2", "1", "micro"}
	qrLevelNames = [...]string{"L", "M", "Q", "H"}
)

// QR is a QR Code.
type QR struct {
	Data  string // any bytes
	Model QRModel
	Level QRLevel
	// Size of a module, 1 to 16 dots. 0 means 6, or as many as the paper is
	// wide for.
	Size int
}

const qrSize = 6

// QR prints a QR Code, on a line of its own, where Align says. On a printer
// that has none it is drawn. Four modules of quiet zone are a matter of the
// layout. Epson: GS ( k, cn = 49.
func (d *Document) QR(q QR) *Document {
	switch {
	case q.Size < 0 || q.Size > 16:
		return d.fail(opQR, fmt.Errorf("modules of %d dots; 1 to 16 are possible", q.Size))
	case int(q.Model) >= len(qrModelNames):
		return d.fail(opQR, fmt.Errorf("there is no model %d", q.Model))
	case int(q.Level) >= len(qrLevelNames):
		return d.fail(opQR, fmt.Errorf("there is no level %d", q.Level))
	case q.Data == "":
		return d.fail(opQR, errNoData)
	case !d.room(len(q.Data)):
		return d.fail(opQR, errTooLarge)
	}
	off := len(d.arena)
	d.arena = append(d.arena, q.Data...)
	opt := symbol.QROptions{Model: q.Model, Level: q.Level}
	modules, ok := symbol.QRSize(d.arena[off:], opt)
	if !ok {
		// In several modes it may still fit. Printers differ in whether they
		// know how, so it is drawn.
		m, err := symbol.EncodeQR(d.arena[off:], opt)
		if err != nil {
			d.arena = d.arena[:off]
			return d.fail(opQR, err)
		}
		modules = m.Width | drawnOnly
	}
	return d.add(op{opHead: opHead{kind: opQR, a: uint8(q.Model), b: uint8(q.Size), c: uint8(q.Level)},
		off: uint32(off), n: uint32(len(q.Data)), m: uint32(modules)})
}

// drawnOnly marks, in op.m, a symbol that printers may not manage by
// themselves.
const drawnOnly = 1 << 16

// qrOf is the reverse of Document.QR.
func (d *Document) qrOf(o *op) QR {
	return QR{Data: d.string(o), Model: QRModel(o.a), Size: int(o.b), Level: QRLevel(o.c)}
}

// qr prints a QR Code, natively or drawn.
func (e *encoder) qr(o *op) error {
	data := e.arena[o.off : o.off+o.n]
	native := o.m&drawnOnly == 0 && e.p.hasSymbol(opQR) && (QRModel(o.a) == QRModel2 || e.p.qrModels>>o.a&1 != 0) &&
		ContainsRealTime(data) < 0
	room := e.lineDots()
	if !native {
		room = e.imageDots()
	}
	modules, size := int(o.m&^drawnOnly), int(o.b)
	if size == 0 {
		size = max(1, min(qrSize, room/modules))
	}
	if !native {
		m, err := symbol.EncodeQR(data, symbol.QROptions{Model: QRModel(o.a), Level: QRLevel(o.c)})
		if err != nil {
			return err
		}
		return e.drawMatrix(m, size, size)
	}
	if err := fits(modules, size, room); err != nil {
		return err
	}
	e.block()
	e.setSymbol(setQRModel, 49, 65, [...]byte{50, 49, 51}[o.a], 0)
	e.setSymbol(setQRSize, 49, 67, byte(size))
	e.setSymbol(setQRLevel, 49, 69, o.c+48)
	e.storeSymbol(49, data)
	return nil
}
