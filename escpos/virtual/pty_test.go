//go:build unix

package virtual_test

import (
	"context"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestPTY(t *testing.T) {
	p := virtual.New(nil)
	defer p.Close()
	tty, err := p.OpenPTY()
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tty.Serve(ctx) }()

	for range 2 { // programs come and go
		f, err := os.OpenFile(tty.Name(), os.O_RDWR, 0)
		require.NoError(t, err)
		_, err = io.WriteString(f, "through a terminal\n"+askPaper)
		require.NoError(t, err)
		b := make([]byte, 1)
		_, err = io.ReadFull(f, b)
		require.NoError(t, err)
		require.Equal(t, []byte{0}, b)
		require.NoError(t, f.Close())
	}
	require.Equal(t, "through a terminal\nthrough a terminal\n", p.Pending())
	cancel()
	require.NoError(t, <-done)
}
