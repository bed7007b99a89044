package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
)

// A Profile is what is known about a model of printer: its paper, fonts and
// code pages, which commands it has, and what it answers. It is data, read
// from JSON: ProfileByName returns those that come with the package,
// ParseProfile reads one of yours. Treat it as read-only: it may be shared.
//
// The JSON keys are those of the fields, beginning with a small letter; in
// the folder profiles of this package there are examples. A Tri is true,
// false or null.
type Profile struct {
	Schema   int      `json:"schema"` // 1
	Name     string   `json:"name"`   // by which it is found, such as "TM-T88V"
	Aliases  []string `json:"aliases,omitempty"`
	Vendor   string   `json:"vendor"`
	Model    string   `json:"model"`             // as the printer gives it (GS I 67), where it does
	Language string   `json:"language"`          // "escpos"
	Sources  []string `json:"sources"`           // where the facts are from
	Notes    string   `json:"notes,omitempty"`   // for people
	License  string   `json:"license,omitempty"` // of facts from a licensed list, with attribution

	Paper float64    `json:"paper"` // width of the roll in mm
	Width int        `json:"width"` // of the printable area in dots, a multiple of 8
	DPI   int        `json:"dpi"`   // dots per inch, along the line
	Fonts []FontSize `json:"fonts"` // by Font; at least font A
	// FeedDPI is the vertical motion units per inch: what ESC J, ESC 3 and
	// GS V count in, until GS P changes it. 0 means DPI.
	FeedDPI int `json:"feedDPI,omitempty"`
	// SetFeedUnit sends GS P before such a command, so that they count dots,
	// whatever the printer was told to start with. FeedDPI must be 0 then.
	SetFeedUnit bool `json:"setFeedUnit,omitempty"`
	// LineFeed is the default distance from line to line, in dots.
	LineFeed int `json:"lineFeed"`
	Colors   int `json:"colors,omitempty"` // 2 for a second colour (ESC r); 0 means 1

	ReceiveBuffer int `json:"receiveBuffer"` // bytes; 0: unknown

	StatusReplies Tri `json:"statusReplies"` // answers DLE EOT
	ASB           Tri `json:"asb"`           // has automatic status back (GS a)
	ProcessID     Tri `json:"processID"`     // has GS ( H fn 48
	Clear         Tri `json:"clear"`         // has DLE DC4 fn 8
	NearEndSensor Tri `json:"nearEndSensor"`

	Cutter Cutter `json:"cutter"`

	// CodePages are what ESC t selects, in order of preference. At most 64.
	CodePages []CodePage `json:"codePages"`
	// CJK is the multi-byte character set of the font that is built in:
	// "gb18030", "gbk", "gb2312", "big5", "shift_jis" or "euc-kr"; or none.
	CJK string `json:"cjk,omitempty"`
	// CancelKanji sends FS . before bytes that a printer with a multi-byte
	// mode, switched on at the factory, would misread. Implied by CJK.
	CancelKanji bool `json:"cancelKanji,omitempty"`
	// UTF8 has all text sent in UTF-8, by FS ( C, on models that have it.
	UTF8 bool `json:"utf8,omitempty"`

	// Barcodes are the symbologies that GS k prints, by the names of
	// Symbology. The others are drawn.
	Barcodes []string `json:"barcodes"`
	// BarcodeForm is "B" for GS k with the length of the data, m from 65 on,
	// and "A" for the older form that ends in NUL. Nothing means "B".
	BarcodeForm string `json:"barcodeForm,omitempty"`
	// Symbols are the two-dimensional symbols that GS ( k prints: "qr",
	// and "qr-model-1" and "qr-micro" where it has these too, "pdf417",
	// "maxicode", "datamatrix", "aztec" and "databar-stacked". The others are
	// drawn.
	Symbols []string `json:"symbols"`

	Image ImageSupport `json:"image"`
	// NVGraphics tells that it keeps logos, by GS ( L.
	NVGraphics bool `json:"nvGraphics,omitempty"`
	// PageMode tells that it has page mode.
	PageMode bool `json:"pageMode,omitempty"`
	// Buzzer is the command that sounds it: "esc-(-a-97" or "esc-(-a-48"
	// (Epson), "esc-bel" or "esc-b" (others); or nothing.
	Buzzer string `json:"buzzer,omitempty"`

	pages    []*charTable
	cjk      *cjkSet
	barcodes uint32 // bits by Symbology
	symbols  uint64 // bits by opKind
	qrModels uint8  // bits by QRModel, but for the usual one
}

// MaxProfileWidth is how many dots wide the printable area of a Profile can be.
const MaxProfileWidth = 4096

