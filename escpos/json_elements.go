package escpos

import (
	"fmt"
	"strings"
	"time"
)

func kindByName(name string) (opKind, bool) {
	for k := range jsonForms {
		if jsonForms[k] != nil && opKind(k).String() == name {
			return opKind(k), true
		}
	}
	return 0, false
}

// jsonElement is the JSON form of one kind of element.
type jsonElement interface{ addTo(d *Document) error }

// The forms. Each has its type first.
type (
	textJSON struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	rowJSON struct {
		Type    string       `json:"type"`
		Columns []columnJSON `json:"columns"`
	}
	columnJSON struct {
		Text     string `json:"text"`
		Width    int    `json:"width,omitempty"`
		Align    string `json:"align,omitempty"`
		Overflow string `json:"overflow,omitempty"`
	}
	itemJSON struct {
		Type  string `json:"type"`
		Left  string `json:"left"`
		Right string `json:"right"`
	}
	ruleJSON struct {
		Type string `json:"type"`
		Rune string `json:"rune,omitempty"`
	}
	alignJSON struct {
		Type  string `json:"type"`
		Align string `json:"align"`
	}
	switchJSON struct {
		Type string `json:"type"`
		On   bool   `json:"on"`
	}
	dotsJSON struct {
		Type string `json:"type"`
		Dots int    `json:"dots"`
	}
	sizeJSON struct {
		Type   string `json:"type"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}
	fontJSON struct {
		Type string `json:"type"`
		Font string `json:"font"`
	}
	indentJSON struct {
		Type  string `json:"type"`
		Cells int    `json:"cells"`
	}
	colorJSON struct {
		Type  string `json:"type"`
		Color string `json:"color"`
	}
	bareJSON struct {
		Type string `json:"type"`
	}
	feedJSON struct {
		Type  string `json:"type"`
		Lines int    `json:"lines"`
	}
	cutJSON struct {
		Type string `json:"type"`
		Mode string `json:"mode,omitempty"`
		Feed int    `json:"feed,omitempty"` // dots
	}
	drawerJSON struct {
		Type string `json:"type"`
		Pin  int    `json:"pin"`
		On   int    `json:"on,omitempty"`  // ms
		Off  int    `json:"off,omitempty"` // ms
	}
	rawJSON struct {
		Type string `json:"type"`
		Data []byte `json:"data"` // base64
	}
)

// jsonForms makes an empty form for each kind of element that has one.
var jsonForms = [...]func() jsonElement{
	opText:           form[textJSON],
	opParagraph:      form[textJSON],
	opRow:            form[rowJSON],
	opItem:           form[itemJSON],
	opRule:           form[ruleJSON],
	opAlign:          form[alignJSON],
	opBold:           form[switchJSON],
	opUnderline:      form[dotsJSON],
	opDoubleStrike:   form[switchJSON],
	opSize:           form[sizeJSON],
	opFont:           form[fontJSON],
	opInvert:         form[switchJSON],
	opRotate:         form[switchJSON],
	opUpsideDown:     form[switchJSON],
	opLetterSpacing:  form[dotsJSON],
	opLineSpacing:    form[dotsJSON],
	opIndent:         form[indentJSON],
	opColor:          form[colorJSON],
	opResetStyle:     form[bareJSON],
	opFeed:           form[feedJSON],
	opFeedDots:       form[dotsJSON],
	opCut:            form[cutJSON],
	opDrawer:         form[drawerJSON],
	opRaw:            form[rawJSON],
	opBarcode:        form[barcodeJSON],
	opQR:             form[qrJSON],
	opPDF417:         form[pdf417JSON],
	opDataMatrix:     form[dataMatrixJSON],
	opMaxiCode:       form[maxiCodeJSON],
	opAztec:          form[aztecJSON],
	opDataBarStacked: form[stackedJSON],
	opImage:          form[imageJSON],
	opLogoStore:      form[imageJSON],
	opLogo:           form[logoJSON],
	opLogoDelete:     form[logoJSON],
	opBuzzer:         form[buzzerJSON],
	opTabs:           form[tabsJSON],
	opPageStart:      form[bareJSON],
	opPageArea:       form[areaJSON],
	opPagePosition:   form[positionJSON],
	opPagePrint:      form[bareJSON],
}

func form[T any, P interface {
	*T
	jsonElement
}]() jsonElement {
	return P(new(T))
}

// element returns the JSON form of the element at ops[i].
func (d *Document) element(i int) any {
	o := &d.ops[i]
	name := o.kind.String()
	switch o.kind {
	case opText, opParagraph:
		return textJSON{name, d.string(o)}
	case opRow:
		cols := make([]columnJSON, o.a)
		for c := range cols {
			o := &d.ops[i+1+c]
			cols[c] = columnJSON{Text: d.string(o), Width: int(o.m)}
			if o.a != 0 {
				cols[c].Align = Alignment(o.a).String()
			}
			if o.b != 0 {
				cols[c].Overflow = Overflow(o.b).String()
			}
		}
		return rowJSON{name, cols}
	case opItem:
		s := d.string(o)
		return itemJSON{name, s[:o.m], s[o.m:]}
	case opRule:
		return ruleJSON{name, string(rune(o.m))}
	case opAlign:
		return alignJSON{name, Alignment(o.a).String()}
	case opBold, opDoubleStrike, opInvert, opRotate, opUpsideDown:
		return switchJSON{name, o.a != 0}
	case opUnderline, opLetterSpacing:
		return dotsJSON{name, int(o.a)}
	case opLineSpacing:
		return dotsJSON{name, int(o.m) - 1}
	case opFeedDots:
		return dotsJSON{name, int(o.m)}
	case opSize:
		return sizeJSON{name, int(o.a) + 1, int(o.b) + 1}
	case opFont:
		return fontJSON{name, Font(o.a).String()}
	case opIndent:
		return indentJSON{name, int(o.a)}
	case opColor:
		return colorJSON{name, Color(o.a).String()}
	case opFeed:
		return feedJSON{name, int(o.a)}
	case opCut:
		f := cutJSON{Type: name, Feed: int(o.b)}
		if o.a != 0 {
			f.Mode = CutMode(o.a).String()
		}
		return f
	case opDrawer:
		return drawerJSON{name, int(o.a), 2 * int(o.b), 2 * int(o.c)}
	case opRaw:
		return rawJSON{name, d.arena[o.off : o.off+o.n]}
	case opBarcode:
		return newBarcodeJSON(d.barcodeOf(o))
	case opQR:
		return newQRJSON(d.qrOf(o))
	case opPDF417:
		return newPDF417JSON(d.pdf417Of(o))
	case opDataMatrix:
		return newDataMatrixJSON(d.dataMatrixOf(o))
	case opMaxiCode:
		m := d.maxiCodeOf(o)
		return maxiCodeJSON{name, newDataJSON(m.Data), m.Mode}
	case opAztec:
		a := d.aztecOf(o)
		return aztecJSON{name, newDataJSON(a.Data), a.Compact, a.Layers, a.Percent, a.Size}
	case opDataBarStacked:
		s := d.stackedOf(o)
		return stackedJSON{name, newDataJSON(s.Data), stackedNames[s.Kind], s.Columns, s.Size}
	case opImage:
		return newImageJSON(name, d.imageOf(o))
	case opLogoStore:
		f := newImageJSON(name, d.imageOf(o))
		f.Key = o.key()
		return f
	case opLogo:
		return logoJSON{name, o.key(), int(o.a), int(o.b)}
	case opLogoDelete:
		return logoJSON{Type: name, Key: o.key()}
	case opBuzzer:
		return buzzerJSON{name, int(o.a), 100 * int(o.b)}
	case opTabs:
		stops := make([]int, o.n)
		for i := range stops {
			stops[i] = int(d.arena[int(o.off)+i])
		}
		return tabsJSON{name, stops}
	case opPageArea:
		a := d.areaOf(o)
		f := areaJSON{name, a.X, a.Y, a.Width, a.Height, ""}
		if a.Direction != LeftToRight {
			f.Direction = a.Direction.String()
		}
		return f
	case opPagePosition:
		return positionJSON{name, int(o.m & 0xFFFF), int(o.m >> 16)}
	}
	return bareJSON{name}
}

func (d *Document) string(o *op) string { return string(d.arena[o.off : o.off+o.n]) }

func (f *textJSON) addTo(d *Document) error {
	if f.Type == opParagraph.String() {
		return d.Paragraph(f.Text).err
	}
	return d.Text(f.Text).err
}

func (f *rowJSON) addTo(d *Document) error {
	cols := make([]Column, len(f.Columns))
	for i, c := range f.Columns {
		a, err := parseName("alignment", alignmentNames[:], c.Align)
		if err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
		o, err := parseName("overflow", overflowNames[:], c.Overflow)
		if err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
		cols[i] = Column{Text: c.Text, Width: c.Width, Align: Alignment(a), Overflow: Overflow(o)}
	}
	return d.Row(cols...).err
}

func (f *itemJSON) addTo(d *Document) error { return d.Item(f.Left, f.Right).err }

func (f *ruleJSON) addTo(d *Document) error {
	r := []rune(f.Rune)
	switch len(r) {
	case 0:
		return d.Rule(0).err
	case 1:
		return d.Rule(r[0]).err
	}
	return fmt.Errorf("%q is more than one character", f.Rune)
}

func (f *alignJSON) addTo(d *Document) error {
	a, err := parseName("alignment", alignmentNames[:], f.Align)
	if err != nil {
		return err
	}
	return d.Align(Alignment(a)).err
}

func (f *switchJSON) addTo(d *Document) error {
	k, _ := kindByName(f.Type)
	return d.add(op{opHead: opHead{kind: k, a: flag(f.On)}}).err
}

func (f *dotsJSON) addTo(d *Document) error {
	switch k, _ := kindByName(f.Type); k {
	case opUnderline:
		d.Underline(f.Dots)
	case opLetterSpacing:
		d.LetterSpacing(f.Dots)
	case opLineSpacing:
		d.LineSpacing(f.Dots)
	case opFeedDots:
		d.FeedDots(f.Dots)
	}
	return d.err
}

func (f *sizeJSON) addTo(d *Document) error { return d.Size(f.Width, f.Height).err }

func (f *fontJSON) addTo(d *Document) error {
	n, err := parseName("font", fontNames[:], f.Font)
	if err != nil {
		return err
	}
	return d.Font(Font(n)).err
}

func (f *indentJSON) addTo(d *Document) error { return d.Indent(f.Cells).err }

func (f *colorJSON) addTo(d *Document) error {
	c, err := parseName("colour", colorNames[:], f.Color)
	if err != nil {
		return err
	}
	return d.Color(Color(c)).err
}

func (f *bareJSON) addTo(d *Document) error {
	k, _ := kindByName(f.Type)
	return d.add(op{opHead: opHead{kind: k}}).err
}

func (f *feedJSON) addTo(d *Document) error { return d.Feed(f.Lines).err }

func (f *cutJSON) addTo(d *Document) error {
	m, err := parseName("cut", cutNames[:], f.Mode)
	if err != nil {
		return err
	}
	return d.CutFeed(CutMode(m), f.Feed).err
}

func (f *drawerJSON) addTo(d *Document) error {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	return d.Drawer(f.Pin, ms(f.On), ms(f.Off)).err
}

func (f *rawJSON) addTo(d *Document) error { return d.Raw(f.Data).err }

// parseName finds name among names; none at all is the first.
func parseName(what string, names []string, name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	for i, n := range names {
		if n == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("there is no %s %q; known are %s", what, name, strings.Join(names, ", "))
}
