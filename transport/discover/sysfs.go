package discover

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/printerctl/printerctl/transport/ieee1284"
)

// sysfsPrinters reads the USB printers from the Linux kernel's device tree
// under root. It needs no permission and opens no device.
func sysfsPrinters(root string) ([]usbPrinter, error) {
	dir := filepath.Join(root, "bus", "usb", "devices")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a machine without USB
	}
	if err != nil {
		return nil, err
	}
	var printers []usbPrinter
	for _, e := range entries {
		// An interface is named "1-4.2:1.0": port, configuration, number.
		port, _, isInterface := strings.Cut(e.Name(), ":")
		if !isInterface {
			continue
		}
		iface, dev := filepath.Join(dir, e.Name()), filepath.Join(dir, port)
		p := usbPrinter{
			port:         port,
			class:        uint8(hexAttr(iface, "bInterfaceClass")),
			subClass:     uint8(hexAttr(iface, "bInterfaceSubClass")),
			vendor:       hexAttr(dev, "idVendor"),
			product:      hexAttr(dev, "idProduct"),
			manufacturer: attr(dev, "manufacturer"),
			name:         attr(dev, "product"),
			serial:       attr(dev, "serial"),
			driver:       driverOf(iface),
			deviceID:     ieee1284.Parse(attr(iface, "ieee1284_id")),
		}
		if !p.isPrinter() {
			continue
		}
		if lps, err := filepath.Glob(filepath.Join(iface, "usbmisc", "lp*")); err == nil && len(lps) > 0 {
			p.lp = "/dev/usb/" + filepath.Base(lps[0])
		}
		printers = append(printers, p)
	}
	return printers, nil
}

// sysfsPorts reads the serial ports from the device tree under root.
func sysfsPorts(root string) ([]Device, error) {
	dir := filepath.Join(root, "class", "tty")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ports []Device
	for _, e := range entries {
		tty := filepath.Join(dir, e.Name())
		dev, err := filepath.EvalSymlinks(filepath.Join(tty, "device"))
		if err != nil {
			continue // consoles and pseudo terminals are on no hardware
		}
		if attr(tty, "type") == "0" {
			continue // a port that a board could have and this one has not
		}
		d := Device{Kind: Serial, URI: "serial:///dev/" + e.Name(), Driver: driverOf(dev)}
		d.Evidence = "a serial port: what is on it is not known"
		if usbDev := usbParent(dev, root); usbDev != "" {
			d.Vendor, d.Product = hexAttr(usbDev, "idVendor"), hexAttr(usbDev, "idProduct")
			d.Maker, d.Model = attr(usbDev, "manufacturer"), attr(usbDev, "product")
			d.Serial, d.Port = attr(usbDev, "serial"), filepath.Base(usbDev)
			describePort(&d)
		}
		ports = append(ports, d)
	}
	return ports, nil
}

// describePort says what the identity of its USB adapter proves of a port.
func describePort(d *Device) {
	if maker := makers[d.Vendor]; maker != "" {
		d.Proof, d.Evidence = Printer, "a USB serial port of "+maker+", a maker of receipt printers"
		return
	}
	d.Evidence = "a USB serial adapter: what is on it is not known"
}

// usbParent returns the USB device that dev belongs to, or "".
func usbParent(dev, root string) string {
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	for d := dev; len(d) > len(root); d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "idVendor")); err == nil {
			return d
		}
	}
	return ""
}

func driverOf(dir string) string {
	target, err := os.Readlink(filepath.Join(dir, "driver"))
	if err != nil {
		return ""
	}
	return filepath.Base(target)
}

// attr returns an attribute file's content, or "".
func attr(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(b), "?"))
}

func hexAttr(dir, name string) uint16 {
	n, err := strconv.ParseUint(attr(dir, name), 16, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}
