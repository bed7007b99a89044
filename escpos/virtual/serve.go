package virtual

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// segment is how many bytes are moved at a time between a socket and the
// printer.
const segment = 2048

// Serve makes the printer a network printer: each connection that l accepts
// is one host, raw, as on TCP port 9100. It returns nil when ctx has ended,
// after closing l and all connections, or the error that ended l.
//
// The back-pressure of the printer becomes a closed TCP window. How many
// bytes the operating systems on both ends hold besides is their affair, as
// it is with a real printer.
func (p *Printer) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // ends Accept; its error is of no use then
	defer stop()
	var hosts sync.WaitGroup
	defer hosts.Wait()
	defer cancel()
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		link, err := p.dial() // here: hosts are heard in the order in which they came
		if err != nil {
			refuse(c)
			continue
		}
		hosts.Go(func() { p.serveHost(ctx, c, link) })
	}
}

// serveHost lets one host talk to the printer over a socket.
func (p *Printer) serveHost(ctx context.Context, sock net.Conn, link *conn) {
	defer sock.Close()
	defer link.Close()
	if t, ok := sock.(*net.TCPConn); ok {
		// The printer's buffers are small, and so should be those before it.
		_ = t.SetReadBuffer(p.pers.InterfaceBuffer + segment)
	}
	stop := context.AfterFunc(ctx, func() {
		_ = link.Close()
		_ = sock.Close()
	})
	defer stop()

	replied := make(chan struct{})
	go func() {
		defer close(replied)
		relay(sock, link)
		// The printer has ended the link, or the host is gone: either way
		// nothing more can come from the host.
		_ = sock.SetReadDeadline(time.Unix(1, 0))
		_ = link.SetWriteDeadline(time.Unix(1, 0))
	}()
	relay(link, sock)
	// The host has finished sending. Answers that are on their way still go
	// out; nothing is waited for.
	_ = link.SetReadDeadline(time.Unix(1, 0))
	<-replied
	buf := make([]byte, p.pers.ReplyBuffer)
	if n, _, _ := p.receive(link.l, buf); n > 0 {
		_, _ = sock.Write(buf[:n])
	}
}

// relay moves bytes from one connection to the other until either fails.
func relay(dst io.Writer, src io.Reader) {
	buf := make([]byte, segment)
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if _, werr := dst.Write(buf[:n]); werr != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// refuse closes a connection as a port does that takes no more hosts: with a
// reset.
func refuse(sock net.Conn) {
	if t, ok := sock.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = sock.Close()
}
