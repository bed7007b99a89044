package printer_test

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/escpos/printer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A far is the far end of a link: a printer, scripted. It reads what the
// driver sends, keeps it, and answers as it was told.
type far struct {
	net.Conn
	onASB func(mask byte) // GS a
	onGSr func()          // GS r 1
	limit int             // reads no more than so many bytes; 0: all
	mu    sync.Mutex
	got   []byte
}

// listen reads for as long as the link lives, and calls hear with every
// DLE EOT n, and with nothing else, in order.
func (f *far) listen(hear func(n int)) {
	buf := make([]byte, 4096)
	var window [3]byte
	for f.limit == 0 || len(f.received()) < f.limit {
		if f.limit > 0 {
			buf = buf[:max(1, min(len(buf), f.limit-len(f.received())))]
		}
		n, err := f.Read(buf)
		for _, b := range buf[:n] {
			f.mu.Lock()
			f.got = append(f.got, b)
			f.mu.Unlock()
			window = [3]byte{window[1], window[2], b}
			if window[0] == 0x10 && window[1] == 0x04 && b >= 1 && b <= 4 {
				hear(int(b))
			}
			if window[0] == 0x1D && window[1] == 'a' && f.onASB != nil {
				f.onASB(b)
			}
			if window == [3]byte{0x1D, 'r', 1} && f.onGSr != nil {
				f.onGSr()
			}
		}
		if err != nil {
			return
		}
	}
}

// received returns all that the driver has sent.
func (f *far) received() []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]byte(nil), f.got...)
}

// say sends bytes to the driver. A link that is gone swallows them.
func (f *far) say(b ...byte) { _, _ = f.Write(b) }

// link connects a Printer to a far end, and ends both with the test.
func link(t testing.TB, cfg *printer.Config, script func(*far)) (*printer.Printer, *far) {
	near, farEnd := net.Pipe()
	f := &far{Conn: farEnd}
	done := make(chan struct{})
	go func() {
		defer close(done)
		script(f)
	}()
	p := printer.New(near, "pipe://test", cfg)
	t.Cleanup(func() {
		_ = p.Close()
		_ = farEnd.Close()
		<-done
	})
	return p, f
}

// A mood is what a scripted printer answers, and can be changed while it runs.
type mood struct{ p atomic.Pointer[[5]byte] }

func inMood(answers [5]byte) *mood {
	m := new(mood)
	m.set(answers)
	return m
}

func (m *mood) set(answers [5]byte) { m.p.Store(&answers) }
func (m *mood) answer(n int) byte   { return m.p.Load()[n] }
