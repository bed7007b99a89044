//go:build unix

package discover

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/usb"
)

// tree lays out a device tree as the kernel does: a directory under devices/
// for each device, and symbolic links to it everywhere else.
type tree struct {
	t    *testing.T
	root string
}

func newTree(t *testing.T) tree {
	tr := tree{t, t.TempDir()}
	for _, d := range []string{"bus/usb/devices", "class/tty"} {
		require.NoError(t, os.MkdirAll(filepath.Join(tr.root, d), 0o755))
	}
	return tr
}

// add makes a device with attributes, driven by driver.
func (tr tree) add(path, driver string, attrs map[string]string) string {
	tr.t.Helper()
	dir := filepath.Join(tr.root, "devices", path)
	require.NoError(tr.t, os.MkdirAll(dir, 0o755))
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		require.NoError(tr.t, os.WriteFile(filepath.Join(dir, name), []byte(attrs[name]+"\n"), 0o644))
	}
	if driver != "" {
		require.NoError(tr.t, os.Symlink("../../bus/drivers/"+driver, filepath.Join(dir, "driver")))
	}
	return dir
}

func (tr tree) link(target, name string) {
	tr.t.Helper()
	require.NoError(tr.t, os.Symlink(target, filepath.Join(tr.root, name)))
}

// printer adds a USB device with one interface.
func (tr tree) printer(port string, attrs map[string]string, class, driver, lp string, id string) {
	dev := tr.add("usb1/"+port, "usb", attrs)
	tr.link(dev, "bus/usb/devices/"+port)
	i := map[string]string{"bInterfaceClass": class, "bInterfaceSubClass": "01", "bInterfaceProtocol": "02"}
	if id != "" {
		i["ieee1284_id"] = id
	}
	iface := tr.add("usb1/"+port+"/"+port+":1.0", driver, i)
	tr.link(iface, "bus/usb/devices/"+port+":1.0")
	if lp != "" {
		require.NoError(tr.t, os.MkdirAll(filepath.Join(iface, "usbmisc", lp), 0o755))
	}
}

func ids(vid, pid, maker, product, serial string) map[string]string {
	m := map[string]string{"idVendor": vid, "idProduct": pid, "manufacturer": maker, "product": product}
	if serial != "" {
		m["serial"] = serial
	}
	return m
}

func TestUSBFromSysfs(t *testing.T) {
	tr := newTree(t)
	tr.printer("1-1", ids("04b8", "0e2a", "EPSON", "TM-T88V", "J5KF017"), "07", "usblp", "lp0",
		"MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;")
	tr.printer("1-4.2", ids("0416", "5011", "STMicroelectronics", "POS58 Printer", "Printer"), "07", "usbfs", "", "")
	tr.printer("1-4.3", ids("0416", "5011", "STMicroelectronics", "POS58 Printer", "Printer"), "07", "", "", "")
	tr.printer("1-5", ids("04b8", "0202", "EPSON", "", ""), "ff", "", "", "")
	tr.printer("1-6", ids("046d", "c31c", "Logitech", "Keyboard", ""), "03", "usbhid", "", "")
	tr.printer("1-7", ids("0bda", "8153", "Realtek", "LAN", ""), "ff", "r8152", "", "")

	printers, err := sysfsPrinters(tr.root)
	require.NoError(t, err)
	got := usbDevices(printers)
	require.Len(t, got, 4, "neither a keyboard nor a stranger's vendor class")

	epson := got[0]
	require.Equal(t, "EPSON TM-T88V", epson.Name())
	require.Equal(t, "J5KF017", epson.Serial)
	require.Equal(t, uint16(0x04b8), epson.Vendor)
	require.Equal(t, "usblp", epson.Driver)
	require.Equal(t, ESCPOS, epson.Proof)
	both := append([]string{epson.URI}, epson.Also...)
	require.ElementsMatch(t, []string{"usb://04b8:0e2a/J5KF017", "lp:///dev/usb/lp0"}, both)
	require.Equal(t, usb.Available, epson.URI == "usb://04b8:0e2a/J5KF017", "the URI is one that this build can open")

	require.Equal(t, "usb://0416:5011?port=1-4.2", got[1].URI, "a serial number that two printers share tells neither")
	require.Equal(t, "usb://0416:5011?port=1-4.3", got[2].URI)
	require.Equal(t, Printer, got[1].Proof)
	require.Equal(t, "usbfs", got[1].Driver)

	require.Equal(t, "vendor", got[3].Class)
	require.Equal(t, Unproven, got[3].Proof)
	require.Equal(t, "usb://04b8:0202", got[3].URI)

	for _, d := range got {
		u, err := transport.Parse(d.URI)
		require.NoError(t, err)
		if u.Scheme == "usb" {
			_, err = usb.ParseURI(u)
			require.NoError(t, err, "what is shown can be opened")
		}
	}
}

