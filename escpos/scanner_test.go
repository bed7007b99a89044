package escpos

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// scan feeds the pieces of a stream, and writes every token in a line, with
// what was cut by the pieces put together again.
func scan(t interface{ Fatalf(string, ...any) }, pieces ...[]byte) (lines []string) {
	var s Scanner
	var kind TokenKind
	var def *CommandDef
	var data []byte
	var at, next int64
	flush := func() {
		if kind != TokenNone {
			lines = append(lines, fmt.Sprintf("%d %s %s % X", at, kind, name(def), data))
		}
		kind, data = TokenNone, nil
	}
	take := func(tok Token) {
		if tok.Offset != next {
			t.Fatalf("token %v at %d, want offset %d", tok.Kind, tok.Offset, next)
		}
		next += int64(len(tok.Head) + len(tok.Data))
		if tok.Kind != kind || tok.Kind != TokenText && tok.Kind != TokenData {
			flush()
			at, kind, def = tok.Offset, tok.Kind, tok.Def
		}
		switch tok.Kind {
		case TokenCommand:
			if tok.Def.Known() && len(tok.Head) != tok.Def.head {
				t.Fatalf("%s at %d: head of %d bytes, want %d", tok.Def.Name, at, len(tok.Head), tok.Def.head)
			}
			lines = append(lines, fmt.Sprintf("%d command %s % X + %d", at, name(def), tok.Head, tok.DataLen))
			kind = TokenNone
		default:
			data = append(data, tok.Data...)
		}
	}
	for _, p := range pieces {
		for idle := 0; ; {
			tok, n := s.Next(p)
			p = p[n:]
			if tok.Kind == TokenNone {
				if len(p) > 0 {
					t.Fatalf("TokenNone with %d bytes left", len(p))
				}
				break
			}
			if idle++; len(tok.Head)+len(tok.Data) > 0 {
				idle = 0
			}
			if idle > 1 {
				t.Fatalf("no progress at %d", next)
			}
			take(tok)
		}
	}
	for s.n > 0 || s.def != nil {
		take(s.Flush())
	}
	flush()
	if !s.AtBoundary() {
		t.Fatalf("not at a boundary after Flush")
	}
	var total int64
	for _, p := range pieces {
		total += int64(len(p))
	}
	if total != next || total != s.Offset() {
		t.Fatalf("tokens have %d bytes, stream %d, offset %d", next, total, s.Offset())
	}
	return lines
}

func name(d *CommandDef) string {
	if d == nil {
		return "-"
	}
	return d.Name
}

