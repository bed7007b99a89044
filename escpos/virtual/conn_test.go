package virtual

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
)

// rawPeer is the printer's end of a link before the printer has looked at it:
// the interface's buffer and the replies.
type rawPeer struct {
	p *Printer
	l *link
}

func (r rawPeer) Read(b []byte) (int, error) {
	for {
		r.p.mu.Lock()
		if n := copy(b, r.l.in.peek()); n > 0 {
			r.l.in.discard(n)
			wake(&r.l.writable)
			r.p.mu.Unlock()
			return n, nil
		}
		if r.l.over != nil {
			r.p.mu.Unlock()
			return 0, transport.ErrGone
		}
		changed := waitFor(&r.p.changed)
		r.p.mu.Unlock()
		<-changed
	}
}

func (r rawPeer) Write(b []byte) (int, error) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	r.p.replyNow(b)
	return len(b), nil
}

func (r rawPeer) Hangup() error {
	r.p.CutLink()
	return nil
}

func TestConn(t *testing.T) {
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		// A printer that is busy leaves everything to its interface.
		p := New(&Config{Personality: &Personality{BusyWhenOffline: true, InterfaceBuffer: 4096, ReplyBuffer: 2 << 20}})
		t.Cleanup(func() { require.NoError(t, p.Close()) })
		p.OpenCover()
		c, err := p.dial()
		require.NoError(t, err)
		return c, rawPeer{p, c.l}
	})
}
