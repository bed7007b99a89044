package serial

import (
	"fmt"
	"net/url"
	"runtime"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/param"
)

// A Mode is how a serial line is set. The zero value is not valid; see
// [DefaultMode].
type Mode struct {
	Baud     int // bits a second
	DataBits int // 5 to 8
	Parity   Parity
	StopBits int // 1 or 2
	Flow     Flow
}

// DefaultMode is 9600 baud, 8 data bits, no parity, 1 stop bit, no flow
// control.
var DefaultMode = Mode{Baud: 9600, DataBits: 8, StopBits: 1}

// Parity is the parity bit of each byte.
type Parity uint8

// The parities.
const (
	ParityNone Parity = iota
	ParityOdd
	ParityEven
	ParityMark
	ParitySpace
)

var parities = []string{"none", "odd", "even", "mark", "space"}

// String returns the parity as it is written in a URI.
func (p Parity) String() string { return word(parities, int(p)) }

// Flow is how the printer says that its buffer is full.
type Flow uint8

// The kinds of flow control.
const (
	FlowNone    Flow = iota // it does not: bytes may be lost
	FlowXONXOFF             // by the bytes 0x13 and 0x11
	FlowRTSCTS              // by the host's CTS line
	FlowDTRDSR              // by the host's DSR line
)

var flows = []string{"none", "xonxoff", "rtscts", "dtrdsr"}

// String returns the flow control as it is written in a URI.
func (f Flow) String() string { return word(flows, int(f)) }

func word(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return fmt.Sprintf("(%d)", i)
}

// String returns the mode in a technician's words: "38400 8N1 rtscts".
func (m Mode) String() string {
	return fmt.Sprintf("%d %d%c%d %s", m.Baud, m.DataBits, m.Parity.String()[0]-'a'+'A', m.StopBits, m.Flow)
}

// Query returns the mode as the parameters of a URI, those that differ from
// [DefaultMode] only.
func (m Mode) Query() url.Values {
	q, d := url.Values{}, DefaultMode
	set := func(name string, differs bool, value any) {
		if differs {
			q.Set(name, fmt.Sprint(value))
		}
	}
	set("baud", m.Baud != d.Baud, m.Baud)
	set("bits", m.DataBits != d.DataBits, m.DataBits)
	set("parity", m.Parity != d.Parity, m.Parity)
	set("stop", m.StopBits != d.StopBits, m.StopBits)
	set("flow", m.Flow != d.Flow, m.Flow)
	return q
}

// BytesPerSecond returns the speed of the line in bytes a second, start,
// parity and stop bits counted.
func (m Mode) BytesPerSecond() int {
	bits := 1 + m.DataBits + m.StopBits
	if m.Parity != ParityNone {
		bits++
	}
	return m.Baud / bits
}

// ParseURI returns the name of the port and the mode that u stands for.
// Errors are [*transport.OpError] values that match [transport.ErrURI].
func ParseURI(u *url.URL) (port string, m Mode, err error) {
	port, err = portName(u, runtime.GOOS)
	if err != nil {
		return "", Mode{}, err
	}
	v, err := param.Parse(u, "baud", "bits", "parity", "stop", "flow")
	if err != nil {
		return "", Mode{}, err
	}
	d := DefaultMode
	m = Mode{
		Baud:     v.Int("baud", d.Baud, 50, 4000000),
		DataBits: v.Int("bits", d.DataBits, 5, 8),
		Parity:   Parity(v.Choice("parity", parities...)),
		StopBits: v.Int("stop", d.StopBits, 1, 2),
		Flow:     Flow(v.Choice("flow", flows...)),
	}
	return port, m, v.Err()
}

// portName returns the device path, or on Windows the COM name, of u.
func portName(u *url.URL, goos string) (string, error) {
	fail := func(cure string) (string, error) {
		return "", transport.NewOpError("parse", u.String(), fmt.Errorf("%w: no serial port", transport.ErrURI), cure)
	}
	if goos == "windows" {
		if u.Host == "" || u.Path != "" && u.Path != "/" {
			return fail("write it as serial://COM3")
		}
		return u.Host, nil
	}
	if u.Host != "" || u.Path == "" || u.Path == "/" {
		return fail("write it as serial:///dev/ttyUSB0, with three slashes")
	}
	return u.Path, nil
}
