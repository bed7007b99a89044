package symbol

import "strings"

// A Matrix is a symbol of square modules in rows.
type Matrix struct {
	Kind          Kind
	Width, Height int // in modules, without quiet zone

	modules []bool // row by row
}

func newMatrix(kind Kind, width, height int) *Matrix {
	return &Matrix{Kind: kind, Width: width, Height: height, modules: make([]bool, width*height)}
}

// At reports whether the module in column x of row y is dark. Outside of the
// symbol none is.
func (m *Matrix) At(x, y int) bool {
	if uint(x) >= uint(m.Width) || uint(y) >= uint(m.Height) {
		return false
	}
	return m.modules[y*m.Width+x]
}

func (m *Matrix) set(x, y int, dark bool) { m.modules[y*m.Width+x] = dark }

// String draws the symbol with two characters a module, for tests and logs.
func (m *Matrix) String() string {
	var b strings.Builder
	for y := range m.Height {
		for x := range m.Width {
			if m.At(x, y) {
				b.WriteString("##")
			} else {
				b.WriteString("  ")
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
