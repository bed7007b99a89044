package escpos

import (
	"fmt"
	"sync"

	"github.com/printerctl/printerctl/escpos/symbol"
)

// Ways to send a picture, as profiles name them.
const (
	imageRaster   = "raster"   // GS v 0
	imageGraphics = "graphics" // GS ( L, functions 112 and 50
	imageColumn   = "column"   // ESC *, stripes of 24 dots
	imageColumn8  = "column8"  // ESC *, stripes of 8 dots
)

// bandBytes is how many bytes are sent in one command where the profile does
// not say how many rows: a fifth of a second at 115200 baud.
const bandBytes = 2304

// pictures are for scratch.
var pictures = sync.Pool{New: func() any { return new(bitmap) }}

// block prepares for something that is not text and begins a line.
func (e *encoder) block() {
	if e.x > 0 {
		e.newline()
	}
	if (e.style^e.sent)&styleLine != 0 {
		e.syncLine()
	}
}

// picture prints m on lines of its own. White at its edges is not sent, as
// far as its place on the paper does not depend on it, and white rows are
// fed.
func (e *encoder) picture(m *bitmap) {
	e.block()
	e.dirty = true
	left, width := m.trim(e.sent.align())
	column := e.p.Image.Command == imageColumn || e.p.Image.Command == imageColumn8
	if column {
		stripe, units := 24, 0
		if e.p.Image.Command == imageColumn8 {
			// The needles are 1/72 inch apart, whatever the dots of a line.
			stripe, units = 8, max(e.p.FeedDPI, 72)*8/72
		} else {
			units = e.units(stripe)
		}
		e.dst = append(e.dst, esc, '3', byte(units))
		for y := 0; y < m.height; y += stripe {
			e.stripe(m, left*8, min(width*8, m.width-left*8), y, stripe)
		}
		e.lineSpacing(e.sent)
		return
	}
	rows := e.p.Image.BandRows
	if rows == 0 {
		rows = min(max(bandBytes/max(width, 1), 1), 255)
	}
	white := e.whiteRows(width)
	for y := 0; y < m.height; {
		// A run of white rows is fed, if that is shorter.
		n := m.white(y)
		if n >= white || y+n == m.height {
			e.feedDots(n)
			y += n
			continue
		}
		end := min(y+rows, m.height)
		for k := y + 1; k < end; k++ {
			if n := m.white(k); n >= white || n > 0 && k+n == m.height {
				end = k
				break
			}
		}
		e.band(m, left, width, y, end)
		y = end
	}
}

// whiteRows returns from how many rows on a feed, and the head of the next
// band, are shorter than white dots. It is more than there are if dots cannot
// be fed exactly.
func (e *encoder) whiteRows(width int) int {
	if e.p.FeedDPI%e.p.DPI != 0 { // 0: they are dots
		return 1 << 30
	}
	const feed, head = 3, 17
	return (feed+head)/max(width, 1) + 1
}

// white returns how many rows from y on are white.
func (m *bitmap) white(y int) int {
	n := 0
	for b := m.bits[y*m.stride:]; len(b) >= m.stride && m.stride > 0; b = b[m.stride:] {
		for _, v := range b[:m.stride] {
			if v != 0 {
				return n
			}
		}
		n++
	}
	return n
}

// trim returns which bytes of each row must be sent, at an alignment: first
// and number.
func (m *bitmap) trim(a Alignment) (left, width int) {
	first, last := m.stride, -1
	for y := range m.height {
		row := m.bits[y*m.stride : (y+1)*m.stride]
		for i := 0; i < first; i++ {
			if row[i] != 0 {
				first = i
			}
		}
		for i := m.stride - 1; i > last; i-- {
			if row[i] != 0 {
				last = i
			}
		}
	}
	if last < 0 {
		return 0, 0
	}
	switch a {
	case Center:
		n := min(first, m.stride-1-last)
		return n, m.stride - 2*n
	case Right:
		return first, m.stride - first
	}
	return 0, last + 1
}

// band sends rows y to end, of which columns left to left+width count, in
// bytes.
//
// Printers act on real-time commands wherever these turn up, in pictures too
// (Epson ESC/POS, "Notes on using real-time commands"). Where the dots happen
// to spell one, the band is ended inside of it, or one dot is added.
func (e *encoder) band(m *bitmap, left, width, y, end int) {
	start := len(e.dst)
	n := end - y
	if e.p.Image.Command == imageGraphics {
		k := n*width + 10
		dots := width * 8
		e.dst = append(e.dst, gs, '(', 'L', byte(k), byte(k>>8), 48, 112, 48, 1, 1, 49,
			byte(dots), byte(dots>>8), byte(n), byte(n>>8))
	} else {
		e.dst = append(e.dst, gs, 'v', '0', 0, byte(width), byte(width>>8), byte(n), byte(n>>8))
	}
	data := len(e.dst)
	for r := y; r < end; r++ {
		i := r*m.stride + left
		e.dst = append(e.dst, m.bits[i:i+width]...)
	}
	for i := ContainsRealTime(e.dst[data:]); i >= 0; i = ContainsRealTime(e.dst[data:]) {
		// The shortest real-time command has three bytes.
		if row := (i + 2) / width; row > i/width && width > 2 {
			e.dst = e.dst[:start]
			e.band(m, left, width, y, y+row)
			e.band(m, left, width, y+row, end)
			return
		}
		e.dst[data+i] |= 0x20
	}
	if e.p.Image.Command == imageGraphics {
		e.dst = append(e.dst, gs, '(', 'L', 2, 0, 48, 50)
	}
}

