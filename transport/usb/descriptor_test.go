package usb

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	bulkOut = []endpoint{{addr: 0x01, maxPacket: 64}}
	bulkIn  = []endpoint{{addr: 0x82, maxPacket: 64}}
)

func printerSetting(iface, alt int, proto uint8) setting {
	return setting{iface: iface, alt: alt, class: classPrinter, subClass: subClassPrinter, proto: proto, out: bulkOut, in: bulkIn}
}

// The interface to print through, on devices as they are sold.
func TestPrinterSetting(t *testing.T) {
	hid := setting{iface: 0, class: 3, in: []endpoint{{addr: 0x83}}}
	vendor := setting{iface: 1, class: classVendor, out: bulkOut, in: bulkIn}
	framed := printerSetting(0, 2, protoIEEE1284_4)
	oneWay := printerSetting(0, 0, protoUnidirectional)
	oneWay.in = nil
	both := printerSetting(0, 1, protoBidirectional)
	noEndpoint := setting{iface: 0, class: classPrinter, subClass: subClassPrinter, proto: protoBidirectional}

	for name, c := range map[string]struct {
		dev   device
		named bool
		want  *setting
	}{
		"printer":                      {device{settings: []setting{both}}, false, &both},
		"the bidirectional setting":    {device{settings: []setting{oneWay, both, framed}}, false, &both},
		"one way is better than none":  {device{settings: []setting{framed, oneWay}}, false, &oneWay},
		"behind a keyboard":            {device{settings: []setting{hid, both}}, false, &both},
		"printer class before vendor":  {device{settings: []setting{vendor, both}}, true, &both},
		"old Epson":                    {device{vendor: vendorEpson, product: productEpson, settings: []setting{vendor}}, false, &vendor},
		"vendor class, named":          {device{vendor: 0x1504, settings: []setting{vendor}}, true, &vendor},
		"vendor class of a stranger":   {device{vendor: 0x1504, settings: []setting{vendor}}, false, nil},
		"framed only":                  {device{settings: []setting{framed}}, true, nil},
		"keyboard":                     {device{settings: []setting{hid}}, true, nil},
		"a printer without an output":  {device{settings: []setting{noEndpoint}}, true, nil},
		"a device without a interface": {device{}, true, nil},
	} {
		got, ok := c.dev.printer(c.named)
		require.Equal(t, c.want != nil, ok, name)
		if ok {
			require.Equal(t, *c.want, got, name)
		}
	}
}

func TestMatches(t *testing.T) {
	d := device{vendor: 0x04b8, product: 0x0e2a, bus: 1, ports: []int{4, 2}, settings: []setting{printerSetting(0, 0, protoBidirectional)}}
	require.Equal(t, "1-4.2", d.port())
	for _, a := range []Address{{}, {Vendor: 0x04b8, Product: 0x0e2a}, {Port: "1-4.2"}, {Serial: "J5"}} {
		require.True(t, d.matches(a), "%v", a)
	}
	for _, a := range []Address{{Vendor: 0x04b8, Product: 0x0202}, {Vendor: 0x0416, Product: 0x0e2a}, {Port: "1-4"}} {
		require.False(t, d.matches(a), "%v", a)
	}
	require.Empty(t, (&device{bus: 1}).port(), "a root hub is on no port")
}

func TestByPlace(t *testing.T) {
	a := &device{bus: 1, ports: []int{2}}
	b := &device{bus: 1, ports: []int{2, 1}}
	c := &device{bus: 1, ports: []int{10}}
	d := &device{bus: 2, ports: []int{1}}
	got := []*device{d, c, b, a}
	slices.SortFunc(got, byPlace)
	require.Equal(t, []*device{a, b, c, d}, got)
}
