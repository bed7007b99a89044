package escpos

import "bytes"

// RealTimeKind is which real-time command was received.
type RealTimeKind uint8

// The real-time commands.
const (
	RealTimeNone     RealTimeKind = iota
	RealTimeStatus                // DLE EOT n [a]: Args are n and a
	RealTimeRequest               // DLE ENQ n: Args[0] is n
	RealTimePulse                 // DLE DC4 fn 1 m t: Args are m and t
	RealTimePowerOff              // DLE DC4 fn 2
	RealTimeBuzzer                // DLE DC4 fn 3 a n r t1 t2: Args are these
	RealTimeTransmit              // DLE DC4 fn 7 m: Args[0] is m
	RealTimeClear                 // DLE DC4 fn 8
)

var realTimeNames = [...]string{"none", "DLE EOT", "DLE ENQ", "DLE DC4 fn 1", "DLE DC4 fn 2", "DLE DC4 fn 3", "DLE DC4 fn 7", "DLE DC4 fn 8"}

// String returns Epson's name of the command.
func (k RealTimeKind) String() string {
	if int(k) < len(realTimeNames) {
		return realTimeNames[k]
	}
	return "invalid"
}

// A RealTimeCommand is a command that the printer acts on when it is
// received.
type RealTimeCommand struct {
	Kind   RealTimeKind
	Offset int64   // in the stream, of the DLE
	Length int     // in bytes
	Args   [5]byte // as Kind tells; 0 where there are fewer
}

// maxRealTime is the length of the longest one, DLE DC4 fn 8.
const maxRealTime = 10

// A RealTimeScanner finds the real-time commands in a raw stream, as a
// printer does on reception: anywhere, also inside the data of images or
// between the bytes of another command (Epson ESC/POS, "Notes on using
// real-time commands"). Only sequences whose parameters are all in range
// count. The zero value is ready for use. It keeps at most 9 bytes.
//
// A real-time command that stands between two commands is in the stream of a
// Scanner as well.
type RealTimeScanner struct {
	off int64 // of the byte after buf
	n   int
	buf [maxRealTime]byte
}

// Next looks for the first real-time command that ends in p. It returns it
// and how many bytes of p it consumed, or false after consuming all of p.
func (s *RealTimeScanner) Next(p []byte) (cmd RealTimeCommand, n int, ok bool) {
	for n < len(p) {
		if s.n == 0 {
			i := bytes.IndexByte(p[n:], 0x10)
			if i < 0 {
				break
			}
			n += i
		}
		s.buf[s.n] = p[n]
		s.n++
		n++
		for s.n > 0 {
			kind, complete := matchRealTime(s.buf[:s.n])
			if kind == RealTimeNone {
				// The sequence broke off. Another may have begun inside it.
				i := bytes.IndexByte(s.buf[1:s.n], 0x10)
				if i < 0 {
					s.n = 0
					break
				}
				s.n = copy(s.buf[:], s.buf[1+i:s.n])
				continue
			}
			if complete {
				cmd = realTimeCommand(kind, s.buf[:s.n])
				cmd.Offset = s.off + int64(n-s.n)
				s.n = 0
				s.off += int64(n)
				return cmd, n, true
			}
			break
		}
	}
	s.off += int64(len(p))
	return RealTimeCommand{}, len(p), false
}

// ContainsRealTime returns the index of the first complete real-time command
// in p, or -1.
func ContainsRealTime(p []byte) int {
	for i := 0; ; {
		j := bytes.IndexByte(p[i:], 0x10)
		if j < 0 {
			return -1
		}
		i += j
		for end := i + 3; end <= min(len(p), i+maxRealTime); end++ {
			kind, complete := matchRealTime(p[i:end])
			if complete {
				return i
			}
			if kind == RealTimeNone {
				break
			}
		}
		i++
	}
}

var (
	powerOffTail = []byte{1, 8}
	clearTail    = []byte{1, 3, 20, 1, 6, 2, 8}
)

// matchRealTime tells which real-time command b is the beginning of, and
// whether it is complete. As long as that is open, the kind is that of any
// that it may become. Ranges: Epson ESC/POS, DLE EOT, DLE ENQ and DLE DC4.
func matchRealTime(b []byte) (kind RealTimeKind, complete bool) {
	if b[0] != 0x10 {
		return RealTimeNone, false
	}
	if len(b) == 1 {
		return RealTimeStatus, false
	}
	switch b[1] {
	case 0x04:
		if len(b) == 2 {
			return RealTimeStatus, false
		}
		switch n := b[2]; n {
		case 1, 2, 3, 4:
			return RealTimeStatus, true
		case 7, 8, 18:
			if len(b) == 3 {
				return RealTimeStatus, false
			}
			if a := b[3]; n == 8 && a == 3 || n != 8 && (a == 1 || a == 2) {
				return RealTimeStatus, true
			}
		}
	case 0x05:
		if len(b) == 2 {
			return RealTimeRequest, false
		}
		if b[2] <= 3 {
			return RealTimeRequest, true
		}
	case 0x14:
		if len(b) == 2 {
			return RealTimePulse, false
		}
		return matchDC4(b[2], b[3:])
	}
	return RealTimeNone, false
}

func matchDC4(fn byte, args []byte) (kind RealTimeKind, complete bool) {
	fixed := func(kind RealTimeKind, tail []byte) (RealTimeKind, bool) {
		if !bytes.HasPrefix(tail, args) {
			return RealTimeNone, false
		}
		return kind, len(args) == len(tail)
	}
	ranges := func(kind RealTimeKind, limits ...[2]byte) (RealTimeKind, bool) {
		for i, a := range args {
			if a < limits[i][0] || a > limits[i][1] {
				return RealTimeNone, false
			}
		}
		return kind, len(args) == len(limits)
	}
	switch fn {
	case 1:
		return ranges(RealTimePulse, [2]byte{0, 1}, [2]byte{1, 8})
	case 2:
		return fixed(RealTimePowerOff, powerOffTail)
	case 3:
		return ranges(RealTimeBuzzer, [2]byte{0, 7}, [2]byte{0, 0}, [2]byte{0, 8}, [2]byte{1, 1}, [2]byte{0, 0})
	case 7:
		if len(args) > 0 && args[0] == 3 {
			return RealTimeNone, false
		}
		return ranges(RealTimeTransmit, [2]byte{1, 5})
	case 8:
		return fixed(RealTimeClear, clearTail)
	}
	return RealTimeNone, false
}

func realTimeCommand(kind RealTimeKind, b []byte) RealTimeCommand {
	cmd := RealTimeCommand{Kind: kind, Length: len(b)}
	switch kind {
	case RealTimeStatus, RealTimeRequest:
		copy(cmd.Args[:], b[2:])
	case RealTimePulse, RealTimeBuzzer, RealTimeTransmit:
		copy(cmd.Args[:], b[3:])
	}
	return cmd
}
