//go:build linux && cgo && vm

package printer_test

import (
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/google/gousb"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/printerctl/printerctl/escpos/printer"
	_ "github.com/printerctl/printerctl/transport/tcp"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// gousbLink is libusb with nothing of ours around it.
type gousbLink struct {
	*gousb.OutEndpoint
	*gousb.InEndpoint
	done func()
	ctx  *gousb.Context
	dev  *gousb.Device
}

func (l *gousbLink) Close() error {
	l.done()
	_ = l.dev.Close()
	return l.ctx.Close()
}

func openGousb(b *testing.B) io.ReadWriteCloser {
	b.Helper()
	l := &gousbLink{ctx: gousb.NewContext()}
	var err error
	l.dev, err = l.ctx.OpenDeviceWithVIDPID(0x04b8, 0x0202)
	require.NoError(b, err)
	require.NoError(b, l.dev.SetAutoDetach(true))
	iface, done, err := l.dev.DefaultInterface()
	require.NoError(b, err)
	l.done = done
	l.OutEndpoint, err = iface.OutEndpoint(1)
	require.NoError(b, err)
	l.InEndpoint, err = iface.InEndpoint(2)
	require.NoError(b, err)
	return l
}

// From opening to the first status, compared with opening bare and the same
// four questions.
func BenchmarkVMFirstStatus(b *testing.B) {
	vmtest.Guest(b)
	compare := func(b *testing.B, uri string, open func() io.ReadWriteCloser) {
		b.Helper()
		vmtest.Compare(b, 25, func() time.Duration {
			start := time.Now()
			l := open()
			for n := byte(1); n <= 4; n++ {
				vmtest.Ask(b, l, n)
			}
			took := time.Since(start)
			require.NoError(b, l.Close())
			return took
		}, func() time.Duration {
			start := time.Now()
			p, err := printer.Open(b.Context(), uri, nil)
			require.NoError(b, err)
			s, err := p.Status(b.Context())
			took := time.Since(start)
			require.NoError(b, err)
			require.Equal(b, 4, s.Answered)
			require.NoError(b, p.Close())
			return took
		})
	}
	b.Run("tcp", func(b *testing.B) {
		l, err := net.Listen("tcp", "127.0.0.1:9100")
		require.NoError(b, err)
		defer l.Close()
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go answerer(c)
			}
		}()
		compare(b, "tcp://127.0.0.1:9100", func() io.ReadWriteCloser {
			c, err := net.Dial("tcp", "127.0.0.1:9100")
			require.NoError(b, err)
			return c
		})
	})
	b.Run("serial", func(b *testing.B) {
		f := vmtest.NewFTDI(b)
		tty := vmtest.Plug(b, f.Device).TTY()
		vmtest.Answer(b, f)
		compare(b, "serial://"+tty+"?baud=115200", func() io.ReadWriteCloser { return vmtest.OpenTTY(b, tty) })
	})
	b.Run("lp", func(b *testing.B) {
		p := vmtest.NewPrinter(nil)
		node := vmtest.Plug(b, p.Device).LP()
		vmtest.Answer(b, p)
		compare(b, "lp://"+node, func() io.ReadWriteCloser {
			f, err := os.OpenFile(node, os.O_RDWR|unix.O_NOCTTY, 0)
			require.NoError(b, err)
			return f
		})
	})
	b.Run("usb", func(b *testing.B) {
		p := vmtest.NewPrinter(nil)
		vmtest.Plug(b, p.Device)
		vmtest.Answer(b, p)
		compare(b, "usb://", func() io.ReadWriteCloser { return openGousb(b) })
	})
}
