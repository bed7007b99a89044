package examples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Sales go on while the paper is out; all receipts come out afterwards, in
// order, each once.
func TestPOS(t *testing.T) {
	p, uri := serve(t, nil)
	p.RemovePaper()
	articles := []string{"Espresso", "Croissant", "Marmalade", "Newspaper", "Sandwich"}
	cmd := exec.CommandContext(t.Context(), build(t, "pos"), uri, t.TempDir())
	sales, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	require.NoError(t, cmd.Start())

	said := &lines{t: t, r: out}
	said.wait("printer: out of paper")
	for _, a := range articles {
		_, err := io.WriteString(sales, a+"\n")
		require.NoError(t, err)
		said.wait("sold: " + a)
	}
	require.NotContains(t, p.Printed(), "SALE")
	p.LoadPaper(2000)
	said.wait("printer: printing goes on")
	require.NoError(t, sales.Close())
	said.wait("sale-5: printed")
	require.NoError(t, cmd.Wait(), "%s", &wrong)

	rest := p.Printed()
	for _, a := range articles {
		require.Equal(t, 1, strings.Count(p.Printed(), a))
		_, after, found := strings.Cut(rest, a)
		require.True(t, found, "%s came out of order", a)
		rest = after
	}
}

// lines waits for what a program says.
type lines struct {
	t    *testing.T
	r    io.Reader
	seen []byte
}

func (l *lines) wait(words string) {
	l.t.Helper()
	for !bytes.Contains(l.seen, []byte(words)) {
		buf := make([]byte, 1024)
		n, err := l.r.Read(buf)
		l.seen = append(l.seen, buf[:n]...)
		if n == 0 {
			require.NoError(l.t, err, "waiting for %q; heard %s", words, l.seen)
		}
	}
}

// The first printer has no paper: the ticket comes out of the second one,
// headed with where it came from, and the webhook tells of both.
func TestKiosk(t *testing.T) {
	front, uri := serve(t, nil)
	back, backupURI := serve(t, nil)
	front.RemovePaper()
	type call struct {
		id, signature string
		kind          string
	}
	calls := make(chan call, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		var ce struct{ ID, Type, Subject string }
		_ = json.NewDecoder(req.Body).Decode(&ce)
		calls <- call{ce.ID, req.Header.Get("webhook-signature"), ce.Subject + " " + ce.Type}
	}))
	defer srv.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, build(t, "kiosk"), uri, backupURI, srv.URL, t.TempDir())
	cmd.Env = append(os.Environ(), "WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)

	require.Contains(t, string(out), "printed on the back printer")
	require.NotContains(t, front.Printed(), "A 117")
	require.Contains(t, back.Printed(), "From front")
	require.Equal(t, 1, strings.Count(back.Printed(), "A 117"))
	close(calls)
	var heard []string
	for c := range calls {
		require.True(t, strings.HasPrefix(c.signature, "v1,"))
		require.NotEmpty(t, c.id)
		heard = append(heard, c.kind)
	}
	require.Equal(t, []string{"front io.github.printerctl.lane-held", "back io.github.printerctl.job-printed"}, heard)
}

// The unit starts the program as it is to be started.
func TestSystemdUnit(t *testing.T) {
	unit, err := os.ReadFile("systemd/printerctl.service")
	require.NoError(t, err)
	for _, line := range []string{"Type=notify", "WatchdogSec=60s", "User=printerctl", "SupplementaryGroups=lp dialout", "NoNewPrivileges=yes"} {
		require.Contains(t, string(unit), "\n"+line+"\n")
	}
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // no systemd here to ask
	}
	out, _ := exec.CommandContext(t.Context(), verify, "verify", "systemd/printerctl.service").CombinedOutput()
	for line := range strings.Lines(string(out)) {
		require.NotRegexp(t, `printerctl\.service:\d+: `, line)
	}
}
