// Package examples_test runs the examples as their readers would.
package examples_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// build compiles an example, and returns the program's path.
func build(t *testing.T, name string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), filepath.Base(name))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "./"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return bin
}

// serve puts a virtual printer on loopback TCP.
func serve(t *testing.T, cfg *virtual.Config) (*virtual.Printer, string) {
	t.Helper()
	p := virtual.New(cfg)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() { defer close(served); _ = p.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); _ = p.Close(); <-served })
	return p, "tcp://" + l.Addr().String()
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func TestHello(t *testing.T) {
	p, uri := serve(t, nil)
	require.Equal(t, "printed, evidence: process-id\n", run(t, build(t, "hello"), uri))
	require.Len(t, p.Receipts(), 1)
	require.Contains(t, p.Receipts()[0].Text, "TOTAL")
}

func TestStatus(t *testing.T) {
	p, uri := serve(t, nil)
	bin := build(t, "status")
	require.Contains(t, run(t, bin, uri), "ready, paper ok")
	p.RemovePaper()
	require.Contains(t, run(t, bin, uri), "stopped, paper out")
}

func TestQueueWithHooks(t *testing.T) {
	p, uri := serve(t, &virtual.Config{Paper: 80})
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), build(t, "queue-with-hooks"), uri, t.TempDir())
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(t, p.Wait(ctx, func(s virtual.State) bool { return s.PaperEnd }))
	p.LoadPaper(2000)
	require.NoError(t, cmd.Wait(), "%s", &out)

	require.Contains(t, out.String(), "printed, evidence: process-id")
	for _, kind := range []string{"paper-out", "lane-held", "paper-loaded", "lane-resumed", "job-printed"} {
		require.Contains(t, out.String(), kind)
	}
	require.Equal(t, 40, strings.Count(p.Printed(), "Article"))
}

// freePorts returns a port such that it and the next one are free.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		port := l.Addr().(*net.TCPAddr).Port
		next, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+1)))
		_ = l.Close()
		if err == nil {
			_ = next.Close()
			return port
		}
	}
	t.Fatal("no two free ports in a row")
	return 0
}

func TestForeign(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		return // the script is for systems that have bash
	}
	out := run(t, bash, "foreign/test.sh", build(t, "../cmd/printerctl"), strconv.Itoa(freePorts(t)))
	require.Contains(t, out, "line 40", out)
}
