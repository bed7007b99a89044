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
	"time"

	"golang.org/x/sys/unix"
)

const vhci = "/sys/devices/platform/vhci_hcd.0"

// patience bounds every wait for the kernel. The guest is emulated, and may
// share its host with others.
const patience = 30 * time.Second

// A Port is one place of the guest's USB hub, with a device in it.
type Port struct {
	t      testing.TB
	device *Device
	number int
	path   string // in sysfs
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
	p := &Port{t: t, device: d, served: make(chan struct{})}
	d.attach(bus)
	go func() {
		defer close(p.served)
		d.serve(bus)
	}()
	t.Cleanup(p.Unplug)

	attaching.Lock()
	p.number = freePort(t)
	line := fmt.Sprintf("%d %d %d %d", p.number, fds[1], p.number+1, d.speed)
	err = os.WriteFile(vhci+"/attach", []byte(line), 0)
	attaching.Unlock()
	_ = unix.Close(fds[1]) // the kernel has its own reference
	if err != nil {
		t.Fatal(err)
	}
	// The interfaces appear when the configuration is set; drivers are bound
	// before the last of them is there, as part of adding it.
	p.path = p.await("the device", devicePath(p.number))
	p.await("its interfaces", p.path+"/*:1."+strconv.Itoa(int(d.config[4])-1)+"/uevent")
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
	wait(t, "a free port", func() bool {
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
			wait(p.t, "the kernel to drop "+p.path, func() bool {
				_, err := os.Stat(p.path)
				return os.IsNotExist(err)
			})
		}
	})
}

// Pull pulls the device without waiting for anybody to notice. Unplug must
// follow before the device is plugged in again.
func (p *Port) Pull() { p.device.detach() }

// Path is the device's directory in sysfs.
func (p *Port) Path() string { return p.path }

// Attr is the trimmed content of a sysfs file of the device.
func (p *Port) Attr(pattern string) string {
	p.t.Helper()
	b, err := os.ReadFile(p.await(pattern, filepath.Join(p.path, pattern)))
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// LP is the device node that usblp made for the device.
func (p *Port) LP() string {
	p.t.Helper()
	return p.node("usblp", "/dev/usb", "/*/usbmisc/lp*")
}

// TTY is the device node that a serial driver made for the device.
func (p *Port) TTY() string {
	p.t.Helper()
	return p.node("a tty", "/dev", "/*/tty/tty*", "/*/tty*/tty/tty*")
}

// node returns a device's node in dev. The kernel shows a device in sysfs
// before it makes the node.
func (p *Port) node(what, dev string, patterns ...string) string {
	p.t.Helper()
	for i, pattern := range patterns {
		patterns[i] = p.path + pattern
	}
	node := filepath.Join(dev, filepath.Base(p.await(what, patterns...)))
	p.await(node, node)
	return node
}

// await returns the first path that matches one of the patterns.
func (p *Port) await(what string, patterns ...string) string {
	p.t.Helper()
	var found string
	wait(p.t, what, func() bool {
		for _, pattern := range patterns {
			if m, _ := filepath.Glob(pattern); len(m) > 0 {
				found = m[0]
				return true
			}
		}
		return false
	})
	return found
}

// wait looks until the kernel has done something. There is nothing to block
// on for most of it.
func wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("vmtest: waited %v for %s", patience, what)
		}
	}
}
