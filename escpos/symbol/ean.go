package symbol

// eanDigits are the widths of space, bar, space, bar of a digit of the left
// half, "set A"; a digit of the right half has the same widths with the colours
// exchanged, "set C", and one of set B has them mirrored (ISO/IEC 15420).
var eanDigits = [10][4]uint8{
	{3, 2, 1, 1}, {2, 2, 2, 1}, {2, 1, 2, 2}, {1, 4, 1, 1}, {1, 1, 3, 2},
	{1, 2, 3, 1}, {1, 1, 1, 4}, {1, 3, 1, 2}, {1, 2, 1, 3}, {3, 1, 1, 2},
}

// ean13Sets says, for the first digit of an EAN-13, which of the six digits of
// the left half are of set B: bit 5 the first.
var ean13Sets = [10]uint8{
	0b000000, 0b001011, 0b001101, 0b001110, 0b010011,
	0b011001, 0b011100, 0b010101, 0b010110, 0b011010,
}

// upceSets says the same of the six digits of a UPC-E, for its check digit.
var upceSets = [10]uint8{
	0b111000, 0b110100, 0b110010, 0b110001, 0b101100,
	0b100110, 0b100011, 0b101010, 0b101001, 0b100101,
}

func appendEAN(dst []uint8, digits string, sets uint8) []uint8 {
	for i := range len(digits) {
		w := eanDigits[digits[i]-'0']
		if sets>>(len(digits)-1-i)&1 != 0 {
			dst = append(dst, w[3], w[2], w[1], w[0])
		} else {
			dst = append(dst, w[:]...)
		}
	}
	return dst
}

// ean13 draws 13 digits, or the 12 of a UPC-A: that is the EAN-13 with a 0 in
// front.
func ean13(s string) []uint8 {
	if len(s) == 12 {
		s = "0" + s
	}
	e := append(make([]uint8, 0, 59), 1, 1, 1)
	e = appendEAN(e, s[1:7], ean13Sets[s[0]-'0'])
	e = append(e, 1, 1, 1, 1, 1)
	e = appendEAN(e, s[7:], 0)
	return append(e, 1, 1, 1)
}

func ean8(s string) []uint8 {
	e := append(make([]uint8, 0, 43), 1, 1, 1)
	e = appendEAN(e, s[:4], 0)
	e = append(e, 1, 1, 1, 1, 1)
	e = appendEAN(e, s[4:], 0)
	return append(e, 1, 1, 1)
}

func upce(s string) []uint8 {
	e := append(make([]uint8, 0, 33), 1, 1, 1)
	e = appendEAN(e, s[1:7], upceSets[s[7]-'0'])
	return append(e, 1, 1, 1, 1, 1, 1)
}

// appendUPCE appends the 8 digits of a UPC-E.
func appendUPCE(dst []byte, data string) ([]byte, error) {
	switch len(data) {
	case 6, 7, 8, 11, 12:
	default:
		return dst, badLength(UPCE, len(data), "6, 7, 8, 11 or 12 digits")
	}
	if err := allowed(UPCE, data, 0, digits, "a digit"); err != nil {
		return dst, err
	}
	if len(data) != 6 && data[0] != '0' {
		return dst, badByte(UPCE, data[0], 0, "0 as the number system digit")
	}
	var buf [11]byte
	var long, check string
	switch len(data) {
	case 6:
		long = string(appendExpanded(buf[:0], data))
	case 7, 8:
		long, check = string(appendExpanded(buf[:0], data[1:7])), data[7:]
	default:
		long, check = data[:11], data[11:]
	}
	// Some short forms stand for the same number as another; a printer that is
	// sent the long one prints what comes back here.
	short, ok := compressUPC(long[1:])
	if !ok {
		return dst, &DataError{UPCE, -1, ErrSyntax, "this UPC-A number has no short form"}
	}
	c := checkDigit(long)
	if check != "" && check[0] != c {
		return dst, badCheckDigit(UPCE, len(data)-1, check[0], c)
	}
	dst = append(append(dst, '0'), short[:]...)
	return append(dst, c), nil
}

// appendExpanded appends the 11 digits, without check digit, of the UPC-A
// number whose short form is the six digits.
func appendExpanded(dst []byte, short string) []byte {
	dst = append(dst, '0', short[0], short[1])
	switch last := short[5]; last {
	case '0', '1', '2':
		dst = append(append(dst, last, '0', '0', '0', '0'), short[2:5]...)
	case '3':
		dst = append(append(dst, short[2], '0', '0', '0', '0', '0'), short[3:5]...)
	case '4':
		dst = append(dst, short[2], short[3], '0', '0', '0', '0', '0', short[4])
	default:
		dst = append(dst, short[2], short[3], short[4], '0', '0', '0', '0', last)
	}
	return dst
}

// compressUPC finds the short form of a UPC-A number: m is its five digits of
// the manufacturer and its five of the product.
func compressUPC(m string) (short [6]byte, ok bool) {
	put := func(head, tail string, last byte) ([6]byte, bool) {
		copy(short[copy(short[:], head):], tail)
		short[5] = last
		return short, true
	}
	switch {
	case m[2] <= '2' && m[3:7] == "0000":
		return put(m[:2], m[7:10], m[2])
	case m[3:8] == "00000":
		return put(m[:3], m[8:10], '3')
	case m[4:9] == "00000":
		return put(m[:4], m[9:10], '4')
	case m[5:9] == "0000" && m[9] >= '5':
		return put(m[:5], "", m[9])
	}
	return short, false
}
