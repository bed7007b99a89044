package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

	pages []*charTable
	cjk   *cjkSet
}

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
		}
	}
	if err != nil {
		pe := &ProfileError{Profile: p.Name, Err: err}
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			pe.Field, pe.Err = te.Field, fmt.Errorf("%s is not what belongs there (%s)", te.Value, te.Type)
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
	case !between("width", p.Width, 8, 4096), !between("dpi", p.DPI, 50, 1200),
		!between("feedDPI", p.FeedDPI, 0, 1200), !between("lineFeed", p.LineFeed, 1, 255),
		!between("colors", p.Colors, 0, 2), !between("receiveBuffer", p.ReceiveBuffer, 0, 64<<20),
		!between("cutter.feedLines", p.Cutter.FeedLines, 0, 30),
		!between("number of fonts", len(p.Fonts), 1, len(fontNames)),
		!between("number of codePages", len(p.CodePages), 0, 64):
		return field, err
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
	p.Aliases = slices.Clip(p.Aliases)
	return "", nil
}
