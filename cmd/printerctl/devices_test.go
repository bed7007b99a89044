//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport/discover"
)

// bareSysfs is a device tree with one USB printer that nobody can open here.
func bareSysfs(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write := func(path, text string) {
		path = filepath.Join(root, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text+"\n"), 0o644))
	}
	const dev, iface = "bus/usb/devices/9-1/", "bus/usb/devices/9-1:1.0/"
	write(dev+"idVendor", "04b8")
	write(dev+"idProduct", "0e2a")
	write(dev+"manufacturer", "EPSON")
	write(dev+"product", "TM-T88V")
	write(dev+"serial", "J5KF017")
	write(iface+"bInterfaceClass", "07")
	write(iface+"bInterfaceSubClass", "01")
	write(iface+"bInterfaceProtocol", "02")
	write(iface+"ieee1284_id", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;")
	return root
}

// listen runs a virtual printer on loopback.
func listen(t *testing.T) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := virtual.New(nil)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- p.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		<-served
		require.NoError(t, p.Close())
	})
	return l.Addr()
}

func runDevices(t *testing.T, d *devices) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	d.app.stdout, d.app.stderr = &out, &errs
	require.NoError(t, d.run(t.Context()))
	return out.String(), errs.String()
}

func TestDevices(t *testing.T) {
	addr := listen(t)
	_, port, err := net.SplitHostPort(addr.String())
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	finder := &discover.Finder{SysFS: bareSysfs(t), Port: uint16(n)}
	newRun := func() *devices {
		return &devices{app: &app{timeout: 3 * time.Second}, finder: finder, local: true, network: "127.0.0.1"}
	}

	table, hint := runDevices(t, newRun())
	require.Contains(t, table, "04b8:0e2a/J5KF017")
	require.Contains(t, table, "EPSON TM-T88V")
	require.Contains(t, table, "its device id names ESC/POS")
	require.Regexp(t, `tcp://`+addr.String()+` +- +unknown`, table)
	require.Contains(t, hint, "printerctl status -p")

	d := newRun()
	d.json, d.probe = true, true
	out, _ := runDevices(t, d)
	byURI := map[string]found{}
	for line := range strings.Lines(out) {
		var f found
		require.NoError(t, json.Unmarshal([]byte(line), &f))
		byURI[f.URI] = f
	}
	virtualPrinter := byURI["tcp://"+addr.String()]
	require.Equal(t, "network", virtualPrinter.Kind)
	require.Equal(t, "esc/pos", virtualPrinter.Proof, "it has answered")
	require.Equal(t, &probed{Answered: 4, State: "ready"}, virtualPrinter.Probe)
}

func TestDevicesNone(t *testing.T) {
	d := &devices{app: &app{}, finder: &discover.Finder{SysFS: t.TempDir()}, local: true}
	table, hint := runDevices(t, d)
	require.Empty(t, table)
	require.Contains(t, hint, "No printer found")
	require.Contains(t, hint, "--network RANGE")
}

func TestParseRange(t *testing.T) {
	for s, want := range map[string]string{"192.0.2.7": "192.0.2.7/32", "192.0.2.0/24": "192.0.2.0/24", "2001:db8::/118": "2001:db8::/118"} {
		p, err := parseRange(s)
		require.NoError(t, err)
		require.Equal(t, want, p.String())
	}
	for s, cure := range map[string]string{
		"192.0.2": "192.0.2.0/24", "10.0.0.0/8": "10.0.0.0/24", "printer": "192.0.2.0/24", "2001:db8::/64": "smaller range",
	} {
		_, err := parseRange(s)
		require.ErrorContains(t, err, cure)
	}
}
