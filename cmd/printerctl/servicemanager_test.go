//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// What systemd hears of the service: that it is ready, that it lives, that it
// stops.
func TestServiceTellsItsManager(t *testing.T) {
	dir, err := os.MkdirTemp("", "sd") // a socket's path must be short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	sock, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: filepath.Join(dir, "notify")})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sock.Close() })
	require.NoError(t, sock.SetReadDeadline(time.Now().Add(20*time.Second)))

	p := virtual.New(nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	pctx, unplug := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() { defer close(served); _ = p.Serve(pctx, l) }()
	t.Cleanup(func() { unplug(); _ = p.Close(); <-served })

	env := map[string]string{
		"NOTIFY_SOCKET": filepath.Join(dir, "notify"), "WATCHDOG_USEC": "20000", "WATCHDOG_PID": fmt.Sprint(os.Getpid()),
		"PRINTERCTL_STATE": filepath.Join(dir, "state"), "PRINTERCTL_CONFIG": filepath.Join(dir, "config.toml"),
		"PRINTERCTL_PRINTER": "tcp://" + l.Addr().String(),
	}
	require.NoError(t, os.WriteFile(env["PRINTERCTL_CONFIG"], nil, 0o600))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	exit := make(chan int, 1)
	go func() {
		exit <- run(ctx, []string{"queue", "run"}, strings.NewReader(""), io.Discard, io.Discard, func(k string) string { return env[k] })
	}()
	hear := func() string {
		buf := make([]byte, 4096)
		n, err := sock.Read(buf)
		require.NoError(t, err)
		return string(buf[:n])
	}
	require.Equal(t, "READY=1\nSTATUS=printers driven: 1", hear())
	require.Equal(t, "WATCHDOG=1", hear())
	require.Equal(t, "WATCHDOG=1", hear())
	stop()
	said := hear()
	for said == "WATCHDOG=1" {
		said = hear()
	}
	require.Equal(t, "STOPPING=1", said)
	require.Equal(t, exitOK, <-exit)
}
