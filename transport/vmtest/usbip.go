//go:build linux

package vmtest

import (
	"encoding/binary"
	"io"

	"golang.org/x/sys/unix"
)

// The wire format is that of Documentation/usb/usbip_protocol.rst in the
// Linux kernel's source: a header of 48 bytes, big-endian, then the data.
const (
	cmdSubmit uint32 = 1
	cmdUnlink uint32 = 2
	retSubmit uint32 = 3
	retUnlink uint32 = 4

	headerLen = 48
)

// Transfer results, as the kernel's own negative error numbers.
const (
	statusOK       = 0
	statusStall    = -int32(unix.EPIPE)
	statusBabble   = -int32(unix.EOVERFLOW)
	statusUnlinked = -int32(unix.ECONNRESET)
)

// A transfer is one request block of the host, waiting at an endpoint.
type transfer struct {
	seq    uint32
	in     bool
	ep     uint8 // number, without the direction bit
	setup  setup
	length int    // IN: room in the host's buffer
	data   []byte // OUT: what the host sends; IN: what has been put there
	done   int    // OUT: bytes acknowledged
}

// setup is the packet that begins a control transfer.
type setup struct {
	requestType, request uint8
	value, index, length uint16
}

// A command is one message from the host: a transfer to do, or one to undo.
type command struct {
	unlink uint32 // the sequence number to undo, where transfer is nil
	seq    uint32
	*transfer
}

func readCommand(r io.Reader) (command, error) {
	var h [headerLen]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return command{}, err
	}
	word := func(n int) uint32 { return binary.BigEndian.Uint32(h[n*4:]) }
	seq := word(1)
	if word(0) == cmdUnlink {
		return command{seq: seq, unlink: word(5)}, nil
	}
	t := &transfer{
		seq: seq, in: word(3) == 1, ep: uint8(word(4)), length: int(word(6)),
		setup: setup{
			requestType: h[40], request: h[41],
			value:  binary.LittleEndian.Uint16(h[42:]),
			index:  binary.LittleEndian.Uint16(h[44:]),
			length: binary.LittleEndian.Uint16(h[46:]),
		},
	}
	if !t.in {
		t.data = make([]byte, t.length)
		if _, err := io.ReadFull(r, t.data); err != nil {
			return command{}, err
		}
	}
	return command{seq: seq, transfer: t}, nil
}

func appendRetSubmit(b []byte, t *transfer, status int32) []byte {
	actual := t.done
	if t.in {
		actual = len(t.data)
	}
	b = appendHeader(b, retSubmit, t.seq, status, uint32(actual))
	if t.in {
		b = append(b, t.data...)
	}
	return b
}

func appendRetUnlink(b []byte, seq uint32, status int32) []byte {
	return appendHeader(b, retUnlink, seq, status, 0)
}

func appendHeader(b []byte, command, seq uint32, status int32, actual uint32) []byte {
	var h [headerLen]byte
	binary.BigEndian.PutUint32(h[0:], command)
	binary.BigEndian.PutUint32(h[4:], seq)
	binary.BigEndian.PutUint32(h[20:], uint32(status))
	binary.BigEndian.PutUint32(h[24:], actual)
	return append(b, h[:]...)
}
