package queue

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A lease makes its holder the one owner of a lane. It is a lock of the
// operating system on a file beside the store: the kernel gives it back when
// its process dies, by whatever signal, and no clock has a part in it.
type lease struct{ f *os.File }

// errHeld says that somebody else has the lease.
var errHeld = errors.New("lane is run by another process")

// takeLease takes the lease of a lane, or returns errHeld at once.
func takeLease(dir, lane string) (*lease, error) {
	f, err := lockFile(leasePath(dir, lane), true)
	if err != nil {
		return nil, err
	}
	return &lease{f: f}, nil
}

// release gives the lease back.
func (l *lease) release() { _ = l.f.Close() }

// leasePath names the file of a lane's lease. A lane's name may hold any
// character; what a file name may not hold is written in hex.
func leasePath(dir, lane string) string {
	var b strings.Builder
	for _, c := range []byte(lane) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	return filepath.Join(dir, "lane-"+b.String()+".lock")
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