func TestScanner(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"text", "Total 3,50", []string{"0 text - 54 6F 74 61 6C 20 33 2C 35 30"}},
		{"a line", "\x1b@Hi\n", []string{"0 command ESC @ 1B 40 + 0", "2 text - 48 69", "4 command LF 0A + 0"}},
		{"double-byte text is text", "\x1c&\xc4\xe3", []string{"0 command FS & 1C 26 + 0", "2 text - C4 E3"}},
		{"image", "\x1dv0\x00\x02\x00\x02\x00\x10\x04\x01\x1b!", []string{
			"0 command GS v 0 1D 76 30 00 02 00 02 00 + 4", "8 data GS v 0 10 04 01 1B", "12 end GS v 0 ", "12 text - 21",
		}},
		{"image without rows", "\x1dv0\x00\x02\x00\x00\x00A", []string{"0 command GS v 0 1D 76 30 00 02 00 00 00 + 0", "8 text - 41"}},
		{"24-dot columns", "\x1b*\x21\x01\x00abcd", []string{"0 command ESC * 1B 2A 21 01 00 + 3", "5 data ESC * 61 62 63", "8 end ESC * ", "8 text - 64"}},
		{"tabs", "\x1bD\x08\x10\x00A", []string{"0 command ESC D 1B 44 + -1", "2 data ESC D 08 10", "4 end ESC D 00", "5 text - 41"}},
		{"tabs not rising", "\x1bD\x08\x10\x0a", []string{"0 command ESC D 1B 44 + -1", "2 data ESC D 08 10", "4 end ESC D ", "4 command LF 0A + 0"}},
		{"tabs the same twice", "\x1bD\x08 \x20", []string{"0 command ESC D 1B 44 + -1", "2 data ESC D 08 20", "4 end ESC D ", "4 text - 20"}},
		{"too many tabs", "\x1bD" + rising(33) + "\x00", []string{"0 command ESC D 1B 44 + -1", "2 data ESC D " + fmt.Sprintf("% X", rising(32)), "34 end ESC D ", "34 text - 21", "35 command NUL 00 + 0"}},
		{"bar code, form A", "\x1dk\x0440\x00A", []string{"0 command GS k 1D 6B 04 + -1", "3 data GS k 34 30", "5 end GS k 00", "6 text - 41"}},
		{"bar code, form A, NUL lost", "\x1dk\x0440\x1b@", []string{"0 command GS k 1D 6B 04 + -1", "3 data GS k 34 30", "5 end GS k ", "5 command ESC @ 1B 40 + 0"}},
		{"bar code, form B", "\x1dkI\x03{B\x00A", []string{"0 command GS k 1D 6B 49 03 + 3", "4 data GS k 7B 42 00", "7 end GS k ", "7 text - 41"}},
		{"bar code of no kind", "\x1dk\x20ABC", []string{"0 unknown - 1D 6B 20", "3 text - 41 42 43"}},
		{"family, all parameters fixed", "\x1d(k\x03\x001C\x04A", []string{"0 command GS ( k 1D 28 6B 03 00 31 43 04 + 0", "8 text - 41"}},
		{"family with data", "\x1d(k\x06\x001P0abcA", []string{"0 command GS ( k 1D 28 6B 06 00 31 50 30 + 3", "8 data GS ( k 61 62 63", "11 end GS ( k ", "11 text - 41"}},
		{"family longer than its parameters", "\x1d(k\x05\x001C\x04zzA", []string{"0 command GS ( k 1D 28 6B 05 00 31 43 04 + 2", "8 data GS ( k 7A 7A", "10 end GS ( k ", "10 text - 41"}},
		{"family shorter than its parameters", "\x1d(k\x02\x001CA", []string{"0 command GS ( k 1D 28 6B 02 00 31 43 + 0", "7 text - 41"}},
		{"family of nothing", "\x1d(k\x00\x00A", []string{"0 command GS ( k 1D 28 6B 00 00 + 0", "5 text - 41"}},
		{"family, unknown function", "\x1d(k\x04\x009Z12A", []string{"0 command GS ( k 1D 28 6B 04 00 39 5A + 2", "7 data GS ( k 31 32", "9 end GS ( k ", "9 text - 41"}},
		{"unknown family", "\x1d(!\x03\x00\x1b@\x00A", []string{"0 command GS ( ! 1D 28 21 03 00 1B 40 + 1", "7 data GS ( ! 00", "8 end GS ( ! ", "8 text - 41"}},
		{"four bytes of length", "\x1d8L\x0c\x00\x00\x000p0\x01\x011\x08\x00\x02\x00\xff\x81", []string{
			"0 command GS 8 L 1D 38 4C 0C 00 00 00 30 70 30 01 01 31 08 00 02 00 + 2", "17 data GS 8 L FF 81", "19 end GS 8 L ",
		}},
		{"glyphs", "\x1b&\x02AB\x01ab\x02cdefZ", []string{"0 command ESC & 1B 26 02 41 42 + -1", "5 data ESC & 01 61 62 02 63 64 65 66", "13 end ESC & ", "13 text - 5A"}},
		{"glyph without columns", "\x1b&\x03AA\x00Z", []string{"0 command ESC & 1B 26 03 41 41 + -1", "5 data ESC & 00", "6 end ESC & ", "6 text - 5A"}},
		{"NV images", "\x1cq\x02\x01\x00\x01\x0012345678\x01\x00\x01\x00abcdefghZ", []string{
			"0 command FS q 1C 71 02 + -1", "3 data FS q 01 00 01 00 31 32 33 34 35 36 37 38 01 00 01 00 61 62 63 64 65 66 67 68", "27 end FS q ", "27 text - 5A",
		}},
		{"NV image of no size", "\x1cq\x02\x01\x00\x00\x00Z", []string{"0 command FS q 1C 71 02 + -1", "3 data FS q 01 00 00 00", "7 end FS q ", "7 text - 5A"}},
		{"NV image too large", "\x1cq\x01\x00\x04\x01\x00Z", []string{"0 command FS q 1C 71 01 + -1", "3 data FS q 00 04 01 00", "7 end FS q ", "7 text - 5A"}},
		{"BMP", "\x1dD0C0AB01BM\x08\x00\x00\x00xxZ", []string{"0 command GS D 1D 44 30 43 30 41 42 30 31 + -1", "9 data GS D 42 4D 08 00 00 00 78 78", "17 end GS D ", "17 text - 5A"}},
		{"not a BMP", "\x1dD0C0AB01BL", []string{"0 command GS D 1D 44 30 43 30 41 42 30 31 + -1", "9 data GS D 42", "10 end GS D ", "10 text - 4C"}},
		{"counter as text", "\x1dC;1;99;1;1;5;Z", []string{"0 command GS C ; 1D 43 3B + -1", "3 data GS C ; 31 3B 39 39 3B 31 3B 31 3B 35 3B", "14 end GS C ; ", "14 text - 5A"}},
		{"status question in text", "a\x10\x04\x01b", []string{"0 text - 61", "1 command DLE EOT 10 04 01 + 0", "4 text - 62"}},
		{"unknown pair", "\x1b~A", []string{"0 unknown - 1B 7E", "2 text - 41"}},
		{"broken off before a command", "\x1b\x1b@", []string{"0 unknown - 1B", "1 command ESC @ 1B 40 + 0"}},
		{"broken off before a line feed", "\x1d\n", []string{"0 unknown - 1D", "1 command LF 0A + 0"}},
		{"DLE swallows nothing", "\x10A", []string{"0 unknown - 10", "1 text - 41"}},
		{"clear sequence broken off", "\x10\x14\x08\x01\x03\x1b@", []string{"0 unknown - 10 14 08 01 03", "5 command ESC @ 1B 40 + 0"}},
		{"cut of no kind", "\x1dV\x05A", []string{"0 unknown - 1D 56", "2 command ENQ 05 + 0", "3 text - 41"}},
		{"stream ends in a head", "A\x1dv0\x00", []string{"0 text - 41", "1 unknown - 1D 76 30 00"}},
		{"stream ends in data", "\x1dkA\x05ab", []string{"0 command GS k 1D 6B 41 05 + 5", "4 data GS k 61 62", "6 unknown GS k "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, scan(t, []byte(tc.in)))
			require.Equal(t, tc.want, scan(t, split([]byte(tc.in), 1)...), "byte by byte")
		})
	}
}

