package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

const readme = "../../README.md"

// section returns the fenced blocks of the README in a language.
func section(t *testing.T, lang string) []string {
	t.Helper()
	b, err := os.ReadFile(readme)
	require.NoError(t, err)
	var blocks []string
	for _, m := range regexp.MustCompile("(?ms)^```"+lang+"\n(.*?)^```$").FindAllStringSubmatch(string(b), -1) {
		blocks = append(blocks, m[1])
	}
	require.NotEmpty(t, blocks, "README has no block of %q", lang)
	return blocks
}

// TestReadmeCommands runs every command that the README shows, against a
// virtual printer that stands at the documentation's address.
func TestReadmeCommands(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "receipt.txt"), []byte("Tea  2.50\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "receipt.bin"), []byte("\x1b@Tea  2.50\n\x1dVB\x00"), 0o600))
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "printerctl"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	p := virtual.New(nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() { defer close(served); _ = p.Serve(ctx, l) }()
	defer func() { cancel(); _ = p.Close(); <-served }()

	ran := 0
	for _, block := range section(t, "console") {
		for line := range strings.Lines(block) {
			command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			if !ok || strings.HasPrefix(command, "go install") || strings.HasPrefix(command, "make ") {
				continue
			}
			command = strings.ReplaceAll(command, "192.0.2.7:9100", l.Addr().String())
			cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir,
				"XDG_STATE_HOME="+dir+"/state", "XDG_CONFIG_HOME="+dir+"/config")
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s\n%s", command, out)
			ran++
		}
	}
	require.Positive(t, ran)
}

// TestReadmeProgram holds the README's program to the example that is tested.
func TestReadmeProgram(t *testing.T) {
	want, err := os.ReadFile("../../examples/hello/main.go")
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(string(want)), strings.TrimSpace(section(t, "go")[0]))
}

// TestReadmeConfig reads the configuration that the README shows.
func TestReadmeConfig(t *testing.T) {
	for _, block := range section(t, "toml") {
		path := filepath.Join(t.TempDir(), "config.toml")
		require.NoError(t, os.WriteFile(path, []byte(block), 0o600))
		a := &app{configPath: path, getenv: func(string) string { return "" }}
		_, err := a.loadConfig()
		require.NoError(t, err)
	}
}
