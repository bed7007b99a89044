package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

func newRenderCommand(a *app) *cobra.Command {
	var out, profile string
	var paper float64
	cmd := &cobra.Command{
		Use:   "render FILE",
		Short: "Show what ESC/POS bytes look like on paper",
		Long: `Read ESC/POS from a file, or from standard input for -, print it on a virtual
printer, and show the paper: as a PNG picture with -o, dot for dot, else as text
with the images in Braille dots.

The paper is that of a modern Epson of 80 mm. Name another printer with
--profile for its width, its resolution and its character sets. There is paper
for long receipts; what needs more than --paper is refused.`,
		Args: needArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(paper > 0 && paper <= longestPaper) {
				return fmt.Errorf("--paper %g: out of range (above 0, up to %d mm)", paper, longestPaper)
			}
			pers, err := paperOf(profile)
			if err != nil {
				return err
			}
			in, err := a.open(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			receipts, err := printOut(cmd.Context(), in, pers, paper)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if len(receipts) == 0 {
				return fmt.Errorf("%s prints nothing (is it ESC/POS? try explain)", args[0])
			}
			if out == "" {
				for _, r := range receipts {
					if _, err := io.WriteString(a.stdout, r.Picture()+strings.Repeat("- ", pers.Width/24)+"\n"); err != nil {
						return err
					}
				}
				return nil
			}
			var b bytes.Buffer
			picture, err := sideBySide(receipts)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := png.Encode(&b, picture); err != nil {
				return err
			}
			if out == "-" {
				_, err = a.stdout.Write(b.Bytes())
				return err
			}
			return os.WriteFile(out, b.Bytes(), 0o600)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "PNG `file` to write; - for standard output")
	cmd.Flags().StringVar(&profile, "profile", "", "`name` of the printer whose paper it is")
	cmd.Flags().Float64Var(&paper, "paper", 10_000, "how much paper there is, in `mm`")
	return cmd
}

// paperOf returns a printer with the paper and the characters of a profile.
func paperOf(profile string) (*virtual.Personality, error) {
	pers, err := virtual.PersonalityByName(virtual.DefaultPersonality)
	if err != nil || profile == "" {
		return pers, err
	}
	p, err := escpos.ProfileByName(profile)
	if err != nil {
		return nil, err
	}
	pers.DPI, pers.UnitX, pers.UnitY = p.DPI, p.DPI, p.DPI
	if p.FeedDPI > 0 {
		pers.UnitY = p.FeedDPI
	}
	pers.Width, pers.PaperWidth, pers.LineSpacing = p.Width, p.Paper, p.LineFeed
	for i, cell := range []*[2]int{&pers.FontA, &pers.FontB, &pers.FontC} {
		*cell = [2]int{}
		if i < len(p.Fonts) {
			*cell = [2]int{p.Fonts[i].Width, p.Fonts[i].Height}
		}
	}
	pages := make(map[int]string)
	for _, page := range p.CodePages {
		for _, name := range []string{page.Name, "cp" + page.Name, "windows-" + page.Name} {
			if virtual.HasCodePage(name) {
				pages[int(page.Number)] = name
				break
			}
		}
	}
	pers.CodePages = pages
	switch p.CJK {
	case "gbk", "gb2312":
		pers.KanjiSet = "gb18030"
	case "shift_jis":
		pers.KanjiSet = "shift-jis"
	default:
		pers.KanjiSet = p.CJK
	}
	return pers, nil
}

const (
	// longestPaper is a roll of 100 m, in mm. Three bytes of ESC/POS can feed a
	// metre.
	longestPaper = 100_000
	// mostDots is how large a picture can be.
	mostDots = 1 << 28
)

// printOut prints a stream on so many mm of paper, and returns what came out
// and what is still in the printer at the end.
func printOut(ctx context.Context, in io.Reader, pers *virtual.Personality, paper float64) ([]virtual.Receipt, error) {
	p := virtual.New(&virtual.Config{Personality: pers, Paper: paper})
	defer p.Close()
	conn, err := p.Dial()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	buf := make([]byte, 1024)
	for ctx.Err() == nil {
		n, err := in.Read(buf)
		// A chunk always finds room, unless the printer has stopped.
		_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
		if _, werr := conn.Write(buf[:n]); werr != nil {
			return nil, fmt.Errorf("the printer has stopped: %w", werr)
		}
		for s := p.State(); s.Waiting || s.PaperEnd; s = p.State() {
			if s.PaperEnd {
				return nil, fmt.Errorf("is longer than %g m (--paper gives it more)", paper/1000)
			}
			p.PressFeed() // for a macro that waits for it
			p.ReleaseFeed()
		}
		if errors.Is(err, io.EOF) {
			rs := p.Receipts()
			if r := p.PendingReceipt(); !r.Blank() {
				rs = append(rs, r)
			}
			return rs, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, ctx.Err()
}

// sideBySide puts the pictures of receipts beside each other.
func sideBySide(rs []virtual.Receipt) (image.Image, error) {
	const gap = 24
	size := image.Pt(-gap, 0)
	for _, r := range rs {
		dots := r.Size()
		size.X += gap + dots.X
		size.Y = max(size.Y, dots.Y)
	}
	if size.X > mostDots/max(size.Y, 1) {
		return nil, fmt.Errorf("makes a picture of %d × %d dots, which is too large (without -o it is shown as text)", size.X, size.Y)
	}
	if len(rs) == 1 {
		return rs[0].Image(), nil
	}
	images := make([]*image.Paletted, len(rs))
	for i, r := range rs {
		images[i] = r.Image()
	}
	all := image.NewPaletted(image.Rectangle{Max: size}, images[0].Palette)
	for i := range all.Pix {
		all.Pix[i] = uint8(len(all.Palette) - 1) // no paper
	}
	at := image.Point{}
	for _, m := range images {
		draw.Draw(all, m.Rect.Add(at), m, image.Point{}, draw.Src)
		at.X += m.Rect.Dx() + gap
	}
	return all, nil
}
