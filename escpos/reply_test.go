package escpos_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
)

// decode runs a decoder over the pieces and returns the messages in words.
// Flow control is left out.
func decode(d *escpos.ReplyDecoder, pieces ...[]byte) []string {
	var got []string
	for _, p := range pieces {
		for len(p) > 0 {
			r, n := d.Decode(p)
			p = p[n:]
			if s := words(r); s != "" {
				got = append(got, s)
			}
		}
	}
	return got
}

func words(r escpos.Reply) string {
	switch r.Kind {
	case escpos.ReplyNone, escpos.ReplyXON, escpos.ReplyXOFF:
		return ""
	case escpos.ReplyRealTime, escpos.ReplyByte:
		return fmt.Sprintf("%s %02X", r.Kind, r.Byte)
	case escpos.ReplyASB:
		return fmt.Sprintf("%s % X", r.Kind, r.ASB[:])
	case escpos.ReplyBlock:
		return fmt.Sprintf("%s %02X %q", r.Kind, r.Byte, r.Data)
	}
	return fmt.Sprintf("%s % X", r.Kind, r.Data)
}

// vectors are streams and what they say, from the bit tables of Epson's
// ESC/POS reference.
var vectors = []struct {
	name  string
	bytes []byte
	want  []string
}{
	{"real-time, nothing to report", []byte{0x12}, []string{"real-time status 12"}},
	{"real-time, all bits", []byte{0x7E}, []string{"real-time status 7E"}},
	{"ASB, idle", []byte{0x10, 0, 0, 0}, []string{"ASB 10 00 00 00"}},
	{"ASB, pin 3 high", []byte{0x14, 0, 0, 0x0F}, []string{"ASB 14 00 00 0F"}},
	{"ASB, cover opened while printing", []byte{0x38, 0x40, 0, 0}, []string{"ASB 38 40 00 00"}},
	{"ASB, near-end", []byte{0x10, 0, 3, 0}, []string{"ASB 10 00 03 00"}},
	{"ASB, paper end", []byte{0x18, 0, 0x0F, 0}, []string{"ASB 18 00 0F 00"}},
	{"ASB with XOFF inside", []byte{0x18, 0x13, 0, 0x0C, 0}, []string{"ASB 18 00 0C 00"}},
	{"ASB, cutter error", []byte{0x18, 8, 0, 0}, []string{"ASB 18 08 00 00"}},
	{"paper status", []byte{0x03}, []string{"status byte 03"}},
	{
		"all classes", []byte{0x12, 0x10, 0, 0, 0, 0x5F, 0x54, 0x4D, 0, 3},
		[]string{"real-time status 12", "ASB 10 00 00 00", `block 5F "TM"`, "status byte 03"},
	},
	{"buffers cleared", []byte{0x37, 0x25, 0}, []string{`block 37 "%"`}},
	{"process id", []byte{0x37, 0x22, 0x30, 0x30, 0x30, 0x31, 0}, []string{`block 37 "\"0001"`}},
	{"counter", []byte{0x5F, 0x31, 0x32, 0x33, 0}, []string{`block 5F "123"`}},
	{"empty block", []byte{0x5F, 0}, []string{`block 5F ""`}},
	{"payload that looks like status", []byte("\x5FRr~\x00\x12"), []string{`block 5F "Rr~"`, "real-time status 12"}},
	{"flow control in a block", []byte{0x5F, 0x13, 'T', 0x11, 'M', 0}, []string{`block 5F "TM"`}},
	{"power on", []byte{0x3B, 0x31, 0}, []string{`block 3B "1"`}},
	{"high bit", []byte{0x92}, []string{"unknown 92"}},
	{"class of blocks, but none", []byte{0x53}, []string{"unknown 53"}},
	{"frame that breaks off", []byte{0x10, 0, 0x12}, []string{"unknown 10 00", "real-time status 12"}},
	{"frame in a frame", []byte{0x10, 0, 0x18, 0, 0x0C, 0}, []string{"unknown 10 00", "ASB 18 00 0C 00"}},
	{"block that breaks off", []byte{0x5F, 'T', 0x10, 0, 0, 0}, []string{"unknown 5F 54", "ASB 10 00 00 00"}},
}

func TestReplyVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			var d escpos.ReplyDecoder
			require.Equal(t, v.want, decode(&d, v.bytes))
			require.False(t, d.Pending())
			for i := range v.bytes { // in two pieces
				require.Equal(t, v.want, decode(&d, v.bytes[:i], v.bytes[i:]))
			}
			var single [][]byte
			for i := range v.bytes {
				single = append(single, v.bytes[i:i+1])
			}
			require.Equal(t, v.want, decode(&d, single...))
		})
	}
}

