package main

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
)

func TestProgressOfALongReceipt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := &progress{w: &out}
		hear := func(kb int64, want string) {
			t.Helper()
			p.hear("k7qd-1", printer.Progress{Sent: kb << 10, Total: 64 << 10})
			require.Equal(t, want, out.String())
			out.Reset()
		}
		hear(1, "")
		time.Sleep(time.Second)
		hear(16, "\r\x1b[Ksending:  25 % of 64 KB")
		hear(16, "")
		hear(32, "\r\x1b[Ksending:  50 % of 64 KB")
		fmt.Fprintln(p, "no paper")
		require.Equal(t, "\r\x1b[Kno paper\n\r\x1b[Ksending:  50 % of 64 KB", out.String())
		out.Reset()
		hear(64, "\r\x1b[Ksent, waiting for the printer")
		p.end()
		p.end()
		fmt.Fprintln(p, "printed")
		require.Equal(t, "\r\x1b[Kprinted\n", out.String())
		out.Reset()
		p.hear("k7qd-2", printer.Progress{Sent: 10, Total: 10})
		require.Empty(t, out.String(), "a short one is out before it would be read")
	})
}
