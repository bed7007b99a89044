package symbol

// itf draws pairs of digits: the bars are the first of the pair, the spaces the
// second (ISO/IEC 16390).
func itf(s string) []uint8 {
	e := append(make([]uint8, 0, 5*len(s)+7), 1, 1, 1, 1)
	for i := 0; i+1 < len(s); i += 2 {
		bars, spaces := twoOfFive[s[i]-'0'], twoOfFive[s[i+1]-'0']
		for j := 4; j >= 0; j-- {
			e = append(e, 1+bars>>j&1, 1+spaces>>j&1)
		}
	}
	return append(e, 2, 1, 1)
}
