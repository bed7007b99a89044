package symbol

import "strings"

// maxData is the longest data that GS k function B can count.
const maxData = 255

// Check returns the data in the form that is printed, or says what is wrong
// with it, as a *DataError. What each kind takes:
//
//   - UPCA 11 digits, EAN13 12, EAN8 7, DataBarOmni, DataBarTruncated,
//     DataBarLimited, DataBarStacked and DataBarStackedOmni 13: the check
//     digit is added. With one digit more, the last is verified.
//     DataBarLimited begins with 0 or 1.
//   - UPCE 6 digits, or 7 with the leading 0, or 8 with the check digit too;
//     or the 11 or 12 digits of a UPC-A number that has a short form. The
//     result has 8.
//   - Code39 digits, capitals, space and $ % + - . /; a * at both ends is
//     dropped, because the symbol has it anyway.
//   - ITF digits, an even number of them.
//   - Codabar digits and $ + - . / :, between two of the letters A to D.
//   - Code93 any ASCII. Code128 any text of U+0000 to U+00FF.
//   - GS1128, DataBarExpanded and DataBarExpandedStacked take element strings
//     with application identifiers in parentheses, such as
//     "(01)09501101530003(10)AB-1". A check digit that the value of 00, 01, 02
//     or 410 to 419 lacks is added.
//
// Nothing may be longer than the 255 bytes that a printer can be told.
// Valid data that is already in its printed form is returned as it is.
func Check(kind Kind, data string) (string, error) {
	var buf [64]byte
	b, err := appendChecked(buf[:0], kind, data)
	if err != nil {
		return "", err
	}
	if string(b) == data {
		return data, nil
	}
	return string(b), nil
}

func appendChecked(dst []byte, kind Kind, data string) ([]byte, error) {
	if len(data) > maxData {
		return dst, tooLong(kind, "at most 255 bytes")
	}
	switch kind {
	case UPCA:
		return appendNumber(dst, kind, data, 12, "11 or 12 digits")
	case EAN13:
		return appendNumber(dst, kind, data, 13, "12 or 13 digits")
	case EAN8:
		return appendNumber(dst, kind, data, 8, "7 or 8 digits")
	case DataBarOmni, DataBarTruncated, DataBarStacked, DataBarStackedOmni:
		return appendNumber(dst, kind, data, 14, "13 or 14 digits")
	case DataBarLimited:
		if data != "" && data[0] > '1' {
			return dst, badByte(kind, data[0], 0, "0 or 1 as the first digit")
		}
		return appendNumber(dst, kind, data, 14, "13 or 14 digits")
	case UPCE:
		return appendUPCE(dst, data)
	case Code39:
		return appendCode39(dst, data)
	case ITF:
		if len(data) == 0 || len(data)%2 != 0 {
			return dst, badLength(kind, len(data), "an even number of digits: put a 0 in front")
		}
		return appendAllowed(dst, kind, data, 0, digits, "a digit")
	case Codabar:
		return appendCodabar(dst, data)
	case Code93:
		if data == "" {
			return dst, badLength(kind, 0, "at least 1 character")
		}
		for i := range len(data) {
			if data[i] > 0x7F {
				return dst, badByte(kind, data[i], i, "ASCII")
			}
		}
		return append(dst, data...), nil
	case Code128:
		var t [maxData]token
		if _, err := code128Tokens(t[:0], data); err != nil {
			return dst, err
		}
		return append(dst, data...), nil
	case GS1128, DataBarExpanded, DataBarExpandedStacked:
		var e [8]gs1Element
		es, err := appendGS1(e[:0], kind, data)
		if err != nil {
			return dst, err
		}
		return appendGS1Text(dst, es), nil
	}
	return dst, badOption(kind, "not a linear symbology")
}

const digits = "0123456789"

// allowed reports the first byte of data that is not in set; pos is where data
// begins in what the caller was given.
func allowed(kind Kind, data string, pos int, set, want string) error {
	numeric := set == digits
	for i := range len(data) {
		if numeric && data[i]-'0' <= 9 { // nearly always
			continue
		}
		if strings.IndexByte(set, data[i]) < 0 {
			return badByte(kind, data[i], pos+i, want)
		}
	}
	return nil
}

func appendAllowed(dst []byte, kind Kind, data string, pos int, set, want string) ([]byte, error) {
	if err := allowed(kind, data, pos, set, want); err != nil {
		return dst, err
	}
	return append(dst, data...), nil
}

// appendNumber appends a number of n digits, the last of which is a check
// digit that data may lack.
func appendNumber(dst []byte, kind Kind, data string, n int, want string) ([]byte, error) {
	if len(data) != n && len(data) != n-1 {
		return dst, badLength(kind, len(data), want)
	}
	dst, err := appendAllowed(dst, kind, data, 0, digits, "a digit")
	if err != nil {
		return dst, err
	}
	c := checkDigit(data[:n-1])
	if len(data) == n-1 {
		return append(dst, c), nil
	}
	if data[n-1] != c {
		return dst, badCheckDigit(kind, n-1, data[n-1], c)
	}
	return dst, nil
}

// checkDigit returns the check digit that belongs behind the digits: they are
// weighted 3, 1, 3 … from the right, and the sum with the check digit is a
// multiple of 10 (GS1 General Specifications, 7.9).
func checkDigit(digits string) byte {
	sum, weight := 0, 3
	for i := len(digits) - 1; i >= 0; i-- {
		sum += weight * int(digits[i]-'0')
		weight = 4 - weight
	}
	return byte('0' + (10-sum%10)%10)
}