// rising is the bytes from 1 to n.
func rising(n byte) string {
	var b []byte
	for v := byte(1); v <= n; v++ {
		b = append(b, v)
	}
	return string(b)
}

func split(b []byte, n int) (pieces [][]byte) {
	for ; len(b) > n; b = b[n:] {
		pieces = append(pieces, b[:n])
	}
	return append(pieces, b)
}

// stream draws a stream of commands, well formed or not, and noise.
func stream() *rapid.Generator[[]byte] {
	defs := grammar().defs
	return rapid.Custom(func(t *rapid.T) []byte {
		var b []byte
		for range rapid.IntRange(0, 12).Draw(t, "parts") {
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				b = append(b, rapid.SliceOfN(rapid.ByteRange(0x20, 0xFF), 0, 40).Draw(t, "text")...)
			case 1:
				b = append(b, rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, "noise")...)
			default:
				d := rapid.SampledFrom(defs).Draw(t, "command")
				b = append(b, d.op...)
				if w := familyWidth(d.op); w > 0 {
					b = append(b, rapid.ByteRange(0, 30).Draw(t, "pL"))
					b = append(b, make([]byte, w-1)...)
				}
				for _, p := range d.params {
					for range p.size {
						c := rapid.ByteRange(0, 5).Draw(t, p.name)
						if p.only != "" {
							c = p.only[rapid.IntRange(0, len(p.only)-1).Draw(t, "only")]
						}
						b = append(b, c)
					}
				}
				b = append(b, rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "data")...)
			}
		}
		return b
	})
}

func TestScannerFragmentation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := stream().Draw(t, "stream")
		whole := scan(t, b)
		var pieces [][]byte
		for rest := b; len(rest) > 0; {
			n := rapid.IntRange(0, len(rest)).Draw(t, "cut")
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		require.Equal(t, whole, scan(t, pieces...))
		require.Equal(t, whole, scan(t, split(b, 1)...))
	})
}

