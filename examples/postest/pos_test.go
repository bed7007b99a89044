package postest

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestSell(t *testing.T) {
	p := virtual.NewTest(t, &virtual.Config{Paper: 20}) // the roll is all but empty
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go p.Serve(t.Context(), l)

	require.NoError(t, Sell(l.Addr().String(), "Espresso", "2.20"))
	require.NoError(t, p.Wait(t.Context(), func(s virtual.State) bool { return s.PaperEnd }))
	p.LoadPaper(2000)
	require.NoError(t, p.WaitReceipts(t.Context(), 1))
	require.Contains(t, p.Printed(), "Espresso                2.20")
}