// ImageSupport is how a printer takes pictures.
type ImageSupport struct {
	// Command is "raster" (GS v 0), "graphics" (GS ( L), "column" or
	// "column8" (ESC * in stripes of 24 or 8 dots).
	Command string `json:"command"`
	// BandRows is how many rows go into one command, 1 to 255; 0 means as many
	// as take 2304 bytes. Between two of them, the printer can be asked for
	// its status.
	BandRows int `json:"bandRows,omitempty"`
	// Width of a picture in dots, where it is not that of the profile.
	Width int `json:"width,omitempty"`
}

// barcodeForm returns 'A' or 'B' for a symbology that the printer has, and 0
// for one that it has not.
func (p *Profile) barcodeForm(s Symbology) byte {
	switch {
	case p.barcodes>>s&1 == 0:
		return 0
	case p.BarcodeForm == "A":
		return 'A'
	}
	return 'B'
}

// hasSymbol reports whether the printer has a two-dimensional symbol.
func (p *Profile) hasSymbol(k opKind) bool { return p.symbols>>k&1 != 0 }

// FontSize is the size of a font's characters in dots, the space around them
// included.
type FontSize struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Cutter is what a printer cuts with. The zero value is none.
type Cutter struct {
	Partial bool `json:"partial,omitempty"`
	Full    bool `json:"full,omitempty"`
	Feeds   bool `json:"feeds,omitempty"` // has GS V 65 and 66, which feed to the cutter by themselves
	// FeedLines is how many lines to feed so that the last one is past the
	// cutter or the tear bar, for those that have no such command.
	FeedLines int `json:"feedLines,omitempty"`
}

// CodePage names the character set behind a number of ESC t.
type CodePage struct {
	Number uint8  `json:"n"`
	Name   string `json:"name"` // such as "437", "1252", "iso8859-15"
}

// Sensors returns what is known of the printer's sensors.
func (p *Profile) Sensors() Sensors { return Sensors{NearEnd: p.NearEndSensor} }

// Columns returns how many characters of font f a line has.
func (p *Profile) Columns(f Font) int {
	if int(f) >= len(p.Fonts) || p.Fonts[f].Width <= 0 {
		return 0
	}
	return p.Width / p.Fonts[f].Width
}

// feedUnits converts dots of feed to what the printer counts in.
func (p *Profile) feedUnits(dots int) int {
	if p.FeedDPI == 0 {
		return dots
	}
	return (dots*p.FeedDPI + p.DPI/2) / p.DPI
}

// A ProfileError tells what is wrong with a profile.
type ProfileError struct {
	Profile string // its name, as far as it is known
	Field   string // by its JSON path, such as "fonts[1].width"
	Err     error
}

// Error names the profile, the field and the fault.
func (e *ProfileError) Error() string {
	s := "profile"
	if e.Profile != "" {
		s += fmt.Sprintf(" %q", e.Profile)
	}
	if e.Field != "" {
		s += ": " + e.Field
	}
	return s + ": " + e.Err.Error()
}

// Unwrap returns the fault.
func (e *ProfileError) Unwrap() error { return e.Err }

// ErrUnknownProfile is what ProfileByName's error wraps.
var ErrUnknownProfile = errors.New("there is no such profile")

var errNotParsed = errors.New("it did not come from ParseProfile or ProfileByName")

// usable reports whether p was parsed.
func (p *Profile) usable() error {
	if len(p.Fonts) == 0 || len(p.pages) != len(p.CodePages) {
		return &ProfileError{Profile: p.Name, Err: errNotParsed}
	}
	return nil
}

// ParseProfile reads a profile from JSON. An error is a *ProfileError that
// names the field. Unknown fields are refused.
func ParseProfile(data []byte) (*Profile, error) {
	p := new(Profile)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(p)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("there is something behind the end of the object")
		} else {
			err = uniqueKeys(data, math.MaxInt)
		}
	}
	if err != nil {
		pe := &ProfileError{Profile: p.Name, Err: jsonError(err)}
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			want := te.Type.String()
			if te.Type == reflect.TypeFor[Tri]() {
				want = "true, false or null"
			}
			pe.Field, pe.Err = te.Field, fmt.Errorf("%s is not what belongs there (%s)", te.Value, want)
		}
		return nil, pe
	}
	if field, err := p.check(); err != nil {
		return nil, &ProfileError{Profile: p.Name, Field: field, Err: err}
	}
	return p, nil
}

