package queue

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/printerctl/printerctl/transport"
)

// A lease makes its holder the one owner of a lane, or the one who talks to a
// printer: two lanes may lead to one printer, and their receipts must not run
// into each other. It is a lock of the operating system on a file beside the
// store: the kernel gives it back when its process dies, by whatever signal,
// and no clock has a part in it.
type lease struct{ f *os.File }

// errHeld says that somebody else has the lease.
var errHeld = errors.New("it is in use by another process or lane")

// takeLease takes a lease, or returns errHeld at once.
func takeLease(dir, name string) (*lease, error) {
	f, err := lockFile(filepath.Join(dir, name), true)
	if err != nil {
		return nil, err
	}
	return &lease{f: f}, nil
}

// release gives the lease back.
func (l *lease) release() { _ = l.f.Close() }

// laneLease names the lease of a lane.
func laneLease(lane string) string { return "lane-" + fileName(lane) + ".lock" }

// printerLease names the lease of the lane's printer, however its URI is
// written. It is empty where the URI names no printer in particular.
func (l Lane) printerLease() string {
	u, err := transport.Parse(l.URI)
	if err != nil || u.Scheme == "virtual" && u.Host == "" {
		return "" // a Dial of its own, or a new printer each time
	}
	host, path := strings.ToLower(u.Host), u.Path
	switch strings.ToLower(u.Scheme) {
	case "tcp":
		if u.Port() == "" {
			host = strings.TrimSuffix(host, ":") + ":9100"
		}
		path = ""
	case "serial", "lp":
		// /dev/serial/by-id and its like are links to the device.
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
	}
	return "printer-" + fileName(strings.ToLower(u.Scheme)+"://"+host+path) + ".lock"
}

// SamePrinter reports whether two URIs lead to the same printer, however they
// are written: without the default port, by a link to the device, with other
// parameters.
func SamePrinter(a, b string) bool {
	if a == b {
		return true
	}
	name := Lane{URI: a}.printerLease()
	return name != "" && name == Lane{URI: b}.printerLease()
}

// fileName makes a file name of any text: what one may not hold is written in
// hex.
func fileName(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

// lockFile opens path and locks it, exclusively or shared. It never waits:
// it returns errHeld where the lock is taken. Closing the file unlocks it.
func lockFile(path string, exclusive bool) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f, exclusive); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}
