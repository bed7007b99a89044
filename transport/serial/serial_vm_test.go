//go:build linux && vm

package serial_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/conntest"
	"github.com/printerctl/printerctl/transport/serial"
	"github.com/printerctl/printerctl/transport/vmtest"
)

func plugFTDI(t *testing.T) (*vmtest.FTDI, *vmtest.Port) {
	t.Helper()
	vmtest.Guest(t)
	f := vmtest.NewFTDI(t)
	return f, vmtest.Plug(t, f.Device)
}

func openPort(t *testing.T, path, query string) *serial.Conn {
	t.Helper()
	c, err := transport.Open(t.Context(), "serial://"+path+"?"+query)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c.(*serial.Conn)
}

// arrive reads n bytes at the printer's side.
func arrive(t *testing.T, printer io.Reader, n int) string {
	t.Helper()
	if d, ok := printer.(interface{ SetReadDeadline(time.Time) error }); ok {
		require.NoError(t, d.SetReadDeadline(time.Now().Add(30*time.Second)))
	}
	b := make([]byte, n)
	m, err := io.ReadFull(printer, b)
	require.NoError(t, err, "%d of %d bytes", m, n)
	return string(b)
}

func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

// The adapter is told what the URI says, and the modem lines go up.
func TestVMFraming(t *testing.T) {
	f, port := plugFTDI(t)
	for query, want := range map[string]vmtest.Settings{
		"":                                  {Baud: 9600, DataBits: 8, Parity: 'N', StopBits: 1},
		"baud=38400&flow=rtscts":            {Baud: 38400, DataBits: 8, Parity: 'N', StopBits: 1, Flow: vmtest.FlowRTSCTS},
		"baud=19200&parity=even&bits=7":     {Baud: 19200, DataBits: 7, Parity: 'E', StopBits: 1},
		"baud=115200&parity=odd":            {Baud: 115200, DataBits: 8, Parity: 'O', StopBits: 1},
		"baud=2400&parity=mark":             {Baud: 2400, DataBits: 8, Parity: 'M', StopBits: 1},
		"baud=4800&parity=space&stop=2":     {Baud: 4800, DataBits: 8, Parity: 'S', StopBits: 2},
		"baud=57600&flow=xonxoff":           {Baud: 57600, DataBits: 8, Parity: 'N', StopBits: 1, Flow: vmtest.FlowXONXOFF},
		"baud=57600&flow=dtrdsr":            {Baud: 57600, DataBits: 8, Parity: 'N', StopBits: 1},
		"baud=250000":                       {Baud: 250000, DataBits: 8, Parity: 'N', StopBits: 1},
		"baud=9600&flow=none&stop=1&bits=8": {Baud: 9600, DataBits: 8, Parity: 'N', StopBits: 1},
	} {
		c := openPort(t, port.TTY(), query)
		got := f.Settings()
		require.InEpsilon(t, want.Baud, got.Baud, 0.01, query)
		want.Baud, want.DTR, want.RTS = got.Baud, true, true
		require.Equal(t, want, got, query)
		require.NoError(t, c.Close())
	}
}

func TestVMBothWays(t *testing.T) {
	f, port := plugFTDI(t)
	c := openPort(t, port.TTY(), "baud=115200")
	sent := noise(5000)
	go func() { _, _ = c.Write(sent) }()
	require.True(t, arrive(t, f, len(sent)) == string(sent))
	_, err := f.Write(sent)
	require.NoError(t, err)
	require.True(t, arrive(t, c, len(sent)) == string(sent), "every byte value arrives, XON and XOFF too")
}

func TestVMConnFTDI(t *testing.T) {
	t.Parallel()
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		f, port := plugFTDI(t)
		f.HoldAt(4096)
		return openPort(t, port.TTY(), "baud=3000000&flow=rtscts"), vmtest.Peer(f, port)
	}, conntest.Bytes(100_000))
}

func TestVMConnACM(t *testing.T) {
	t.Parallel()
	conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
		vmtest.Guest(t)
		a := vmtest.NewACM()
		port := vmtest.Plug(t, a.Device)
		return openPort(t, port.TTY(), "baud=115200"), vmtest.Peer(a, port)
	}, conntest.Bytes(200_000))
}

