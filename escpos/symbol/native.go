package symbol

// AppendNative appends the bytes that GS k, function B, takes for the data,
// which it checks as Check does: what follows m and n. They are at most 255.
// For the stacked GS1 DataBar kinds they are what GS ( k function 380 takes.
//
//   - UPCE is sent as the 12 digits of its UPC-A number, the form that old
//     printers know as well.
//   - Code128 begins with a code set and changes it so that the symbol is the
//     shortest: "{B", "{C" … (Epson ESC/POS, GS k, m = 73).
//   - GS1128 and DataBarExpanded keep their parentheses and get {1 (FNC1)
//     where a value has no fixed length (m = 74, 78).
//   - The check digit of the GS1 DataBar kinds is left out: the printer adds
//     it (m = 75 to 77).
func AppendNative(dst []byte, kind Kind, data string) ([]byte, error) {
	n := len(dst)
	var err error
	switch kind {
	case Code128:
		dst, err = appendNative128(dst, data)
	case GS1128, DataBarExpanded, DataBarExpandedStacked:
		dst, err = appendNativeGS1(dst, kind, data)
	case UPCE:
		var b [8]byte
		if _, err = appendUPCE(b[:0], data); err == nil {
			dst = appendExpanded(dst, string(b[1:7]))
			dst = append(dst, b[7])
		}
	case DataBarOmni, DataBarTruncated, DataBarLimited, DataBarStacked, DataBarStackedOmni:
		if dst, err = appendChecked(dst, kind, data); err == nil {
			dst = dst[:n+13]
		}
	default:
		dst, err = appendChecked(dst, kind, data)
	}
	if err == nil && len(dst)-n > maxData {
		err = tooLong(kind, "GS k takes at most 255 bytes, code set changes included")
	}
	if err != nil {
		return dst[:n], err
	}
	return dst, nil
}

// EncodeNative makes the symbol that a printer prints for GS k with m = GSK +
// kind and the data: the reverse of AppendNative.
func EncodeNative(kind Kind, data []byte) (*Linear, error) {
	if len(data) > maxData {
		return nil, tooLong(kind, "GS k takes at most 255 bytes")
	}
	switch kind {
	case Code128:
		var b [maxData]uint8
		values, err := parseNative128(b[:0], data)
		if err != nil {
			return nil, err
		}
		return code128Linear(Code128, values), nil
	case GS1128, DataBarExpanded:
		text, tokens, err := parseNativeGS1(kind, data)
		if err != nil {
			return nil, err
		}
		if kind == GS1128 {
			return gs1128(text, tokens)
		}
		return databarExpanded(text, tokens)
	}
	return Encode(kind, string(data))
}

func appendNative128(dst []byte, data string) ([]byte, error) {
	if len(data) > maxData {
		return dst, tooLong(Code128, "GS k takes at most 255 bytes")
	}
	var t [maxData]token
	tokens, err := code128Tokens(t[:0], data)
	if err != nil {
		return dst, err
	}
	var v [2*maxData + 1]uint8
	values := code128Values(v[:0], tokens)
	set := int(values[0] - c128Start)
	dst = append(dst, '{', 'A'+byte(set))
	shift := false
	for _, v := range values[1:] {
		if set == setC && v < 100 {
			dst = append(dst, v)
			continue
		}
		now := set
		if shift {
			now = setA + setB - set
		}
		switch {
		case v < 96:
			c := v + 32
			if now == setA && v >= 64 {
				c = v - 64
			}
			if c == '{' {
				dst = append(dst, '{')
			}
			dst = append(dst, c)
			shift = false
		case v == c128Shift:
			dst = append(dst, '{', 'S')
			shift = true
		case v == c128FNC1:
			dst = append(dst, '{', '1')
		case v == c128CodeA-uint8(set) && set != setC:
			dst = append(dst, '{', '4')
		default:
			set = int(c128CodeA - v)
			dst = append(dst, '{', 'A'+byte(set))
		}
	}
	return dst, nil
}

// parseNative128 appends the symbol values that the escapes of GS k, m = 73,
// stand for.
func parseNative128(dst []uint8, data []byte) ([]uint8, error) {
	bad := func(pos int, reason string) ([]uint8, error) {
		return nil, &DataError{Code128, pos, ErrSyntax, reason}
	}
	if len(data) < 2 || data[0] != '{' || data[1] < 'A' || data[1] > 'C' {
		return bad(0, "must begin with {A, {B or {C")
	}
	set := int(data[1] - 'A')
	dst = append(dst, c128Start+uint8(set))
	shift := false
	for i := 2; i < len(data); i++ {
		c := data[i]
		if c == '{' {
			i++
			if i == len(data) {
				return bad(i-1, "{ at the end")
			}
			esc := data[i]
			if shift && esc != '{' {
				return bad(i-1, "{S must be followed by a character")
			}
			switch {
			case esc == '{':
			case esc >= 'A' && esc <= 'C':
				if to := int(esc - 'A'); to != set {
					dst = append(dst, c128CodeA-uint8(to))
					set = to
				}
				continue
			case esc == '1':
				dst = append(dst, c128FNC1)
				continue
			case esc == 'S' && set != setC:
				dst = append(dst, c128Shift)
				shift = true
				continue
			case esc == '2' && set != setC:
				dst = append(dst, c128FNC2)
				continue
			case esc == '3' && set != setC:
				dst = append(dst, c128FNC3)
				continue
			case esc == '4' && set != setC:
				dst = append(dst, c128CodeA-uint8(set))
				continue
			default:
				return bad(i-1, "code set "+string('A'+rune(set))+" has no such escape")
			}
		}
		now := set
		if shift {
			now = setA + setB - set
		}
		switch {
		case now == setC && c < 100:
			dst = append(dst, c)
		case now != setC && c < 128 && code128Cost(token(c), now) == 1:
			dst = append128Token(dst, token(c), now)
		default:
			return nil, &DataError{Code128, i, ErrCharacter, "not in code set " + string('A'+rune(now))}
		}
		shift = false
	}
	if shift {
		return bad(len(data)-2, "{S must be followed by a character")
	}
	return dst, nil
}
