package escpos

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a Document.
const (
	MaxElements = 1 << 20  // elements in one document; the columns of rows count as well
	MaxPayload  = 64 << 20 // bytes of text, symbol data and pixels in one document
)

// A Document says what is to be printed, for any printer. It is a list of
// elements, in the order in which its methods were called; which bytes they
// become is decided by AppendEncode, for one Profile.
//
// The zero value is an empty document, ready for use. Every method returns
// the Document itself, so that calls can be chained. A call with bad data
// adds nothing; the first such error is kept, and Err, AppendEncode and
// MarshalJSON return it.
//
// A Document may be encoded by several goroutines at a time, while nobody
// changes it.
type Document struct {
	ops     []op
	arena   []byte // text and payloads of all elements, in order
	columns int    // how many ops are part of an element, a row, and not one themselves
	err     error
}

// op is one element, or one column of a row.
type op struct {
	opHead
	off, n uint32 // arena[off : off+n] belongs to it
	m      uint32 // one more parameter
}

// opHead is the first part of an op. Compilers keep structures of up to four
// fields in registers, and this makes two of them.
type opHead struct {
	kind    opKind
	a, b, c uint8 // parameters, by kind
}

// opKind is the kind of an element.
type opKind uint8

const (
	opText opKind = iota
	opParagraph
	opRow    // a: number of columns, which follow as opColumn
	opColumn // a: alignment, b: overflow, m: width in cells
	opItem   // m: length of the left text
	opRule   // m: the rune
	opAlign
	opBold
	opUnderline
	opDoubleStrike
	opSize
	opFont
	opInvert
	opRotate
	opUpsideDown
	opLetterSpacing
	opLineSpacing
	opIndent
	opColor
	opResetStyle
	opFeed
	opFeedDots
	opCut
	opDrawer
	opRaw
	opBarcode
	opQR
	opPDF417
	opMaxiCode
	opDataMatrix
	opAztec
	opDataBarStacked
	opImage
	opLogoStore
	opLogo
	opLogoDelete
	opBuzzer
	opTabs
	opPageStart
	opPageArea
	opPagePosition
	opPagePrint
)

var opNames = [...]string{
	opText:           "text",
	opParagraph:      "paragraph",
	opRow:            "row",
	opColumn:         "column",
	opItem:           "item",
	opRule:           "rule",
	opAlign:          "align",
	opBold:           "bold",
	opUnderline:      "underline",
	opDoubleStrike:   "double-strike",
	opSize:           "size",
	opFont:           "font",
	opInvert:         "invert",
	opRotate:         "rotate",
	opUpsideDown:     "upside-down",
	opLetterSpacing:  "letter-spacing",
	opLineSpacing:    "line-spacing",
	opIndent:         "indent",
	opColor:          "color",
	opResetStyle:     "reset-style",
	opFeed:           "feed",
	opFeedDots:       "feed-dots",
	opCut:            "cut",
	opDrawer:         "drawer",
	opRaw:            "raw",
	opBarcode:        "barcode",
	opQR:             "qr",
	opPDF417:         "pdf417",
	opMaxiCode:       "maxicode",
	opDataMatrix:     "datamatrix",
	opAztec:          "aztec",
	opDataBarStacked: "databar-stacked",
	opImage:          "image",
	opLogoStore:      "logo-store",
	opLogo:           "logo",
	opLogoDelete:     "logo-delete",
	opBuzzer:         "buzzer",
	opTabs:           "tabs",
	opPageStart:      "page-start",
	opPageArea:       "page-area",
	opPagePosition:   "page-position",
	opPagePrint:      "page-print",
}

func (k opKind) String() string { return opNames[k] }

// An ElementError tells which element of a Document is at fault, and why.
type ElementError struct {
	Index   int    // of the element, counted from 0
	Element string // its kind, by the name that it has in JSON
	Err     error
}

// Error names the element, its index and the fault.
func (e *ElementError) Error() string {
	return fmt.Sprintf("element %d (%s): %v", e.Index, e.Element, e.Err)
}

// Unwrap returns the fault.
func (e *ElementError) Unwrap() error { return e.Err }

// Err returns the first error of the calls that built d.
func (d *Document) Err() error { return d.err }

// Len returns the number of elements.
func (d *Document) Len() int { return len(d.ops) - d.columns }

// Reset empties d, keeping its memory for the next receipt.
func (d *Document) Reset() {
	d.ops, d.arena, d.columns, d.err = d.ops[:0], d.arena[:0], 0, nil
}

// fail keeps the first error.
func (d *Document) fail(k opKind, err error) *Document {
	if d.err == nil {
		d.err = &ElementError{Index: d.Len(), Element: k.String(), Err: err}
	}
	return d
}

var (
	errTooManyElements = fmt.Errorf("a document has at most %d elements", MaxElements)
	errTooLarge        = fmt.Errorf("a document holds at most %d bytes", MaxPayload)
)

