package symbol

// QRModel is one of the three forms of QR Code.
type QRModel uint8

// The forms. Epson's GS ( k function 165 has 49 for Model 1, 50 for Model 2
// and 51 for Micro QR.
const (
	QRModel2 QRModel = iota // versions 1 to 40; the zero value, what everyone reads
	QRModel1                // the first form, versions 1 to 14
	QRMicro                 // one finder pattern, versions M1 to M4, at most 35 digits
)

// QRLevel is how much of a QR Code may be lost.
type QRLevel uint8

// The levels, as GS ( k function 169 numbers them from 48: about 7, 15, 25 and
// 30 per cent of the codewords can be restored.
const (
	QRLevelL QRLevel = iota
	QRLevelM
	QRLevelQ
	QRLevelH
)

// QROptions choose among the symbols that hold the same data. The zero value
// is a Model 2 symbol of level L, as small as the data allow.
type QROptions struct {
	Model   QRModel
	Level   QRLevel
	Version int // 1 to 40 (Model1 14, Micro 4) at least; 0 is 1
}

// qrVersion is what the standard fixes for a version and level.
type qrVersion struct {
	number int
	size   int // modules on a side
	bits   int // data bits
	blocks int // of data and check words, of two lengths that differ by one
	check  int // check words in each block
	count  [3]int
	mode   int // bits of a mode indicator
	model1 bool
}

// EncodeQR makes a QR Code of bytes, which need not be text (ISO/IEC 18004).
// Digits and capitals among them are packed so that the bits are fewest.
func EncodeQR(data []byte, opt QROptions) (*Matrix, error) {
	last := 40
	switch {
	case opt.Model == QRModel1:
		last = 14
	case opt.Model == QRMicro:
		last = 4
	case opt.Model > QRMicro:
		return nil, badOption(QRCode, "unknown model")
	}
	if opt.Level > QRLevelH {
		return nil, badOption(QRCode, "unknown level")
	}
	if opt.Version < 0 || opt.Version > last {
		return nil, badOption(QRCode, "version "+itoa(opt.Version)+", want 1 to "+itoa(last))
	}
	if len(data) == 0 {
		return nil, badLength(QRCode, 0, "at least 1 byte")
	}
	var segs []qrSegment
	var plan [3]int // the count widths that segs were made for
	for n := max(opt.Version, 1); n <= last; n++ {
		v, ok := qrVersionOf(n, opt)
		if !ok || len(data)*10/3 > v.bits {
			continue
		}
		if segs == nil || v.count != plan {
			plan = v.count
			segs = qrSegments(data, v)
		}
		if segs == nil || qrBits(segs, v) > v.bits {
			continue
		}
		var w bitWriter
		if v.model1 {
			w.write(0, 4)
		}
		for _, s := range segs {
			s.write(&w, data, v)
		}
		switch opt.Model {
		case QRMicro:
			return microQR(&w, v, opt.Level), nil
		case QRModel1:
			return model1QR(&w, v, opt.Level), nil
		}
		return model2QR(&w, v, opt.Level), nil
	}
	return nil, tooLong(QRCode, itoa(len(data))+" bytes do not fit at this model and level")
}

// qrVersionOf returns the facts of a version; ok is false if it has no such
// level.
func qrVersionOf(n int, opt QROptions) (v qrVersion, ok bool) {
	switch opt.Model {
	case QRMicro:
		return microVersion(n, opt.Level)
	case QRModel1:
		return model1Version(n, opt.Level), true
	}
	v = qrVersion{number: n, size: 17 + 4*n, mode: 4, count: qrCounts(n)}
	v.blocks = int(qrBlocks[opt.Level][n-1])
	v.check = int(qrCheck[opt.Level][n-1])
	v.bits = 8 * (qrModules(n)/8 - v.blocks*v.check)
	return v, true
}

// qrCounts returns how many bits count the characters of a segment of digits,
// of alphanumerics, and of bytes.
func qrCounts(version int) [3]int {
	switch {
	case version < 10:
		return [3]int{10, 9, 8}
	case version < 27:
		return [3]int{12, 11, 16}
	}
	return [3]int{14, 13, 16}
}

// qrModules returns how many modules of a Model 2 symbol are for data.
func qrModules(version int) int {
	n := (16*version+128)*version + 64
	if version > 1 {
		a := version/7 + 2
		n -= (25*a-10)*a - 55
		if version > 6 {
			n -= 36
		}
	}
	return n
}

// qrCheck and qrBlocks are the check words in a block, and the blocks, of each
// level and version (ISO/IEC 18004, table 9).
var qrCheck = [4][40]uint8{
	{7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	{10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
	{13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	{17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
}

var qrBlocks = [4][40]uint8{
	{1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
	{1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
	{1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
	{1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
}

// qrPad ends the data: a terminator of up to n zero bits, zeros to a whole
// word, and then alternating pad words.
func qrPad(w *bitWriter, v qrVersion, terminator int) {
	w.write(0, min(terminator, v.bits-w.len()))
	w.write(0, min((8-w.len()%8)%8, v.bits-w.len()))
	for pad := 0xEC; v.bits-w.len() >= 8; pad ^= 0xEC ^ 0x11 {
		w.write(pad, 8)
	}
	w.write(0, v.bits-w.len())
}

// qrInterleave cuts the data words into blocks, adds the check words of each
// block, and deals them out word by word.
func qrInterleave(data []uint16, v qrVersion) []uint16 {
	short := len(data) / v.blocks
	long := len(data) % v.blocks // so many blocks, the last, have one more
	var blocks, checks [][]uint16
	for i := range v.blocks {
		n := short
		if i >= v.blocks-long {
			n++
		}
		blocks = append(blocks, data[:n])
		checks = append(checks, qrField().checkWords(data[:n], v.check, 0))
		data = data[n:]
	}
	var out []uint16
	for i := range short + 1 {
		for _, b := range blocks {
			if i < len(b) {
				out = append(out, b[i])
			}
		}
	}
	for i := range v.check {
		for _, c := range checks {
			out = append(out, c[i])
		}
	}
	return out
}