func TestReplyAccessors(t *testing.T) {
	first := func(b ...byte) escpos.Reply {
		var d escpos.ReplyDecoder
		r, n := d.Decode(b)
		require.Equal(t, len(b), n)
		return r
	}
	id, ok := first(0x37, 0x22, '0', '0', '0', '1', 0).ProcessID()
	require.True(t, ok)
	require.Equal(t, [4]byte{'0', '0', '0', '1'}, id)
	require.True(t, first(0x37, 0x25, 0).BufferCleared())
	causes, ok := first(0x37, 0x23, 0x41, 0x42, 0).OfflineResponse()
	require.True(t, ok)
	require.Equal(t, []byte{0x41, 0x42}, causes)
	n, ok := first(0x5F, '1', '2', '3', 0).Counter()
	require.True(t, ok)
	require.EqualValues(t, 123, n)
	text, ok := first(0x5F, 'T', 'M', 0).Info()
	require.True(t, ok)
	require.Equal(t, "TM", text)

	_, ok = first(0x5F, '1', 'x', 0).Counter()
	require.False(t, ok)
	_, ok = first(0x5F, 0).Counter()
	require.False(t, ok)
	_, ok = first(append(append([]byte{0x5F}, bytes.Repeat([]byte{'9'}, 11)...), 0)...).Counter()
	require.False(t, ok, "ten digits at the most")
	_, ok = first(0x37, 0x22, '0', '0', '1', 0).ProcessID()
	require.False(t, ok)
	n, ok = first(0x37, 0x30, '2', '6', '2', '1', '4', '4', 0).NVBytes(escpos.FunctionNVCapacity)
	require.True(t, ok)
	require.EqualValues(t, 262144, n)
	_, ok = first(0x37, 0x31, '7', 0).NVBytes(escpos.FunctionNVCapacity)
	require.False(t, ok)
	_, ok = first(0x37, 0x31, 0).NVBytes(escpos.FunctionNVFree)
	require.False(t, ok)
	for _, c := range []struct {
		block    string
		keys     string
		more, ok bool
	}{
		{"\x37\x72\x40\x00", "", false, true},
		{"\x37\x72\x40A17r\x00", "A17r", false, true},
		{"\x37\x72\x41A1\x00", "A1", true, true},
		{"\x37\x72\x41\x00", "", false, false}, // more of nothing
		{"\x37\x72\x40A\x00", "", false, false},
		{"\x37\x72\x42A1\x00", "", false, false},
		{"\x37\x72\x40A\x1F\x00", "", false, false},
		{"\x37\x72\x00", "", false, false},
		{"\x37\x71\x40A1\x00", "", false, false}, // of GS ( C
	} {
		keys, more, ok := first([]byte(c.block)...).NVKeys()
		require.Equal(t, c.ok, ok, "%q", c.block)
		require.Equal(t, c.more, more, "%q", c.block)
		require.Equal(t, c.keys, string(keys), "%q", c.block)
	}
	for _, r := range []escpos.Reply{first(0x12), first(0x10, 0, 0, 0), first(0)} {
		_, id := r.ProcessID()
		_, info := r.Info()
		_, counter := r.Counter()
		_, offline := r.OfflineResponse()
		_, free := r.NVBytes(escpos.FunctionNVFree)
		_, _, keys := r.NVKeys()
		require.False(t, id || info || counter || offline || free || keys || r.BufferCleared())
	}
}

func TestReplyKindsAreDisjoint(t *testing.T) {
	for b := range 256 {
		var d escpos.ReplyDecoder
		r, n := d.Decode([]byte{byte(b)})
		require.Equal(t, 1, n)
		switch {
		case b >= 0x80:
			require.Equal(t, escpos.ReplyUnknown, r.Kind)
		case b == 0x11:
			require.Equal(t, escpos.ReplyXON, r.Kind)
		case b == 0x13:
			require.Equal(t, escpos.ReplyXOFF, r.Kind)
		case b&0x93 == 0x12:
			require.Equal(t, escpos.ReplyRealTime, r.Kind)
			require.True(t, escpos.IsRealTimeReply(byte(b)))
		case b&0x93 == 0x10:
			require.True(t, d.Pending())
		case b&0x90 == 0:
			require.Equal(t, escpos.ReplyByte, r.Kind)
		case bytes.IndexByte([]byte{0x35, 0x37, 0x39, 0x3B, 0x3D, 0x5F}, byte(b)) >= 0:
			require.True(t, d.Pending())
		default:
			require.Equal(t, escpos.ReplyUnknown, r.Kind)
		}
		require.Equal(t, b&0x93 == 0x12, escpos.IsRealTimeReply(byte(b)))
	}
	require.Equal(t, "ReplyKind(99)", escpos.ReplyKind(99).String())
}