// A stream cut at a boundary is two streams with the same commands: so
// another command may be put in there.
func TestScannerBoundary(t *testing.T) {
	commands := func(b []byte) (all []string) {
		for c := range Commands(b) {
			all = append(all, fmt.Sprintf("%s %q", c.Name, c.Bytes))
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		b := stream().Draw(t, "stream")
		var s Scanner
		var boundaries []int
		for i := range b {
			if s.AtBoundary() {
				require.Equal(t, int64(i), s.Offset())
				boundaries = append(boundaries, i)
			}
			for p := b[i : i+1]; ; {
				tok, n := s.Next(p)
				if p = p[n:]; tok.Kind == TokenNone {
					break
				}
			}
		}
		if len(boundaries) == 0 {
			return
		}
		at := rapid.SampledFrom(boundaries).Draw(t, "boundary")
		const query = "\x10\x04\x01"
		with := slices.Concat(b[:at], []byte(query), b[at:])
		require.Equal(t, slices.Concat(commands(b[:at]), commands([]byte(query)), commands(b[at:])), commands(with))
	})
}

func FuzzScanner(f *testing.F) {
	f.Add([]byte("\x1b@Hello\n\x1dV\x00"), 1)
	for _, ex := range examples {
		f.Add([]byte(ex.in), 3)
	}
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		whole := scan(t, b)
		require.Equal(t, whole, scan(t, split(b, max(1, n))...))
		var total int64
		for c := range Commands(b) {
			require.Equal(t, total, c.Offset)
			require.Equal(t, int64(len(c.Bytes)), c.Length)
			total += c.Length
			for _, a := range c.Args() {
				require.NotEmpty(t, a.Text, "%s %s", c.Name, a.Name)
			}
		}
		require.Equal(t, int64(len(b)), total)
	})
}

// 4 GB of claimed data cost nothing.
func TestScannerHoldsNothing(t *testing.T) {
	head := []byte("\x1d8L\xff\xff\xff\xff0p0\x01\x011\x00\x10\x00\x10")
	chunk := make([]byte, 4096)
	var s Scanner
	allocs := testing.AllocsPerRun(10, func() {
		s = Scanner{}
		for _, p := range [][]byte{head[:5], head[5:], chunk, chunk} {
			for {
				tok, n := s.Next(p)
				if p = p[n:]; tok.Kind == TokenNone {
					break
				}
			}
		}
	})
	require.Zero(t, allocs)
	require.False(t, s.AtBoundary())
	require.Equal(t, int64(len(head)+2*len(chunk)), s.Offset())
	end := s.Flush()
	require.Equal(t, TokenUnknown, end.Kind)
	require.Equal(t, "GS 8 L", end.Def.Name)
}

// mixed is a stream of receipts with text, settings, codes and images, as
// tills send them.
func mixed() []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	for b.Len() < 4<<20 {
		b.WriteString("\x1b@\x1bt\x10\x1ba\x01\x1dv0\x00\x30\x00\x60\x00")
		for range 48 * 96 {
			b.WriteByte(byte(r.Uint32()))
		}
		b.WriteString("\x1d!\x11Corner Shop\n\x1d!\x00\x1ba\x00")
		for range 30 {
			fmt.Fprintf(&b, "%-36s%12d\n", strings.Repeat("item ", 1+r.IntN(6)), r.IntN(1e6))
		}
		b.WriteString("\x1bE\x01\x1b!\x30TOTAL    123,45\n\x1bE\x00\x1b!\x00\x1ba\x01\x1dh\x50\x1dw\x02\x1dkI\x0a{B12345678\n")
		b.WriteString("\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x17\x001P0https://example.com/\x1d(k\x03\x001Q0\n")
		b.WriteString("\x1bp\x00\x19\xfa\x1dVB\x00\x1dr\x01")
	}
	return b.Bytes()
}

func BenchmarkScanner(b *testing.B) {
	in := mixed()
	grammar() // built once in a process
	var base float64
	b.Run("IndexByte", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			// Every ESC, the least that a scanner must find.
			for p := in; ; {
				i := bytes.IndexByte(p, 0x1b)
				if i < 0 {
					break
				}
				p = p[i+1:]
			}
		}
		base = float64(b.Elapsed()) / float64(b.N)
	})
	for _, size := range []int{len(in), 1460, 64} {
		b.Run(fmt.Sprintf("Next/%d", size), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			s := new(Scanner)
			for b.Loop() {
				for rest := in; len(rest) > 0; {
					p := rest[:min(size, len(rest))]
					rest = rest[len(p):]
					for {
						tok, n := s.Next(p)
						if p = p[n:]; tok.Kind == TokenNone {
							break
						}
					}
				}
			}
			if base > 0 {
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/base, "×IndexByte")
			}
		})
	}
}
