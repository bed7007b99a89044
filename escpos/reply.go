package escpos

import "fmt"

// ReplyKind is the class of a message from a printer.
type ReplyKind uint8

// The reply classes. Epson's ESC/POS keeps them apart by fixed bits
// ("Differentiating between transmission data", TM-T88III specification,
// appendix G).
const (
	// ReplyNone is the zero value: no reply.
	ReplyNone ReplyKind = iota
	// ReplyXON and ReplyXOFF are software flow control, one byte each. They
	// may appear between the bytes of any other message.
	ReplyXON
	ReplyXOFF
	// ReplyRealTime is the answer to DLE EOT n, one byte in Reply.Byte. It
	// does not say which n it answers.
	ReplyRealTime
	// ReplyASB is an automatic status back frame of four bytes, in Reply.ASB.
	ReplyASB
	// ReplyByte is the one-byte answer to GS r, or to GS I 1, 2 and 3.
	ReplyByte
	// ReplyBlock is a message with a header and a terminating NUL. The header
	// is in Reply.Byte, what stands between them in Reply.Data.
	ReplyBlock
	// ReplyUnknown is noise: bytes of no class, or the remains of a message
	// that broke off. The bytes are in Reply.Data.
	ReplyUnknown
)

var replyKindNames = [...]string{"none", "XON", "XOFF", "real-time status", "ASB", "status byte", "block", "unknown"}

// String returns the class in words.
func (k ReplyKind) String() string {
	if int(k) < len(replyKindNames) {
		return replyKindNames[k]
	}
	return fmt.Sprintf("ReplyKind(%d)", uint8(k))
}

// Headers of a ReplyBlock.
const (
	HeaderInkASB      = 0x35 // GS j
	HeaderFunction    = 0x37 // the reply of a function: GS ( E, GS ( H, DLE DC4 8, …; an identifier follows
	HeaderExtendedASB = 0x39 // FS ( e
	HeaderPowerNotice = 0x3B // 0x31 power on, 0x30 power off
	HeaderInfoA       = 0x3D // GS I 33, 35, 36, 96, 110
	HeaderInfoB       = 0x5F // GS I 65…69, GS g 2
)

// Identifiers: the first byte of a HeaderFunction block.
const (
	FunctionProcessID       = 0x22 // GS ( H fn 48
	FunctionOfflineResponse = 0x23 // GS ( H fn 49
	FunctionBufferCleared   = 0x25 // DLE DC4 fn 8
	FunctionNVCapacity      = 0x30 // GS ( L fn 48
	FunctionNVFree          = 0x31 // GS ( L fn 51
	FunctionNVKeys          = 0x72 // GS ( L fn 64
)

// A Reply is one message from the printer.
type Reply struct {
	Kind ReplyKind
	Byte byte   // ReplyRealTime and ReplyByte: the byte; ReplyBlock: the header
	ASB  ASB    // ReplyASB
	Data []byte // ReplyBlock and ReplyUnknown; valid until the next Decode
}

// ProcessID returns the four bytes of a GS ( H fn 48 response.
func (r Reply) ProcessID() (id [4]byte, ok bool) {
	if r.Kind != ReplyBlock || r.Byte != HeaderFunction || len(r.Data) != 5 || r.Data[0] != FunctionProcessID {
		return id, false
	}
	return [4]byte(r.Data[1:]), true
}

// BufferCleared reports whether r is the answer to DLE DC4 fn 8.
func (r Reply) BufferCleared() bool {
	return r.Kind == ReplyBlock && r.Byte == HeaderFunction && len(r.Data) == 1 && r.Data[0] == FunctionBufferCleared
}

// OfflineResponse returns the cause bytes of a GS ( H fn 49 response, which
// depend on the model and may be absent.
func (r Reply) OfflineResponse() (causes []byte, ok bool) {
	if r.Kind != ReplyBlock || r.Byte != HeaderFunction || len(r.Data) == 0 || r.Data[0] != FunctionOfflineResponse {
		return nil, false
	}
	return r.Data[1:], true
}

// Info returns the text of a printer information B response: GS I 65 to 69.
func (r Reply) Info() (text string, ok bool) {
	if r.Kind != ReplyBlock || r.Byte != HeaderInfoB {
		return "", false
	}
	return string(r.Data), true
}

// Counter returns the value of a GS g 2 response: one to ten decimal digits.
func (r Reply) Counter() (n int64, ok bool) {
	if r.Kind != ReplyBlock || r.Byte != HeaderInfoB {
		return 0, false
	}
	return decimal(r.Data)
}

// NVBytes returns the value of a GS ( L fn 48 or fn 51 response, which id
// says: the NV graphics memory of the printer or what is free of it, in bytes.
func (r Reply) NVBytes(id byte) (n int64, ok bool) {
	if r.Kind != ReplyBlock || r.Byte != HeaderFunction || len(r.Data) == 0 || r.Data[0] != id {
		return 0, false
	}
	return decimal(r.Data[1:])
}

// NVKeys returns the keys in one block of a GS ( L fn 64 response, two
// characters each, and whether more blocks follow. The printer waits for ACK
// (06), NAK (15) or CAN (18) after each block, the last one too.
func (r Reply) NVKeys() (keys []byte, more, ok bool) {
	const following, last = 0x41, 0x40
	if r.Kind != ReplyBlock || r.Byte != HeaderFunction || len(r.Data) < 2 || r.Data[0] != FunctionNVKeys {
		return nil, false, false
	}
	keys, more = r.Data[2:], r.Data[1] == following
	if len(keys)%2 != 0 || !more && r.Data[1] != last || more && len(keys) == 0 {
		return nil, false, false
	}
	for _, c := range keys {
		if c < 0x20 || c > 0x7E {
			return nil, false, false
		}
	}
	return keys, more, true
}

