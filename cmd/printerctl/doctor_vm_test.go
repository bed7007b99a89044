//go:build linux && vm

package main

import (
	"bufio"
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// program is printerctl in a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "printerctl" // what TestMain tells the program by
	cmd.Env = []string{"HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir()}
	return cmd
}

// finds runs doctor, and requires it to find one fault: the check that fails,
// and its cure.
func finds(t *testing.T, fault, cure string, args ...string) {
	t.Helper()
	home := t.TempDir()
	var out, errs bytes.Buffer
	code := run(t.Context(), append([]string{"doctor", "--timeout", "2s"}, args...), strings.NewReader(""), &out, &errs,
		func(name string) string {
			if strings.HasPrefix(name, "XDG_") {
				return home
			}
			return ""
		})
	planted(t, fault, cure, code, out.String(), errs.String())
}

func planted(t *testing.T, fault, cure string, code int, out, errs string) {
	t.Helper()
	t.Logf("doctor says:\n%s%s", out, errs)
	require.Equal(t, exitCritical, code)
	require.Regexp(t, `FAILED +`+fault+`[^\n]*\n +-> [^\n]*`+cure, out)
	require.Len(t, regexp.MustCompile(`FAILED`).FindAllString(out, -1), 1, "one fault was planted")
}

// hold lets another process use the printer until the test ends, and returns
// when it does.
func hold(t *testing.T, uri string) {
	t.Helper()
	cmd := program(t, "status", "--watch", "-p", uri)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	t.Logf("the holder says: %s", line)
}

// plugged puts a virtual printer at the end of a cable of the guest.
func plugged(t *testing.T, medium string) *vmtest.Rig {
	t.Helper()
	vmtest.Guest(t)
	p := virtual.New(nil)
	t.Cleanup(func() { _ = p.Close() })
	conn, err := p.Dial()
	require.NoError(t, err)
	return vmtest.NewRig(t, medium, conn)
}

// A serial line is opened at a speed or a parity that the printer does not
// have.
func TestVMDoctorLineSettings(t *testing.T) {
	vmtest.Guest(t)
	for name, c := range map[string]struct {
		printer vmtest.Settings
		cure    string
	}{
		"wrong parity": {vmtest.Settings{Baud: 9600, DataBits: 8, Parity: 'E', StopBits: 1}, `use \?baud=9600&parity=even in the URI`},
		"wrong baud":   {vmtest.Settings{Baud: 19200, DataBits: 8, Parity: 'N', StopBits: 1}, `use \?baud=19200&parity=none in the URI`},
		"both wrong":   {vmtest.Settings{Baud: 19200, DataBits: 8, Parity: 'E', StopBits: 1}, `use \?baud=19200&parity=even in the URI`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := vmtest.NewFTDI(t)
			f.SetPrinter(c.printer)
			p := virtual.New(nil)
			defer p.Close()
			conn, err := p.Dial()
			require.NoError(t, err)
			vmtest.Connect(t, f, conn)
			port := vmtest.Plug(t, f.Device)
			finds(t, "answers .*it answers", c.cure, "-p", "serial://"+port.TTY()+"?baud=9600", "--timeout", "1s")
		})
	}
}

// Where a second stop bit stands for the parity, a byte with an odd number of
// ones passes: a printer that answers only some questions may be set otherwise.
func TestVMDoctorSomeAnswers(t *testing.T) {
	vmtest.Guest(t)
	f := vmtest.NewFTDI(t)
	f.SetPrinter(vmtest.Settings{Baud: 9600, DataBits: 8, Parity: 'E', StopBits: 1})
	p := virtual.New(nil)
	defer p.Close()
	p.OpenCover() // the answer to the first question has an odd number of ones
	conn, err := p.Dial()
	require.NoError(t, err)
	vmtest.Connect(t, f, conn)
	port := vmtest.Plug(t, f.Device)
	finds(t, "answers .*of 4 questions; with parity even it answers all", `use parity=even in the URI`, "-p", "serial://"+port.TTY()+"?stop=2", "--timeout", "1s")
}

// A program that has not locked a serial port does not keep another from
// opening it, not even from reading its answers.
func TestVMDoctorUnlocked(t *testing.T) {
	rig := plugged(t, "ftdi")
	u, err := url.Parse(rig.URI)
	require.NoError(t, err)
	sleep := exec.Command("/bin/sleep", "600")
	sleep.Stdin = vmtest.OpenTTY(t, u.Path)
	require.NoError(t, sleep.Start())
	defer func() {
		_ = sleep.Process.Kill()
		_ = sleep.Wait()
	}()
	finds(t, `held .*open in sleep \(process \d+\) as well`, `close sleep \(process \d+\)`, "-p", rig.URI)
}

