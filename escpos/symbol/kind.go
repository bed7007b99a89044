package symbol

import "strconv"

// Kind names a symbology. The linear kinds, UPCA to DataBarExpanded, stand in
// the order of the m of GS k function B, so that m is GSK + Kind.
type Kind uint8

// GSK is the m of GS k for UPCA; of the linear kinds that follow it, m counts
// up (Epson ESC/POS, GS k, function B: 65 to 78).
const GSK = 65

// The kinds of symbol.
const (
	UPCA Kind = iota
	UPCE
	EAN13
	EAN8
	Code39
	ITF
	Codabar
	Code93
	Code128
	GS1128
	DataBarOmni
	DataBarTruncated
	DataBarLimited
	DataBarExpanded

	// What follows is a Matrix, not a Linear.

	QRCode
	PDF417
	MaxiCode
	DataMatrix
	Aztec
	DataBarStacked
	DataBarStackedOmni
	DataBarExpandedStacked
)

var kindNames = [...]string{
	UPCA:                   "UPC-A",
	UPCE:                   "UPC-E",
	EAN13:                  "EAN-13",
	EAN8:                   "EAN-8",
	Code39:                 "CODE39",
	ITF:                    "ITF",
	Codabar:                "CODABAR",
	Code93:                 "CODE93",
	Code128:                "CODE128",
	GS1128:                 "GS1-128",
	DataBarOmni:            "GS1 DataBar Omnidirectional",
	DataBarTruncated:       "GS1 DataBar Truncated",
	DataBarLimited:         "GS1 DataBar Limited",
	DataBarExpanded:        "GS1 DataBar Expanded",
	QRCode:                 "QR Code",
	PDF417:                 "PDF417",
	MaxiCode:               "MaxiCode",
	DataMatrix:             "Data Matrix",
	Aztec:                  "Aztec Code",
	DataBarStacked:         "GS1 DataBar Stacked",
	DataBarStackedOmni:     "GS1 DataBar Stacked Omnidirectional",
	DataBarExpandedStacked: "GS1 DataBar Expanded Stacked",
}

// String returns the name that Epson's reference gives the symbology, such as
// "UPC-A" or "CODE39".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// Linear reports whether Encode knows the kind: one row of bars.
func (k Kind) Linear() bool { return k <= DataBarExpanded }

// TwoWidth reports whether the elements of the kind are narrow or wide, in a
// ratio that the printer chooses, and not multiples of a module.
func (k Kind) TwoWidth() bool { return k == Code39 || k == ITF || k == Codabar }

// QuietZone returns how many modules (narrow elements) must stay white on each
// side of a symbol of the kind; for a Matrix, on all four sides. No printer
// adds them: the host leaves the room.
func (k Kind) QuietZone() int {
	switch k {
	case EAN13:
		return 11
	case UPCA, UPCE:
		return 9
	case EAN8:
		return 7
	case Code39, ITF, Codabar, Code93, Code128, GS1128:
		return 10
	case DataBarLimited:
		return 5
	case QRCode:
		return 4
	case PDF417:
		return 2
	case Aztec:
		return 0
	}
	return 1
}
