package main

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	"github.com/printerctl/printerctl/escpos"
)

// maxPixels bounds a picture before it is unpacked: a small file can claim
// any size.
const maxPixels = 64 << 20

var dithers = map[string]escpos.Dither{
	"":                escpos.FloydSteinberg,
	"threshold":       escpos.Threshold,
	"floyd-steinberg": escpos.FloydSteinberg,
	"atkinson":        escpos.Atkinson,
	"bayer":           escpos.Bayer,
}

// decodeImage makes a picture of a PNG, JPEG or GIF file.
func decodeImage(b []byte, dither string) (escpos.Image, error) {
	d, ok := dithers[dither]
	if !ok {
		return escpos.Image{}, fmt.Errorf("--dither %s: unknown (threshold, floyd-steinberg, atkinson or bayer)", dither)
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return escpos.Image{}, fmt.Errorf("is not an image that can be read: %w (PNG, JPEG or GIF)", err)
	}
	if c.Width*c.Height > maxPixels {
		return escpos.Image{}, fmt.Errorf("is %d x %d pixels (make it smaller; the paper has some 600 dots)", c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return escpos.Image{}, fmt.Errorf("is a damaged %s image: %w (save it again)", kind, err)
	}
	return escpos.Image{Source: img, Dither: d}, nil
}
