//go:build linux

package vmtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// vhci is the emulated USB controllers in sysfs, but for their numbers.
const vhci = "/sys/devices/platform/vhci_hcd"

// A Port is one place of the guest's USB hubs, with a device in it.
type Port struct {
	place
	device *Device
	served chan struct{}
	unplug sync.Once
}

// Plug puts a device into a free port of the guest's hubs, and returns when
// the kernel has configured it and its drivers have had their say. It is
// pulled when the test ends.
func Plug(t testing.TB, d *Device) *Port {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	// The bus must not be served by the runtime's poller. The code under test
	// waits on its own devices there, and while an ioctl of usblp waits for the
	// device, the kernel keeps whoever polls /dev/usb/lp0 waiting, too.
	bus := os.NewFile(uintptr(fds[0]), "usbip")
	p := &Port{place: place{t: t}, device: d, served: make(chan struct{})}
	d.attach(bus)
	go func() {
		defer close(p.served)
		d.serve(bus)
	}()
	t.Cleanup(p.Unplug)

	attaching.Lock()
	free := freeSocket(t)
	hurry(t, free.port)
	line := fmt.Sprintf("%d %d %d %d", free.number, fds[1], free.number+1, d.speed)
	err = os.WriteFile(vhci+".0/attach", []byte(line), 0)
	attaching.Unlock()
	_ = unix.Close(fds[1]) // the kernel has its own reference
	if err != nil {
		t.Fatal(err)
	}
	p.appear(free.device, int(d.config[4]))
	return p
}

// attaching keeps tests that run in parallel from taking the same port.
var attaching sync.Mutex

// A socket is a USB 2 port of an emulated controller.
type socket struct {
	number int    // among all ports of all controllers
	device string // where sysfs shows what is plugged in; a pattern
	port   string // where it shows the port itself; a pattern
}

// freeSocket returns a port that nothing is plugged into, on the controller
// that has fewest devices: each has a thread of the kernel to itself.
func freeSocket(t testing.TB) (free socket) {
	t.Helper()
	Await(t, "a free port", func() bool {
		fewest := -1
		for c := 0; ; c++ {
			// The first controller has the list of each.
			list := vhci + ".0/status"
			if c > 0 {
				list += "." + strconv.Itoa(c)
			}
			table, err := os.ReadFile(list)
			if err != nil && c > 0 {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if s, used, ok := firstFree(c, string(table)); ok && (fewest < 0 || used < fewest) {
				free, fewest = s, used
			}
			if fewest == 0 {
				break
			}
		}
		// The last device leaves sysfs only after its port is empty.
		old, _ := filepath.Glob(free.device)
		return fewest >= 0 && len(old) == 0
	})
	return free
}

// firstFree reads the list of one controller's ports.
func firstFree(controller int, table string) (free socket, used int, ok bool) {
	place := 0 // on its hub
	for line := range strings.Lines(table) {
		// hub port status speed device socket busid; status 4 is empty.
		f := strings.Fields(line)
		if len(f) < 3 || f[0] != "hs" {
			continue
		}
		place++
		switch n, err := strconv.Atoi(f[1]); {
		case f[2] != "004":
			used++
		case err == nil && !ok:
			bus := fmt.Sprintf("%s.%d/usb*/", vhci, controller)
			free = socket{n, fmt.Sprintf("%s*-%d", bus, place), fmt.Sprintf("%s*-0:1.0/usb*-port%d", bus, place)}
			ok = true
		}
	}
	return free, used, ok
}

// Unplug pulls the device, and returns when the kernel knows. It may be
// called more than once.
func (p *Port) Unplug() {
	p.t.Helper()
	p.unplug.Do(func() {
		p.Pull()
		<-p.served
		if p.path != "" {
			p.vanish()
		}
	})
}

// Pull pulls the device without waiting for anybody to notice. Unplug must
// follow before the device is plugged in again.
func (p *Port) Pull() { p.device.detach() }
