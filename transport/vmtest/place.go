//go:build linux

package vmtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait for the kernel. The guest is emulated, and may
// share its host with others.
const patience = 30 * time.Second

// A place is where the kernel's USB host side has put a device.
type place struct {
	t    testing.TB
	path string // in sysfs
}

// appear waits for the device that pattern names, until its interfaces have
// been added and their drivers have had their say.
func (p *place) appear(pattern string, interfaces int) {
	p.t.Helper()
	p.path = p.await("the device", pattern)
	p.await("its interfaces", p.path+"/*:1."+strconv.Itoa(interfaces-1)+"/uevent")
	// The last interface is shown before it is probed, with the device's lock
	// held; reading this takes it.
	_, _ = os.ReadFile(p.path + "/bConfigurationValue")
}

// hurry spares devices in the hub's ports that pattern names the second reset
// and the long recovery that the kernel gives to hardware. One thread of the
// kernel sees to all ports of a hub, so that these are what tests with many
// devices wait for.
func hurry(t testing.TB, pattern string) {
	t.Helper()
	const oldScheme, fastEnumeration = 1, 2 // USB_PORT_QUIRK_ in linux/usb/quirks.h
	ports, _ := filepath.Glob(pattern + "/quirks")
	for _, path := range ports {
		if err := os.WriteFile(path, []byte(strconv.Itoa(oldScheme|fastEnumeration)), 0); err != nil {
			t.Fatal(err)
		}
	}
}

// vanish waits until the device is gone.
func (p *place) vanish() {
	p.t.Helper()
	Await(p.t, "the kernel to drop "+p.path, func() bool {
		_, err := os.Stat(p.path)
		return os.IsNotExist(err)
	})
}

// Path is the device's directory in sysfs.
func (p *place) Path() string { return p.path }

// Attr is the trimmed content of a sysfs file of the device.
func (p *place) Attr(pattern string) string {
	p.t.Helper()
	b, err := os.ReadFile(p.await(pattern, filepath.Join(p.path, pattern)))
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// LP is the device node that usblp made for the device.
func (p *place) LP() string {
	p.t.Helper()
	return p.node("usblp", "/dev/usb", "/*/usbmisc/lp*")
}

// TTY is the device node that a serial driver made for the device.
func (p *place) TTY() string {
	p.t.Helper()
	return p.node("a tty", "/dev", "/*/tty/tty*", "/*/tty*/tty/tty*")
}

// node returns a device's node in dev. The kernel shows a device in sysfs
// before it makes the node.
func (p *place) node(what, dev string, patterns ...string) string {
	p.t.Helper()
	for i, pattern := range patterns {
		patterns[i] = p.path + pattern
	}
	node := filepath.Join(dev, filepath.Base(p.await(what, patterns...)))
	p.await(node, node)
	return node
}

// await returns the first path that matches one of the patterns.
func (p *place) await(what string, patterns ...string) string {
	p.t.Helper()
	var found string
	Await(p.t, what, func() bool {
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

// Await looks until something that the kernel does, or another goroutine, is
// done, and fails the test if it takes too long. There is nothing to block on
// for most of it.
func Await(t testing.TB, what string, done func() bool) {
	t.Helper()
	if !await(done) {
		t.Fatalf("vmtest: waited %v for %s", patience, what)
	}
}

func await(done func() bool) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-limit.C:
			return false
		}
	}
	return true
}
