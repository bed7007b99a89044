package virtual_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

func dialSerial(t *testing.T, p *virtual.Printer, s virtual.Serial) host {
	t.Helper()
	c, err := p.DialSerial(s)
	require.NoError(t, err)
	return host{t, c}
}

func TestSerialWithoutFlowControlLosesData(t *testing.T) {
	p, first := start(t, nil)
	require.NoError(t, first.Close())
	h := dialSerial(t, p, virtual.Serial{})
	require.True(t, h.Conn.(transport.RateConn).Lossy())
	p.OpenCover()
	h.send(strings.Repeat("0123456\n", 1000)) // into 4096 bytes
	h.send(eot2)
	h.expect("\x16") // heard all the same
	p.CloseCover()
	require.Equal(t, strings.Repeat("0123456\n", 512), p.Pending())
}

func TestSerialXONXOFF(t *testing.T) {
	p, first := start(t, nil)
	require.NoError(t, first.Close())
	h := dialSerial(t, p, virtual.Serial{Flow: virtual.FlowXONXOFF})
	require.True(t, h.Conn.(transport.FlowConn).SoftwareFlow())
	p.OpenCover()
	h.send(strings.Repeat("0123456\n", 495))
	h.silent()
	h.send("0123456\n")
	h.expect("\x13")
	h.send(eot2)
	h.expect("\x16")
	p.CloseCover()
	h.expect("\x11")
	require.Equal(t, strings.Repeat("0123456\n", 496), p.Pending())
}

func TestSerialIsBusyWhenOffline(t *testing.T) {
	pers := personality(t, "modern-epson")
	pers.BusyWhenOffline = true
	p, first := start(t, &virtual.Config{Personality: pers})
	require.NoError(t, first.Close())
	h := dialSerial(t, p, virtual.Serial{Flow: virtual.FlowXONXOFF})
	p.OpenCover()
	h.expect("\x13")
	h.send(eot2)
	h.expect("\x16")
	p.CloseCover()
	h.expect("\x11")
}

func TestSerialTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, first := start(t, nil)
		require.NoError(t, first.Close())
		h := dialSerial(t, p, virtual.Serial{Baud: 9600})
		began := time.Now()
		h.send(strings.Repeat("x", 960))
		require.InDelta(t, 1, time.Since(began).Seconds(), 0.01)
	})
}
