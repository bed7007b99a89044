//go:build !windows

package serial

import (
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/transport"
)

func TestParseURI(t *testing.T) {
	for uri, want := range map[string]Mode{
		"serial:///dev/ttyUSB0": DefaultMode,
		"serial:///dev/ttyUSB0?baud=38400&parity=none&flow=dtrdsr":           {38400, 8, ParityNone, 1, FlowDTRDSR},
		"serial:///dev/ttyUSB0?baud=115200&bits=7&parity=EVEN&stop=2":        {115200, 7, ParityEven, 2, FlowNone},
		"serial:///dev/ttyUSB0?parity=odd&flow=xonxoff":                      {9600, 8, ParityOdd, 1, FlowXONXOFF},
		"serial:///dev/ttyUSB0?flow=rtscts&parity=mark":                      {9600, 8, ParityMark, 1, FlowRTSCTS},
		"serial:///dev/serial/by-id/usb-FTDI_FT232R_A5-if00-port0?baud=2400": {2400, 8, ParityNone, 1, FlowNone},
	} {
		u, err := url.Parse(uri)
		require.NoError(t, err)
		port, got, err := ParseURI(u)
		require.NoError(t, err, uri)
		require.Equal(t, u.Path, port)
		require.Equal(t, want, got, uri)
	}
}

func TestParseURIRefuses(t *testing.T) {
	for uri, text := range map[string]string{
		"serial://ttyUSB0":                  "with three slashes",
		"serial:///":                        "with three slashes",
		"serial:///dev/ttyUSB0?baud=0":      "baud is a number from 50 to 4000000",
		"serial:///dev/ttyUSB0?bits=9":      "bits is a number from 5 to 8",
		"serial:///dev/ttyUSB0?stop=1.5":    "stop is a number from 1 to 2",
		"serial:///dev/ttyUSB0?parity=n":    "parity is one of none, odd, even, mark, space",
		"serial:///dev/ttyUSB0?flow=dsrdtr": "flow is one of none, xonxoff, rtscts, dtrdsr",
		"serial:///dev/ttyUSB0?speed=9600":  "known here: baud, bits, parity, stop, flow",
	} {
		u, err := url.Parse(uri)
		require.NoError(t, err)
		_, _, err = ParseURI(u)
		require.ErrorIs(t, err, transport.ErrURI, uri)
		require.ErrorContains(t, err, text, uri)
	}
}

func TestPortNameOnWindows(t *testing.T) {
	u, err := url.Parse("serial://COM3?baud=9600")
	require.NoError(t, err)
	name, err := portName(u, "windows")
	require.NoError(t, err)
	require.Equal(t, "COM3", name)
	_, err = portName(&url.URL{Path: "/dev/ttyS0"}, "windows")
	require.ErrorContains(t, err, "serial://COM3")
}

func TestBytesPerSecond(t *testing.T) {
	require.Equal(t, 960, DefaultMode.BytesPerSecond())
	require.Equal(t, 1920, Mode{Baud: 19200, DataBits: 7, Parity: ParityEven, StopBits: 1}.BytesPerSecond())
	require.Equal(t, 200, Mode{Baud: 2400, DataBits: 8, Parity: ParityOdd, StopBits: 2}.BytesPerSecond())
}

func TestModeString(t *testing.T) {
	require.Equal(t, "9600 8N1 none", DefaultMode.String())
	require.Equal(t, "38400 7E2 rtscts", Mode{38400, 7, ParityEven, 2, FlowRTSCTS}.String())
	require.Equal(t, "(9)", Flow(9).String())
}

// A mode written as the parameters of a URI is the same mode when read.
func TestQueryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Mode{
			Baud:     rapid.IntRange(50, 4000000).Draw(t, "baud"),
			DataBits: rapid.IntRange(5, 8).Draw(t, "bits"),
			Parity:   Parity(rapid.IntRange(0, 4).Draw(t, "parity")),
			StopBits: rapid.IntRange(1, 2).Draw(t, "stop"),
			Flow:     Flow(rapid.IntRange(0, 3).Draw(t, "flow")),
		}
		_, got, err := ParseURI(&url.URL{Scheme: "serial", Path: "/dev/ttyS0", RawQuery: m.Query().Encode()})
		require.NoError(t, err)
		require.Equal(t, m, got)
	})
}

func FuzzParseURI(f *testing.F) {
	f.Add("/dev/ttyUSB0", "baud=38400&parity=none&flow=dtrdsr")
	f.Add("", "bits=7&stop=2&parity=EVEN")
	f.Add("/dev/ttyS0", "baud=1&baud=2;%zz")
	f.Fuzz(func(t *testing.T, path, query string) {
		u := &url.URL{Scheme: "serial", Path: path, RawQuery: query}
		_, m, err := ParseURI(u)
		if err != nil {
			if !errors.Is(err, transport.ErrURI) {
				t.Fatal(err)
			}
			return
		}
		if m.BytesPerSecond() <= 0 {
			t.Fatalf("%+v has no speed", m)
		}
		u.RawQuery = m.Query().Encode()
		if _, again, err := ParseURI(u); err != nil || again != m {
			t.Fatalf("%+v becomes %+v, %v", m, again, err)
		}
	})
}
