//go:build linux

package vmtest

import (
	"os"
	"slices"
	"time"
)

// An endpoint moves packets between the host's transfers and a small buffer
// of the device. A packet for which there is no room, or none to give, is not
// acknowledged: the transfer stays.
type endpoint struct {
	device *Device
	in     bool
	packet int // bytes in the largest packet
	queue  []*transfer

	halted bool // answers STALL until the host clears it
	mute   bool // acknowledges nothing

	room    int      // OUT: how many bytes the device holds for its own side
	buffer  []byte   // OUT: those bytes
	packets [][]byte // IN: what waits to be fetched
}

// step does all that can be done now. The device's lock is held.
func (e *endpoint) step() {
	for len(e.queue) > 0 && !e.mute {
		t := e.queue[0]
		status, done := int32(statusOK), false
		switch {
		case e.halted:
			status, done = statusStall, true
		case e.in:
			if len(e.packets) == 0 {
				return
			}
			status, done = e.give(t)
		default:
			n := min(e.packet, len(t.data)-t.done)
			if len(e.buffer)+n > e.room {
				return
			}
			e.buffer = append(e.buffer, t.data[t.done:t.done+n]...)
			t.done += n
			done = t.done == len(t.data)
			e.device.changed.Broadcast()
		}
		if done {
			e.queue = slices.Delete(e.queue, 0, 1)
			e.device.complete(t, status)
		}
	}
}

// give puts the next packet into an IN transfer. A short packet ends it, and
// so does one that fills it; one that does not fit is lost, as on a wire.
func (e *endpoint) give(t *transfer) (status int32, done bool) {
	p := e.packets[0]
	e.packets = slices.Delete(e.packets, 0, 1)
	e.device.changed.Broadcast()
	if len(p) > t.length-len(t.data) {
		return statusBabble, true
	}
	t.data = append(t.data, p...)
	return statusOK, len(p) < e.packet || len(t.data) == t.length
}

// A Stream is the device's own side of a pair of bulk endpoints: what the
// host has sent, and a way to send to the host. It has deadlines, and works
// while the device is unplugged.
type Stream struct {
	out, in               *endpoint
	readLimit, writeLimit limit
}

// limit is a deadline that wakes whoever waits on the device.
type limit struct {
	at    time.Time
	timer *time.Timer
}

func (l *limit) passed() bool { return !l.at.IsZero() && !time.Now().Before(l.at) }

func (l *limit) set(d *Device, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	l.at = at
	if !at.IsZero() {
		l.timer = time.AfterFunc(time.Until(at), func() {
			d.mu.Lock() // or the wake-up could fall between a check and its Wait
			defer d.mu.Unlock()
			d.changed.Broadcast()
		})
	}
	d.changed.Broadcast()
}

// Read takes what the host has sent, and makes room for more.
func (s *Stream) Read(p []byte) (int, error) {
	e := s.out
	e.device.mu.Lock()
	defer e.device.mu.Unlock()
	for len(e.buffer) == 0 {
		if s.readLimit.passed() {
			return 0, os.ErrDeadlineExceeded
		}
		e.device.changed.Wait()
	}
	n := copy(p, e.buffer)
	e.buffer = slices.Delete(e.buffer, 0, n)
	e.step()
	return n, nil
}

// maxPackets is how many packets a device holds for a host that does not
// fetch them.
const maxPackets = 64

// Write sends p to the host as one USB transfer: full packets, then a short
// one, which is empty where the last one was full. An empty p is an empty
// packet.
func (s *Stream) Write(p []byte) (int, error) {
	e := s.in
	e.device.mu.Lock()
	defer e.device.mu.Unlock()
	n := 0
	for last := false; !last; {
		for len(e.packets) >= maxPackets {
			if s.writeLimit.passed() {
				return n, os.ErrDeadlineExceeded
			}
			e.device.changed.Wait()
		}
		part := p[n:min(n+e.packet, len(p))]
		last = len(part) < e.packet
		e.packets = append(e.packets, slices.Clone(part))
		n += len(part)
		e.step()
	}
	return n, nil
}

// SetReadDeadline bounds Read.
func (s *Stream) SetReadDeadline(t time.Time) error {
	s.readLimit.set(s.out.device, t)
	return nil
}

// SetWriteDeadline bounds Write.
func (s *Stream) SetWriteDeadline(t time.Time) error {
	s.writeLimit.set(s.out.device, t)
	return nil
}

// release ends blocked calls for good.
func (s *Stream) release() {
	_ = s.SetReadDeadline(time.Unix(1, 0))
	if s.in != nil {
		_ = s.SetWriteDeadline(time.Unix(1, 0))
	}
}

// Unread reports how many bytes wait at the device's side.
func (s *Stream) Unread() int {
	s.out.device.mu.Lock()
	defer s.out.device.mu.Unlock()
	return len(s.out.buffer)
}

// HaltOut answers the host's writes with STALL until it clears the halt.
func (s *Stream) HaltOut() { s.out.change(func(e *endpoint) { e.halted = true }) }

// HaltIn does the same to its reads.
func (s *Stream) HaltIn() { s.in.change(func(e *endpoint) { e.halted = true }) }

// Mute makes the device acknowledge no data, in either direction, as a
// printer that has stopped and whose buffer is full.
func (s *Stream) Mute(on bool) {
	s.out.change(func(e *endpoint) { e.mute = on })
	if s.in != nil {
		s.in.change(func(e *endpoint) { e.mute = on })
	}
}

// Room sets how many bytes the device takes before its own side reads them.
func (s *Stream) Room(bytes int) { s.out.change(func(e *endpoint) { e.room = bytes }) }

func (e *endpoint) change(f func(*endpoint)) {
	e.device.mu.Lock()
	defer e.device.mu.Unlock()
	f(e)
	e.step()
}