// add appends an element.
func (d *Document) add(o op) *Document {
	if len(d.ops) == cap(d.ops) || d.err != nil {
		return d.addSlow(o)
	}
	d.ops = append(d.ops, o)
	return d
}

//go:noinline
func (d *Document) addSlow(o op) *Document {
	if d.more(o.kind, 1) {
		d.ops = append(d.ops, o)
	}
	return d
}

// more makes room for n ops, or tells that there is none.
func (d *Document) more(k opKind, n int) bool {
	if n > MaxElements-len(d.ops) {
		d.fail(k, errTooManyElements)
	}
	if d.err != nil {
		return false
	}
	if n += len(d.ops); n > cap(d.ops) {
		// Never more than there can be: add does not count.
		ops := make([]op, len(d.ops), min(max(96, n, 2*cap(d.ops)), MaxElements))
		copy(ops, d.ops)
		d.ops = ops
	}
	return true
}

// room reports whether n more bytes fit, and sees to it that the arena has
// room for them, and for slack.
func (d *Document) room(n int) bool {
	return n+slack <= cap(d.arena)-len(d.arena) || d.grow(n)
}

func (d *Document) grow(n int) bool {
	if n > MaxPayload-len(d.arena) {
		return false
	}
	d.arena = slices.Grow(d.arena, max(n+slack, 2048))
	return true
}

// Text appends text in the style that is set. Text flows: it goes on where
// the last text ended, and a line that is full goes on in the next one,
// wherever that is in a word; Paragraph wraps at words.
//
// '\n' and "\r\n" end a line. A tab moves to the next stop, see Tabs. Other
// control characters, NUL among them, never reach the printer: a '?' stands
// for each, and AppendEncode reports it, as it does for every character that
// the printer lacks. Bytes that are not UTF-8 count as U+FFFD. The text is
// kept in Unicode normalization form C.
func (d *Document) Text(s string) *Document {
	return d.text(opText, s, false)
}

// Line appends s and ends the line.
func (d *Document) Line(s string) *Document {
	return d.text(opText, s, true)
}

func (d *Document) text(k opKind, s string, line bool) *Document {
	if !d.room(3*len(s) + 1) {
		return d.fail(k, errTooLarge)
	}
	off := len(d.arena)
	flags := d.store(s, k != opText)
	if line {
		d.arena = append(d.arena, '\n')
		flags &^= oneLine
	}
	return d.add(op{opHead: opHead{kind: k, c: flags},
		off: uint32(off), n: uint32(len(d.arena) - off)})
}

// store puts s into the arena, as valid UTF-8 in normalization form C, and
// tells what plainness says of it. For layout, a tab is a space.
func (d *Document) store(s string, layout bool) (flags uint8) {
	off := len(d.arena)
	end := off + len(s)
	flags = copyText(d.arena[off:end+slack], s)
	if d.arena = d.arena[:end]; flags != 0 {
		return flags
	}
	d.normalize(off, s, layout)
	return plainness(d.arena[off:])
}

// normalize makes arena[off:], which is s, what store promises.
func (d *Document) normalize(off int, s string, layout bool) {
	if layout {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\t", " ")
		d.arena = append(d.arena[:off], s...)
	}
	if !utf8.ValidString(s) {
		d.arena = appendValid(d.arena[:off], s)
	}
	if t := d.arena[off:]; !simple(t) && !norm.NFC.IsNormal(t) {
		d.arena = append(d.arena[:off], norm.NFC.Bytes(t)...)
	}
}

// appendValid appends s, with U+FFFD for each byte that is not UTF-8.
func appendValid(dst []byte, s string) []byte {
	for _, r := range s {
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// simple reports whether each rune of b, which is valid UTF-8, is known to
// be in normalization form C and a grapheme of its own, whatever stands
// beside it. It answers fast for the usual scripts, and may answer no where
// yes were right.
func simple(b []byte) bool {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			// CR before LF is one grapheme; the rest of ASCII is not joined.
			if b[i] == '\r' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if !simpleRune(r) {
			return false
		}
		i += n
	}
	return true
}

func simpleRune(r rune) bool {
	switch {
	case r < 0x300:
		return r != 0xAD && r != 0xA9 && r != 0xAE // soft hyphen; © and ® may be emoji
	case r < 0x4E00:
		return r >= 0x3001 && r <= 0x3029 || // CJK punctuation
			r >= 0x3041 && r <= 0x3096 || r >= 0x30A0 && r <= 0x30FF || // kana
			r >= 0x2010 && r <= 0x201F || r == 0x2026 || r == 0x20AC || // dashes, quotes, …, €
			r >= 0x391 && r <= 0x3CE && r != 0x3A2 || // Greek
			r >= 0x410 && r <= 0x44F || // Cyrillic
			r >= 0x2500 && r <= 0x259F // boxes and blocks
	case r <= 0x9FFF:
		return true // CJK ideographs
	}
	return r >= 0xAC00 && r <= 0xD7A3 || r >= 0xFF01 && r <= 0xFF60
}
