package symbol

// microVersions are the facts of Micro QR versions M1 to M4, by the symbol
// number that their format information begins with.
var microVersions = [8]struct {
	version     int
	level       QRLevel
	bits, check int
}{
	{1, QRLevelL, 20, 2}, // M1 only detects errors
	{2, QRLevelL, 40, 5}, {2, QRLevelM, 32, 6},
	{3, QRLevelL, 84, 6}, {3, QRLevelM, 68, 8},
	{4, QRLevelL, 128, 8}, {4, QRLevelM, 112, 10}, {4, QRLevelQ, 80, 14},
}

func microVersion(n int, level QRLevel) (v qrVersion, ok bool) {
	for _, m := range microVersions {
		if m.version != n || m.level != level {
			continue
		}
		v = qrVersion{number: n, size: 9 + 2*n, bits: m.bits, blocks: 1, check: m.check, mode: n - 1}
		v.count[qrNumeric] = n + 2
		if n >= 2 {
			v.count[qrAlpha] = n + 1
		}
		if n >= 3 {
			v.count[qrByte] = n + 1
		}
		return v, true
	}
	return v, false
}

// microQR places the data of a Micro QR symbol: one finder pattern, timing
// patterns along its edges, and four masks.
func microQR(w *bitWriter, v qrVersion, level QRLevel) *Matrix {
	qrPad(w, v, 2*v.number+1)
	words := w.words(8)
	// The last data word of M1 and M3 is half a word; the check words see it
	// as a whole one, with the half in its upper bits.
	half := w.len() % 8
	if half > 0 {
		rest := bitWriter{w.bits[w.len()-half:]}
		words = append(words, rest.words(half)[0]<<4)
	}
	for _, c := range qrField().checkWords(words, v.check, 0) {
		w.write(int(c), 8)
	}
	g := newQRGrid(v.size)
	for i := range v.size {
		g.fix(i, 0, i%2 == 0)
		g.fix(0, i, i%2 == 0)
	}
	g.finder(3, 3)
	g.microFormat(0, 0)
	g.zigzag(func(i int) bool { return w.bits[i] }, -1)

	number := 0
	for i, m := range microVersions {
		if m.version == v.number && m.level == level {
			number = i
		}
	}
	best, most := 0, -1
	masks := [4]int{1, 4, 6, 7}
	for i, m := range masks {
		g.mask(qrMasks[m])
		right, bottom := 0, 0
		for j := 1; j < v.size; j++ {
			if g.At(v.size-1, j) {
				right++
			}
			if g.At(j, v.size-1) {
				bottom++
			}
		}
		if score := 16*min(right, bottom) + max(right, bottom); score > most {
			best, most = i, score
		}
		g.mask(qrMasks[m])
	}
	g.mask(qrMasks[masks[best]])
	g.microFormat(number, best)
	return g.Matrix
}

func (g qrGrid) microFormat(number, mask int) {
	data := number<<2 | mask
	bits := (data<<10 | bch(data, 10, 0x537)) ^ 0x4445
	for i := range 8 {
		g.fix(8, i+1, bits>>i&1 != 0)
		g.fix(i+1, 8, bits>>(14-i)&1 != 0)
	}
}
