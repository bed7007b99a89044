package escpos

import (
	"encoding/binary"
	"math/bits"
)

// TokenKind is what a Token is.
type TokenKind uint8

// The kinds.
const (
	// TokenNone: everything given was consumed, and more is needed.
	TokenNone TokenKind = iota
	// TokenText is a run of bytes to print: 20 and above. One run may come
	// as several tokens, cut where the input was cut.
	TokenText
	// TokenCommand is a command up to its data.
	TokenCommand
	// TokenData is a chunk of the data of the command before it, cut where
	// the input was cut.
	TokenData
	// TokenEnd ends the data of a command.
	TokenEnd
	// TokenUnknown is bytes that no command begins with.
	TokenUnknown
)

var tokenKindNames = [...]string{"none", "text", "command", "data", "end", "unknown"}

// String returns the kind in one word.
func (k TokenKind) String() string {
	if int(k) < len(tokenKindNames) {
		return tokenKindNames[k]
	}
	return "invalid"
}

// A Token is one step through a stream of ESC/POS.
//
// A command without data is one TokenCommand. A command with data is a
// TokenCommand whose DataLen is not 0, any number of TokenData, and a
// TokenEnd. The lengths of Head and Data of all tokens add up to the length
// of the stream.
type Token struct {
	Kind    TokenKind
	Offset  int64       // in the stream, of the token's first byte
	Def     *CommandDef // TokenCommand, TokenData, TokenEnd: never nil
	Head    []byte      // TokenCommand: opcode and fixed parameters; all of them, if Def is known
	DataLen int64       // TokenCommand: bytes of data to follow; -1: not known beforehand; 0: none, and no TokenEnd
	Data    []byte      // TokenText, TokenData, TokenUnknown: the bytes; TokenEnd: the terminating NUL, if there was one
}

// maxHead is the longest head: GS 8 L fn 67, 10 bytes of opcode, length, m
// and fn, and 8 of parameters. A test holds the table to it.
const maxHead = 24

// A Scanner splits a stream of ESC/POS into commands, text and data, as the
// stream comes. The zero value is ready for use. It allocates nothing, and
// holds back at most the head of one command; data are passed on and never
// kept, whatever length a command claims for them.
//
// The tokens do not depend on how the stream is cut into calls, apart from
// the cuts inside text and data.
//
// What no command begins with comes out as TokenUnknown, and the scanner goes
// on behind it:
//   - ESC, FS or GS with a second byte that means nothing are two unknown
//     bytes, as printers skip them. So is a byte that selects no form of a
//     command: GS k 7 is unknown, and what follows it is text.
//   - A control byte is never swallowed in this way, and after DLE nothing
//     is: it is looked at afresh. A command that broke off after its first
//     byte does not take the next one with it.
//   - A family with a length prefix, such as GS ( x, is passed over by its
//     length also where the function is unknown, or the length too small for
//     its parameters: CommandDef.Known is false.
//
// Bytes in a double-byte code are text. Their second byte is at least 30 in
// GB18030, Shift_JIS, Big5 and EUC, and never looks like a control; so the
// scanner need not know which code is selected.
//
// FS 2 alone has no length in the stream. How large its character is depends
// on the model and on the font that is selected (Epson ESC/POS, FS 2): 72 bytes
// for the 24 × 24 dots of a thermal printer, 32 for the 16 × 16 of an impact
// printer (Bematech LR2000 programming manual, p. 57). 72 is assumed; where
// that is too much, what follows is taken for dots until it is full.
//
// Real-time commands are found here where they stand between commands. Those
// inside data are found by a RealTimeScanner.
type Scanner struct {
	off  int64
	def  *CommandDef // not nil: inside its data
	body bodyState
	n    int // how much of buf is filled
	buf  [maxHead]byte
	g    *commandGrammar
}

