package ieee1284_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport/ieee1284"
)

const epson = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;CID:EpsonPOS;"

func TestParseResponse(t *testing.T) {
	be := append([]byte{0, byte(len(epson) + 2)}, epson...)
	for name, b := range map[string][]byte{
		"big-endian":        be,
		"bytes past the id": append(be[:len(be):len(be)], "heap of another program"...),
		"little-endian":     append([]byte{byte(len(epson) + 2), 0}, epson...),
		"length too large":  append([]byte{0xff, 0xff}, epson...),
		"NUL at the end":    append([]byte{0, byte(len(epson) + 3)}, epson+"\x00"...),
	} {
		id, err := ieee1284.ParseResponse(b)
		require.NoError(t, err, name)
		require.Equal(t, ieee1284.DeviceID(epson), id, name)
	}
	for _, b := range [][]byte{nil, {0}, {0, 0}, {0, 1, 'M'}} {
		_, err := ieee1284.ParseResponse(b)
		require.ErrorIs(t, err, ieee1284.ErrDeviceID)
	}
}

func TestDeviceID(t *testing.T) {
	id := ieee1284.Parse(epson + "\n")
	require.Equal(t, "EPSON", id.Manufacturer())
	require.Equal(t, "TM-T88V", id.Model())
	require.Equal(t, "PRINTER", id.Class())
	require.Equal(t, "EPSON TM-T88V", id.Description())
	require.True(t, id.ESCPOS())

	id = "manufacturer: ACME ; command set: PCL, escpos ;MODEL:X1;junk;SN:42"
	require.Equal(t, "ACME", id.Manufacturer())
	require.Equal(t, "X1", id.Model())
	require.Equal(t, []string{"PCL", "escpos"}, id.CommandSets())
	require.True(t, id.ESCPOS())
	require.Equal(t, "42", id.SerialNumber())

	require.False(t, ieee1284.DeviceID("").ESCPOS())
	require.Empty(t, ieee1284.DeviceID("").CommandSets())
}

func TestPortStatus(t *testing.T) {
	for b, want := range map[ieee1284.PortStatus]string{
		0x18: "paper present, selected, no error",
		0x38: "paper empty, selected, no error",
		0x20: "paper empty, not selected, error",
	} {
		require.Equal(t, want, b.String())
	}
}

func FuzzParseResponse(f *testing.F) {
	f.Add([]byte(epson))
	f.Add(append([]byte{0, byte(len(epson) + 2)}, epson...))
	f.Fuzz(func(t *testing.T, b []byte) {
		id, err := ieee1284.ParseResponse(b)
		if err != nil {
			return
		}
		if strings.ContainsRune(string(id), 0) {
			t.Fatalf("NUL in %q", id)
		}
		for key := range id.All() {
			if key != strings.ToUpper(key) {
				t.Fatalf("key %q", key)
			}
		}
	})
}
