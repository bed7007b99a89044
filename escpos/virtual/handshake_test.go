package virtual_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos/virtual"
)

const (
	listLogos = "\x1d(L\x04\x00\x30\x40KC"

	ack = "\x06"
	nak = "\x15"
	can = "\x18"
)

// storeLogo defines a logo of one dot.
func storeLogo(key string) string {
	return "\x1d(L\x0c\x00\x30\x43\x30" + key + "\x01\x08\x00\x01\x00\x31\x80"
}

// key is the nth key in order.
func key(n int) string { return string([]byte{' ' + byte(n/95), ' ' + byte(n%95)}) }

// logos stores n logos and returns the blocks of their list.
func logos(h host, n int) []string {
	var blocks []string
	var list strings.Builder
	for i := range n {
		h.send(storeLogo(key(i)))
		list.WriteString(key(i))
	}
	rest := list.String()
	for len(rest) > 80 {
		blocks = append(blocks, "\x37\x72\x41"+rest[:80]+"\x00")
		rest = rest[80:]
	}
	return append(blocks, "\x37\x72\x40"+rest+"\x00")
}

func TestListInBlocks(t *testing.T) {
	for _, n := range []int{0, 1, 40, 41, 80, 100} {
		_, h := start(t, nil)
		blocks := logos(h, n)
		h.send(listLogos)
		for i, b := range blocks {
			h.expect(b)
			h.silent()
			h.send(nak)
			h.expect(b)
			if i == len(blocks)-1 {
				h.send(can + eot1)
				h.expect("\x12")
				break
			}
			h.send(ack)
		}
		h.silent()
	}
}

// Whatever the host says to a block, the byte after the exchange is the first
// of a command again.
func TestHandshake(t *testing.T) {
	p, h := start(t, nil)
	blocks := logos(h, 100)
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOf(rapid.SampledFrom([]string{ack, nak, ack, can, "\x00", "A", "\n"})).Draw(t, "said")
		h.send(listLogos)
		h.expect(blocks[0])
		at := 0
		for _, s := range said {
			h.send(s)
			switch s {
			case ack:
				at++
			case nak:
			default:
				at = len(blocks)
			}
			if at == len(blocks) {
				break
			}
			// Read at once: a block that finds no room among unread ones is lost.
			h.expect(blocks[at])
		}
		if at < len(blocks) {
			h.send(can)
		}
		h.send(processID("DONE"))
		h.expect("\x37\x22DONE\x00")
		require.Empty(t, p.Pending())
	})
}

func TestRecordInBlocks(t *testing.T) {
	_, h := start(t, nil)
	record := strings.Repeat("0123456789", 10)
	h.send("\x1d(C\x69\x00\x00\x01\x00K1" + record)
	h.send("\x1d(C\x05\x00\x00\x02\x00K1" + ack + ack)
	h.expect("\x37\x70\x41" + record[:80] + "\x00" + "\x37\x70\x40" + record[80:] + "\x00")
	h.send("\x1d(C\x03\x00\x00\x05\x00" + ack)
	h.expect("\x37\x71\x40K1\x00")
	h.silent()
}

func TestExchangeOfBlocksEndsWithThePower(t *testing.T) {
	p, h := start(t, nil)
	blocks := logos(h, 41)
	h.send(listLogos)
	h.expect(blocks[0])
	p.PowerOff()
	p.PowerOn()
	h = dial(t, p)
	h.send("heard\n")
	require.Equal(t, "heard\n", p.Pending())
}

// A block that finds no room for itself is lost, and can be asked for again.
func TestBlockThatNobodyRead(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.ReplyBuffer = 88
	_, h := start(t, &virtual.Config{Personality: pers})
	blocks := logos(h, 41)
	h.send(listLogos + ack)
	h.expect(blocks[0])
	h.silent()
	h.send(nak)
	h.expect(blocks[1])
	h.send(ack)
}