// check validates p and makes it ready. It returns the path of the first
// field at fault.
func (p *Profile) check() (field string, err error) {
	between := func(name string, v, low, high int) bool {
		if v < low || v > high {
			field, err = name, fmt.Errorf("%d is not in %d to %d", v, low, high)
		}
		return err == nil
	}
	switch {
	case p.Schema != 1:
		return "schema", fmt.Errorf("%d is not known; this is version 1", p.Schema)
	case p.Name == "" || strings.ContainsFunc(p.Name, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "name", errors.New("must be printable ASCII without spaces")
	case p.Language != "escpos":
		return "language", fmt.Errorf("%q is not known; \"escpos\" is", p.Language)
	case p.Paper <= 0 || p.Paper > 300:
		return "paper", fmt.Errorf("%g mm is not a width of a roll", p.Paper)
	case !between("width", p.Width, 8, MaxProfileWidth), !between("dpi", p.DPI, 50, 1200),
		!between("feedDPI", p.FeedDPI, 0, 1200), !between("lineFeed", p.LineFeed, 1, 255),
		!between("colors", p.Colors, 0, 2), !between("receiveBuffer", p.ReceiveBuffer, 0, 64<<20),
		!between("cutter.feedLines", p.Cutter.FeedLines, 0, 30),
		!between("number of fonts", len(p.Fonts), 1, len(fontNames)),
		!between("number of codePages", len(p.CodePages), 0, 64):
		return field, err
	case p.SetFeedUnit && (p.FeedDPI != 0 || p.DPI > 255):
		return "setFeedUnit", errors.New("needs a dpi of at most 255, and no feedDPI")
	case p.Width%8 != 0:
		return "width", fmt.Errorf("%d is not a multiple of 8", p.Width)
	}
	for i, f := range p.Fonts {
		if !between(fmt.Sprintf("fonts[%d].width", i), f.Width, 4, p.Width) ||
			!between(fmt.Sprintf("fonts[%d].height", i), f.Height, 4, 255) {
			return field, err
		}
	}
	for i, c := range p.CodePages {
		page, ok := codePages[c.Name]
		if !ok {
			return fmt.Sprintf("codePages[%d].name", i), fmt.Errorf("the character set %q is not known", c.Name)
		}
		p.pages = append(p.pages, page())
	}
	if p.CJK != "" {
		set, ok := cjkSets[p.CJK]
		if !ok {
			return "cjk", fmt.Errorf("the character set %q is not known", p.CJK)
		}
		p.cjk = set()
	}
	return p.checkGraphics()
}

// checkGraphics is check for symbols and pictures.
func (p *Profile) checkGraphics() (field string, err error) {
	last := Codabar // of form A
	switch p.BarcodeForm {
	case "A":
	case "", "B":
		last = DataBarExpanded
	default:
		return "barcodeForm", fmt.Errorf("%q is not known; \"A\" and \"B\" are", p.BarcodeForm)
	}
	for i, name := range p.Barcodes {
		s := slices.Index(symbologyNames[:], name)
		if s < 0 || s > int(last) {
			return fmt.Sprintf("barcodes[%d]", i), fmt.Errorf("%q is not known; %s are", name, strings.Join(symbologyNames[:last+1], ", "))
		}
		p.barcodes |= 1 << s
	}
	for i, name := range p.Symbols {
		switch k := opKind(slices.Index(opNames[:], name)); {
		case name == "qr-model-1":
			p.qrModels |= 1 << QRModel1
		case name == "qr-micro":
			p.qrModels |= 1 << QRMicro
		case k >= opQR && k <= opDataBarStacked:
			p.symbols |= 1 << k
		default:
			return fmt.Sprintf("symbols[%d]", i), fmt.Errorf("%q is not known", name)
		}
	}
	switch p.Image.Command {
	case imageRaster, imageGraphics, imageColumn, imageColumn8:
	default:
		return "image.command", fmt.Errorf("%q is not known; raster, graphics, column and column8 are", p.Image.Command)
	}
	switch {
	case p.Image.BandRows < 0 || p.Image.BandRows > 255:
		return "image.bandRows", fmt.Errorf("%d is not in 0 to 255", p.Image.BandRows)
	case p.Image.Width < 0 || p.Image.Width > MaxProfileWidth || p.Image.Width%8 != 0:
		return "image.width", fmt.Errorf("%d is not a multiple of 8 up to %d", p.Image.Width, MaxProfileWidth)
	case p.Buzzer != "" && !slices.Contains(buzzers, p.Buzzer):
		return "buzzer", fmt.Errorf("%q is not known; %s are", p.Buzzer, strings.Join(buzzers, ", "))
	}
	return "", nil
}
