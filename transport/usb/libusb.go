//go:build cgo && !nousb

package usb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/gousb"

	"github.com/printerctl/printerctl/transport"
	devnode "github.com/printerctl/printerctl/transport/internal/device"
)

// Available reports whether this build can open USB printers.
const Available = true

// List returns the USB printers on this machine: those that Open finds as
// usb://, and those with a vendor-specific interface that it opens by their
// ids. Reading their strings opens each for a moment, where that is allowed.
func List(ctx context.Context) (infos []Info, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := &libusb{}
	defer func() {
		if p := recover(); p != nil { // libusb does not come up
			infos, err = nil, openError("usb://", fmt.Errorf("%w: libusb: %v", transport.ErrUnsupported, p))
		}
		_ = l.close(false)
	}()
	l.ctx = gousb.NewContext()
	found := map[string]*Info{}
	devs, err := l.ctx.OpenDevices(func(desc *gousb.DeviceDesc) bool {
		d := describe(desc, firstConfig(desc))
		s, ok := d.printer(true)
		if ok {
			found[d.port()] = &Info{Vendor: d.vendor, Product: d.product, Port: d.port(), Class: s.class}
		}
		return ok
	})
	for _, dev := range devs {
		d := describe(dev.Desc, 0)
		i := found[d.port()]
		i.Manufacturer, _ = dev.Manufacturer()
		i.Name, _ = dev.Product()
		i.Serial, _ = dev.SerialNumber()
		_ = dev.Close()
	}
	for _, port := range slices.Sorted(maps.Keys(found)) {
		infos = append(infos, *found[port])
	}
	if err != nil && len(infos) > 0 {
		err = nil // some could not be opened: they are listed without strings
	}
	if err != nil {
		err = openError("usb://", err)
	}
	return infos, err
}

// Open opens the printer that u names. Errors are [*transport.OpError] values
// that match [transport.ErrURI], [transport.ErrNotFound],
// [transport.ErrPermission] or [transport.ErrBusy].
func Open(ctx context.Context, u *url.URL) (*Conn, error) {
	addr, err := ParseURI(u)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, transport.NewOpError("open", u.String(), err, "")
	}
	b := &libusb{}
	set, err := b.open(addr)
	if err != nil {
		node := b.node()
		_ = b.close(false)
		if code(err) == gousb.ErrorBusy {
			err = transport.NewOpError("open", u.String(), fmt.Errorf("%w: %w", transport.ErrBusy, err), busyCure(node, addr))
		}
		return nil, openError(u.String(), err)
	}
	return newConn(u.String(), b, set), nil
}

// libusb is a bus through gousb. Each has a libusb context of its own, so
// that the package keeps no state.
type libusb struct {
	ctx    *gousb.Context
	dev    *gousb.Device
	cfg    *gousb.Config
	iface  *gousb.Interface
	outEnd *gousb.OutEndpoint
	inEnd  *gousb.InEndpoint
}

var _ bus = (*libusb)(nil)

// open finds and claims the printer. What it has opened when it fails is left
// to close.
func (l *libusb) open(addr Address) (set setting, err error) {
	// gousb panics where libusb does not come up, and on a device whose
	// interfaces are not numbered from 0.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: libusb: %v", transport.ErrUnsupported, p)
		}
	}()
	l.ctx = gousb.NewContext()
	if l.dev, err = l.find(addr); err != nil {
		return setting{}, err
	}
	cfg, err := l.dev.ActiveConfigNum()
	if err != nil {
		return set, err
	}
	if _, ok := l.dev.Desc.Configs[cfg]; !ok { // not configured yet
		cfg = firstConfig(l.dev.Desc)
	}
	d := describe(l.dev.Desc, cfg)
	set, ok := d.printer(addr.Vendor != 0)
	if !ok {
		return set, fmt.Errorf("%w: no printer interface in configuration %d", transport.ErrNotFound, cfg)
	}
	if l.cfg, err = l.dev.Config(cfg); err != nil {
		return set, err
	}
	// Only now: before Config it would take all interfaces of the device from
	// their drivers, and give back one. Not every system can, or need.
	if !addr.KeepDriver {
		if err := l.dev.SetAutoDetach(true); err != nil && err != gousb.ErrorNotSupported {
			return set, err
		}
	}
	if l.iface, err = l.cfg.Interface(set.iface, set.alt); err != nil {
		return set, err
	}
	if l.outEnd, err = l.iface.OutEndpoint(int(set.out[0].addr)); err != nil {
		return set, err
	}
	if len(set.in) > 0 {
		if l.inEnd, err = l.iface.InEndpoint(int(set.in[0].addr & 0x0f)); err != nil {
			return set, err
		}
	}
	return set, nil
}

