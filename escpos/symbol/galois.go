package symbol

import "sync"

// A field is a finite field as Reed–Solomon codes use it: of 2^m elements, or
// of a prime number of them.
type field struct {
	order int // number of elements
	prime bool
	exp   []uint16 // powers of the generator, twice over
	log   []uint16
}

// binaryField makes the field of order elements, a power of 2, with the
// polynomial; the generator is x.
func binaryField(order, poly int) *field {
	f := &field{order: order, exp: make([]uint16, 2*order), log: make([]uint16, order)}
	x := 1
	for i := range order - 1 {
		f.exp[i], f.exp[i+order-1] = uint16(x), uint16(x)
		f.log[x] = uint16(i)
		if x <<= 1; x >= order {
			x ^= poly
		}
	}
	return f
}

// primeField makes the field of the integers modulo the order.
func primeField(order, generator int) *field {
	f := &field{order: order, prime: true, exp: make([]uint16, 2*order), log: make([]uint16, order)}
	x := 1
	for i := range order - 1 {
		f.exp[i], f.exp[i+order-1] = uint16(x), uint16(x)
		f.log[x] = uint16(i)
		x = x * generator % order
	}
	return f
}

// The fields of the symbologies, by the number that their standards write for
// the polynomial.
var (
	qrField     = sync.OnceValue(func() *field { return binaryField(256, 0x11D) })
	matrixField = sync.OnceValue(func() *field { return binaryField(256, 0x12D) }) // Data Matrix, Aztec's 8 bits
	aztec4Field = sync.OnceValue(func() *field { return binaryField(16, 0x13) })
	aztec6Field = sync.OnceValue(func() *field { return binaryField(64, 0x43) }) // and MaxiCode
	aztec10     = sync.OnceValue(func() *field { return binaryField(1024, 0x409) })
	aztec12     = sync.OnceValue(func() *field { return binaryField(4096, 0x1069) })
	pdf417Field = sync.OnceValue(func() *field { return primeField(929, 3) })
)

func (f *field) mul(a, b uint16) uint16 {
	if a == 0 || b == 0 {
		return 0
	}
	return f.exp[int(f.log[a])+int(f.log[b])]
}

func (f *field) add(a, b uint16) uint16 {
	if f.prime {
		return uint16((int(a) + int(b)) % f.order)
	}
	return a ^ b
}

func (f *field) neg(a uint16) uint16 {
	if f.prime && a != 0 {
		return uint16(f.order) - a
	}
	return a
}

// generator returns the polynomial with the roots g^first, g^(first+1) …,
// n of them, the coefficient of the highest power, 1, left out.
func (f *field) generator(n, first int) []uint16 {
	g := make([]uint16, n+1) // g[i] belongs to x^(n-i)
	g[0] = 1
	for i := range n {
		root := f.neg(f.exp[(first+i)%(f.order-1)])
		for j := i + 1; j > 0; j-- {
			g[j] = f.add(g[j], f.mul(g[j-1], root))
		}
	}
	return g[1:]
}

// checkWords returns the n words that make data, followed by them, a multiple
// of the generator polynomial whose first root is g^first.
func (f *field) checkWords(data []uint16, n, first int) []uint16 {
	g := f.generator(n, first)
	rem := make([]uint16, n)
	for _, d := range data {
		k := f.neg(f.add(d, rem[0]))
		copy(rem, rem[1:])
		rem[n-1] = 0
		for i := range rem {
			rem[i] = f.add(rem[i], f.mul(k, g[i]))
		}
	}
	for i := range rem {
		rem[i] = f.neg(rem[i])
	}
	return rem
}

// A bitWriter gathers bits, the highest first.
type bitWriter struct {
	bits []bool
}

func (w *bitWriter) write(v, n int) {
	for i := n - 1; i >= 0; i-- {
		w.bits = append(w.bits, v>>i&1 != 0)
	}
}

func (w *bitWriter) len() int { return len(w.bits) }

// words cuts the bits into words of n bits; the length is a multiple of n.
func (w *bitWriter) words(n int) []uint16 {
	out := make([]uint16, 0, len(w.bits)/n)
	for i := 0; i+n <= len(w.bits); i += n {
		var v uint16
		for _, b := range w.bits[i : i+n] {
			v <<= 1
			if b {
				v |= 1
			}
		}
		out = append(out, v)
	}
	return out
}
