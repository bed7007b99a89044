package virtual_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestConsole(t *testing.T) {
	pers := personality(t, "modern-epson")
	p, h := start(t, &virtual.Config{Personality: pers, Paper: pers.PaperFor(2)})
	r, in := io.Pipe()
	outR, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- p.Console(t.Context(), r, out) }()
	answers := bufio.NewReader(outR)
	ask := func(line, want string) {
		t.Helper()
		_, err := fmt.Fprintln(in, line)
		require.NoError(t, err)
		got, err := answers.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, want, strings.TrimSuffix(got, "\n"))
	}
	h.send(numbered(1, 3) + cut)
	ask("wait offline 5s", "ok")
	ask("pending", `ok "line 01\nline 02\n"`)
	ask("receipts", "ok 0")
	ask("wait idle 1ms", "error gave up waiting for idle: context deadline exceeded")
	ask("open", "ok")
	ask("load 500", "ok")
	ask("close", "ok")
	ask("wait receipt 2", "ok")
	ask("receipt 2", `ok "line 03\n"`)
	ask("receipt 3", "error there is no receipt 3")
	ask("load", "error load takes a length in mm")
	ask("", "ok")
	ask("dance", `error unknown command "dance" (try help)`)
	ask("power off", "ok")
	ask("status", `ok {"on":false,"online":false,"coverOpen":false,"jammed":false,"paperEnd":false,"nearEnd":true,"waiting":false,"error":false,"moving":false,"paper":`+
		fmt.Sprint(p.State().Paper)+`,"buffered":0,"receipts":2,"hosts":0,"idle":true}`)
	require.NoError(t, in.Close())
	require.NoError(t, <-done)
}

func TestServeConsole(t *testing.T) {
	p := virtual.New(nil)
	defer p.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.ServeConsole(ctx, l) }()
	c := connect(t, l.Addr().String())
	_, err = io.WriteString(c, "open\n")
	require.NoError(t, err)
	line, err := bufio.NewReader(c).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ok\n", line)
	require.True(t, p.State().CoverOpen)
	cancel()
	require.NoError(t, <-done)
}
