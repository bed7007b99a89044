package virtual_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// dots draws the first image on a piece of paper: w × h dots from its upper
// left corner.
func dots(t *testing.T, r virtual.Receipt, w, h int) string {
	t.Helper()
	m := r.Image()
	left := (m.Rect.Dx() - 576) / 2
	for _, it := range r.Items() {
		if it.Kind != virtual.ImageItem {
			continue
		}
		var b strings.Builder
		for y := range h {
			for x := range w {
				b.WriteByte(".#"[m.ColorIndexAt(left+it.X+x, it.Y+y)])
			}
			b.WriteByte('\n')
		}
		return b.String()
	}
	t.Fatal("there is no image")
	return ""
}

// Each way to print an image puts it on the paper dot for dot.
func TestImages(t *testing.T) {
	const (
		rows    = "\x10\x30\x7f\xff\x7f\x30\x10\x00" // 8 × 8
		columns = "\x10\x38\x7c\x7c\x38\x38\x38\x38" // an arrow too
		arrow   = "...#....\n..##....\n.#######\n########\n.#######\n..##....\n...#....\n........\n"
		store   = "\x1d(L\x12\x00\x30\x70\x30\x01\x01\x31\x08\x00\x08\x00" + rows
		show    = "\x1d(L\x02\x00\x30\x32"
	)
	for name, c := range map[string]struct{ send, want string }{
		"GS v 0":      {"\x1dv0\x00\x01\x00\x08\x00" + rows, arrow},
		"GS ( L":      {store + show, arrow},
		"GS 8 L":      {"\x1d8L\x12\x00\x00\x00\x30\x70\x30\x01\x01\x31\x08\x00\x08\x00" + rows + show, arrow},
		"NV graphics": {"\x1d(L\x13\x00\x30\x43\x30AB\x01\x08\x00\x08\x00\x31" + rows + "\x1d(L\x06\x00\x30\x45AB\x01\x01", arrow},
		"download":    {"\x1d(L\x13\x00\x30\x53\x30AB\x01\x08\x00\x08\x00\x31" + rows + "\x1d(L\x06\x00\x30\x55AB\x01\x01", arrow},
		"GS *":        {"\x1d*\x01\x01" + columns + "\x1d/\x00", turned(columns)},
		"FS q":        {"\x1cq\x01\x01\x00\x01\x00" + columns + "\x1cp\x01\x00", turned(columns)},
		"ESC *":       {"\x1b*\x21\x08\x00" + spread(columns) + "\n", turned(columns)},
	} {
		t.Run(name, func(t *testing.T) {
			p := virtual.NewTest(t, nil)
			h := dial(t, p)
			h.send(c.send)
			require.Equal(t, c.want, dots(t, p.PendingReceipt(), 8, 8))
		})
	}
}

// turned draws columns of eight dots.
func turned(columns string) string {
	var b strings.Builder
	for y := range 8 {
		for x := range len(columns) {
			b.WriteByte(".#"[columns[x]>>(7-y)&1])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// spread makes columns of 24 dots of columns of eight.
func spread(columns string) string {
	var b strings.Builder
	for i := range len(columns) {
		b.WriteString(columns[i:i+1] + "\x00\x00")
	}
	return b.String()
}

func TestNVGraphicsSurvivePowerOff(t *testing.T) {
	p := virtual.NewTest(t, nil)
	h := dial(t, p)
	h.send("\x1d(L\x0c\x00\x30\x43\x30AB\x01\x08\x00\x01\x00\x31\xf0")
	p.PowerOff()
	p.PowerOn()
	h = dial(t, p)
	h.send("\x1d(L\x04\x00\x30\x40KC\x06" + "\x1d(L\x02\x00\x30\x33")
	h.expect("\x37\x72\x40AB\x00" + "\x37\x31262143\x00")
	h.send("\x1d(L\x06\x00\x30\x45AB\x02\x01")
	require.Equal(t, "########....\n", dots(t, p.PendingReceipt(), 12, 1))
}

func TestUserDefinedCharacters(t *testing.T) {
	p := virtual.NewTest(t, nil)
	h := dial(t, p)
	h.send("\x1b&\x03AA\x02" + "\xc0\x00\x00\x80\x00\x00" + "\x1b%\x01A\x1b%\x00A\n")
	require.Equal(t, "##..\n#...\n", dots(t, p.PendingReceipt(), 4, 2))
	require.Equal(t, "A\n", p.Pending())
}
