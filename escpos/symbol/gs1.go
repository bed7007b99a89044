package symbol

import "strings"

// gs1Charset are the characters that values of GS1 element strings are made of
// (GS1 General Specifications, 7.11: character set 82).
const gs1Charset = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + "!\"%&'()*+,-./:;<=>?_"

// A gs1Element is an application identifier and its value.
type gs1Element struct {
	ai, value string
	fixed     bool // the AI is of those whose value needs no FNC1 behind it
}

// gs1Fixed returns how long the value of an application identifier is, if it is
// one of the predefined lengths, behind which no FNC1 is needed (GS1 General
// Specifications, 7.8.5); 0 otherwise. The lengths hold for the first two
// digits, whatever follows.
func gs1Fixed(ai string) int {
	total := 0
	switch two := ai[:2]; {
	case two == "00":
		total = 20
	case two == "01", two == "02", two == "03":
		total = 16
	case two == "04":
		total = 18
	case two >= "11" && two <= "19":
		total = 8
	case two == "20":
		total = 4
	case two >= "31" && two <= "36":
		total = 10
	case two == "41":
		total = 16
	default:
		return 0
	}
	return total - len(ai)
}

// gs1Checked reports whether the value of the application identifier ends with
// a check digit.
func gs1Checked(ai string) bool {
	return ai == "00" || ai == "01" || ai == "02" || len(ai) == 3 && ai[:2] == "41"
}

// gs1AI returns the application identifier in parentheses at the beginning of
// s, or "".
func gs1AI(s string) string {
	end := strings.IndexByte(s, ')')
	if end < 3 || end > 5 || s[0] != '(' {
		return ""
	}
	for i := 1; i < end; i++ {
		if !isDigit(token(s[i])) {
			return ""
		}
	}
	return s[1:end]
}

// appendGS1 parses element strings in the bracketed form, and sees to it that a
// symbol holds them.
func appendGS1(dst []gs1Element, kind Kind, data string) ([]gs1Element, error) {
	if data == "" {
		return dst, badLength(kind, 0, "application identifiers and values, such as (01)09501101530003")
	}
	for i := 0; i < len(data); {
		ai := gs1AI(data[i:])
		if ai == "" {
			return dst, &DataError{kind, i, ErrSyntax, "want an application identifier of 2 to 4 digits in parentheses"}
		}
		i += len(ai) + 2
		from := i
		for i < len(data) && (data[i] != '(' || gs1AI(data[i:]) == "") {
			if strings.IndexByte(gs1Charset, data[i]) < 0 {
				return dst, badByte(kind, data[i], i, "a character of the GS1 set: no space, no control, no accent")
			}
			i++
		}
		e := gs1Element{ai: ai, value: data[from:i]}
		if n := gs1Fixed(ai); n != 0 {
			e.fixed = true
			checked := gs1Checked(ai)
			if len(e.value) != n && !(checked && len(e.value) == n-1) {
				return dst, &DataError{kind, from, ErrLength, "(" + ai + ") wants " + itoa(n) + " digits, not " + itoa(len(e.value))}
			}
			if err := allowed(kind, e.value, from, digits, "a digit"); err != nil {
				return dst, err
			}
			if checked {
				c := checkDigit(e.value[:n-1])
				if len(e.value) == n-1 {
					e.value += string(c)
				} else if e.value[n-1] != c {
					return dst, badCheckDigit(kind, from+n-1, e.value[n-1], c)
				}
			}
		} else if e.value == "" || len(e.value) > 90 {
			return dst, &DataError{kind, from, ErrLength, "(" + ai + ") wants 1 to 90 characters, not " + itoa(len(e.value))}
		}
		dst = append(dst, e)
	}
	var buf [maxData]token
	tokens := gs1Tokens(buf[:0], dst)
	if kind == GS1128 {
		if len(tokens) > 48 {
			return dst, tooLong(kind, itoa(len(tokens))+" characters, at most 48")
		}
		return dst, nil
	}
	_, err := expandedValues(kind, tokens, 0)
	return dst, err
}

func appendGS1Text(dst []byte, es []gs1Element) []byte {
	for _, e := range es {
		dst = append(dst, '(')
		dst = append(dst, e.ai...)
		dst = append(dst, ')')
		dst = append(dst, e.value...)
	}
	return dst
}

