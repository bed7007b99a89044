package escpos

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var clearBuffers = []byte{0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8}

// realTime returns all that a RealTimeScanner finds in the pieces.
func realTime(pieces ...[]byte) (all []RealTimeCommand) {
	var s RealTimeScanner
	for _, p := range pieces {
		for {
			cmd, n, ok := s.Next(p)
			p = p[n:]
			if !ok {
				break
			}
			all = append(all, cmd)
		}
		if len(p) > 0 {
			panic("bytes left over")
		}
	}
	return all
}

func TestRealTimeScanner(t *testing.T) {
	status := func(off int64, length int, args ...byte) RealTimeCommand {
		c := RealTimeCommand{Kind: RealTimeStatus, Offset: off, Length: length}
		copy(c.Args[:], args)
		return c
	}
	for _, tc := range []struct {
		name string
		in   []byte
		want []RealTimeCommand
	}{
		{"none", []byte("text\n\x10\x10\x04"), nil},
		{"status", []byte("\x10\x04\x01"), []RealTimeCommand{status(0, 3, 1)}},
		{"in text", []byte("ab\x10\x04\x04cd"), []RealTimeCommand{status(2, 3, 4)}},
		{"with a", []byte("\x10\x04\x07\x02\x10\x04\x08\x03\x10\x04\x12\x01"), []RealTimeCommand{status(0, 4, 7, 2), status(4, 4, 8, 3), status(8, 4, 18, 1)}},
		{"a out of range", []byte("\x10\x04\x07\x03\x10\x04\x08\x01\x10\x04\x05"), nil},
		{"in the parameter of another command", []byte("\x1b3\x10\x04\x01"), []RealTimeCommand{status(2, 3, 1)}},
		{"in image data", []byte("\x1dv0\x00\x01\x00\x04\x00\xff\x10\x05\x02"), []RealTimeCommand{{Kind: RealTimeRequest, Offset: 9, Length: 3, Args: [5]byte{2}}}},
		{"request out of range", []byte("\x10\x05\x04"), nil},
		{"pulse", []byte("\x10\x14\x01\x01\x08"), []RealTimeCommand{{Kind: RealTimePulse, Length: 5, Args: [5]byte{1, 8}}}},
		{"pulse out of range", []byte("\x10\x14\x01\x02\x01\x10\x14\x01\x00\x00\x10\x14\x01\x00\x09"), nil},
		{"power off", []byte("\x10\x14\x02\x01\x08"), []RealTimeCommand{{Kind: RealTimePowerOff, Length: 5}}},
		{"power off, wrong key", []byte("\x10\x14\x02\x01\x07"), nil},
		{"buzzer", []byte("\x10\x14\x03\x07\x00\x02\x01\x00"), []RealTimeCommand{{Kind: RealTimeBuzzer, Length: 8, Args: [5]byte{7, 0, 2, 1, 0}}}},
		{"transmit", []byte("\x10\x14\x07\x01\x10\x14\x07\x03\x10\x14\x07\x05"), []RealTimeCommand{
			{Kind: RealTimeTransmit, Length: 4, Args: [5]byte{1}}, {Kind: RealTimeTransmit, Offset: 8, Length: 4, Args: [5]byte{5}},
		}},
		{"clear", clearBuffers, []RealTimeCommand{{Kind: RealTimeClear, Length: 10}}},
		{"clear broken off by a question", []byte("\x10\x14\x08\x01\x03\x10\x04\x02"), []RealTimeCommand{status(5, 3, 2)}},
		{"a DLE before", []byte("\x10\x10\x04\x10\x04\x03"), []RealTimeCommand{status(3, 3, 3)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, realTime(tc.in))
			require.Equal(t, tc.want, realTime(split(tc.in, 1)...), "byte by byte")
			want := -1
			if tc.want != nil {
				want = int(tc.want[0].Offset)
			}
			require.Equal(t, want, ContainsRealTime(tc.in))
		})
	}
}

// In any stream, cut in any way, the same commands are found; and those that
// a Scanner finds between commands are among them.
func TestRealTimeScannerFragmentation(t *testing.T) {
	bias := rapid.SampledFrom([]byte{0x10, 0x04, 0x05, 0x14, 0, 1, 2, 3, 7, 8, 18, 20, 6})
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(bias, 0, 40).Draw(t, "stream")
		whole := realTime(b)
		n := rapid.IntRange(0, len(b)).Draw(t, "cut")
		require.Equal(t, whole, realTime(b[:n], b[n:]))
		require.Equal(t, whole, realTime(split(b, 1)...))

		at, rest := 0, b
		for _, cmd := range whole {
			i := ContainsRealTime(rest)
			require.Equal(t, int(cmd.Offset), at+i)
			at += i + cmd.Length
			rest = b[at:]
		}
		require.Equal(t, -1, ContainsRealTime(rest))
	})
}

// What the two scanners take for a real-time command is the same.
func TestRealTimeAgainstScanner(t *testing.T) {
	for _, ex := range examples {
		c := Command{}
		for c = range Commands([]byte(ex.in)) {
			break
		}
		found := realTime([]byte(ex.in))
		if c.Def == nil || !c.Def.RealTime || c.Bytes[0] != 0x10 {
			continue
		}
		if c.Bytes[1] == 4 && bytes.IndexByte([]byte{1, 2, 3, 4, 7, 8, 18}, c.Bytes[2]) < 0 {
			require.Empty(t, found, "% X", ex.in) // not Epson's
			continue
		}
		require.Len(t, found, 1, "% X", ex.in)
		require.Equal(t, len(ex.in), found[0].Length)
	}
}

func FuzzRealTimeScanner(f *testing.F) {
	f.Add(clearBuffers, 3)
	f.Add([]byte("\x10\x04\x07\x10\x04\x01"), 1)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		require.Equal(t, realTime(b), realTime(split(b, max(1, n))...))
	})
}

func BenchmarkContainsRealTime(b *testing.B) {
	in := mixed()
	var base float64
	b.Run("IndexByte", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			for p := in; ; {
				i := bytes.IndexByte(p, 0x10)
				if i < 0 {
					break
				}
				p = p[i+1:]
			}
		}
		base = float64(b.Elapsed()) / float64(b.N)
	})
	report := func(b *testing.B) {
		if base > 0 {
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/base, "×IndexByte")
		}
	}
	b.Run("Contains", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			for p := in; ; {
				i := ContainsRealTime(p)
				if i < 0 {
					break
				}
				p = p[i+1:]
			}
		}
		report(b)
	})
	b.Run("Scanner", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		s := new(RealTimeScanner)
		for b.Loop() {
			for p := in; len(p) > 0; {
				_, n, _ := s.Next(p)
				p = p[n:]
			}
		}
		report(b)
	})
}
