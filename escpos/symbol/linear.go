package symbol

// A Linear is a symbol of one row: bars and the spaces between them.
type Linear struct {
	Kind Kind

	// Text is what is written in human readable form beside the bars,
	// check digit included where the symbology has people read it.
	Text string

	// Elements are the widths of bar, space, bar and so on; a bar comes
	// first and last. Widths are in modules, but of a two-width kind
	// (Kind.TwoWidth) 1 stands for narrow and 2 for wide.
	Elements []uint8
}

// Encode makes the symbol of the data, which it checks as Check does.
func Encode(kind Kind, data string) (*Linear, error) {
	switch kind {
	case Code128:
		return encodeCode128(data)
	case GS1128:
		return encodeGS1128(data)
	case DataBarExpanded:
		return encodeDataBarExpanded(data)
	}
	if !kind.Linear() {
		return nil, badOption(kind, "not a linear symbology")
	}
	text, err := Check(kind, data)
	if err != nil {
		return nil, err
	}
	l := &Linear{Kind: kind, Text: text}
	switch kind {
	case UPCA, EAN13:
		l.Elements = ean13(text)
	case EAN8:
		l.Elements = ean8(text)
	case UPCE:
		l.Elements = upce(text)
	case Code39:
		l.Elements = code39(text)
	case ITF:
		l.Elements = itf(text)
	case Codabar:
		l.Elements = codabar(text)
	case Code93:
		l.Elements = code93(text)
	case DataBarOmni, DataBarTruncated:
		l.Text = "(01)" + text
		l.Elements = databarOmni(text)
	case DataBarLimited:
		l.Text = "(01)" + text
		l.Elements = databarLimited(text)
	}
	return l, nil
}

// Width returns the width of the symbol, without quiet zones, for a module (or
// narrow element) of narrow units and a wide element of wide units. Kinds that
// are not TwoWidth ignore wide.
func (l *Linear) Width(narrow, wide int) int {
	if !l.Kind.TwoWidth() {
		wide = 2 * narrow
	}
	w := 0
	for _, e := range l.Elements {
		if e == 2 {
			w += wide
		} else {
			w += int(e) * narrow
		}
	}
	return w
}

// AppendWidths appends the width of each element, a bar first, in the units of
// narrow and wide; see Width.
func (l *Linear) AppendWidths(dst []int, narrow, wide int) []int {
	if !l.Kind.TwoWidth() {
		wide = 2 * narrow
	}
	for _, e := range l.Elements {
		if e == 2 {
			dst = append(dst, wide)
		} else {
			dst = append(dst, int(e)*narrow)
		}
	}
	return dst
}

// Wide returns the width in dots that a printer gives the wide elements of a
// two-width symbol whose narrow ones are narrow dots: 2.5 times as much, rounded
// up, but 16 for 6 (Epson TM-T88III Specification, GS w, p. 144, with thick
// elements of 0.706, 1.129, 1.411, 1.834 and 2.258 mm for thin ones of 2 to 6
// dots of 0.141 mm).
func Wide(narrow int) int {
	if narrow == 6 {
		return 16
	}
	return (5*narrow + 1) / 2
}