// gs1Tokens joins the elements, with an FNC1 where the length of one does not
// tell where it ends.
func gs1Tokens(dst []token, es []gs1Element) []token {
	for i, e := range es {
		dst = appendTokens(appendTokens(dst, e.ai), e.value)
		if !e.fixed && i < len(es)-1 {
			dst = append(dst, fnc1)
		}
	}
	return dst
}

func appendTokens(dst []token, s string) []token {
	for i := range len(s) {
		dst = append(dst, token(s[i]))
	}
	return dst
}

func encodeGS1128(data string) (*Linear, error) {
	text, tokens, err := gs1Parse(GS1128, data)
	if err != nil {
		return nil, err
	}
	return gs1128(text, tokens)
}

func gs1Parse(kind Kind, data string) (text string, tokens []token, err error) {
	if len(data) > maxData {
		return "", nil, tooLong(kind, "a linear symbol takes at most 255 bytes")
	}
	es, err := appendGS1(nil, kind, data)
	if err != nil {
		return "", nil, err
	}
	return string(appendGS1Text(nil, es)), gs1Tokens(nil, es), nil
}

func gs1128(text string, tokens []token) (*Linear, error) {
	if len(tokens) >= maxData {
		return nil, tooLong(GS1128, itoa(len(tokens))+" characters")
	}
	t := append(append(make([]token, 0, len(tokens)+1), fnc1), tokens...)
	return &Linear{Kind: GS1128, Text: text, Elements: code128Bars(code128Values(nil, t))}, nil
}

// appendNativeGS1 writes element strings for GS k, m = 74 or 78.
func appendNativeGS1(dst []byte, kind Kind, data string) ([]byte, error) {
	var buf [8]gs1Element
	es, err := appendGS1(buf[:0], kind, data)
	if err != nil {
		return dst, err
	}
	for i, e := range es {
		dst = append(dst, '(')
		dst = append(dst, e.ai...)
		dst = append(dst, ')')
		for j := range len(e.value) {
			switch c := e.value[j]; c {
			case '(', ')', '*':
				dst = append(dst, '{', c)
			default:
				dst = append(dst, c)
			}
		}
		if !e.fixed && i < len(es)-1 {
			dst = append(dst, '{', '1')
		}
	}
	return dst, nil
}

// parseNativeGS1 reads what GS k takes for m = 74 and 78. Parentheses and
// spaces are for people, and not encoded; {1 is FNC1, and {( {) {* {{ are the
// characters themselves. For GS1-128 a * becomes the check digit of the digits
// since the application identifier, and {3 is FNC3; for DataBar Expanded it is
// ignored (Epson ESC/POS, GS k; Epson TM-C3400 Technical Reference Guide,
// p. 177 and 79).
func parseNativeGS1(kind Kind, data []byte) (string, []token, error) {
	var tokens []token
	var text []byte
	bad := func(pos int, is error, reason string) (string, []token, error) {
		return "", nil, &DataError{kind, pos, is, reason}
	}
	value := 2 // where the digits under a check digit begin in tokens
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case c == '(' || c == ' ':
			text = append(text, c)
			continue
		case c == ')':
			text = append(text, c)
			value = len(tokens)
			continue
		case c == '*' && kind != GS1128:
			continue
		case c == '*':
			var sum []byte
			for _, t := range tokens[min(value, len(tokens)):] {
				if !isDigit(t) {
					return bad(i, ErrCharacter, "* wants digits before it")
				}
				sum = append(sum, byte(t))
			}
			c = checkDigit(string(sum))
		case c == '{' && i+1 < len(data):
			i++
			c = data[i]
			switch c {
			case '1', '3':
				t := fnc1
				if c == '3' {
					t = fnc3
				}
				if kind != GS1128 && t == fnc3 {
					return bad(i-1, ErrSyntax, "no such escape")
				}
				tokens = append(tokens, t)
				text = append(text, ' ')
				value = len(tokens) + 2
				continue
			case '{', '(', ')', '*':
			default:
				return bad(i-1, ErrSyntax, "no such escape")
			}
		}
		if c > 0x7F {
			return bad(i, ErrCharacter, "want ASCII")
		}
		tokens = append(tokens, token(c))
		if c < ' ' || c == 0x7F {
			c = ' '
		}
		text = append(text, c)
	}
	if len(tokens) < 2 {
		return "", nil, badLength(kind, len(tokens), "an application identifier and a value")
	}
	return string(text), tokens, nil
}