// find opens the device that addr names.
func (l *libusb) find(addr Address) (*gousb.Device, error) {
	matched := 0
	devs, err := l.ctx.OpenDevices(func(desc *gousb.DeviceDesc) bool {
		d := describe(desc, firstConfig(desc))
		if !d.matches(addr) {
			return false
		}
		matched++
		return true
	})
	slices.SortFunc(devs, func(a, b *gousb.Device) int {
		da, db := describe(a.Desc, 0), describe(b.Desc, 0)
		return byPlace(&da, &db)
	})
	var found *gousb.Device
	var serials []string
	for _, dev := range devs {
		if found == nil && addr.Serial != "" {
			serial, serr := dev.SerialNumber()
			if serr != nil {
				err = cmp.Or(err, serr)
			} else if serial != addr.Serial {
				serials = append(serials, fmt.Sprintf("%q", serial))
			} else {
				found = dev
				continue
			}
		} else if found == nil {
			found = dev
			continue
		}
		_ = dev.Close()
	}
	switch {
	case found != nil:
		return found, nil
	case len(serials) > 0:
		return nil, fmt.Errorf("%w: no printer with serial number %q; there is %s",
			transport.ErrNotFound, addr.Serial, strings.Join(serials, ", "))
	case matched == 0:
		return nil, fmt.Errorf("%w: no such USB printer", transport.ErrNotFound)
	}
	return nil, err
}

func (l *libusb) out(ctx context.Context, p []byte) (int, error) {
	n, err := l.outEnd.WriteContext(ctx, p)
	return n, transferError(err)
}

func (l *libusb) in(ctx context.Context, p []byte) (int, error) {
	n, err := l.inEnd.ReadContext(ctx, p)
	return n, transferError(err)
}

func (l *libusb) control(timeout time.Duration, reqType, req uint8, value, index uint16, data []byte) (int, error) {
	l.dev.ControlTimeout = timeout
	n, err := l.dev.Control(reqType, req, value, index, data)
	return max(n, 0), transferError(err)
}

// close undoes open, in the order that gousb asks for.
func (l *libusb) close(reset bool) error {
	var errs []error
	if l.iface != nil {
		l.iface.Close()
	}
	if l.cfg != nil {
		errs = append(errs, l.cfg.Close())
	}
	if l.dev != nil {
		if reset {
			// The printer may have been unplugged since: then there is
			// nothing to reset.
			_ = l.dev.Reset()
		}
		errs = append(errs, l.dev.Close())
	}
	if l.ctx != nil {
		errs = append(errs, l.ctx.Close())
	}
	return errors.Join(errs...)
}

