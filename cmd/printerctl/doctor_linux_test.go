package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestDoctorFindsSpeed puts a printer that runs at 38400 baud behind a line
// that is opened at 9600.
func TestDoctorFindsSpeed(t *testing.T) {
	master, slave, err := pty.Open()
	require.NoError(t, err)
	name := slave.Name()
	done := make(chan struct{})
	go func() { defer close(done); talkAt(master, slave, unix.B38400) }()
	defer func() { _ = slave.Close(); <-done; _ = master.Close() }() // the master reads until the last slave is closed

	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"doctor", "-p", "serial://" + name + "?baud=9600", "--timeout", "400ms"},
		strings.NewReader(""), &out, &errs, func(name string) string {
			if strings.HasPrefix(name, "XDG_") {
				return t.TempDir()
			}
			return ""
		})
	require.Equal(t, exitCritical, code, "%s%s", &out, &errs)
	require.Regexp(t, `FAILED +answers .*at 38400 baud, parity none, it answers`, out.String())
	require.Regexp(t, `-> use \?baud=38400&parity=none in the URI: serial://`+name, out.String())
}

// talkAt answers DLE EOT as a printer that is well does, if the line runs at
// its speed, and otherwise with what a line at the wrong speed makes of it.
func talkAt(master, slave *os.File, speed uint32) {
	buf := make([]byte, 64)
	for {
		n, err := master.Read(buf)
		if err != nil {
			return
		}
		for range bytes.Count(buf[:n], []byte{0x10, 0x04}) {
			answer := byte(0x12)
			tio, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
			if err != nil {
				return
			}
			if tio.Cflag&unix.CBAUD != speed {
				answer = 0xFE
			}
			_, _ = master.Write([]byte{answer})
		}
	}
}