func TestVMACMSettings(t *testing.T) {
	vmtest.Guest(t)
	a := vmtest.NewACM()
	port := vmtest.Plug(t, a.Device)
	openPort(t, port.TTY(), "baud=38400&parity=even&bits=7&stop=2")
	require.Equal(t, vmtest.Settings{Baud: 38400, DataBits: 7, Parity: 'E', StopBits: 2, DTR: true, RTS: true}, a.Settings())
}

// The kernel takes 64 KiB while the printer takes nothing: only Drain tells.
func TestVMACMDrain(t *testing.T) {
	vmtest.Guest(t)
	a := vmtest.NewACM()
	port := vmtest.Plug(t, a.Device)
	c := openPort(t, port.TTY(), "baud=115200")
	sent := noise(2000)
	_, err := c.Write(sent)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.Drain(ctx), context.DeadlineExceeded)
	drained := make(chan error, 1)
	go func() { drained <- c.Drain(t.Context()) }()
	require.Equal(t, string(sent), arrive(t, a.Stream, len(sent)))
	require.NoError(t, <-drained)
}

// CTS low holds a write; a deadline frees it; CTS high lets the rest go.
func TestVMClearToSend(t *testing.T) {
	for _, flow := range []string{"rtscts", "dtrdsr"} {
		t.Run(flow, func(t *testing.T) {
			f, port := plugFTDI(t)
			c := openPort(t, port.TTY(), "baud=115200&flow="+flow)
			signals, err := c.Signals()
			require.NoError(t, err)
			require.True(t, signals.CTS && signals.DSR)

			f.SetLines(false, false)
			signals, err = c.Signals()
			require.NoError(t, err)
			require.False(t, signals.CTS || signals.DSR)
			sent := noise(20_000)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			n, err := transport.Write(ctx, c, sent)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Less(t, n, len(sent))

			require.NoError(t, f.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
			_, err = f.Read(make([]byte, 1))
			require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nothing came over the line")
			f.SetLines(true, true)
			go func() { _, _ = transport.Write(t.Context(), c, sent[n:]) }()
			require.True(t, arrive(t, f, len(sent)) == string(sent), "everything, once")
		})
	}
}

// Drain returns when the last bit has left, and not before.
func TestVMDrain(t *testing.T) {
	f, port := plugFTDI(t)
	c := openPort(t, port.TTY(), "baud=9600")
	sent := noise(500)
	_, err := c.Write(sent)
	require.NoError(t, err)
	require.NoError(t, c.Drain(t.Context()))
	require.NoError(t, f.SetReadDeadline(time.Unix(1, 0)))
	var got []byte
	for b := make([]byte, 500); ; {
		n, err := f.Read(b)
		if err != nil {
			break
		}
		got = append(got, b[:n]...)
	}
	require.Equal(t, len(sent), len(got))
}

// A printer that never says it is ready does not keep Close from ending: the
// kernel would wait for it for half a minute.
func TestVMCloseWhileHeld(t *testing.T) {
	f, port := plugFTDI(t)
	f.SetLines(false, false)
	c := openPort(t, port.TTY(), "flow=rtscts")
	_, err := c.Write(make([]byte, 1000))
	require.NoError(t, err)
	closed := make(chan error, 1)
	go func() { closed <- c.Close() }()
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	select {
	case err := <-closed:
		require.NoError(t, err)
	case <-limit.C:
		t.Fatal("still closing")
	}
}

func TestVMUnplug(t *testing.T) {
	f, port := plugFTDI(t)
	port.Unplug()
	leaks := vmtest.Leaks(t)
	port = vmtest.Plug(t, f.Device)
	f.SetLines(false, false)
	for range 3 {
		for _, flow := range []string{"rtscts", "dtrdsr"} {
			tty := port.TTY()
			c := openPort(t, tty, "flow="+flow)
			ended := make(chan error, 2)
			go func() { _, err := c.Write(make([]byte, 200_000)); ended <- err }()
			go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
			timer := time.NewTimer(20 * time.Millisecond)
			<-timer.C
			port.Unplug()
			for range 2 {
				require.ErrorIs(t, <-ended, transport.ErrGone)
			}
			_, err := transport.Open(t.Context(), "serial://"+tty)
			require.ErrorIs(t, err, transport.ErrNotFound)
			require.NoError(t, c.Close())
			port = vmtest.Plug(t, f.Device)
		}
	}
	port.Unplug()
	leaks()
}

func TestVMBusyAndPermission(t *testing.T) {
	_, port := plugFTDI(t)
	uri := "serial://" + port.TTY()
	c := openPort(t, port.TTY(), "")
	_, err := transport.Open(t.Context(), uri)
	require.ErrorIs(t, err, transport.ErrBusy)
	require.ErrorContains(t, err, "held by serial.test")
	require.NoError(t, c.Close())

	try := func(uid, gid int) (err error) {
		vmtest.AsUser(t, uid, gid, func() {
			var c transport.Conn
			if c, err = transport.Open(t.Context(), uri); err == nil {
				err = c.Close()
			}
		})
		return err
	}
	require.NoError(t, os.Chown(port.TTY(), 0, vmtest.GroupTTY))
	require.NoError(t, os.Chmod(port.TTY(), 0o660))
	err = try(vmtest.UserClerk, vmtest.UserClerk)
	require.ErrorIs(t, err, transport.ErrPermission)
	require.ErrorContains(t, err, "usermod -aG dialout")
	require.NoError(t, try(vmtest.UserClerk, vmtest.GroupTTY))
}

// A 16550 stops for an XOFF of the printer, goes on for an XON, and Read sees
// neither.
func TestVM16550XOFF(t *testing.T) {
	vmtest.Guest(t)
	far := vmtest.OpenTTY(t, vmtest.NullModemFar)
	c := openPort(t, vmtest.NullModemNear, "baud=115200&flow=xonxoff")
	_, err := far.Write([]byte{0x13, 'A'})
	require.NoError(t, err)
	require.Equal(t, "A", arrive(t, c, 1))

	sent := noise(30_000)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	n, err := transport.Write(ctx, c, sent)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, far.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = far.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)

	go func() { _, _ = transport.Write(t.Context(), c, sent[n:]) }()
	_, err = far.Write([]byte{0x11})
	require.NoError(t, err)
	require.True(t, arrive(t, far, len(sent)) == string(sent))
}

