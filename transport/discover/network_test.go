package discover

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reply builds an answer to a query: the head, and n bytes of data that begin
// as those of a TM-T88V and its interface do.
func reply(function, result uint16, model string, n int) []byte {
	b := append([]byte("EPSONq\x03\x00"), make([]byte, 6)...)
	binary.BigEndian.PutUint16(b[8:], function)
	binary.BigEndian.PutUint16(b[10:], result)
	binary.BigEndian.PutUint16(b[12:], uint16(n))
	data := make([]byte, n)
	copy(data, "\x00\x05\x20\x02\x64"+model)
	return append(b, data...)
}

func TestParseENPC(t *testing.T) {
	model, ok := parseENPC(reply(0, 0, "TM-T88V", 0x85))
	require.True(t, ok)
	require.Equal(t, "TM-T88V", model)

	model, ok = parseENPC(reply(0, 0, "", 0))
	require.True(t, ok, "an Epson interface that tells no model")
	require.Empty(t, model)

	for name, b := range map[string][]byte{
		"empty":             nil,
		"cut short":         []byte("EPSONq\x03"),
		"a query":           enpcQueries[0],
		"another protocol":  []byte("\x45\x50\x53\x4f\x4e\x50 no such packet"),
		"no such device":    reply(0, 0xfffe, "TM", 20),
		"unsupported":       reply(0, 0xffff, "TM", 20),
		"another function":  reply(0x10, 0, "TM", 20),
		"not a printer":     bytes.Replace(reply(0, 0, "TM", 20), []byte("q\x03"), []byte("q\x05"), 1),
		"other maker's tag": bytes.Replace(reply(0, 0, "TM", 20), []byte("EPSON"), []byte("EPSIN"), 1),
	} {
		_, ok := parseENPC(b)
		require.False(t, ok, name)
	}
}

func FuzzParseENPC(f *testing.F) {
	f.Add(reply(0, 0, "TM-T88V", 0x85))
	f.Add(enpcQueries[1])
	f.Fuzz(func(t *testing.T, b []byte) {
		model, ok := parseENPC(b)
		if !ok && model != "" {
			t.Fatalf("%q from an answer that is none", model)
		}
		for _, r := range model {
			if r < 0x20 || r > 0x7e {
				t.Fatalf("%q would reach a terminal", model)
			}
		}
	})
}

// responder is an Epson network interface on loopback: it answers one form of
// the query.
func responder(t *testing.T, form int, answer []byte) (addr string) {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 100)
		for {
			n, from, err := conn.ReadFromUDP(buf)
			if err != nil {
				return
			}
			if bytes.Equal(buf[:n], enpcQueries[form]) {
				_, _ = conn.WriteToUDP([]byte("noise"), from)
				_, _ = conn.WriteToUDP(answer, from)
				_, _ = conn.WriteToUDP(answer, from) // once to each interface
			}
		}
	})
	t.Cleanup(func() { _ = conn.Close(); wg.Wait() })
	return conn.LocalAddr().String()
}

func TestNetwork(t *testing.T) {
	for form := range enpcQueries {
		f := &Finder{Broadcast: []string{responder(t, form, reply(0, 0, "TM-T88V", 0x85))}}
		got, err := f.Network(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Device{{
			Kind: Network, URI: "tcp://127.0.0.1", Maker: "EPSON", Model: "TM-T88V",
			Proof: ESCPOS, Evidence: "it answered Epson's printer query (ENPC)",
		}}, got)
	}
}

func TestNetworkSilent(t *testing.T) {
	f := &Finder{Broadcast: []string{responder(t, 0, []byte("EPSONq\x03"))}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := f.Network(ctx)
	require.NoError(t, err)
	require.Empty(t, got)
}

// Of a range, those that accept are found; nothing is said to them.
func TestRange(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	heard := make(chan int, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		n, _ := conn.Read(make([]byte, 16))
		heard <- n
	}()

	f := &Finder{Port: uint16(n)}
	got, err := f.Range(t.Context(), netip.MustParsePrefix("127.0.0.0/30"))
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "tcp://"+l.Addr().String(), got[0].URI)
	require.Equal(t, Unproven, got[0].Proof)
	require.Zero(t, <-heard, "not a byte is sent to a stranger")

	_, err = f.Range(t.Context(), netip.MustParsePrefix("127.0.0.0/21"))
	require.ErrorContains(t, err, "more than 1024")
	_, err = f.Range(t.Context(), netip.Prefix{})
	require.Error(t, err)
}

func TestNetworkURI(t *testing.T) {
	require.Equal(t, "tcp://192.0.2.7", networkURI(netip.MustParseAddr("192.0.2.7"), 9100))
	require.Equal(t, "tcp://[2001:db8::7]", networkURI(netip.MustParseAddr("2001:db8::7"), 9100))
	require.Equal(t, "tcp://[2001:db8::7]:9101", networkURI(netip.MustParseAddr("2001:db8::7"), 9101))
}

func TestBroadcastOf(t *testing.T) {
	for network, want := range map[string]string{
		"192.0.2.7/24": "192.0.2.255", "10.1.2.3/8": "10.255.255.255", "198.51.100.9/29": "198.51.100.15",
	} {
		require.Equal(t, want, broadcastOf(netip.MustParsePrefix(network)).String())
	}
}
