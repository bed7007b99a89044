package virtual

// A ring is a first-in first-out buffer of bytes with a fixed capacity. Its
// memory is claimed by the first write, and grows with need, so that a
// printer nobody talks to costs next to nothing.
type ring struct {
	buf   []byte // len is 0 or a size up to cap
	cap   int
	start int
	n     int
}

func (r *ring) len() int  { return r.n }
func (r *ring) free() int { return r.cap - r.n }

// write appends as much of b as fits, and returns how much that is.
func (r *ring) write(b []byte) int {
	if len(b) > r.free() {
		b = b[:r.free()]
	}
	if r.n+len(b) > len(r.buf) {
		r.grow(r.n + len(b))
	}
	end := r.start + r.n
	if end >= len(r.buf) {
		end -= len(r.buf)
	}
	k := copy(r.buf[end:], b)
	copy(r.buf, b[k:])
	r.n += len(b)
	return len(b)
}

func (r *ring) grow(need int) {
	size := max(2*len(r.buf), 256)
	for size < need {
		size *= 2
	}
	buf := make([]byte, min(size, r.cap))
	k := copy(buf, r.peek())
	copy(buf[k:], r.buf[:r.n-k])
	r.buf, r.start = buf, 0
}

// peek returns the bytes at the front that lie together: all of them, or
// those up to where the ring wraps.
func (r *ring) peek() []byte {
	return r.buf[r.start:min(r.start+r.n, len(r.buf))]
}

// discard removes k bytes from the front.
func (r *ring) discard(k int) {
	r.n -= k
	r.start += k
	if r.start >= len(r.buf) {
		r.start -= len(r.buf)
	}
	if r.n == 0 {
		r.start = 0
	}
}

func (r *ring) clear() { r.start, r.n = 0, 0 }