// decimal reads one to ten digits.
func decimal(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 10 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// IsRealTimeReply reports whether b has the fixed bits of a DLE EOT reply.
func IsRealTimeReply(b byte) bool { return b&0x93 == 0x12 }

func isFlow(b byte) bool      { return b == 0x11 || b == 0x13 }
func isASBStart(b byte) bool  { return b&0x93 == 0x10 }
func isPlainByte(b byte) bool { return b&0x90 == 0x00 }

func isBlockHeader(b byte) bool {
	switch b {
	case HeaderInkASB, HeaderFunction, HeaderExtendedASB, HeaderPowerNotice, HeaderInfoA, HeaderInfoB:
		return true
	}
	return false
}

// maxBlock is the longest block kept, header and NUL not counted: an
// identifier, a status and 80 bytes of data (GS ( C fn 2).
const maxBlock = 83

// A ReplyDecoder tells the messages of a printer apart, by pattern and by
// position. The zero value is ready for use. It keeps at most one message,
// of at most 83 bytes, and allocates nothing.
//
// It does not know which questions are open: a DLE EOT reply does not carry
// its n, and a lone NUL looks like the answer to a GS r. Who asks must
// correlate.
//
// After noise it is in step again within one message. A byte that cannot
// belong to the message under way ends that message as ReplyUnknown, and is
// looked at afresh.
type ReplyDecoder struct {
	buf  [maxBlock + 1]byte // the message under way; buf[0] is its first byte
	n    int                // how much of buf is filled
	kind ReplyKind          // ReplyASB, ReplyBlock, or ReplyNone when idle
}

// Pending reports whether a message has begun and not ended. A caller that
// sees no further byte within its deadline calls Reset.
func (d *ReplyDecoder) Pending() bool { return d.n > 0 }

// Reset gives up the message under way and returns what had come of it, as
// ReplyUnknown, or ReplyNone if there was nothing.
func (d *ReplyDecoder) Reset() Reply {
	if d.n == 0 {
		return Reply{}
	}
	r := Reply{Kind: ReplyUnknown, Data: d.buf[:d.n]}
	d.n, d.kind = 0, ReplyNone
	return r
}

// Decode looks at the front of p and returns the first complete message, if
// there is one, and how many bytes it consumed. With ReplyNone all of p was
// consumed, and the message, if one has begun, goes on in the next call. The
// count may be 0 with a ReplyUnknown: the byte that broke a message is looked
// at again by the next call.
func (d *ReplyDecoder) Decode(p []byte) (Reply, int) {
	if d.n == 0 && len(p) > 0 { // the short ones that come whole
		switch b := p[0]; {
		case IsRealTimeReply(b):
			return Reply{Kind: ReplyRealTime, Byte: b}, 1
		case isPlainByte(b):
			return Reply{Kind: ReplyByte, Byte: b}, 1
		case isASBStart(b) && len(p) >= 4 && isPlainByte(p[1]|p[2]|p[3]):
			return Reply{Kind: ReplyASB, ASB: ASB(p)}, 4
		}
	}
	for i := 0; i < len(p); i++ {
		b := p[i]
		if isFlow(b) {
			k := ReplyXON
			if b == 0x13 {
				k = ReplyXOFF
			}
			return Reply{Kind: k, Byte: b}, i + 1
		}
		switch d.kind {
		case ReplyASB:
			if !isPlainByte(b) {
				return d.Reset(), i
			}
			d.buf[d.n] = b
			d.n++
			if d.n == 4 {
				r := Reply{Kind: ReplyASB, ASB: ASB(d.buf[:4])}
				d.n, d.kind = 0, ReplyNone
				return r, i + 1
			}
		case ReplyBlock:
			if b == 0 {
				r := Reply{Kind: ReplyBlock, Byte: d.buf[0], Data: d.buf[1:d.n]}
				d.n, d.kind = 0, ReplyNone
				return r, i + 1
			}
			if !d.inBlock(b) || d.n == len(d.buf) {
				return d.Reset(), i
			}
			d.buf[d.n] = b
			d.n++
			for i+1 < len(p) && p[i+1]-0x20 < 0x5F && d.n < len(d.buf) {
				i++
				d.buf[d.n] = p[i]
				d.n++
			}
		default:
			switch {
			case IsRealTimeReply(b):
				return Reply{Kind: ReplyRealTime, Byte: b}, i + 1
			case isASBStart(b):
				d.kind = ReplyASB
			case isBlockHeader(b):
				d.kind = ReplyBlock
			case isPlainByte(b):
				return Reply{Kind: ReplyByte, Byte: b}, i + 1
			default:
				d.buf[0] = b
				return Reply{Kind: ReplyUnknown, Data: d.buf[:1]}, i + 1
			}
			d.buf[0], d.n = b, 1
		}
	}
	return Reply{}, len(p)
}

// inBlock reports whether b can stand inside the block under way. Payloads
// are printable, with 1F as a separator; only a stored record (GS ( C fn 2)
// may hold other bytes, and of those none below 20.
func (d *ReplyDecoder) inBlock(b byte) bool {
	if b-0x20 < 0x5F {
		return true
	}
	if b >= 0x80 {
		return d.buf[0] == HeaderInfoB || d.n > 1 && d.buf[1] == 0x70
	}
	return b == 0x1F
}