// breakRealTime adds a dot wherever the dots from data on happen to spell a
// real-time command.
func (e *encoder) breakRealTime(data int) {
	for i := ContainsRealTime(e.dst[data:]); i >= 0; i = ContainsRealTime(e.dst[data:]) {
		e.dst[data+i] |= 0x20
	}
}

// stripe sends the rows from y on, in columns.
func (e *encoder) stripe(m *bitmap, left, width, y, rows int) {
	start := len(e.dst)
	mode, size := byte(33), rows/8
	if rows == 8 {
		mode = 0
	}
	e.dst = append(e.dst, esc, '*', mode, 0, 0)
	data := len(e.dst)
	used := data // up to the last column that is not white
	for x := left; x < left+width; x++ {
		for k := range size {
			var v byte
			for b := range 8 {
				row := y + 8*k + b
				if row < m.height && m.bits[row*m.stride+x>>3]&(0x80>>(x&7)) != 0 {
					v |= 0x80 >> b
				}
			}
			e.dst = append(e.dst, v)
			if v != 0 {
				used = data + (x-left+1)*size
			}
		}
	}
	if e.sent.align() == Left {
		e.dst = e.dst[:used]
	}
	if used == data {
		e.dst = append(e.dst[:start], '\n')
		return
	}
	e.breakRealTime(data)
	columns := (len(e.dst) - data) / size
	e.dst[data-2], e.dst[data-1] = byte(columns), byte(columns>>8)
	e.dst = append(e.dst, '\n')
}

// drawMatrix draws a symbol of modules that are w dots wide and h high.
func (e *encoder) drawMatrix(s *symbol.Matrix, w, h int) error {
	if err := fits(s.Width, w, e.imageDots()); err != nil {
		return err
	}
	m := pictures.Get().(*bitmap)
	defer pictures.Put(m)
	m.resize(s.Width*w, s.Height*h)
	for y := range s.Height {
		row := m.bits[y*h*m.stride : (y*h+1)*m.stride]
		for x := range s.Width {
			if s.At(x, y) {
				blacken(row, x*w, w)
			}
		}
		for k := 1; k < h; k++ {
			copy(m.bits[(y*h+k)*m.stride:], row)
		}
	}
	e.picture(m)
	return nil
}

// drawBarcode draws a bar code, and prints its text.
func (e *encoder) drawBarcode(o *op) error {
	data := string(e.arena[o.off : o.off+o.m>>16])
	l, err := symbol.Encode(symbol.Kind(o.a), data)
	if err != nil {
		return err
	}
	var widths [64]int
	narrow := int(o.c & 7)
	m := pictures.Get().(*bitmap)
	defer pictures.Put(m)
	m.resize(l.Width(narrow, symbol.Wide(narrow)), int(o.b))
	if m.width > e.imageDots() {
		return fmt.Errorf("%w: %d dots of %d", errTooWide, m.width, e.imageDots())
	}
	row, x := m.bits[:m.stride], 0
	for i, w := range l.AppendWidths(widths[:0], narrow, symbol.Wide(narrow)) {
		if i%2 == 0 {
			blacken(row, x, w)
		}
		x += w
	}
	for y := 1; y < m.height; y++ {
		copy(m.bits[y*m.stride:], row)
	}
	hri := HRI(o.c >> 3 & 3)
	if hri == HRIAbove || hri == HRIBoth {
		e.barcodeText(l.Text, m.width)
	}
	e.picture(m)
	if hri == HRIBelow || hri == HRIBoth {
		e.barcodeText(l.Text, m.width)
	}
	return nil
}

// barcodeText prints the text of a drawn bar code, in the middle of its
// width.
func (e *encoder) barcodeText(text string, dots int) {
	style := e.style
	e.style &= styleLine
	e.freshLine()
	pad := (dots/e.cell - len(text)) / 2
	if e.style.align() == Left {
		e.skip(0, pad)
	}
	for _, c := range []byte(text) {
		if c-0x20 > 0x7E-0x20 {
			c = ' ' // as printers show what has no sign
		}
		e.dst = append(e.dst, c)
	}
	if e.style.align() == Right {
		e.skip(0, pad)
	}
	e.newline()
	e.style = style
}

// blacken sets n dots of a row from x on.
func blacken(row []byte, x, n int) {
	for ; n > 0 && x&7 != 0; n-- {
		row[x>>3] |= 0x80 >> (x & 7)
		x++
	}
	for ; n >= 8; n -= 8 {
		row[x>>3] = 0xFF
		x += 8
	}
	if n > 0 {
		row[x>>3] |= ^byte(0xFF >> n)
	}
}
