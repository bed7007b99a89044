package hook

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/queue"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func accept(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	require.NoError(t, l.(*net.TCPListener).SetDeadline(time.Now().Add(20*time.Second)))
	c, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	return c
}

func start(t *testing.T, cfg *Config, hooks ...Hook) *Runner {
	t.Helper()
	cfg.Env = append(cfg.Env, "GORACE=atexit_sleep_ms=0") // its programs are this one
	r, err := Open(t.Context(), t.TempDir(), hooks, cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func TestProgramGetsTheEvent(t *testing.T) {
	t.Setenv("PRINTERCTL_TEST_SECRET", "not for programs")
	t.Setenv("NOTIFY_SOCKET", "/nowhere")
	l := listen(t)
	r := start(t, &Config{Env: []string{"PRINTERCTL_CONFIG=/etc/x.toml"}},
		Hook{Exec: self(t, "tell", l.Addr().String(), "$(id)", "two words")})
	r.Handle(paperOut())
	var got struct {
		Stdin string
		Env   []string
		Args  []string
	}
	require.NoError(t, json.NewDecoder(accept(t, l)).Decode(&got))
	require.Equal(t, []string{"$(id)", "two words"}, got.Args, "no shell sees them")
	require.True(t, strings.HasSuffix(got.Stdin, "\n"))
	var p Payload
	require.NoError(t, json.Unmarshal([]byte(got.Stdin), &p))
	require.Equal(t, queue.PaperOut, p.Event)
	require.Equal(t, "till", p.Printer)
	require.Equal(t, "out", p.Status.Paper)
	for _, want := range []string{
		"PRINTERCTL_EVENT=paper-out", "PRINTERCTL_ID=" + p.ID, "PRINTERCTL_PRINTER=till", "PRINTERCTL_URI=tcp://192.0.2.7",
		"PRINTERCTL_TIME=2026-03-04T05:06:07Z", "PRINTERCTL_REASONS=media-empty-error", "PRINTERCTL_EVENT_STATE=stopped",
		"PRINTERCTL_TEXT=out of paper: load paper", "PRINTERCTL_CONFIG=/etc/x.toml",
	} {
		require.Contains(t, got.Env, want)
	}
	env := strings.Join(got.Env, "\n")
	require.Contains(t, env, "PATH=")
	for _, not := range []string{"TEST_SECRET", "NOTIFY_SOCKET", "PRINTERCTL_JOB", "PRINTERCTL_DROPPED", "PRINTERCTL_INITIAL"} {
		require.NotContains(t, env, not)
	}

	e := jobEvent(3)
	e.Job.Title = "evil\x00title"
	r.Handle(e)
	require.NoError(t, json.NewDecoder(accept(t, l)).Decode(&got))
	for _, want := range []string{
		"PRINTERCTL_JOB=k7qd-3", "PRINTERCTL_KEY=sale-3", "PRINTERCTL_EVENT_STATE=printed",
		"PRINTERCTL_TITLE=eviltitle", "PRINTERCTL_EVIDENCE=none", "PRINTERCTL_ATTEMPT=1",
	} {
		require.Contains(t, got.Env, want)
	}
}

// What hangs is killed with all that it started; what comes after runs.
func TestHangingProgramIsKilled(t *testing.T) {
	l := listen(t)
	log, lines := newLog()
	r := start(t, &Config{Logger: log}, Hook{Name: "stuck", Exec: self(t, "hang", l.Addr().String()), Timeout: 2 * time.Second})
	r.Handle(event(queue.PaperOut))
	grandchild := accept(t, l)
	_, err := bufio.NewReader(grandchild).ReadString('\n')
	require.NoError(t, err)
	lines.wait(t, "killed", "hook=stuck", "event=paper-out")
	_, err = grandchild.Read(make([]byte, 1))
	require.Error(t, err)
	require.False(t, os.IsTimeout(err), "the kernel hung up for it: %v", err)
	r.Handle(event(queue.PaperLoaded))
	_, err = bufio.NewReader(accept(t, l)).ReadString('\n')
	require.NoError(t, err)
}

func TestProgramThatMisbehavesIsLogged(t *testing.T) {
	l := listen(t)
	log, lines := newLog()
	r := start(t, &Config{Logger: log},
		Hook{Name: "crasher", Exec: self(t, "crash")},
		Hook{Name: "flooder", Exec: self(t, "flood")},
		Hook{Name: "missing", Exec: []string{"/no/such/program"}},
		Hook{Name: "parent", Exec: self(t, "orphan", l.Addr().String())},
	)
	e := paperOut()
	e.Text = strings.Repeat("x", 100_000) // more than a pipe holds, and nobody reads it
	r.Handle(e)
	seen := map[string]string{}
	for len(seen) < 4 {
		line := lines.wait(t, "hook=")
		for _, name := range []string{"crasher", "flooder", "missing", "parent"} {
			if strings.Contains(line, "hook="+name) {
				seen[name] = line
			}
		}
	}
	require.Contains(t, seen["crasher"], "exit status 7")
	require.Contains(t, seen["crasher"], "about to crash")
	require.Contains(t, seen["flooder"], "the program ran")
	require.Contains(t, seen["flooder"], "bytes more")
	require.Less(t, len(seen["flooder"]), 6000)
	require.Contains(t, seen["missing"], "no such file")
	require.Contains(t, seen["parent"], "the program ran")
	_ = accept(t, l).Close() // lets the orphan go
}

// A program that is too slow loses the oldest events, is told how many, and
// holds up nobody else.
func TestSlowProgramLosesTheOldest(t *testing.T) {
	l, quick := listen(t), listen(t)
	r := start(t, &Config{Buffer: 4},
		Hook{Name: "slow", Exec: self(t, "hold", l.Addr().String()), Timeout: time.Minute},
		Hook{Name: "quick", Exec: self(t, "tell", quick.Addr().String()), Events: []queue.EventKind{queue.JobDoubt}})
	r.Handle(event(queue.JobQueued))
	first := accept(t, l)
	line, err := bufio.NewReader(first).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "job-queued \n", line)

	for range 10 {
		r.Handle(event(queue.JobPrinted))
	}
	r.Handle(event(queue.JobDoubt))
	accept(t, quick) // has got all that was handed in

	require.NoError(t, first.Close())
	var got []string
	for range 4 {
		c := accept(t, l)
		line, err := bufio.NewReader(c).ReadString('\n')
		require.NoError(t, err)
		got = append(got, strings.TrimSpace(line))
		require.NoError(t, c.Close())
	}
	require.Equal(t, []string{"job-printed 7", "job-printed", "job-printed", "job-doubt"}, got)
}

// Close does not wait for ever, and says what it left.
func TestCloseEndsPrograms(t *testing.T) {
	l := listen(t)
	log, lines := newLog()
	r, err := Open(t.Context(), t.TempDir(), []Hook{{Exec: self(t, "hold", l.Addr().String()), Timeout: time.Hour}},
		&Config{Logger: log, Grace: time.Millisecond})
	require.NoError(t, err)
	r.Handle(event(queue.JobQueued))
	accept(t, l)
	r.Handle(event(queue.JobPrinted))
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
	lines.wait(t, "not delivered", "event=job-printed")
	r.Handle(event(queue.JobPrinted))
}
