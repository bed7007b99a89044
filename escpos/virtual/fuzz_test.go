package virtual

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
)

// outcome is all that can be seen of a printer, as text.
func outcome(t require.TestingT, p *Printer, l *link) string {
	var b strings.Builder
	for _, r := range append(p.Receipts(), p.PendingReceipt()) {
		fmt.Fprintf(&b, "receipt %d, %v, torn %v, %.1f mm\n%s\n%q\n%x\n", r.Number, r.Cut, r.Torn, r.Length, r.Text, r.Raw, sha256.Sum256(r.Image().Pix))
	}
	replies := make([]byte, 1<<16)
	n, _, err := p.receive(l, replies)
	require.NoError(t, err)
	fmt.Fprintf(&b, "replies % X\n%+v\npulses %v\n", replies[:n], p.State(), p.Pulses())
	return b.String()
}

// feedAll sends data in pieces, whose lengths next tells, until all is sent
// or the printer takes no more.
func feedAll(data []byte, pers *Personality, next func(left int) int) (*Printer, *link) {
	p := New(&Config{Personality: pers, Paper: 400})
	l, err := p.connect()
	if err != nil {
		panic(err)
	}
	for len(data) > 0 {
		k := max(1, min(len(data), next(len(data))))
		n, _, err := p.send(l, data[:k])
		data = data[n:]
		if err != nil || n < k {
			break
		}
	}
	return p, l
}

func testPersonality(tb interface{ Fatalf(string, ...any) }) *Personality {
	pers, err := PersonalityByName(DefaultPersonality)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	pers.Width, pers.PaperWidth = 192, 30 // small pictures are quick to compare
	return pers
}

func seeds() [][]byte {
	s := [][]byte{
		[]byte("plain text\n\x1b@\x1dVA\x00"),
		[]byte("\x1dv0\x00\x04\x00\x02\x00\x10\x04\x01\x00\x10\x04\x02\x00tail\n"),
		[]byte("\x1bL\x1bW\x00\x00\x00\x00\x80\x00\x80\x00\x1bT\x01page\n\x0c"),
		[]byte("\x1d:macro\n\x1d:\x1d^\x02\x01\x01after\n"),
		[]byte("\x1c&\xc4\xe3\xba\xc3\x1c.\n\x1c(C\x02\x00\x30\x02\xe4\xbd\xa0\n"),
		[]byte("\x1d(k\x03\x00\x31C\x03\x1d(k\x05\x00\x31P0ab\x1d(k\x03\x00\x31Q0\x1dk\x04AB\x00"),
		[]byte("\x1b*\x21\x02\x00abcdef\n\x1b&\x03AA\x02abcdef\x1b%\x01ABA\n"),
		[]byte("\x1da\xff\x1dr\x01\x1dI\x43\x1d(H\x06\x00001234\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"),
		[]byte("\x1d8L\x0c\x00\x00\x00\x30\x70\x30\x01\x01\x31\x08\x00\x02\x00\xaa\x55\x1d(L\x02\x00\x30\x32"),
		[]byte("\x1bc4\x03\x1d(D\x05\x00\x14\x01\x00\x02\x01\x10\x14\x02\x01\x08lost"),
	}
	files, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "receipts", "*.txt"))
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil {
			s = append(s, b)
		}
	}
	return s
}

// FuzzPrinter holds that no stream makes the printer panic or keep more than
// it may, and that what comes out does not depend on how the stream is cut.
func FuzzPrinter(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s, uint64(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		pers := testPersonality(t)
		p, l := feedAll(data, pers, func(left int) int { return left })
		want := outcome(t, p, l)
		require.LessOrEqual(t, len(p.command.data), maxData)
		require.LessOrEqual(t, len(p.lineBytes), maxLine+maxPage)
		require.LessOrEqual(t, len(p.strip.raw), maxRaw)
		rnd := rand.New(rand.NewPCG(seed, 0))
		p, l = feedAll(data, pers, func(int) int { return 1 + rnd.IntN(7) })
		require.Equal(t, want, outcome(t, p, l))
	})
}

// TestFragmentation is the same with streams that are likely to mean
// something: pieces of commands, put together at random.
func TestFragmentation(t *testing.T) {
	pers := testPersonality(t)
	var parts [][]byte
	for _, s := range seeds()[:10] {
		for c := range escpos.Commands(s) {
			parts = append(parts, bytes.Clone(c.Bytes))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for _, part := range rapid.SliceOfN(rapid.SampledFrom(parts), 1, 40).Draw(t, "parts") {
			data = append(data, part...)
		}
		p, l := feedAll(data, pers, func(left int) int { return left })
		want := outcome(t, p, l)
		p, l = feedAll(data, pers, func(int) int { return rapid.IntRange(1, 9).Draw(t, "n") })
		require.Equal(t, want, outcome(t, p, l))
	})
}
