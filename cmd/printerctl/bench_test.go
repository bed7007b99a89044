package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkStatusProcess runs printerctl status from start to exit against a
// printer that answers at once, beside a Go program that does nothing.
func BenchmarkStatusProcess(b *testing.B) {
	dir := b.TempDir()
	empty := filepath.Join(dir, "empty.go")
	require.NoError(b, os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o600))
	build := func(name, source string) string {
		bin := filepath.Join(dir, name)
		cmd := exec.CommandContext(b.Context(), "go", "build", "-o", bin, source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.CombinedOutput()
		require.NoError(b, err, string(out))
		return bin
	}
	nothing, program := build("empty", empty), build("printerctl", ".")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				new(peer).talk(c, "answer", []string{"12", "12", "12", "12"})
			}()
		}
	}()
	spent := func(name string, args ...string) time.Duration {
		cmd := exec.CommandContext(b.Context(), name, args...)
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_STATE_HOME="+dir+"/state", "XDG_CONFIG_HOME="+dir+"/config")
		began := time.Now()
		require.NoError(b, cmd.Run())
		return time.Since(began)
	}
	var base, ours time.Duration
	for b.Loop() {
		base += spent(nothing)
		ours += spent(program, "status", "-p", "tcp://"+l.Addr().String())
	}
	b.ReportMetric(float64((ours-base).Microseconds())/1000/float64(b.N), "ms-above-empty")
}
