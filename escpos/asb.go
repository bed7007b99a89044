package escpos

// ASB is the four-byte frame of automatic status back (GS a), as received.
type ASB [4]byte

// pair reads two bits that Epson's sensors always move together. A pair that
// is half set does not conform, and says nothing.
func pair(v, mask byte) Tri {
	switch v & mask {
	case 0:
		return No
	case mask:
		return Yes
	}
	return Unknown
}

func bit(v, mask byte) Tri { return TriOf(v&mask != 0) }

// Conforming reports whether the fixed bits are right and each sensor pair
// is whole.
func (a ASB) Conforming() bool {
	return isASBStart(a[0]) && isPlainByte(a[1]) && isPlainByte(a[2]) && isPlainByte(a[3]) &&
		pair(a[2], 0x03) != Unknown && pair(a[2], 0x0C) != Unknown
}
