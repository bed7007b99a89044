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

const vhci = "/sys/devices/platform/vhci_hcd.0"

// A Port is one place of the guest's USB hub, with a device in it.
type Port struct {
	place
	device *Device
	number int
	served chan struct{}
	unplug sync.Once
}

// Plug puts a device into a free port of the guest's hub, and returns when
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
	p.number = freePort(t)
	hurry(t, fmt.Sprintf("%s/usb*/*-0:1.0/usb*-port%d", vhci, p.number+1))
	line := fmt.Sprintf("%d %d %d %d", p.number, fds[1], p.number+1, d.speed)
	err = os.WriteFile(vhci+"/attach", []byte(line), 0)
	attaching.Unlock()
	_ = unix.Close(fds[1]) // the kernel has its own reference
	if err != nil {
		t.Fatal(err)
	}
	p.appear(devicePath(p.number), int(d.config[4]))
	return p
}

// devicePath is the pattern of where sysfs shows the device in a port.
func devicePath(port int) string { return vhci + "/usb*/*-" + strconv.Itoa(port+1) }

// attaching keeps tests that run in parallel from taking the same port.
var attaching sync.Mutex

// freePort returns a USB 2 port that nothing is plugged into.
func freePort(t testing.TB) int {
	t.Helper()
	free := -1
	Await(t, "a free port", func() bool {
		table, err := os.ReadFile(vhci + "/status")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(table), "\n") {
			// hub port status speed device socket busid; status 4 is empty.
			if f := strings.Fields(line); len(f) > 2 && f[0] == "hs" && f[2] == "004" {
				if free, err = strconv.Atoi(f[1]); err != nil {
					t.Fatal(err)
				}
				// The last device leaves sysfs only after its port is empty.
				old, _ := filepath.Glob(devicePath(free))
				if len(old) == 0 {
					return true
				}
			}
		}
		return false
	})
	return free
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
