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
		seen := func(want string) {
			t.Helper()
			p.mu.Lock()
			defer p.mu.Unlock()
			require.Equal(t, want, out.String())
			out.Reset()
		}
		hear := func(kb int64, want string) {
			t.Helper()
			p.hear("k7qd-1", printer.Progress{Sent: kb << 10, Total: 64 << 10})
			seen(want)
		}
		wait := func(d time.Duration, want string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			seen(want)
		}
		hear(1, "")
		hear(16, "")
		wait(time.Second, "\r\x1b[Ksending:  25 % of 64 KB")
		hear(16, "")
		hear(32, "\r\x1b[Ksending:  50 % of 64 KB")
		fmt.Fprintln(p, "no paper")
		wait(0, "\r\x1b[Kno paper\n\r\x1b[Ksending:  50 % of 64 KB")
		hear(64, "\r\x1b[Ksent, waiting for the printer")
		p.end()
		p.end()
		fmt.Fprintln(p, "printed")
		wait(time.Second, "\r\x1b[Kprinted\n")
		hear(64, "")
		p.end()
		wait(time.Second, "") // it was out before it would have been read
	})
}