func TestPortsFromSysfs(t *testing.T) {
	tr := newTree(t)
	usbPort := func(name, port string, attrs map[string]string, driver string) {
		tr.add("usb1/"+port, "usb", attrs)
		dev := tr.add("usb1/"+port+"/"+port+":1.0/"+name, driver, nil)
		tr.add("usb1/"+port+"/"+port+":1.0/"+name+"/tty/"+name, "", nil)
		tr.link(filepath.Join(tr.root, "devices/usb1", port, port+":1.0", name, "tty", name), "class/tty/"+name)
		require.NoError(t, os.Symlink(dev, filepath.Join(tr.root, "class/tty", name, "device")))
	}
	usbPort("ttyUSB0", "1-2", ids("0403", "6001", "FTDI", "FT232R USB UART", "A50285BI"), "ftdi_sio")
	usbPort("ttyACM0", "1-3", ids("04b8", "0202", "EPSON", "TM-T20", ""), "cdc_acm")
	builtIn := func(name, kind string) {
		dev := tr.add("pnp0/"+name, "serial", nil)
		tty := tr.add("pnp0/"+name+"/tty/"+name, "", map[string]string{"type": kind})
		tr.link(tty, "class/tty/"+name)
		require.NoError(t, os.Symlink(dev, filepath.Join(tty, "device")))
	}
	builtIn("ttyS0", "4")
	builtIn("ttyS1", "0") // no chip there
	require.NoError(t, os.MkdirAll(filepath.Join(tr.root, "class/tty/tty0"), 0o755))

	got, err := sysfsPorts(tr.root)
	require.NoError(t, err)
	require.Equal(t, []Device{
		{Kind: Serial, URI: "serial:///dev/ttyACM0", Maker: "EPSON", Model: "TM-T20", Vendor: 0x04b8, Product: 0x0202,
			Port: "1-3", Driver: "cdc_acm", Proof: Printer, Evidence: "a USB serial port of EPSON, a maker of receipt printers"},
		{Kind: Serial, URI: "serial:///dev/ttyS0", Driver: "serial", Evidence: "a serial port: what is on it is not known"},
		{Kind: Serial, URI: "serial:///dev/ttyUSB0", Maker: "FTDI", Model: "FT232R USB UART", Serial: "A50285BI", Vendor: 0x0403,
			Product: 0x6001, Port: "1-2", Driver: "ftdi_sio", Evidence: "a USB serial adapter: what is on it is not known"},
	}, got)
}

// A machine, or a container, without the trees has no devices, which is no
// error.
func TestNoSysfs(t *testing.T) {
	printers, err := sysfsPrinters(t.TempDir())
	require.NoError(t, err)
	require.Empty(t, usbDevices(printers))
	ports, err := sysfsPorts(t.TempDir())
	require.NoError(t, err)
	require.Empty(t, ports)
}

func TestName(t *testing.T) {
	for want, d := range map[string]Device{
		"EPSON TM":          {Maker: "EPSON", Model: "TM", URI: "usb://"},
		"TM":                {Model: "TM", URI: "usb://"},
		"EPSON":             {Maker: "EPSON", URI: "usb://"},
		"serial:///dev/tty": {URI: "serial:///dev/tty"},
	} {
		require.Equal(t, want, d.Name())
	}
	require.Equal(t, "usb serial network unknown", USB.String()+" "+Serial.String()+" "+Network.String()+" "+Kind(0).String())
	require.Equal(t, "unproven printer esc/pos", Unproven.String()+" "+Printer.String()+" "+ESCPOS.String())
}
