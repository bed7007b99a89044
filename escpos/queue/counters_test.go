package queue

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

func TestWhatCountersShow(t *testing.T) {
	text := new(escpos.Document).Line("one").Line("two").Cut(escpos.CutPartial)
	torn := new(escpos.Document).Line("one").Line("two")
	picture := new(escpos.Document).
		Image(escpos.Image{Source: image.NewGray(image.Rect(0, 0, 8, 8))}).Line("two").Cut(escpos.CutPartial)
	// A printer that counts three to five lines more than those of a receipt.
	seen := trust{Counts: escpos.Yes, Agreed: enough, Least: 3, Most: 5}
	for _, c := range []struct {
		name        string
		doc         *escpos.Document
		since       reading
		whole, none bool
	}{
		{"all of it", text, reading{1, 6}, true, false},
		{"nothing", text, reading{0, 0}, false, true},
		{"a line", text, reading{0, 1}, false, false},
		{"all but the cut", text, reading{0, 6}, false, false},
		{"somebody else's cut", text, reading{1, 4}, false, false},
		{"somebody else's receipt as well", text, reading{2, 12}, false, false},
		{"counters that were set back", text, reading{-7, -40}, false, false},
		{"a receipt without a cut", torn, reading{0, 6}, false, false},
		// Some count a picture in lines, and some do not.
		{"nothing, or a picture", picture, reading{0, 0}, false, false},
		{"a picture and a line, or more", picture, reading{1, 6}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sh, err := shapeOf(c.doc, nil)
			require.NoError(t, err)
			require.Equal(t, c.whole, seen.whole(c.since, sh), "whole")
			require.Equal(t, c.none, sh.none(c.since), "none")
		})
	}
}
