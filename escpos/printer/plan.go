package printer

import "github.com/printerctl/printerctl/escpos"

// A plan says in which pieces the bytes of a receipt are written. A piece ends
// where a command ends, so that a question can be put behind it.
type plan struct {
	bytes []byte
	ends  []int // the end of each piece, ascending
	// head is the end of the leading ESC @.
	head int
	// tail is where what belongs to no line begins: the last cut, if nothing
	// is printed behind it; else the end.
	tail int
	// cut: the receipt ends in a cut.
	cut bool
	// longest is the length of the longest command.
	longest int
}

// escAt is ESC @: initialize.
var escAt = []byte{0x1B, '@'}

// newPlan cuts b into pieces of about band bytes. A command that is longer is
// a piece of its own. b begins with ESC @.
func newPlan(b []byte, band int) *plan {
	p := &plan{bytes: b, head: len(escAt), tail: -1}
	start, end := 0, 0
	flush := func() {
		if end > start {
			p.ends = append(p.ends, end)
			start = end
		}
	}
	for c := range escpos.Commands(b) {
		n := int(c.Length)
		p.longest = max(p.longest, n)
		class := escpos.ClassUnknown
		if c.Def != nil {
			class = c.Def.Class
		}
		switch {
		case class == escpos.ClassCut:
			flush()
			p.tail = end
		case c.Def == nil, class == escpos.ClassFeed, class == escpos.ClassImage,
			class == escpos.ClassBarcode, class == escpos.ClassPage, class == escpos.ClassMacro,
			class == escpos.ClassUnknown:
			p.tail = -1
		}
		if end == p.head || end-start+n > band {
			flush()
		}
		end += n
	}
	flush()
	p.cut = p.tail >= 0
	if !p.cut {
		p.tail = len(b)
	}
	return p
}

// cutOff returns the length of the command that ends inside b[from:to]
// after n bytes, or 0 where n is between two commands.
func cutOff(b []byte, n int) int {
	for c := range escpos.Commands(b) {
		if at := int(c.Offset); at >= n {
			return 0
		} else if n < at+int(c.Length) {
			if c.Name == "text" {
				return 0
			}
			return int(c.Length)
		}
	}
	return 0
}
