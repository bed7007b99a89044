package symbol

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A symbol of version 2 from zxing-cpp's sample images: "QR Code Model 1 ".
var model1Sample = strings.Fields(`
	#######.#######...#######
	#.....#..#.##.###.#.....#
	#.###.#....###.#..#.###.#
	#.###.#.###.###.#.#.###.#
	#.###.#.##..#...#.#.###.#
	#.....#.#..#..###.#.....#
	#######.#.#.#.#.#.#######
	........#..#.#...........
	.####.#.#.#.##.#.#####..#
	...#.#..##..#.##..##.#.##
	##.##.##....#.#.#..#..#.#
	.##.#...###..#...###..###
	#....##...#...####..#.#.#
	.##.##....#.#..##.##.##.#
	.###..##.#.##.#.#..#.#..#
	#......#....#.#.##.#..#.#
	###...####..#..#...#....#
	........#..#.....####...#
	#######..#...#.####.#####
	#.....#..#..##....#...###
	#.###.#.#...####.....#..#
	#.###.#.#.##..#.#####...#
	#.###.#.####..##...#.#.##
	#.....#.##..#.....##.#...
	#######...########..#.#.#`)

// The sample is of level M and, by its format information, has mask 5.
func TestModel1Sample(t *testing.T) {
	data := []byte("QR Code Model 1 ")
	v := model1Version(2, QRLevelM)
	var w bitWriter
	w.write(0, 4)
	qrSegment{qrByte, 0, len(data)}.write(&w, data, v)
	g := model1Grid(&w, v)
	g.mask(qrMasks[5])
	g.format(QRLevelM, 5, model1Format)
	var rows []string
	for y := range g.Height {
		var b strings.Builder
		for x := range g.Width {
			b.WriteByte(".#"[btoi(g.At(x, y))])
		}
		rows = append(rows, b.String())
	}
	require.Equal(t, model1Sample, rows)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Every version: the words fill the modules that are not of patterns.
func TestModel1Versions(t *testing.T) {
	words := []int{26, 46, 72, 100, 134, 170, 212, 256, 306, 358, 416, 476, 542, 610} // the places there are
	for n := 1; n <= 14; n++ {
		for level := range QRLevelH + 1 {
			b := model1Blocks[n-1][level]
			used := int(b.blocks) * (int(b.data) + int(b.check))
			require.LessOrEqual(t, used, words[n-1], "version %d level %d", n, level)
			require.LessOrEqual(t, words[n-1]-used, 4, "version %d level %d", n, level)
			v := model1Version(n, level)
			size := (v.bits - 8 - v.count[qrByte]) / 8
			m, err := EncodeQR(bytes.Repeat([]byte("m"), size), QROptions{Model: QRModel1, Level: level, Version: n})
			require.NoError(t, err)
			require.Equal(t, 17+4*n, m.Width)
			require.True(t, m.At(m.Width-1, m.Width-1), "the extension in the corner")
			require.False(t, m.At(m.Width-2, m.Width-1))
		}
	}
	_, err := EncodeQR(bytes.Repeat([]byte("m"), 500), QROptions{Model: QRModel1})
	requireDataError(t, err, ErrTooLong, -1)
}