// Serial ports are asked at the usual speeds.
func TestVMDevicesProbeSpeeds(t *testing.T) {
	vmtest.Guest(t)
	f := vmtest.NewFTDI(t)
	f.SetPrinter(vmtest.Settings{Baud: 38400, DataBits: 8, Parity: 'N', StopBits: 1})
	p := virtual.New(nil)
	defer p.Close()
	conn, err := p.Dial()
	require.NoError(t, err)
	vmtest.Connect(t, f, conn)
	port := vmtest.Plug(t, f.Device)
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"devices", "--local", "--probe"}, strings.NewReader(""), &out, &errs, func(string) string { return "" })
	t.Logf("devices says:\n%s%s", out.String(), errs.String())
	require.Zero(t, code)
	require.Regexp(t, "serial://"+port.TTY()+`\?baud=38400 .*\byes\b.*it answers ESC/POS.*ready \(4 of 4 answered\)`, out.String())
}

// The user may not open the device; the cure depends on who may.
func TestVMDoctorPermission(t *testing.T) {
	for medium, group := range map[string]string{"lp": "lp", "usb": "lp", "ftdi": "dialout"} {
		t.Run(medium, func(t *testing.T) {
			rig := plugged(t, medium)
			if medium != "usb" { // as udev does
				u, err := url.Parse(rig.URI)
				require.NoError(t, err)
				ids := map[string]int{"lp": vmtest.GroupLP, "dialout": vmtest.GroupTTY}
				require.NoError(t, os.Chown(u.Path, 0, ids[group]))
				require.NoError(t, os.Chmod(u.Path, 0o660))
			}
			cmd := program(t, "doctor", "-p", rig.URI)
			cmd.Env = append(cmd.Env, "HOME=/tmp") // the tests' own directories are root's
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: vmtest.UserClerk, Gid: vmtest.UserClerk}}
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			_ = cmd.Run()
			planted(t, "permission .*permission denied", "join the group "+group+".*usermod -aG "+group, cmd.ProcessState.ExitCode(), out.String(), errs.String())
		})
	}
}

// Another process has the printer.
func TestVMDoctorHeld(t *testing.T) {
	for _, medium := range []string{"ftdi", "lp", "usb"} {
		t.Run(medium, func(t *testing.T) {
			rig := plugged(t, medium)
			hold(t, rig.URI)
			finds(t, `held .*in use by another program.*held by printerctl\S* \(process \d+\)`, `close printerctl\S* \(process \d+\)`, "-p", rig.URI)
		})
	}
}

// The kernel's driver has the interface, and may not be asked to leave it.
func TestVMDoctorHeldByDriver(t *testing.T) {
	rig := plugged(t, "usb")
	finds(t, "held .*in use by another program", "use lp:///dev/usb/lp0, or leave out detach=no", "-p", rig.URI+"?detach=no")
}

// The host is not there: no way to it, a network that knows that it is not
// there, and one that swallows what it is sent.
func TestVMDoctorDeadHost(t *testing.T) {
	vmtest.Guest(t)
	const cure = "is the printer on, on this network, and is that its address"
	t.Run("no way", func(t *testing.T) {
		finds(t, "connection .*network is unreachable", cure, "-p", "tcp://192.0.2.7")
	})
	t.Run("no host", func(t *testing.T) {
		out, err := exec.Command("ip", "route", "add", "unreachable", "198.51.100.0/24").CombinedOutput()
		require.NoError(t, err, "%s", out)
		finds(t, "connection .*(no route to host|host is unreachable)", cure, "-p", "tcp://198.51.100.7")
	})
	t.Run("silence", func(t *testing.T) {
		finds(t, "connection .*(timeout|deadline)", cure, "-p", full(t))
	})
}

// full returns the URI of a listener that has no room for another connection:
// the kernel drops what asks for one.
func full(t *testing.T) string {
	t.Helper()
	open := func() int {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		require.NoError(t, err)
		t.Cleanup(func() { _ = unix.Close(fd) })
		return fd
	}
	at := &unix.SockaddrInet4{Port: 9100, Addr: [4]byte{127, 0, 0, 1}}
	l := open()
	require.NoError(t, unix.Bind(l, at))
	require.NoError(t, unix.Listen(l, 0))
	for range 4 {
		if err := unix.Connect(open(), at); err != nil {
			require.ErrorIs(t, err, unix.EINPROGRESS)
		}
	}
	return "tcp://127.0.0.1:9100"
}

// The disk of the stored receipts is full.
func TestVMDoctorFullDisk(t *testing.T) {
	rig := plugged(t, "lp")
	disk := t.TempDir()
	require.NoError(t, unix.Mount("tmpfs", disk, "tmpfs", 0, "size=4m"))
	defer func() { require.NoError(t, unix.Unmount(disk, 0)) }()
	state := filepath.Join(disk, "state")
	doctor := []string{"-p", rig.URI, "--state", state}

	fill := filepath.Join(disk, "fill")
	err := os.WriteFile(fill, make([]byte, 8<<20), 0o600)
	require.ErrorIs(t, err, unix.ENOSPC)
	finds(t, "disk .*no space left on device", "free some space on the disk of "+disk, doctor...) // before the first receipt

	require.NoError(t, os.Remove(fill))
	receipt := program(t, "print", "-p", rig.URI, "--state", state)
	receipt.Stdin = strings.NewReader("a receipt\n")
	out, err := receipt.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.ErrorIs(t, os.WriteFile(fill, make([]byte, 8<<20), 0o600), unix.ENOSPC)
	finds(t, "disk .*no space left on device", "free some space on the disk of "+state, doctor...)
}
