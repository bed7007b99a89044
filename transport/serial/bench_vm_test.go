//go:build linux && vm

package serial_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/vmtest"
)

// Bytes through an adapter at 115200 baud, over each kind of flow control,
// compared with a bare loop of writes to a raw tty. The adapter's line has
// exactly that rate.
func BenchmarkVMWrite(b *testing.B) {
	vmtest.Guest(b)
	const total, part = 60_000, 4096
	for _, flow := range []string{"none", "rtscts", "xonxoff", "dtrdsr"} {
		b.Run(flow, func(b *testing.B) {
			f := vmtest.NewFTDI(b)
			port := vmtest.Plug(b, f.Device)
			tty := port.TTY()
			sink := vmtest.NewSink(b, f)
			vmtest.Compare(b, 1, func() time.Duration {
				raw := vmtest.OpenTTY(b, tty)
				took := sink.Take(b, raw, total, part)
				require.NoError(b, raw.Close())
				return took
			}, func() time.Duration {
				c, err := transport.Open(b.Context(), "serial://"+tty+"?baud=115200&flow="+flow)
				require.NoError(b, err)
				took := sink.Take(b, c, total, part)
				require.NoError(b, c.Close())
				return took
			})
		})
	}
}

// Opening, one question and its answer.
func BenchmarkVMOpen(b *testing.B) {
	vmtest.Guest(b)
	f := vmtest.NewFTDI(b)
	port := vmtest.Plug(b, f.Device)
	tty := port.TTY()
	vmtest.Answer(b, f)
	ask := func(l interface {
		Read([]byte) (int, error)
		Write([]byte) (int, error)
		Close() error
	}) {
		vmtest.Ask(b, l, 1)
		require.NoError(b, l.Close())
	}
	vmtest.Compare(b, 25, func() time.Duration {
		start := time.Now()
		ask(vmtest.OpenTTY(b, tty))
		return time.Since(start)
	}, func() time.Duration {
		start := time.Now()
		c, err := transport.Open(b.Context(), "serial://"+tty+"?baud=115200")
		require.NoError(b, err)
		ask(c)
		return time.Since(start)
	})
}