// Next looks at the front of p and returns the first token, and how many
// bytes of p it consumed. It is to be called again with the rest, until it
// returns TokenNone: then all of p was consumed. A token may consume nothing
// of p: a TokenEnd, or bytes held back from an earlier call.
//
// Head and Data may point into p or into the Scanner. They are valid until p
// is changed or Next is called again.
func (s *Scanner) Next(p []byte) (Token, int) {
	if s.def != nil {
		return s.data(p)
	}
	if s.n > 0 {
		return s.resume(p)
	}
	if len(p) == 0 {
		return Token{}, 0
	}
	if p[0] >= 0x20 {
		n := textLen(p)
		t := Token{Kind: TokenText, Offset: s.off, Data: p[:n:n]}
		s.off += int64(n)
		return t, n
	}
	if s.g == nil {
		s.g = grammar()
	}
	def, n := s.g.head(p)
	if n == 0 { // the head is not complete, so it fits
		s.n = copy(s.buf[:], p)
		return Token{}, len(p)
	}
	return s.token(def, p[:n:n]), n
}

// resume goes on with a head that began in an earlier call.
func (s *Scanner) resume(p []byte) (Token, int) {
	had := s.n
	s.n += copy(s.buf[s.n:], p)
	def, n := s.g.head(s.buf[:s.n])
	if n == 0 {
		return Token{}, s.n - had
	}
	s.n = 0
	// Nothing shorter than what was held back can come out: it would have
	// come out before.
	return s.token(def, s.buf[:n:n]), n - had
}

// token makes a token of a complete head, or of unknown bytes.
func (s *Scanner) token(def *CommandDef, b []byte) Token {
	t := Token{Kind: TokenUnknown, Offset: s.off}
	s.off += int64(len(b))
	if def == nil {
		t.Data = b
		return t
	}
	t.Kind, t.Def, t.Head = TokenCommand, def, b
	if t.DataLen = s.body.start(def, b); t.DataLen != 0 {
		s.def = def
	}
	return t
}

// data goes on inside the data of a command.
func (s *Scanner) data(p []byte) (Token, int) {
	n, done, nul := s.body.take(s.def.body, p)
	t := Token{Kind: TokenData, Offset: s.off, Def: s.def, Data: p[:n:n]}
	switch {
	case n > 0:
	case done:
		t.Kind, s.def = TokenEnd, nil
		if nul {
			n = 1
		}
		t.Data = p[:n:n]
	default:
		return Token{}, 0
	}
	s.off += int64(n)
	return t, n
}

// AtBoundary reports whether the stream so far ends between two commands, so
// that another command may be put in there. Text is made of single bytes
// here: inside a run of text is a boundary too.
func (s *Scanner) AtBoundary() bool { return s.n == 0 && s.def == nil }

// Offset returns the offset in the stream of the next token: how many bytes
// have come out in tokens.
func (s *Scanner) Offset() int64 { return s.off }

// Flush ends the stream. It returns what was held back of an unfinished head
// as TokenUnknown. If the stream ended inside the data of a command, it
// returns a TokenUnknown without bytes and with the command in Def; and
// TokenNone if it ended at a boundary. The Scanner is then ready for another
// stream, and goes on counting offsets.
func (s *Scanner) Flush() Token {
	t := Token{Offset: s.off}
	switch {
	case s.def != nil:
		t.Kind, t.Def = TokenUnknown, s.def
	case s.n > 0:
		t.Kind, t.Data = TokenUnknown, s.buf[:s.n]
		s.off += int64(s.n)
	}
	s.def, s.n = nil, 0
	return t
}

// textLen returns how many bytes at the front of p are 20 or above. It looks
// at eight bytes at a time: subtracting 20 from a byte below it borrows into
// its top bit, which is told from a top bit that was set before.
func textLen(p []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(p); i += 8 {
		v := binary.LittleEndian.Uint64(p[i:])
		if low := (v - ones*0x20) &^ v & tops; low != 0 {
			// A borrow only spreads upward: the lowest mark is true.
			return i + bits.TrailingZeros64(low)/8
		}
	}
	for ; i < len(p); i++ {
		if p[i] < 0x20 {
			return i
		}
	}
	return i
}
