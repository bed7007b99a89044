package lp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/ieee1284"
	"github.com/printerctl/printerctl/transport/internal/deadline"
	"github.com/printerctl/printerctl/transport/internal/device"
)

// group is the group that udev gives printer devices to.
const group = "lp"

// lastBlock is how long Close waits for the block in the controller.
const lastBlock = 250 * time.Millisecond

// A Conn is an open printer device. It is a [transport.DrainConn] and a
// [transport.PortConn].
type Conn struct {
	f       *os.File
	raw     syscall.RawConn
	uri     string
	oneWay  bool         // opened for writing only
	writing atomic.Int32 // calls of Write in progress
}

var (
	_ transport.DrainConn = (*Conn)(nil)
	_ transport.PortConn  = (*Conn)(nil)
)

// Open opens the device that u names. Errors are [*transport.OpError] values
// that match [transport.ErrNotFound], [transport.ErrNotDevice],
// [transport.ErrPermission] or [transport.ErrBusy].
func Open(_ context.Context, u *url.URL) (*Conn, error) {
	path, err := devicePath(u)
	if err != nil {
		return nil, err
	}
	uri := u.String()
	if err := device.Check(uri, path, group); err != nil {
		return nil, err
	}
	c := &Conn{uri: uri}
	c.f, err = os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrPermission) {
		if f, werr := os.OpenFile(path, os.O_WRONLY|unix.O_NOCTTY|unix.O_NONBLOCK, 0); werr == nil {
			c.f, c.oneWay, err = f, true, nil
		}
	}
	if err != nil {
		return nil, device.OpenError(uri, path, group, err)
	}
	if err := c.f.SetDeadline(time.Time{}); err != nil {
		c.f.Close()
		return nil, transport.NewOpError("open", uri,
			fmt.Errorf("%w: %s cannot be waited for", transport.ErrNotDevice, path), "")
	}
	if c.raw, err = c.f.SyscallConn(); err != nil {
		c.f.Close()
		return nil, device.OpenError(uri, path, group, err)
	}
	return c, nil
}

// Read reads what the printer sent; a zero-length packet is no end of file.
func (c *Conn) Read(p []byte) (int, error) {
	if c.oneWay {
		return 0, c.noBackChannel()
	}
	if len(p) == 0 {
		return 0, nil
	}
	var n int
	var err error
	werr := c.raw.Read(func(fd uintptr) (done bool) {
		n, err = again(func() (int, error) { return unix.Read(int(fd), p) })
		if err == unix.EAGAIN {
			return false
		}
		if n == 0 && err == nil {
			if !hungUp(int(fd)) {
				return false
			}
			err = io.EOF
		}
		return true
	})
	switch {
	case werr != nil:
		return 0, device.IOError("read", c.uri, werr)
	case err == unix.EINVAL: // usblp: not a bidirectional interface
		return 0, c.noBackChannel()
	case err != nil:
		return 0, device.IOError("read", c.uri, err)
	}
	return n, nil
}

func (c *Conn) noBackChannel() error {
	return transport.NewOpError("read", c.uri, transport.ErrNoBackChannel, "")
}

// Write writes p in blocks of up to 8192 bytes. The count includes a last
// block that the USB controller has and the printer may not have taken yet:
// see [Conn.Drain].
func (c *Conn) Write(p []byte) (int, error) {
	c.writing.Add(1)
	defer c.writing.Add(-1)
	n, err := c.f.Write(p)
	return n, device.IOError("write", c.uri, err)
}

// SetReadDeadline implements [transport.Conn].
func (c *Conn) SetReadDeadline(t time.Time) error {
	return device.IOError("set deadline", c.uri, c.f.SetReadDeadline(t))
}

// SetWriteDeadline implements [transport.Conn].
func (c *Conn) SetWriteDeadline(t time.Time) error {
	return device.IOError("set deadline", c.uri, c.f.SetWriteDeadline(t))
}

// Drain waits until the printer has taken every byte written, or ctx ends. It
// owns the write deadline while it runs, and leaves it cleared.
func (c *Conn) Drain(ctx context.Context) error {
	_, err := deadline.Run(ctx, c.SetWriteDeadline, func() (int, error) {
		err := c.raw.Write(func(fd uintptr) bool { return writable(int(fd), 0) })
		return 0, device.IOError("drain", c.uri, err)
	})
	return err
}

// Close closes the device. A block that the printer has not taken within a
// quarter of a second is lost; so is one that a blocked Write was waiting for.
func (c *Conn) Close() error {
	if c.writing.Load() == 0 {
		_ = c.raw.Control(func(fd uintptr) { writable(int(fd), lastBlock) })
	}
	err := c.f.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return device.IOError("close", c.uri, err)
}

// The requests of usblp. _IOC packs the direction into the top bits, which
// differ between processors; a request of another driver shows where.
const (
	iocRead = unix.TIOCGPTN &^ 0x1fffffff
	iocNone = (iocRead ^ 0x80000000) >> 1 & 0x20000000

	idSize = 1024 // the longest device id asked for

	iocGetDeviceID = iocRead | idSize<<16 | 'P'<<8 | 1
	iocSoftReset   = iocNone | 'P'<<8 | 7
	lpGetStatus    = 0x060b
)

// DeviceID implements [transport.PortConn]. The kernel gives the printer five
// seconds to answer, whatever ctx says.
func (c *Conn) DeviceID(ctx context.Context) (ieee1284.DeviceID, error) {
	var buf [idSize]byte
	if err := c.ioctl(ctx, "device id", func(fd int) error { return ioctlBytes(fd, iocGetDeviceID, buf[:]) }); err != nil {
		return "", err
	}
	id, err := ieee1284.ParseResponse(buf[:])
	return id, transport.NewOpError("device id", c.uri, err, "")
}

// PortStatus implements [transport.PortConn]. The kernel gives the printer
// five seconds to answer, whatever ctx says.
func (c *Conn) PortStatus(ctx context.Context) (ieee1284.PortStatus, error) {
	var status int
	err := c.ioctl(ctx, "port status", func(fd int) (err error) {
		status, err = unix.IoctlGetInt(fd, lpGetStatus)
		return err
	})
	return ieee1284.PortStatus(status & 0xff), err
}

// SoftReset implements [transport.PortConn].
func (c *Conn) SoftReset(ctx context.Context) error {
	return c.ioctl(ctx, "reset", func(fd int) error { return unix.IoctlSetInt(fd, iocSoftReset, 0) })
}

func (c *Conn) ioctl(ctx context.Context, op string, f func(fd int) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var err error
	if cerr := c.raw.Control(func(fd uintptr) { err = f(int(fd)) }); cerr != nil {
		err = cerr
	}
	if err == unix.ENOTTY || err == unix.EINVAL {
		return transport.NewOpError(op, c.uri, fmt.Errorf("%w: not the kernel's USB printer driver", transport.ErrUnsupported), "")
	}
	return device.IOError(op, c.uri, err)
}

// hungUp reports whether the device behind fd has gone.
func hungUp(fd int) bool {
	p := []unix.PollFd{{Fd: int32(fd)}}
	_, err := again(func() (int, error) { return unix.Poll(p, 0) })
	return err == nil && p[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0
}

// writable reports whether the last block has left, or the device has gone,
// waiting for at most wait.
func writable(fd int, wait time.Duration) bool {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	n, err := again(func() (int, error) { return unix.Poll(p, int(wait.Milliseconds())) })
	return err != nil || n > 0
}

// again calls f until no signal interrupts it, and never returns a negative
// count.
func again(f func() (int, error)) (int, error) {
	for {
		n, err := f()
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}
