package discover

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Epson's network interfaces answer a control protocol of their own, ENPC, on
// UDP port 3289 (UB-E02 Technical Reference Guide, "EPSON Network Printer
// Control"). Of its functions only Q 0000, basic information, is used here;
// it changes nothing.
const enpcPort = "3289"

// enpcHeader is the length of the fixed part of a packet: "EPSON", packet
// type, device type, device number, function, result, length.
const enpcHeader = 14

// enpcQueries are the packets that ask for basic information: as the manual
// has it, and as it was captured from Epson's own tools, which some
// interfaces insist on.
var enpcQueries = [][]byte{
	[]byte("EPSONQ\x03\x00\x00\x00\x00\x00\x00\x00"),
	[]byte("EPSONQ\x03\x00\x00\x00\x10\x00\x00\x00\x00\x00"),
}

// parseENPC returns the model that b, an answer to a query, names. The data
// of the answer are two bytes, the printer's GS I 1, 2 and 3 values, and the
// model's name up to a NUL.
func parseENPC(b []byte) (model string, ok bool) {
	if len(b) < enpcHeader || !bytes.HasPrefix(b, []byte("EPSONq\x03")) {
		return "", false
	}
	function, result := binary.BigEndian.Uint16(b[8:]), binary.BigEndian.Uint16(b[10:])
	if function != 0 || result != 0 {
		return "", false
	}
	data := b[enpcHeader:]
	if n := int(binary.BigEndian.Uint16(b[12:])); n < len(data) {
		data = data[:n]
	}
	const nameAt = 5
	if len(data) <= nameAt {
		return "", true
	}
	name, _, _ := bytes.Cut(data[nameAt:], []byte{0})
	model = strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return -1
		}
		return r
	}, string(name))
	return strings.TrimSpace(model), true
}
