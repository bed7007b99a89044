package symbol

import "strconv"

// combinations returns n over r.
func combinations(n, r int) int {
	c := 1
	for i := range r {
		c = c * (n - i) / (i + 1)
	}
	return c
}

// rssWidths fills widths with the value-th way to write modules as the sum of
// so many widths of at most widest; unless narrowless, one of them at least
// is 1 (ISO/IEC 24724, annex B).
func rssWidths(widths []uint8, value, modules, widest int, narrowless bool) {
	elements := len(widths)
	narrow := 0 // which of the widths so far are 1
	for bar := range elements - 1 {
		narrow |= 1 << bar
		width := 1
		for ; ; width, narrow = width+1, narrow&^(1<<bar) {
			left := elements - bar - 1 // elements to the right of this one
			n := combinations(modules-width-1, left-1)
			if !narrowless && narrow == 0 && modules-width-left >= left {
				n -= combinations(modules-width-left-1, left-1)
			}
			if left > 1 {
				for w := modules - width - (left - 1); w > widest; w-- {
					n -= combinations(modules-width-w-1, left-2) * left
				}
			} else if modules-width > widest {
				n--
			}
			if value < n {
				break
			}
			value -= n
		}
		modules -= width
		widths[bar] = uint8(width)
	}
	widths[elements-1] = uint8(modules)
}

// An rssGroup is a range of values of a DataBar character that share the number
// of modules of their odd and of their even elements.
type rssGroup struct {
	from                int // the first value of the group
	odd, even           int // modules
	widestOdd, widestEv int
	lesser              int // how many ways there are for the half that counts fastest
}

// rssCharacter fills widths with the elements of a value. In an inside
// character the odd elements count fastest, in all others the even.
func rssCharacter(widths []uint8, groups []rssGroup, value int, inside bool, oddNarrowless bool) {
	g := groups[0]
	for _, next := range groups {
		if value >= next.from {
			g = next
		}
	}
	value -= g.from
	vo, ve := value/g.lesser, value%g.lesser
	if inside {
		vo, ve = ve, vo
	}
	var odd, even [7]uint8
	n := len(widths) / 2
	rssWidths(odd[:n], vo, g.odd, g.widestOdd, oddNarrowless)
	rssWidths(even[:n], ve, g.even, g.widestEv, !oddNarrowless)
	for i := range n {
		widths[2*i], widths[2*i+1] = odd[i], even[i]
	}
}

var omniOutside = []rssGroup{
	{0, 12, 4, 8, 1, 1}, {161, 10, 6, 6, 3, 10}, {961, 8, 8, 4, 5, 34}, {2015, 6, 10, 3, 6, 70}, {2715, 4, 12, 1, 8, 126},
}

var omniInside = []rssGroup{
	{0, 5, 10, 2, 7, 4}, {336, 7, 8, 4, 5, 20}, {1036, 9, 6, 6, 3, 48}, {1516, 11, 4, 8, 1, 81},
}

var omniFinders = [9][5]uint8{
	{3, 8, 2, 1, 1}, {3, 5, 5, 1, 1}, {3, 3, 7, 1, 1}, {3, 1, 9, 1, 1}, {2, 7, 4, 1, 1},
	{2, 5, 6, 1, 1}, {2, 3, 8, 1, 1}, {1, 5, 7, 1, 1}, {1, 3, 9, 1, 1},
}

// omniHalves returns the elements of the left and of the right half of a
// DataBar Omnidirectional, guards left out: 21 each, the left half from a space
// to a space, the right half from a bar to a bar. rightFinder is which of the
// nine finders the right half has.
func omniHalves(gtin string) (left, right []uint8, rightFinder int) {
	n, _ := strconv.Atoi(gtin[:13])
	l, r := n/4537077, n%4537077
	var c [4][8]uint8
	rssCharacter(c[0][:], omniOutside, l/1597, false, true)
	rssCharacter(c[1][:], omniInside, l%1597, true, false)
	rssCharacter(c[2][:], omniOutside, r/1597, false, true)
	rssCharacter(c[3][:], omniInside, r%1597, true, false)
	sum, weight := 0, 1
	for _, ch := range c {
		for _, w := range ch {
			sum += int(w) * weight
			weight = weight * 3 % 79
		}
	}
	// The nine finders of the left and of the right tell the checksum; two
	// pairs of them are not used.
	check := sum % 79
	if check >= 8 {
		check++
	}
	if check >= 72 {
		check++
	}
	fl, fr := omniFinders[check/9], omniFinders[check%9]
	left = append(left, c[0][:]...)
	left = append(left, fl[:]...)
	left = appendReversed(left, c[1][:])
	right = append(right, c[3][:]...)
	right = appendReversed(right, fr[:])
	right = appendReversed(right, c[2][:])
	return left, right, check % 9
}

func appendReversed(dst, src []uint8) []uint8 {
	for i := len(src) - 1; i >= 0; i-- {
		dst = append(dst, src[i])
	}
	return dst
}

// databarOmni draws the 14 digits. The symbol begins with a space, which falls
// to the quiet zone.
func databarOmni(gtin string) []uint8 {
	left, right, _ := omniHalves(gtin)
	e := append(append([]uint8{1}, left...), right...)
	return append(e, 1, 1)
}

var limitedGroups = []rssGroup{
	{0, 17, 9, 6, 3, 28}, {183064, 13, 13, 5, 4, 728}, {820064, 9, 17, 3, 6, 6454},
	{1000776, 15, 11, 5, 4, 203}, {1491021, 11, 15, 4, 5, 2408}, {1979845, 19, 7, 8, 1, 1}, {1996939, 7, 19, 1, 8, 16632},
}

// limitedCheck are the check characters: of the 441 that 8 modules in each of
// odd and even elements can make, 89 (ISO/IEC 24724, annex C).
var limitedCheck = [89]uint16{
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
	23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 45,
	52, 57, 63, 64, 65, 66, 73, 74, 75, 76, 77, 78, 79, 82, 126, 127, 128, 129, 130, 132,
	141, 142, 143, 144, 145, 146, 210, 211, 212, 213, 214, 215, 216, 217, 220,
	316, 317, 318, 319, 320, 322, 323, 326, 337,
}

// databarLimited draws 14 digits, the first 0 or 1.
func databarLimited(gtin string) []uint8 {
	n, _ := strconv.Atoi(gtin[:13])
	var left, right, check [14]uint8
	rssCharacter(left[:], limitedGroups, n/2013571, false, true)
	rssCharacter(right[:], limitedGroups, n%2013571, false, true)
	sum, weight := 0, 1
	for _, ch := range [][14]uint8{left, right} {
		for _, w := range ch {
			sum += int(w) * weight
			weight = weight * 3 % 89
		}
	}
	sum %= 89
	var odd, even [6]uint8
	rssWidths(odd[:], int(limitedCheck[sum])/21, 8, 3, true)
	rssWidths(even[:], int(limitedCheck[sum])%21, 8, 3, true)
	for i := range 6 {
		check[2*i], check[2*i+1] = odd[i], even[i]
	}
	check[12], check[13] = 1, 1
	e := append([]uint8{1}, left[:]...)
	e = append(e, check[:]...)
	e = append(e, right[:]...)
	return append(e, 1, 1)
}