// A 64 KiB image arrives whole at 9600 baud, at a printer whose buffer is
// small and which stands still now and then, by each kind of flow control;
// and without any, it does not.
func TestVMImageToSlowPrinter(t *testing.T) {
	vmtest.Guest(t)
	image := noise(64 << 10)
	for i := range image {
		if image[i] == 0x11 || image[i] == 0x13 { // what the line itself means by them
			image[i] = 0
		}
	}
	// The adapters are plugged in before anything runs beside them.
	type run struct {
		flow string
		f    *vmtest.FTDI
		port *vmtest.Port
	}
	var runs []run
	for _, flow := range []string{"rtscts", "dtrdsr", "xonxoff", "none"} {
		f, port := plugFTDI(t)
		runs = append(runs, run{flow, f, port})
	}
	t.Parallel()
	t.Run("flow", func(t *testing.T) {
		for _, r := range runs {
			t.Run(r.flow, func(t *testing.T) {
				t.Parallel()
				c := openPort(t, r.port.TTY(), "baud=9600&flow="+r.flow)
				slow := &vmtest.Slow{Buffer: 1024, Rate: 1200, Every: 16 << 10, Pause: 1500 * time.Millisecond, Hold: func(busy bool) {
					switch r.flow {
					case "rtscts":
						r.f.SetLines(!busy, true)
					case "dtrdsr":
						r.f.SetLines(true, !busy)
					case "xonxoff":
						b := byte(0x11)
						if busy {
							b = 0x13
						}
						_, _ = r.f.Write([]byte{b})
					}
				}}
				require.Equal(t, r.flow == "none", c.Lossy())
				require.Equal(t, 960, c.BytesPerSecond())
				written := make(chan error, 1)
				go func() {
					_, err := c.Write(image)
					if err == nil {
						err = c.Drain(t.Context())
					}
					written <- err
				}()
				require.NoError(t, slow.Print(r.f, len(image), 3*time.Second))
				require.NoError(t, <-written)
				if r.flow == "none" {
					require.Positive(t, slow.Lost)
					return
				}
				require.Zero(t, slow.Lost)
				require.Positive(t, slow.Holds)
				require.Equal(t, sha256.Sum256(image), sha256.Sum256(slow.Printed))
				require.True(t, bytes.Equal(image, slow.Printed))
			})
		}
	})
}
