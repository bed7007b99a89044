package usb

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/transport"
)

func parse(uri string) (Address, error) {
	u, err := transport.Parse(uri)
	if err != nil {
		return Address{}, err
	}
	return ParseURI(u)
}

func TestParseURI(t *testing.T) {
	for uri, want := range map[string]Address{
		"usb://":                    {},
		"usb://04b8:0202":           {Vendor: 0x04b8, Product: 0x0202},
		"usb://04B8:0E2A":           {Vendor: 0x04b8, Product: 0x0e2a},
		"usb://04b8:0202/J5KF1":     {Vendor: 0x04b8, Product: 0x0202, Serial: "J5KF1"},
		"usb://04b8:0202/a%2Fb":     {Vendor: 0x04b8, Product: 0x0202, Serial: "a/b"},
		"usb://?port=1-4.2":         {Port: "1-4.2"},
		"usb://0416:5011?detach=no": {Vendor: 0x0416, Product: 0x5011, KeepDriver: true},
	} {
		got, err := parse(uri)
		require.NoError(t, err, uri)
		require.Equal(t, want, got, uri)
	}
}

func TestParseURIRefuses(t *testing.T) {
	for uri, cure := range map[string]string{
		"usb://04b8":              "usb://04b8:0202",
		"usb://epson:tm":          "hexadecimal",
		"usb://0000:0001":         "hexadecimal",
		"usb://12345:0001":        "hexadecimal",
		"usb:///J5KF1":            "usb://04b8:0202/SERIAL",
		"usb://?port=/dev/lp0":    "1-4.2",
		"usb://?serial=1":         "known here: port, detach",
		"usb://0416:5011?detach=": "detach is one of yes, no",
	} {
		_, err := parse(uri)
		require.ErrorIs(t, err, transport.ErrURI, uri)
		require.ErrorContains(t, err, cure, uri)
	}
}

// An address written as a URI is the same address when it is read.
func TestAddressRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Address{
			Port:       rapid.StringMatching(`|[1-9]-[1-9](\.[1-9])?`).Draw(t, "port"),
			KeepDriver: rapid.Bool().Draw(t, "keep"),
		}
		if rapid.Bool().Draw(t, "ids") {
			a.Vendor = rapid.Uint16Min(1).Draw(t, "vendor")
			a.Product = rapid.Uint16().Draw(t, "product")
			a.Serial = rapid.StringMatching(`[!-~]*`).Draw(t, "serial")
		}
		got, err := parse(a.String())
		require.NoError(t, err)
		require.Equal(t, a, got, a.String())
	})
}

func FuzzParseURI(f *testing.F) {
	for _, s := range []string{"usb://", "usb://04b8:0202/J5KF1", "usb://04b8:0e2a/a%2Fb?port=1-4.2&detach=no", "usb:///%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		a, err := parse("usb://" + strings.TrimPrefix(uri, "usb://"))
		if err != nil {
			if !errors.Is(err, transport.ErrURI) {
				t.Fatal(err)
			}
			return
		}
		if again, err := parse(a.String()); err != nil || again != a {
			t.Fatalf("%+v becomes %+v, %v by %s", a, again, err, a)
		}
	})
}
