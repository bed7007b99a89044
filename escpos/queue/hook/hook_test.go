package hook

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
)

// TestMain runs the tests, or is one of the programs that they need.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "as-program" {
		program(os.Args[2], os.Args[3:])
		return
	}
	goleak.VerifyTestMain(m)
}

func self(t *testing.T, args ...string) []string {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	return append([]string{exe, "as-program"}, args...)
}

func program(what string, args []string) {
	switch what {
	case "tell": // standard input and environment, to a listener
		in, _ := io.ReadAll(os.Stdin)
		tell(args[0], map[string]any{"stdin": string(in), "env": os.Environ(), "args": args[1:]})
	case "crash":
		fmt.Println("about to crash")
		os.Exit(7)
	case "flood": // far more than fits into a pipe, and standard input unread
		for range 1 << 10 {
			fmt.Println(strings.Repeat("spam ", 1000))
		}
	case "hang": // with a child that hangs too, and says when both do
		cmd := exec.Command(os.Args[0], "as-program", "hold", args[0])
		_ = cmd.Run()
	case "hold": // until the listener hangs up
		c, err := net.Dial("tcp", args[0])
		if err != nil {
			return
		}
		fmt.Fprintln(c, os.Getenv("PRINTERCTL_EVENT")+" "+os.Getenv("PRINTERCTL_DROPPED"))
		_, _ = io.Copy(io.Discard, c)
	case "orphan": // leaves a child behind that keeps the output open
		_ = exec.Command(os.Args[0], "as-program", "hold", args[0]).Start()
	case "deliver": // events to a webhook, until killed
		r, err := Open(context.Background(), args[0], []Hook{{URL: args[1], Timeout: time.Second}}, nil)
		if err != nil {
			panic(err)
		}
		n, _ := strconv.Atoi(args[2])
		for i := range n {
			r.Handle(jobEvent(i))
		}
		select {}
	}
}

func tell(addr string, v any) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer c.Close()
	_ = json.NewEncoder(c).Encode(v)
}

// logged is a log that a test can wait for.
type logged struct{ lines chan string }

func newLog() (*slog.Logger, *logged) {
	l := &logged{lines: make(chan string, 10_000)}
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})), l
}

func (l *logged) Write(b []byte) (int, error) {
	l.lines <- string(b)
	return len(b), nil
}

// wait returns the next line that has all the words.
func (l *logged) wait(t *testing.T, words ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
next:
	for {
		select {
		case line := <-l.lines:
			for _, w := range words {
				if !strings.Contains(line, w) {
					continue next
				}
			}
			return line
		case <-ctx.Done():
			require.Fail(t, "not logged", "%q", words)
		}
	}
}

var someTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func paperOut() queue.Event {
	return queue.Event{
		Kind: queue.PaperOut, Time: someTime, Lane: "till", URI: "tcp://192.0.2.7", Text: "out of paper: load paper",
		Reasons: []string{"media-empty-error"},
		Status: &printer.Status{
			Status: escpos.Status{Online: escpos.No, PaperEnd: escpos.Yes}, Time: someTime, Asked: 4, Answered: 4,
		},
	}
}

func event(k queue.EventKind) queue.Event {
	return queue.Event{Kind: k, Time: someTime, Lane: "till", URI: "tcp://192.0.2.7"}
}

func jobEvent(i int) queue.Event {
	e := event(queue.JobPrinted)
	e.Job = &queue.Job{ID: fmt.Sprintf("k7qd-%d", i), Lane: "till", Origin: "till", Key: fmt.Sprintf("sale-%d", i), State: queue.Printed, Attempt: 1}
	return e
}

// Every event of the queue can be asked for, but the one that says that
// events are missing: that is told to every hook.
func TestKindsAreAllThereAre(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../event.go", nil, 0)
	require.NoError(t, err)
	var declared []queue.EventKind
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "EventKind" {
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			if k := queue.EventKind(word); k != queue.Dropped {
				declared = append(declared, k)
			}
		}
		return true
	})
	require.NotEmpty(t, declared)
	require.ElementsMatch(t, declared, Kinds())
}

func TestCheck(t *testing.T) {
	good := "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	require.NoError(t, Hook{URL: "https://shop.example/x", Secret: good}.Check())
	require.NoError(t, Hook{Exec: []string{"true"}, Events: []queue.EventKind{queue.PaperOut}}.Check())
	for _, bad := range []struct {
		h    Hook
		says string
	}{
		{Hook{}, "neither a program nor a URL"},
		{Hook{Exec: []string{"true"}, URL: "https://shop.example"}, "a program and a URL"},
		{Hook{Exec: []string{""}}, "no name"},
		{Hook{Exec: []string{"a\x00b"}}, "NUL"},
		{Hook{Exec: []string{"true"}, Secret: good}, "a secret signs requests"},
		{Hook{URL: "ftp://shop.example"}, "http or https"},
		{Hook{URL: "shop.example/x"}, "http or https"},
		{Hook{URL: "https://shop.example", Secret: "hunter2"}, "begin with"},
		{Hook{URL: "https://shop.example", Secret: "whsec_!"}, "base64"},
		{Hook{URL: "https://shop.example", Secret: "whsec_AAAA"}, "3 bytes, not 24 to 64"},
		{Hook{URL: "https://shop.example", Timeout: -1}, "negative"},
		{Hook{URL: "https://shop.example", Events: []queue.EventKind{"papr-out"}}, `no event "papr-out"`},
	} {
		err := bad.h.Check()
		require.ErrorIs(t, err, ErrHook, bad.says)
		require.ErrorContains(t, err, bad.says)
	}
	_, err := Open(t.Context(), t.TempDir(), []Hook{{Exec: []string{"true"}}, {}}, nil)
	require.ErrorContains(t, err, "hook 2: ")
}

func TestRing(t *testing.T) {
	r := newRing[int](3)
	for i := range 5 {
		r.put(i)
	}
	v, dropped, ok, _ := r.take()
	require.True(t, ok)
	require.Equal(t, 2, v)
	require.Equal(t, 2, dropped)
	r.close()
	r.put(9)
	for _, want := range []int{3, 4} {
		v, dropped, ok, _ = r.take()
		require.True(t, ok)
		require.Equal(t, want, v)
		require.Zero(t, dropped)
	}
	_, _, ok, ended := r.take()
	require.False(t, ok)
	require.True(t, ended)
}
