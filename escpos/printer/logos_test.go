package printer_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// storing is a document that stores a small logo under each key.
func storing(keys ...string) *escpos.Document {
	d := new(escpos.Document)
	for _, k := range keys {
		d.StoreLogo(k, escpos.Image{Source: image.NewGray(image.Rect(0, 0, 8, 8))})
	}
	return d
}

func TestLogos(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, nil, nil)
		l, err := p.Logos(t.Context())
		require.NoError(t, err)
		require.Empty(t, l.Keys)
		require.EqualValues(t, 262144, l.Capacity)
		require.Equal(t, l.Capacity, l.Free)

		keys := []string{"  ", ";1", "~~", "71", "_T"} // what looks like other messages, too
		for i := range 100 {
			keys = append(keys, fmt.Sprintf("%c%c", 'A'+i/10, '0'+i%10))
		}
		slices.Sort(keys)
		_, err = p.Print(t.Context(), &printer.Job{Document: storing(keys...)})
		require.NoError(t, err)
		l, err = p.Logos(t.Context())
		require.NoError(t, err)
		require.Equal(t, keys, l.Keys)
		require.EqualValues(t, 262144-8*len(keys), l.Free)

		_, err = p.Print(t.Context(), &printer.Job{Document: new(escpos.Document).DeleteLogo("  ").Line("heard whole")})
		require.NoError(t, err)
		require.Equal(t, "heard whole", strings.TrimSpace(v.Printed()))
		l, err = p.Logos(t.Context())
		require.NoError(t, err)
		require.Equal(t, keys[1:], l.Keys)
	})
}

func TestLogosOfAPrinterWithoutAny(t *testing.T) {
	for model, want := range map[string]error{
		"clone-silent":      printer.ErrNoAnswer,
		"clone-no-near-end": printer.ErrUnsupported,
		"clone-epson":       printer.ErrUnsupported, // its name says otherwise
	} {
		t.Run(model, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := virtual.New(&virtual.Config{Personality: personality(t, model)})
				defer v.Close()
				conn, err := v.Dial()
				require.NoError(t, err)
				wire := &recorder{Conn: conn}
				p := printer.New(wire, "virtual://test", nil)
				defer p.Close()
				_, err = p.Logos(t.Context())
				require.ErrorIs(t, err, want)
				require.NotContains(t, string(wire.sent()), "\x1D(L")
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, nil, nil)
		v.RemovePaper()
		_, err := p.Logos(t.Context())
		require.ErrorIs(t, err, printer.ErrPaperEnd, "it would answer later, when nobody asks")
	})
}

// A keeper is a printer with logos, scripted: it sends its blocks one after
// the other, as the host asks for them.
type keeper struct {
	blocks []string
	line   func(n int, block string) string // what becomes of the nth thing it says of its logos
	heard  []byte                           // what the host said to the blocks
	count  bool                             // it says how much it keeps
}

func (k *keeper) serve(f *far) {
	answers := map[string]string{
		"\x10\x04\x01": "\x12", "\x10\x04\x02": "\x12", "\x10\x04\x03": "\x12", "\x10\x04\x04": "\x12",
	}
	if k.count {
		answers["\x1D(L\x02\x00\x30\x30"] = "\x37\x309000\x00"
		answers["\x1D(L\x02\x00\x30\x33"] = "\x37\x31100\x00"
	}
	const list = "\x1D(L\x04\x00\x30\x40KC"
	at, said := -1, 0
	say := func() {
		f.say([]byte(k.line(said, k.blocks[at]))...)
		said++
	}
	var tail []byte
	for b := make([]byte, 1); ; {
		if _, err := f.Read(b); err != nil {
			return
		}
		if at >= 0 {
			k.heard = append(k.heard, b[0])
			switch b[0] {
			case 0x06:
				if at++; at == len(k.blocks) {
					at = -1
					continue
				}
			case 0x15:
			default:
				at = -1
				continue
			}
			say()
			continue
		}
		tail = append(tail, b[0])
		for q, a := range answers {
			if bytes.HasSuffix(tail, []byte(q)) {
				f.say([]byte(a)...)
			}
		}
		if bytes.HasSuffix(tail, []byte(list)) {
			at = 0
			say()
		}
	}
}

// keeping returns a Printer that is linked to k.
func keeping(t testing.TB, k *keeper) *printer.Printer {
	prof, err := escpos.ProfileByName("TM-m30II")
	require.NoError(t, err)
	k.count = true
	p, _ := link(t, &printer.Config{Profile: prof}, k.serve)
	return p
}

const (
	block1 = "\x37\x72\x41A1A2A3\x00"
	block2 = "\x37\x72\x40B1\x00"
)

func clean(_ int, block string) string { return block }

// once makes the nth thing said into what.
func once(at int, what string) func(int, string) string {
	return func(n int, block string) string {
		if n == at {
			return what
		}
		return block
	}
}

