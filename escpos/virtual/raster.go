package virtual

// stripeRows is how many rows of dots the mechanism prints in one go. The
// sensors are heeded between stripes.
const stripeRows = 24

// raster is an image that is being printed, row by row.
type raster struct {
	stride int // bytes a row, as sent
	rows   int // still to come
	mx, my int // magnification
	width  int // dots printed of a row, unmagnified: what is wider is cut off
	shift  int // dots from the left edge of the paper
	skip   bool
	col    int // bytes of the present row that have come
	item   int // index of the present stripe, or -1
	line   int32
	source []byte // a stored image, which comes from memory instead of the receive buffer
}

// start begins GS v 0, if the command is one. It reports whether the data
// are to be given to take.
func (r *raster) start(p *Printer, h []byte) bool {
	if len(h) < 8 || h[0] != 0x1D || h[1] != 'v' {
		return false
	}
	m := arg(h[3])
	r.begin(p, 8*le(h[4:]), le(h[4:]), le(h[6:]), 1+m&1, 1+m>>1&1)
	return true
}

// begin sets up an image of w dots and rows, magnified.
func (r *raster) begin(p *Printer, w, stride, rows, mx, my int) {
	*r = raster{stride: stride, rows: rows, mx: mx, my: my, item: -1}
	room := p.area()
	r.width = min(w, room/mx)
	r.shift = p.margin + (room-r.width*mx)*p.justify/2
	// It prints with an empty print buffer only.
	r.skip = len(p.line) > 0 || stride == 0 || p.pageMode || p.deselected
	r.line = p.nextLine()
}

func (r *raster) stored() bool { return r.source != nil }

// take prints rows, as far as the present stripe goes.
func (r *raster) take(p *Printer, b []byte) int {
	if r.skip {
		return len(b)
	}
	s := &p.strip
	keep := (r.width + 7) / 8
	n := 0
	for n < len(b) && r.rows > 0 && len(p.ops) == 0 {
		if r.item < 0 || r.item >= len(s.items) {
			r.item = len(s.items)
			s.items = append(s.items, item{
				kind: itemRaster, x: int32(r.shift), y: int32(s.y), w: int32(r.width * r.mx),
				off: int32(len(s.arena)), line: r.line, stride: int32(keep), mx: int8(r.mx), my: int8(r.my),
			})
		}
		k := min(len(b)-n, r.stride-r.col)
		if r.col < keep {
			s.arena = append(s.arena, b[n:n+min(k, keep-r.col)]...)
		}
		n += k
		if r.col += k; r.col < r.stride {
			break
		}
		r.col = 0
		r.rows--
		it := &s.items[r.item]
		it.n += int32(keep)
		it.h += int32(r.my)
		it.done = it.h
		if int(it.h) >= stripeRows || r.rows == 0 {
			p.feedLine(r.item, int(it.h))
			r.item = -1
		}
	}
	if r.rows == 0 {
		r.skip = true
	}
	return n
}

// printStored prints the next stripe of an image from memory.
func (p *Printer) printStored() {
	r := &p.raster
	n := r.take(p, r.source)
	r.source = r.source[n:]
	if r.rows <= 0 || len(r.source) == 0 {
		*r = raster{}
	}
}

// columns is ESC *: an image of one line's height, which becomes part of the
// line.
func (p *Printer) columns(h, data []byte) {
	m, n := h[2], le(h[3:])
	height, mx, my := 1, 1, 1
	if m == 32 || m == 33 {
		height = 3
	} else {
		my = 3
	}
	if m == 0 || m == 32 {
		mx = 2
	}
	n = min(n, len(data)/height, max(0, p.area()-p.x)/mx)
	if n <= 0 || len(p.lineBytes)+n*height > maxLine {
		return
	}
	off := len(p.lineBytes)
	p.lineBytes = append(p.lineBytes, data[:n*height]...)
	p.line = append(p.line, item{
		kind: itemColumns, x: int32(p.x), w: int32(n * mx), h: int32(8 * height * my),
		off: int32(off), n: int32(n * height), stride: int32(height), mx: int8(mx), my: int8(my),
	})
	p.x += n * mx
}
