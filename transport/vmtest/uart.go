//go:build linux

package vmtest

import (
	"os"
	"testing"
	"time"
)

// Flow is the handshake that a serial adapter was told to keep by itself.
type Flow uint8

// The handshakes, as FTDI chips number them.
const (
	FlowNone    Flow = 0
	FlowRTSCTS  Flow = 1
	FlowDTRDSR  Flow = 2
	FlowXONXOFF Flow = 4
)

// Settings is how the host has set a serial adapter.
type Settings struct {
	Baud     int
	DataBits int
	Parity   byte // 'N', 'O', 'E', 'M' or 'S'
	StopBits int
	Flow     Flow
	DTR, RTS bool
}

// bytesPerSecond is the line rate, framing counted.
func (s Settings) bytesPerSecond() int {
	bits := 1 + s.DataBits + s.StopBits
	if s.Parity != 'N' {
		bits++
	}
	return max(s.Baud/bits, 1)
}

const (
	xon  = 0x11
	xoff = 0x13
)

// A wire is the line behind a serial adapter, from the chip's transmitter to
// the printer: bytes go over it at the line's rate, one after the other,
// unless the handshake holds them. Nothing ever holds the printer's side:
// what it does not read piles up in arrived. The device's lock guards it.
type wire struct {
	*Stream
	set      Settings
	far      Settings // the printer's; the zero value: as the host's
	cts, dsr bool
	xoffed   bool
	arrived  []byte
	limit    int // holds the line when so much has arrived; 0: never
	stopped  bool
	ended    chan struct{}
	// status tells the host of changed lines, where the adapter can.
	status func()
}

func (w *wire) held() bool {
	if w.limit > 0 && len(w.arrived) >= w.limit {
		return true
	}
	switch w.set.Flow {
	case FlowRTSCTS:
		return !w.cts
	case FlowDTRDSR:
		return !w.dsr
	case FlowXONXOFF:
		return w.xoffed
	}
	return false
}

// idle reports whether the transmitter has nothing left.
func (w *wire) idle() bool { return len(w.out.buffer) == 0 }

// start begins to send, until the test ends.
func (w *wire) start(t testing.TB) {
	w.cts, w.dsr = true, true
	w.set = Settings{Baud: 9600, DataBits: 8, Parity: 'N', StopBits: 1}
	w.ended = make(chan struct{})
	go w.transmit()
	t.Cleanup(func() {
		w.out.change(func(*endpoint) { w.stopped = true })
		w.release()
		<-w.ended
	})
}

// transmit moves bytes from the chip's buffer over the line.
func (w *wire) transmit() {
	defer close(w.ended)
	d := w.out.device
	timer := time.NewTimer(0)
	defer timer.Stop()
	free := time.Now() // when the line has sent all it was given
	for {
		d.mu.Lock()
		waited := false
		for (w.idle() || w.held()) && !w.stopped {
			waited = true
			d.changed.Wait()
		}
		if w.stopped {
			d.mu.Unlock()
			return
		}
		if w.status != nil {
			w.status()
		}
		// As many as the line could have sent since the last look, for the
		// guest's timers are coarse. A line that is busy loses no time; one that
		// was not begins about now.
		rate, now := w.set.bytesPerSecond(), time.Now()
		if idle := now.Add(-10 * time.Millisecond); waited && free.Before(idle) {
			free = idle
		}
		n := min(max(int(now.Sub(free)*time.Duration(rate)/time.Second), 1), len(w.out.buffer))
		free = free.Add(time.Duration(n) * time.Second / time.Duration(rate))
		w.arrived = w.understood(w.arrived, w.out.buffer[:n])
		w.out.buffer = append(w.out.buffer[:0], w.out.buffer[n:]...)
		w.out.step()
		if w.idle() && w.status != nil {
			w.status()
		}
		d.changed.Broadcast()
		d.mu.Unlock()
		timer.Reset(time.Until(free))
		<-timer.C
	}
}

// understood appends what the printer makes of what the host has sent. It
// leaves out what came broken.
func (w *wire) understood(to, p []byte) []byte {
	if w.far == (Settings{}) {
		return append(to, p...)
	}
	for _, h := range w.set.over(w.far, p) {
		if !h.parity && !h.frame {
			to = append(to, h.b)
		}
	}
	return to
}

// SetPrinter sets the speed and framing of the printer's side, which follow
// the host's at first. A host that is set otherwise is not understood, and
// does not understand.
func (w *wire) SetPrinter(s Settings) {
	w.out.change(func(*endpoint) { w.far = s })
}

// Read takes what has come over the line. It never makes the line wait.
func (w *wire) Read(p []byte) (int, error) {
	d := w.out.device
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(w.arrived) == 0 {
		if w.readLimit.passed() {
			return 0, os.ErrDeadlineExceeded
		}
		d.changed.Wait()
	}
	n := copy(p, w.arrived)
	w.arrived = append(w.arrived[:0], w.arrived[n:]...)
	d.changed.Broadcast()
	return n, nil
}

// Settings is how the host has set the adapter.
func (w *wire) Settings() Settings {
	w.out.device.mu.Lock()
	defer w.out.device.mu.Unlock()
	return w.set
}

// SetLines drives the host's CTS and DSR inputs, which are high at first.
func (w *wire) SetLines(cts, dsr bool) {
	d := w.out.device
	d.mu.Lock()
	defer d.mu.Unlock()
	w.cts, w.dsr = cts, dsr
	if w.status != nil {
		w.status()
	}
	d.changed.Broadcast()
}

// software takes XON and XOFF out of what the printer sends, if the adapter
// was told to obey them.
func (w *wire) software(p []byte) []byte {
	if w.set.Flow != FlowXONXOFF {
		return p
	}
	var rest []byte
	for _, b := range p {
		switch b {
		case xon:
			w.xoffed = false
		case xoff:
			w.xoffed = true
		default:
			rest = append(rest, b)
		}
	}
	w.out.device.changed.Broadcast()
	return rest
}

// HoldAt makes the line hold the host, whatever the handshake, while the
// printer has so many bytes to read.
func (w *wire) HoldAt(bytes int) {
	w.out.change(func(*endpoint) { w.limit = bytes })
}