// genReply draws a valid message.
func genReply() *rapid.Generator[[]byte] {
	plain := rapid.Map(rapid.Byte(), func(b byte) byte { return b & 0x6F })
	printable := rapid.ByteRange(0x20, 0x7E)
	return rapid.OneOf(
		rapid.Map(rapid.Byte(), func(b byte) []byte { return []byte{b&0x6C | 0x12} }),
		rapid.Custom(func(t *rapid.T) []byte {
			return []byte{rapid.Byte().Draw(t, "1")&0x6C | 0x10, plain.Draw(t, "2"), plain.Draw(t, "3"), plain.Draw(t, "4")}
		}),
		rapid.Map(plain, func(b byte) []byte { return []byte{b} }),
		rapid.Custom(func(t *rapid.T) []byte {
			b := []byte{rapid.SampledFrom([]byte{0x35, 0x37, 0x39, 0x3B, 0x3D, 0x5F}).Draw(t, "header")}
			b = append(b, rapid.SliceOfN(printable, 0, 80).Draw(t, "data")...)
			return append(b, 0)
		}),
	)
}

func TestFlowControlChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var plain, mixed []byte
		for _, m := range rapid.SliceOf(genReply()).Draw(t, "messages") {
			plain = append(plain, m...)
			for _, b := range m {
				mixed = append(mixed, rapid.SliceOfN(rapid.SampledFrom([]byte{0x11, 0x13}), 0, 2).Draw(t, "flow")...)
				mixed = append(mixed, b)
			}
		}
		var a, b escpos.ReplyDecoder
		require.Equal(t, decode(&a, plain), decode(&b, mixed))
	})
}

func TestReplyFragmentsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := rapid.SliceOf(rapid.Byte()).Draw(t, "stream")
		var pieces [][]byte
		for rest := stream; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		var a, b escpos.ReplyDecoder
		require.Equal(t, decode(&a, stream), decode(&b, pieces...))
	})
}

func TestInStepAfterGarbage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		garbage := rapid.SliceOf(rapid.Byte()).Draw(t, "garbage")
		messages := rapid.SliceOfN(genReply(), 1, 8).Draw(t, "messages")
		var d escpos.ReplyDecoder
		decode(&d, garbage)
		d.Reset() // no further byte came in time
		var want []string
		for _, m := range messages {
			var clean escpos.ReplyDecoder
			want = append(want, decode(&clean, m)...)
		}
		require.Equal(t, want, decode(&d, messages...))
	})
}

// frame is an idle ASB frame: a byte of it breaks any message, and what stands
// behind it is whole.
var frame = []byte{0x10, 0, 0, 0}

func FuzzReplyDecoder(f *testing.F) {
	for _, v := range vectors {
		f.Add(v.bytes)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d escpos.ReplyDecoder
		total := 0
		for rest := b; len(rest) > 0; {
			r, n := d.Decode(rest)
			if n < 0 || n > len(rest) || n == 0 && r.Kind != escpos.ReplyUnknown {
				t.Fatalf("consumed %d of %d with %s", n, len(rest), r.Kind)
			}
			if len(r.Data) > 84 {
				t.Fatalf("message of %d bytes", len(r.Data))
			}
			total += n
			rest = rest[n:]
		}
		if total != len(b) {
			t.Fatalf("consumed %d of %d", total, len(b))
		}
		again := d
		// Whatever came before, at most one message is lost.
		decode(&d, frame)
		if got := decode(&d, frame); len(got) != 1 || got[0] != "ASB 10 00 00 00" {
			t.Fatalf("second frame read as %q", got)
		}
		for _, reply := range []byte{0x12, 0x16, 0x1A, 0x1E} {
			d := again
			decode(&d, []byte{0x12})
			if got := decode(&d, []byte{reply}); len(got) != 1 || got[0] != fmt.Sprintf("real-time status %02X", reply) {
				t.Fatalf("second reply read as %q", got)
			}
		}
		// After the deadline, none.
		again.Reset()
		if got := decode(&again, []byte{0x72}); len(got) != 1 || got[0] != "real-time status 72" {
			t.Fatalf("reply read as %q", got)
		}
	})
}

func BenchmarkReplyDecoder(b *testing.B) {
	stream := bytes.Repeat([]byte("\x12\x10\x00\x00\x00\x5FTM-T88V\x00\x03\x16\x37\x220001\x00\x14\x00\x03\x0F"), 2000)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		var d escpos.ReplyDecoder
		for rest := stream; len(rest) > 0; {
			_, n := d.Decode(rest)
			rest = rest[n:]
		}
	}
}
