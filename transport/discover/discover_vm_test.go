//go:build linux && vm

package discover_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/discover"
	_ "github.com/printerctl/printerctl/transport/lp"
	_ "github.com/printerctl/printerctl/transport/serial"
	_ "github.com/printerctl/printerctl/transport/usb"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// What a real kernel tells of printers that are plugged in, with URIs that
// open exactly them: two of one model whose serial numbers are the same, and
// an early Epson of the vendor-specific class.
func TestVMUSB(t *testing.T) {
	vmtest.Guest(t)
	clone := &vmtest.PrinterConfig{Vendor: 0x0416, Product: 0x5011, Serial: "Printer", DeviceID: "MFG:ZJ;MDL:POS58;CLS:PRINTER;"}
	first, second := vmtest.NewPrinter(clone), vmtest.NewPrinter(clone)
	epson := vmtest.NewPrinter(&vmtest.PrinterConfig{Serial: "J5KF017", VendorClass: true})
	streams := map[string]*vmtest.Stream{}
	lps := map[string]bool{}
	for _, p := range []*vmtest.Printer{first, second, epson} {
		port := vmtest.Plug(t, p.Device)
		if p != epson {
			lps["lp://"+port.LP()] = true
		}
		streams[port.Attr("busnum")+"/"+port.Attr("devpath")] = p.Stream
	}

	found, err := new(discover.Finder).USB(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 3)
	heard := map[*vmtest.Stream]bool{}
	for _, d := range found {
		if d.Vendor == 0x04b8 {
			require.Empty(t, d.Driver, "the kernel has none for it")
			require.Empty(t, d.Also)
			require.Equal(t, "vendor", d.Class)
			require.Equal(t, "usb://04b8:0202/J5KF017", d.URI)
			require.Equal(t, discover.Unproven, d.Proof)
			require.Equal(t, "EPSON TM-T88V", d.Name())
		} else {
			require.Equal(t, "usblp", d.Driver)
			require.Len(t, d.Also, 1)
			require.True(t, lps[d.Also[0]], d.Also[0])
			require.Equal(t, "usb://0416:5011?port="+d.Port, d.URI)
			require.Equal(t, discover.Printer, d.Proof)
			require.Equal(t, "POS58", d.DeviceID.Model())
		}

		c, err := transport.Open(t.Context(), d.URI)
		require.NoError(t, err, d.URI)
		_, err = c.Write([]byte(d.Port))
		require.NoError(t, err)
		require.NoError(t, c.Close())
		for _, s := range streams {
			if s.Unread() > 0 {
				got := make([]byte, s.Unread())
				_, err := s.Read(got)
				require.NoError(t, err)
				require.Equal(t, d.Port, string(got))
				require.False(t, heard[s], "each URI is another printer")
				heard[s] = true
			}
		}
	}
	require.Len(t, heard, 3)

	// With the kernel's driver gone from it, the printer is still found.
	c, err := transport.Open(t.Context(), found[0].URI)
	require.NoError(t, err)
	defer c.Close()
	held, err := new(discover.Finder).USB(t.Context())
	require.NoError(t, err)
	require.Equal(t, "usbfs", held[0].Driver)
	require.Empty(t, held[0].Also)
}

func TestVMSerial(t *testing.T) {
	vmtest.Guest(t)
	ftdi := vmtest.Plug(t, vmtest.NewFTDI(t).Device)
	acm := vmtest.Plug(t, vmtest.NewACM().Device)
	found, err := new(discover.Finder).Serial(t.Context())
	require.NoError(t, err)
	byURI := map[string]discover.Device{}
	for _, d := range found {
		byURI[d.URI] = d
	}
	adapter := byURI["serial://"+ftdi.TTY()]
	require.Equal(t, "FTDI FT232R USB UART", adapter.Name())
	require.Equal(t, "A50285BI", adapter.Serial)
	require.Equal(t, uint16(0x0403), adapter.Vendor)
	require.Equal(t, "ftdi_sio", adapter.Driver)
	require.Equal(t, discover.Unproven, adapter.Proof)
	require.Equal(t, "cdc_acm", byURI["serial://"+acm.TTY()].Driver)
	require.Contains(t, byURI, "serial:///dev/ttyS0", "the built-in port")
}
