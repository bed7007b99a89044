package virtual_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// serve runs a printer on a loopback port, and returns its address.
func serve(t *testing.T, cfg *virtual.Config) (*virtual.Printer, string) {
	t.Helper()
	p := virtual.New(cfg)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
		require.NoError(t, p.Close())
	})
	return p, l.Addr().String()
}

func connect(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	return c.(*net.TCPConn)
}

func TestServe(t *testing.T) {
	p, addr := serve(t, nil)
	c := connect(t, addr)
	_, err := io.WriteString(c, "over the net\n"+cut+processID("NET1"))
	require.NoError(t, err)
	got := make([]byte, 7)
	_, err = io.ReadFull(c, got)
	require.NoError(t, err)
	require.Equal(t, "\x37\x22NET1\x00", string(got))
	require.Equal(t, "over the net\n", p.Receipts()[0].Text)
}

func TestServeAnswersAHostThatHasFinishedSending(t *testing.T) {
	_, addr := serve(t, nil)
	c := connect(t, addr)
	_, err := io.WriteString(c, eot1)
	require.NoError(t, err)
	require.NoError(t, c.CloseWrite())
	got, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Equal(t, "\x12", string(got))
}

func TestServeAnswersWhileOutOfPaper(t *testing.T) {
	pers := personality(t, "modern-epson")
	p, addr := serve(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(5)})
	c := connect(t, addr)
	_, err := io.WriteString(c, numbered(1, 20))
	require.NoError(t, err)
	require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return !s.Online }))
	_, err = io.WriteString(c, eot4)
	require.NoError(t, err)
	b := make([]byte, 1)
	_, err = io.ReadFull(c, b)
	require.NoError(t, err)
	require.Equal(t, "\x7e", string(b))
	p.LoadPaper(1000)
	require.NoError(t, p.WaitIdle(t.Context()))
	require.Equal(t, numbered(1, 20), p.Printed())
}

func TestServeOneHostAfterTheOther(t *testing.T) {
	p, addr := serve(t, nil) // three hosts, one is heard
	first, second := connect(t, addr), connect(t, addr)
	_, err := io.WriteString(first, "first\n"+eot1)
	require.NoError(t, err)
	b := make([]byte, 1)
	_, err = io.ReadFull(first, b)
	require.NoError(t, err)
	_, err = io.WriteString(second, "second\n"+eot1)
	require.NoError(t, err)
	require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return s.Buffered > 0 }))
	require.Equal(t, "first\n", p.Pending())
	require.NoError(t, first.Close())
	_, err = io.ReadFull(second, b)
	require.NoError(t, err)
	require.Equal(t, "first\nsecond\n", p.Pending())
}

func TestServeRefusesMoreHosts(t *testing.T) {
	pers := personality(t, "clone-asb-on") // one host
	p, addr := serve(t, &virtual.Config{Personality: pers})
	connect(t, addr)
	require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return s.Hosts == 1 }))
	second, err := net.Dial("tcp", addr)
	if err == nil { // the reset may come a little later
		defer second.Close()
		require.NoError(t, second.SetDeadline(time.Now().Add(20*time.Second)))
		_, err = second.Read(make([]byte, 1))
	}
	require.Error(t, err)
}

func TestServeStallsWhenFull(t *testing.T) {
	pers := personality(t, "modern-epson")
	p, addr := serve(t, &virtual.Config{Personality: pers})
	p.OpenCover()
	c := connect(t, addr)
	text := strings.Repeat("0123456789\n", 1<<20)
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c, text)
		sent <- err
	}()
	full := pers.ReceiveBuffer - 128 + pers.InterfaceBuffer
	require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return s.Buffered == full }))
	select {
	case err := <-sent:
		t.Fatalf("eleven megabytes went into a printer that stands still: %v", err)
	default:
	}
	p.CutLink()
	require.Error(t, <-sent)
}
