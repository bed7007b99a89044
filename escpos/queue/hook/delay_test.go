package hook

import (
	"bufio"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// Receipts come out while programs hang on the first event that they were
// told, crash on each, flood their pipe, and leave their standard input full.
func TestProgramsDelayNoReceipt(t *testing.T) {
	l := listen(t)
	log, _ := newLog()
	r := start(t, &Config{Logger: log, Grace: time.Millisecond},
		Hook{Name: "hangs", Exec: self(t, "hang", l.Addr().String()), Timeout: time.Hour},
		Hook{Name: "crashes", Exec: self(t, "crash")},
		Hook{Name: "floods", Exec: self(t, "flood")},
		Hook{Name: "deaf", Exec: self(t, "hold", l.Addr().String()), Timeout: time.Hour},
	)
	q, err := queue.Open(t.Context(), t.TempDir(), &queue.Config{OnEvent: func(e queue.Event) {
		e.Text += strings.Repeat("x", 100_000) // more than a pipe holds
		r.Handle(e)
	}})
	require.NoError(t, err)
	defer func() { require.NoError(t, q.Close()) }()
	v := virtual.New(nil)
	defer func() { require.NoError(t, v.Close()) }()
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() {
		ran <- q.Run(ctx, queue.Lane{Name: "till", URI: "virtual://till", Printer: &printer.Config{
			Dial: func(context.Context) (transport.Conn, error) { return v.Dial() },
		}})
	}()
	print := func() {
		j, err := q.Enqueue(t.Context(), queue.Receipt{Lane: "till", Document: new(escpos.Document).Line("tea").Cut(escpos.CutPartial)})
		require.NoError(t, err)
		j, err = q.Wait(t.Context(), j.ID)
		require.NoError(t, err)
		require.Equal(t, queue.Printed, j.State)
	}
	print()
	for range 2 { // the one that hangs, and the deaf one
		_, err := bufio.NewReader(accept(t, l)).ReadString('\n')
		require.NoError(t, err)
	}
	for range 20 {
		print()
	}
	require.NoError(t, l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now()))
	_, err = l.Accept()
	require.Error(t, err, "they hang on their first event still")
	cancel()
	require.NoError(t, <-ran)
}
