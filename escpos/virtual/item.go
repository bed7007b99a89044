package virtual

import "github.com/printerctl/printerctl/escpos/symbol"

// ItemKind is what stands on a piece of paper.
type ItemKind uint8

// The kinds.
const (
	TextItem    ItemKind = iota // a run of text of one style
	ImageItem                   // dots
	BarcodeItem                 // bars, without the text beside them
	SymbolItem                  // a two-dimensional code
	LabelItem                   // the text beside a bar code
)

// String returns "text", "image", "barcode", "symbol" or "label".
func (k ItemKind) String() string {
	names := [...]string{"text", "image", "barcode", "symbol", "label"}
	if int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}

// An Item is one thing on a piece of paper. Positions and sizes are in dots,
// x from the left edge of the printable area, y from the upper edge of the
// paper.
type Item struct {
	Kind       ItemKind
	X, Y, W, H int
	// Text is what a TextItem or a LabelItem reads.
	Text string
	// Font is 0 for A, 1 for B and 2 for C; Magnify is how many times as wide
	// and as high as normal characters are.
	Font    int
	Magnify struct{ W, H int }
	Bold    bool
	Invert  bool // white on black
	// Underline is the thickness of the line in dots.
	Underline int
	// Code is the symbology of a BarcodeItem or a SymbolItem, and Data what it
	// was made from: as human readable text for a bar code, as sent for a
	// symbol.
	Code symbol.Kind
	Data []byte
	// Partial is set where the paper or the power went before it was done, or
	// the cover was opened: only the upper part is there.
	Partial bool
	// Cut is set on the smaller part of what a cut went through, which is on
	// two pieces of paper.
	Cut bool
}

// Items returns what is on the paper and where, in the order in which it was
// printed.
func (r Receipt) Items() []Item {
	if r.pc == nil {
		return nil
	}
	var all []Item
	images := make(map[int32]int) // by image number: where it is in all
	for i := range r.pc.items {
		it := &r.pc.items[i]
		b := r.pc.arena[it.off : it.off+it.n]
		out := Item{X: int(it.x), Y: int(it.y), W: int(it.w), H: int(it.h), Partial: it.partial(), Cut: it.cut}
		switch it.kind {
		case itemBlank:
			continue
		case itemText, itemHRI:
			out.Kind = TextItem
			if it.kind == itemHRI {
				out.Kind = LabelItem
			}
			out.Text = string(r.pers.decode(nil, b, it.charset))
			out.Font = int(it.style.font)
			out.Magnify.W, out.Magnify.H = int(it.style.w), int(it.style.h)
			out.Bold = it.style.flags&styleBold != 0
			out.Invert = it.style.flags&styleInvert != 0
			out.Underline = int(it.style.underline)
		case itemRaster, itemColumns:
			// An image is printed in stripes. An interrupted one goes on
			// further down, as another.
			out.Kind = ImageItem
			if k, ok := images[it.line]; ok && it.kind == itemRaster {
				if before := &all[k]; before.Y+before.H == out.Y && !before.Partial {
					before.H += out.H
					before.Partial = out.Partial
					continue
				}
			}
			images[it.line] = len(all)
		case itemBarcode:
			out.Kind, out.Code, out.Data = BarcodeItem, symbol.Kind(it.symbol), b[it.stride:]
		case itemSymbol:
			out.Kind, out.Code = SymbolItem, symbol.Kind(it.symbol)
			out.Data = b[int(it.stride)*int(it.h)/int(it.my):]
		}
		all = append(all, out)
	}
	return all
}