// describe copies what matters from a device's descriptors, with the
// interfaces of the configuration cfg.
func describe(desc *gousb.DeviceDesc, cfgNum int) device {
	d := device{vendor: uint16(desc.Vendor), product: uint16(desc.Product), bus: desc.Bus, ports: desc.Path}
	cfg, ok := desc.Configs[cfgNum]
	if !ok {
		return d
	}
	for _, iface := range cfg.Interfaces {
		for _, alt := range iface.AltSettings {
			s := setting{
				iface: alt.Number, alt: alt.Alternate,
				class: uint8(alt.Class), subClass: uint8(alt.SubClass), proto: uint8(alt.Protocol),
			}
			for _, addr := range slices.Sorted(maps.Keys(alt.Endpoints)) {
				ep := alt.Endpoints[addr]
				if ep.TransferType != gousb.TransferTypeBulk {
					continue
				}
				e := endpoint{addr: uint8(addr), maxPacket: ep.MaxPacketSize}
				if ep.Direction == gousb.EndpointDirectionIn {
					s.in = append(s.in, e)
				} else {
					s.out = append(s.out, e)
				}
			}
			d.settings = append(d.settings, s)
		}
	}
	return d
}

// firstConfig returns the lowest configuration number; printers have one.
func firstConfig(desc *gousb.DeviceDesc) int {
	if len(desc.Configs) == 0 {
		return 0
	}
	return slices.Min(slices.Collect(maps.Keys(desc.Configs)))
}

// transferError turns the end of a transfer into ours.
func transferError(err error) error {
	var status gousb.TransferStatus
	var code gousb.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &status):
		switch status {
		case gousb.TransferCancelled:
			return errCanceled
		case gousb.TransferStall:
			return errStall
		case gousb.TransferNoDevice:
			return errNoDevice
		case gousb.TransferTimedOut:
			return errTimeout
		}
	case errors.As(err, &code):
		switch code {
		case gousb.ErrorPipe:
			return errStall
		case gousb.ErrorNoDevice, gousb.ErrorNotFound:
			return errNoDevice
		case gousb.ErrorTimeout:
			return errTimeout
		}
	}
	return err
}

// node is where Linux has the device that was found; "" for none.
func (l *libusb) node() string {
	if l.dev == nil {
		return ""
	}
	return fmt.Sprintf("/dev/bus/usb/%03d/%03d", l.dev.Desc.Bus, l.dev.Desc.Address)
}

// busyCure says who holds a printer, which is not open here any more.
func busyCure(node string, addr Address) string {
	usual := "close the program that holds the printer"
	if addr.KeepDriver {
		usual = "the kernel's driver holds the printer: use lp:///dev/usb/lp0, or leave out detach=no"
	}
	return cmp.Or(devnode.Holder(node), usual)
}

// openError sorts what goes wrong while opening.
func openError(uri string, err error) error {
	if errors.Is(err, transport.ErrNotFound) {
		return transport.NewOpError("open", uri, err, "is it plugged in and switched on? printerctl devices lists what is there")
	}
	if errors.Is(err, transport.ErrUnsupported) {
		return transport.NewOpError("open", uri, err, "is /dev/bus/usb there? a container needs it passed in")
	}
	wrap := func(sentinel error, cure string) error {
		return transport.NewOpError("open", uri, fmt.Errorf("%w: %w", sentinel, err), cure)
	}
	switch code(err) {
	case gousb.ErrorAccess:
		return wrap(transport.ErrPermission, "join the group lp (sudo usermod -aG lp $USER, then log in again), or add a udev rule for the printer")
	case gousb.ErrorNoDevice, gousb.ErrorNotFound:
		return wrap(transport.ErrNotFound, "the printer has just gone from the bus")
	case gousb.ErrorNotSupported:
		return wrap(transport.ErrUnsupported, "on Windows the printer needs the WinUSB driver")
	}
	return transport.NewOpError("open", uri, err, "")
}

// code returns the libusb error in err. gousb prints some errors into a new
// one, so that only their text is left.
func code(err error) gousb.Error {
	var e gousb.Error
	if errors.As(err, &e) {
		return e
	}
	for _, e := range []gousb.Error{
		gousb.ErrorAccess, gousb.ErrorBusy, gousb.ErrorNoDevice, gousb.ErrorNotFound, gousb.ErrorNotSupported,
	} {
		if strings.Contains(err.Error(), e.Error()) {
			return e
		}
	}
	return gousb.ErrorOther
}
