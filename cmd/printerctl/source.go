package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/printerctl/printerctl/escpos"
)

// maxSource is the most that is read of a file to print, in bytes. A receipt
// has a few kilobytes; a photograph some millions.
const maxSource = 32 << 20

// sourceOptions say how to make a document of a file.
type sourceOptions struct {
	as     string
	noCut  bool
	dither string
}

func (o *sourceOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.as, "as", "auto", "what the file is: auto, text, raw, image or json; auto never takes it for raw")
	f.StringVar(&o.dither, "dither", "", "how an image's greys become dots: threshold, floyd-steinberg, atkinson or bayer (default floyd-steinberg)")
	f.BoolVar(&o.noCut, "no-cut", false, "do not cut after it")
}

// load reads a file, or standard input for "-", and makes a document of it.
func (a *app) load(name string, o sourceOptions) (*escpos.Document, error) {
	switch o.as {
	case "auto", "text", "raw", "image", "json":
	default:
		return nil, fmt.Errorf("--as %s: unknown (auto, text, raw, image or json)", o.as)
	}
	b, err := a.read(name)
	if err != nil {
		return nil, err
	}
	doc, err := makeDocument(b, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

// read reads a file whole, or standard input for "-".
func (a *app) read(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxSource+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(b) == 0:
		return nil, fmt.Errorf("%s: is empty (nothing to print)", name)
	case len(b) > maxSource:
		return nil, fmt.Errorf("%s: is larger than %d MB (print it in parts)", name, maxSource>>20)
	}
	return b, nil
}

var errNotText = errors.New("is not text (say what it is: --as raw for ESC/POS commands, --as text to print it all the same)")

func makeDocument(b []byte, o sourceOptions) (*escpos.Document, error) {
	as := o.as
	if as == "auto" {
		if as = guess(b); as == "" {
			return nil, errNotText
		}
	}
	doc := new(escpos.Document)
	switch as {
	case "json":
		// A document says itself where it is cut.
		if err := doc.UnmarshalJSON(b); err != nil {
			return nil, err
		}
		if doc.Len() == 0 {
			return nil, errors.New("has no elements (nothing to print)")
		}
		return doc, nil
	case "raw":
		doc.Raw(b)
		return doc, doc.Err()
	case "image":
		img, err := decodeImage(b, o.dither)
		if err != nil {
			return nil, err
		}
		doc.Align(escpos.Center).Image(img).ResetStyle()
	default:
		text := strings.TrimPrefix(string(b), "\uFEFF")
		doc.Text(strings.TrimRight(text, "\r\n") + "\n")
	}
	if !o.noCut {
		doc.Cut(escpos.CutPartial)
	}
	return doc, doc.Err()
}

// guess tells what a file is by its content. It never says raw: bytes become
// commands only where somebody asks for it. It is "" for what is neither an
// image nor a document nor mostly text.
func guess(b []byte) string {
	for _, magic := range []string{"\x89PNG\r\n", "\xFF\xD8\xFF", "GIF8"} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return "image"
		}
	}
	if isDocument(b) {
		return "json"
	}
	odd := 0
	head := b[:min(len(b), 64<<10)]
	for rest := head; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 || r < 0x20 && !strings.ContainsRune("\t\n\r\f", r) {
			odd++
		}
		rest = rest[n:]
	}
	// A few commands in a text are dropped from it; metres of paper full of
	// marks are what nobody asked for.
	if len(b) > 512 && odd > len(head)/2 {
		return ""
	}
	return "text"
}

// isDocument reports whether b is JSON of the form that a Document has.
func isDocument(b []byte) bool {
	var form struct {
		Version  *int            `json:"version"`
		Elements json.RawMessage `json:"elements"`
	}
	return bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) && json.Unmarshal(b, &form) == nil &&
		form.Version != nil && form.Elements != nil
}
