package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func noEnv(string) string { return "" }

// A program in any language can test itself against printerctl virtual: it
// reads the address, prints, and pulls the paper out by standard input.
func TestVirtualCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "receipts")
	stdin, in := io.Pipe()
	out, stdout := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	var stderr bytes.Buffer
	go func() {
		defer stdout.Close()
		done <- run(ctx, []string{"virtual", "--listen", "127.0.0.1:0", "--out", dir, "--speed", "0", "--paper", "27"}, stdin, stdout, &stderr, noEnv)
	}()
	lines := bufio.NewReader(out)
	line := func() string {
		t.Helper()
		s, err := lines.ReadString('\n')
		require.NoError(t, err)
		return strings.TrimSuffix(s, "\n")
	}
	ask := func(command, want string) {
		t.Helper()
		_, err := fmt.Fprintln(in, command)
		require.NoError(t, err)
		require.Equal(t, want, line())
	}

	addr, ok := strings.CutPrefix(line(), "ok listening tcp://")
	require.True(t, ok)
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	_, err = io.WriteString(c, "one\ntwo\nthree\nfour\n\x1dVA\x00")
	require.NoError(t, err)
	ask("wait offline 10s", "ok")
	ask("load 1000", "ok")
	ask("wait receipt 2 10s", "ok")
	ask("receipt 2", `ok "four\n"`)

	// The files follow the receipts: the answer to a later question proves
	// nothing about them, but the end of the program does.
	cancel()
	require.Zero(t, <-done, stderr.String())
	require.NoError(t, in.Close())
	text, err := os.ReadFile(filepath.Join(dir, "receipt-0001.txt"))
	require.NoError(t, err)
	require.Equal(t, "one\ntwo\nthree\n", string(text))
	info, err := os.Stat(filepath.Join(dir, "receipt-0002.png"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestVirtualCommandStaysOnThisMachine(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0"} {
		for _, flag := range []string{"--listen", "--control"} {
			var stderr bytes.Buffer
			args := []string{"virtual", "--listen", "", flag, addr}
			require.Equal(t, exitFailed, run(t.Context(), args, strings.NewReader(""), io.Discard, &stderr, noEnv))
			require.Contains(t, stderr.String(), "--allow-remote")
		}
	}
}

func TestRenderCommand(t *testing.T) {
	dir := t.TempDir()
	job := filepath.Join(dir, "job.bin")
	require.NoError(t, os.WriteFile(job, []byte("\x1ba\x01Hello\n\x1dVA\x00World\n"), 0o600))

	var stdout, stderr bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"render", job}, strings.NewReader(""), &stdout, &stderr, noEnv), stderr.String())
	edge := strings.Repeat("- ", 24)
	require.Equal(t, "Hello\n"+edge+"\nWorld\n"+edge+"\n", dedent(stdout.String()))

	for profile, width := range map[string]int{"": 639, "generic-58": 464} {
		picture := filepath.Join(dir, "out.png")
		args := []string{"render", job, "-o", picture}
		if profile != "" {
			args = append(args, "--profile", profile)
		}
		require.Zero(t, run(t.Context(), args, strings.NewReader(""), &stdout, &stderr, noEnv), stderr.String())
		f, err := os.Open(picture)
		require.NoError(t, err)
		m, err := png.Decode(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.Equal(t, 2*width+24, m.Bounds().Dx(), "two receipts beside each other")
	}

	stderr.Reset()
	require.Equal(t, exitFailed, run(t.Context(), []string{"render", "-"}, strings.NewReader("\x1b@"), &stdout, &stderr, noEnv))
	require.Contains(t, stderr.String(), "prints nothing")
}

// A few bytes feed metres of paper, and many small receipts beside a long one
// make a picture without end: both are refused before the memory is taken.
func TestRenderBounds(t *testing.T) {
	metres := func(n int) string { return strings.Repeat("\x1bd\xff", n) + "x\n" } // 256 lines of 1/6 inch are 1.08 m
	cuts := strings.Repeat("x\n\x1dVA\x00", 500)
	for _, c := range []struct {
		in   string
		args []string
		want string
	}{
		{metres(12), nil, "-: is longer than 10 m (--paper gives it more)"},
		{metres(12), []string{"-o", "-"}, "-: is longer than 10 m (--paper gives it more)"},
		{metres(1000), []string{"--paper", "100000"}, "-: is longer than 100 m"},
		{metres(5) + cuts, []string{"-o", "-", "--paper", "20000"}, " dots, which is too large (without -o it is shown as text)"},
		{metres(12), []string{"--paper", "20000"}, ""},
		{"x\n", []string{"--paper", "0"}, "--paper 0: out of range (above 0, up to 100000 mm)"},
		{"x\n", []string{"--paper", "NaN"}, "--paper NaN: out of range"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"render", "-"}, c.args...), strings.NewReader(c.in), &stdout, &stderr, noEnv)
		if c.want == "" {
			require.Zero(t, code, stderr.String())
			continue
		}
		require.Equal(t, exitFailed, code)
		require.Contains(t, stderr.String(), c.want)
		require.Empty(t, stdout.String())
	}
}

// dedent removes empty lines and the blanks before the others.
func dedent(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line = strings.TrimLeft(line, " "); line != "\n" {
			b.WriteString(line)
		}
	}
	return b.String()
}
