package escpos

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	stddraw "image/draw"
	"math"

	"golang.org/x/image/draw"
)

// MaxImageSide and MaxImagePixels are the largest image that a Document
// takes.
const (
	MaxImageSide   = 10000
	MaxImagePixels = 16 << 20
)

// Image is a picture.
type Image struct {
	// Source is any image. What is transparent becomes white, and colours
	// become greys. It is copied, and may be changed afterwards.
	Source image.Image
	// Width on paper in dots; 0 means a dot a pixel. A picture that is wider
	// than the paper is scaled to the paper's width.
	Width int
	// Dither is how greys become dots.
	Dither Dither
	// Threshold, 1 to 255, is the grey below which a dot is black. 0 means
	// 128. Bayer has its own.
	Threshold uint8
	// Gamma, 0.1 to 10, brightens the greys above 1 and darkens them below.
	// 0 means 1. Thermal printers print dark: 1.5 to 2 suits photographs.
	Gamma float64
}

// An image's payload: a head, and a byte of grey for each pixel.
const (
	imageHead = 12 // gamma as float64 bits, width as uint16, height as uint16
	threshold = 128
)

var errNoImage = errors.New("there is no image")

// Image prints a picture, on lines of its own, where Align says. Epson: GS v
// 0, GS ( L or ESC *, as the profile says.
func (d *Document) Image(img Image) *Document { return d.image(op{opHead: opHead{kind: opImage}}, img) }

func (d *Document) image(o op, img Image) *Document {
	if img.Source == nil {
		return d.fail(o.kind, errNoImage)
	}
	size := img.Source.Bounds().Size()
	if err := imageFits(size.X, size.Y); err != nil {
		return d.fail(o.kind, err)
	}
	switch {
	case img.Width < 0 || img.Width > MaxImageSide:
		return d.fail(o.kind, fmt.Errorf("%d dots wide; 0 to %d are possible", img.Width, MaxImageSide))
	case int(img.Dither) >= len(ditherNames):
		return d.fail(o.kind, fmt.Errorf("there is no dither %d", img.Dither))
	case img.Gamma != 0 && !(img.Gamma >= 0.1 && img.Gamma <= 10):
		return d.fail(o.kind, fmt.Errorf("gamma %g; 0.1 to 10 are possible", img.Gamma))
	case !d.room(imageHead + size.X*size.Y):
		return d.fail(o.kind, errTooLarge)
	}
	if img.Gamma == 0 {
		img.Gamma = 1
	}
	if img.Threshold == 0 {
		img.Threshold = threshold
	}
	off := len(d.arena)
	d.arena = binary.LittleEndian.AppendUint64(d.arena, math.Float64bits(img.Gamma))
	d.arena = binary.LittleEndian.AppendUint16(d.arena, uint16(size.X))
	d.arena = binary.LittleEndian.AppendUint16(d.arena, uint16(size.Y))
	d.arena = appendGrey(d.arena, img.Source)
	o.a, o.b, o.m = uint8(img.Dither), img.Threshold, uint32(img.Width)|o.m
	o.off, o.n = uint32(off), uint32(len(d.arena)-off)
	return d.add(o)
}

// imageFits checks the size of a picture.
func imageFits(width, height int) error {
	if width < 1 || height < 1 {
		return errNoImage
	}
	if width > MaxImageSide || height > MaxImageSide || width*height > MaxImagePixels {
		return fmt.Errorf("%d × %d pixels; at most %d on a side, and %d in all, are possible",
			width, height, MaxImageSide, MaxImagePixels)
	}
	return nil
}

// appendGrey appends the greys of an image on white.
func appendGrey(dst []byte, src image.Image) []byte {
	b := src.Bounds()
	if g, ok := src.(*image.Gray); ok {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			i := g.PixOffset(b.Min.X, y)
			dst = append(dst, g.Pix[i:i+b.Dx()]...)
		}
		return dst
	}
	on := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	for y := b.Min.Y; y < b.Max.Y; y++ {
		stddraw.Draw(on, on.Rect, image.White, image.Point{}, stddraw.Src)
		stddraw.Draw(on, on.Rect, src, image.Pt(b.Min.X, y), stddraw.Over)
		for p := on.Pix; len(p) >= 4; p = p[4:] {
			// The weights of image/color's GrayModel.
			dst = append(dst, byte((19595*uint32(p[0])+38470*uint32(p[1])+7471*uint32(p[2])+1<<15)>>16))
		}
	}
	return dst
}

// imageOf is the reverse of Document.Image. The source is a copy.
func (d *Document) imageOf(o *op) Image {
	pix, width, height, gamma := greys(d.arena[o.off : o.off+o.n])
	src := image.NewGray(image.Rect(0, 0, width, height))
	copy(src.Pix, pix)
	return Image{Source: src, Width: int(o.m & 0xFFFF), Dither: Dither(o.a), Threshold: o.b, Gamma: gamma}
}

func greys(payload []byte) (pix []byte, width, height int, gamma float64) {
	return payload[imageHead:],
		int(binary.LittleEndian.Uint16(payload[8:])), int(binary.LittleEndian.Uint16(payload[10:])),
		math.Float64frombits(binary.LittleEndian.Uint64(payload))
}

// image prints a picture.
func (e *encoder) image(o *op) {
	m := pictures.Get().(*bitmap)
	defer pictures.Put(m)
	e.dots(m, o)
	e.picture(m)
}

// dots makes the dots of an image element, scaled to this paper.
func (e *encoder) dots(m *bitmap, o *op) {
	pix, width, height, gamma := greys(e.arena[o.off : o.off+o.n])
	to := width
	if n := int(o.m & 0xFFFF); n > 0 {
		to = n
	}
	if to = min(to, e.imageDots()); to != width {
		tall := min(max((height*to+width/2)/width, 1), 1<<15)
		src := &image.Gray{Pix: pix, Stride: width, Rect: image.Rect(0, 0, width, height)}
		dst := image.NewGray(image.Rect(0, 0, to, tall))
		draw.CatmullRom.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil)
		pix, width, height = dst.Pix, to, tall
	}
	if gamma != 1 {
		var curve [256]byte
		for i := range curve {
			curve[i] = byte(math.Round(255 * math.Pow(float64(i)/255, 1/gamma)))
		}
		bent := make([]byte, len(pix))
		for i, p := range pix {
			bent[i] = curve[p]
		}
		pix = bent
	}
	m.resize(width, height)
	m.dither(pix, Dither(o.a), o.b)
}

// lineDots is how wide a line is.
func (e *encoder) lineDots() int {
	if e.areaDots > 0 {
		return e.areaDots
	}
	return max(e.p.Width-e.style.indent()*e.p.Fonts[FontA].Width, 1)
}

// imageDots is how wide a picture can be.
func (e *encoder) imageDots() int {
	if w := e.p.Image.Width; w > 0 {
		return w
	}
	return e.lineDots()
}
