package escpos

import (
	"fmt"
	"iter"
	"slices"
)

// Class says what kind of thing a command does, for those who need not know
// every command: a driver looks for the last cut, a device for what moves
// paper.
type Class uint8

// The classes. ClassUnknown is the zero value: a command that the table does
// not have, of which only the length is known.
const (
	ClassUnknown  Class = iota
	ClassIgnored        // a control byte that printers skip
	ClassFeed           // prints the line and feeds, or feeds
	ClassCut            // cuts the paper, or reserves a cut
	ClassStyle          // how characters look
	ClassCharset        // which characters the bytes mean
	ClassPosition       // where the next thing is printed: margins, tabs, spacing
	ClassPage           // page mode
	ClassImage          // bit images and graphics
	ClassBarcode        // bar codes and two-dimensional codes
	ClassGlyph          // characters defined by the user
	ClassMacro          // macros and counters
	ClassStatus         // asks the printer something, or has it report
	ClassDrawer         // a pulse on the drawer connector
	ClassBuzzer         // sounds
	ClassMemory         // data stored for the user
	ClassDevice         // reset, recovery, and the settings of the printer itself
)

var classNames = [...]string{
	"unknown", "ignored", "feed", "cut", "style", "charset", "position", "page", "image",
	"barcode", "glyph", "macro", "status", "drawer", "buzzer", "memory", "device",
}

// String returns the class in one word.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// A CommandDef describes one command of the language. The scanner, the list
// of all commands and the words for arguments rest on the same table of
// CommandDefs.
//
// The CommandDefs that a Scanner hands out are shared: do not change them.
// Two tokens are of the same command if and only if their Defs are the same
// pointer.
type CommandDef struct {
	Name   string // Epson's name: "GS ( k", "ESC @", "DLE EOT"
	Fn     int    // function number inside a "( x" family, or of DLE DC4; -1 where there is none
	Title  string // what it does, in a few words
	Form   string // its bytes in hexadecimal: "1D 28 6B pL pH 31 43 n"
	Source string // who documents it: "Epson ESC/POS, GS ( k"
	Class  Class

	// RealTime commands are acted on when they are received, before what
	// waits in the receive buffer, and even in the middle of other data: see
	// RealTimeScanner. In their turn in the buffer they do nothing more.
	RealTime bool
	// Replies commands make the printer send something.
	Replies bool
	// Nonvolatile commands write memory that survives power-off, and that
	// wears: Epson advises against more than ten times a day.
	Nonvolatile bool

	op     string  // the bytes that begin it
	params []param // what follows the opcode, and the length prefix of a family
	body   bodyKind
	size   func(head []byte) int64 // bodySized
	view   dataView
	head   int // length of opcode, length prefix and params, in bytes
}

// Known reports whether the command is in the table. A function that the
// table does not have, of a family with a length prefix, or one without all
// its parameters, has a CommandDef as well, so that it can be named and
// passed over.
func (d *CommandDef) Known() bool { return d.Class != ClassUnknown }

// IsCut reports whether the command cuts the paper, or feeds to the cutting
// position where there is no cutter.
func (d *CommandDef) IsCut() bool { return d.Class == ClassCut }

// CommandTable returns every command known, ordered by opcode.
func CommandTable() []CommandDef {
	g := grammar()
	t := make([]CommandDef, len(g.defs))
	for i, d := range g.defs {
		t[i] = *d
		t[i].params = nil // shared, and of no use outside
	}
	return t
}

// A Command is one command of a buffer, or a run of text, or bytes that no
// command begins with.
type Command struct {
	Offset int64       // in the buffer
	Length int64       // of the whole command with its data, in bytes
	Def    *CommandDef // nil for text and for unknown bytes
	Name   string      // Epson's; "text"; "unknown"
	Known  bool        // false for unknown bytes and for unknown functions of a family
	// Truncated is set where the buffer ended inside the command.
	Truncated bool

	Bytes []byte // the whole command
	Head  []byte // opcode and fixed parameters; nil for text and unknown
	Data  []byte // the command's data without a terminating NUL; the text; the unknown bytes
}

// Commands splits a buffer into commands. The slices of a Command point into
// b. A run of text is one Command.
func Commands(b []byte) iter.Seq[Command] {
	return func(yield func(Command) bool) {
		var s Scanner
		for more := true; more; {
			c, ok := nextCommand(&s, b)
			more = ok && yield(c)
		}
	}
}

// nextCommand reads the next command of b, all of which before it s has read.
func nextCommand(s *Scanner, b []byte) (Command, bool) {
	tok, _ := s.Next(b[s.Offset():])
	if tok.Kind == TokenNone {
		if tok = s.Flush(); tok.Kind == TokenNone {
			return Command{}, false
		}
		return Command{
			Offset: tok.Offset, Length: int64(len(tok.Data)), Name: "unknown", Truncated: true,
			Bytes: b[tok.Offset:], Data: b[tok.Offset:],
		}, true
	}
	c := Command{Offset: tok.Offset, Def: tok.Def, Head: tok.Head, Data: tok.Data}
	switch tok.Kind {
	case TokenText:
		c.Name, c.Known = "text", true
	case TokenUnknown:
		c.Name = "unknown"
	default:
		c.Name, c.Known = tok.Def.Name, tok.Def.Known()
		if tok.DataLen != 0 {
			start := s.Offset()
			end := start
			for tok.Kind != TokenEnd && !c.Truncated {
				end = s.Offset()
				tok, _ = s.Next(b[end:])
				c.Truncated = tok.Kind == TokenNone
			}
			c.Data = b[start:end:end]
			if c.Truncated {
				s.Flush()
			}
		}
	}
	end := s.Offset()
	c.Length = end - c.Offset
	c.Bytes = b[c.Offset:end:end]
	return c, true
}

// table is every command, in the order in which it is listed.
func table() []*CommandDef {
	var all []*CommandDef
	for _, part := range [][]CommandDef{controlCommands, dleCommands(), escCommands(), fsCommands(), gsCommands(), gsFamilies(), gsGraphics(), gsSymbols()} {
		for i := range part {
			all = append(all, &part[i])
		}
	}
	slices.SortStableFunc(all, func(a, b *CommandDef) int {
		switch {
		case a.op < b.op:
			return -1
		case a.op > b.op:
			return 1
		}
		return 0
	})
	return all
}