func TestLogosUnderNoise(t *testing.T) {
	all := []string{"A1", "A2", "A3", "B1"}
	for _, c := range []struct {
		name   string
		line   func(int, string) string
		heard  string
		blocks []string
		keys   []string
		err    error
	}{
		{name: "clean", line: clean, heard: "\x06\x06", keys: all},
		{name: "none", line: clean, blocks: []string{"\x37\x72\x40\x00"}, heard: "\x06"},
		{name: "a byte with the high bit", line: once(0, "\x37\x72\x41A1\xFFA3\x00"), heard: "\x15\x06\x06", keys: all},
		{name: "a byte is lost", line: once(1, "\x37\x72\x40B\x00"), heard: "\x06\x15\x06", keys: all},
		{name: "the NUL is lost", line: once(1, "\x37\x72\x40B1\xFE"), heard: "\x06\x15\x06", keys: all},
		{name: "cut short", line: once(0, "\x37\x72\x40A1\x00A2A3\x00"), heard: "\x15\x06\x06", keys: all},
		{name: "a status frame before", line: once(0, "\x10\x00\x00\x00"+block1), heard: "\x06\x06", keys: all},
		{name: "flow control inside", line: once(0, "\x37\x13\x72\x41A1\x11A2A3\x00"), heard: "\x06\x06", keys: all},
		{name: "twice", line: once(0, block1+block1), keys: all},
		{name: "always broken", line: func(int, string) string { return "\x37\x72\x41A\x00" }, heard: "\x15\x15\x18", err: printer.ErrNoAnswer},
		{name: "more of nothing", line: func(int, string) string { return "\x37\x72\x41\x00" }, heard: "\x15\x15\x18", err: printer.ErrNoAnswer},
		{name: "falls silent", line: once(1, ""), heard: "\x06\x18", err: printer.ErrNoAnswer},
		{name: "silent", line: once(0, ""), heard: "\x18", err: printer.ErrNoAnswer},
		{name: "without end", line: clean, blocks: slices.Repeat([]string{"\x37\x72\x41" + strings.Repeat("A1", 40) + "\x00"}, 300), err: printer.ErrNoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &keeper{blocks: []string{block1, block2}, line: c.line}
				if c.blocks != nil {
					k.blocks = c.blocks
				}
				p := keeping(t, k)
				l, err := p.Logos(t.Context())
				require.ErrorIs(t, err, c.err)
				require.Equal(t, c.keys, l.Keys)
				require.EqualValues(t, 9000, l.Capacity)
				require.EqualValues(t, 100, l.Free)
				if c.err != nil {
					var e *printer.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, "logos", e.Op)
				}
				s, err := p.Status(t.Context())
				require.NoError(t, err)
				require.Equal(t, 4, s.Answered)
				require.NoError(t, p.Err())
				synctest.Wait()
				if c.heard != "" {
					require.Equal(t, c.heard, string(k.heard))
				}
			})
		})
	}
}

// Bytes that are lost, one to a block at most, and bytes that no key has, never
// make a wrong list of a right one.
func TestLogosAreRightOrRefused(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hits := rapid.SliceOfN(rapid.IntRange(-40, 40), 0, 8).Draw(rt, "hits")
		synctest.Test(t, func(t *testing.T) {
			k := &keeper{blocks: []string{block1, block2}, line: func(n int, b string) string {
				switch {
				case n >= len(hits) || hits[n] == 0:
				case hits[n] > 0:
					i := hits[n] % len(b)
					b = b[:i] + "\xFF" + b[i:]
				default:
					i := -hits[n] % len(b)
					b = b[:i] + b[i+1:]
				}
				return b
			}}
			p := keeping(t, k)
			l, err := p.Logos(t.Context())
			if err != nil {
				require.ErrorIs(t, err, printer.ErrNoAnswer)
				require.Nil(t, l.Keys)
			} else {
				require.Equal(t, []string{"A1", "A2", "A3", "B1"}, l.Keys)
			}
			s, err := p.Status(t.Context())
			require.NoError(t, err)
			require.Equal(t, 4, s.Answered)
		})
	})
}

func TestLogosGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		k := &keeper{blocks: []string{block1, block2}, line: func(n int, b string) string {
			if n == 1 {
				cancel()
				return ""
			}
			return b
		}}
		p := keeping(t, k)
		_, err := p.Logos(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, p.Err())
		synctest.Wait()
		require.Equal(t, "\x06\x18", string(k.heard))
		l, err := p.Logos(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"A1", "A2", "A3", "B1"}, l.Keys)
	})
}

func TestLogosOfAPrinterThatDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prof, err := escpos.ProfileByName("TM-m30II")
		require.NoError(t, err)
		k := &keeper{blocks: []string{block2}, line: clean}
		p, _ := link(t, &printer.Config{Profile: prof}, k.serve)
		_, err = p.Logos(t.Context())
		require.ErrorIs(t, err, printer.ErrUnsupported)
		require.Empty(t, k.heard)
	})
}
