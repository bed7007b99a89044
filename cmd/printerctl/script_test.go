package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/printerctl/printerctl/escpos/virtual"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"printerctl": main})
}

// TestScripts runs testdata/script/*.txt: the program as its users run it.
//
// Beside testscript's own commands there are
//
//	printer NAME [paper=MM] [nearend=MM] [personality=P]   a virtual printer on TCP; sets $NAME to its URI
//	paper NAME MM        load a roll
//	paperout NAME        wait until the roll has run out
//	cover NAME open|close
//	receipts NAME FILE   wait until the printer is idle, and write what came out
//	peer NAME KIND       a far end that is not ours: answer, silent, noise, hangup; sets $NAME
//	heard NAME FILE      what a peer was sent, in hex
//	refused NAME         an address where nothing listens
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
			env.Values["bench"] = &bench{printers: map[string]*virtual.Printer{}, peers: map[string]*peer{}}
			return os.Mkdir(home, 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"printer":  cmdPrinter,
			"paper":    cmdPaper,
			"paperout": cmdPaperOut,
			"cover":    cmdCover,
			"receipts": cmdReceipts,
			"peer":     cmdPeer,
			"heard":    cmdHeard,
			"refused":  cmdRefused,
		},
	})
}

// bench holds the far ends of one script.
type bench struct {
	printers map[string]*virtual.Printer
	peers    map[string]*peer
}

func benchOf(ts *testscript.TestScript) *bench { return ts.Value("bench").(*bench) }

func (b *bench) printer(ts *testscript.TestScript, name string) *virtual.Printer {
	p := b.printers[name]
	if p == nil {
		ts.Fatalf("no printer %s", name)
	}
	return p
}

func cmdPrinter(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: printer NAME [key=value]…")
	}
	cfg := &virtual.Config{}
	for _, arg := range args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		var err error
		switch key {
		case "paper":
			_, err = fmt.Sscan(value, &cfg.Paper)
		case "nearend":
			_, err = fmt.Sscan(value, &cfg.NearEnd)
		case "personality":
			cfg.Personality, err = virtual.PersonalityByName(value)
		default:
			ts.Fatalf("unknown option %s", key)
		}
		ts.Check(err)
	}
	p := virtual.New(cfg)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = p.Serve(ctx, l)
	}()
	ts.Defer(func() {
		cancel()
		_ = p.Close()
		<-served
	})
	benchOf(ts).printers[args[0]] = p
	ts.Setenv(args[0], "tcp://"+l.Addr().String())
}

func cmdPaper(ts *testscript.TestScript, _ bool, args []string) {
	var mm float64
	_, err := fmt.Sscan(args[1], &mm)
	ts.Check(err)
	benchOf(ts).printer(ts, args[0]).LoadPaper(mm)
}

func cmdPaperOut(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ts.Check(benchOf(ts).printer(ts, args[0]).Wait(ctx, func(s virtual.State) bool { return s.PaperEnd }))
}

func cmdCover(ts *testscript.TestScript, _ bool, args []string) {
	p := benchOf(ts).printer(ts, args[0])
	if args[1] == "open" {
		p.OpenCover()
		return
	}
	p.CloseCover()
}

func cmdReceipts(ts *testscript.TestScript, _ bool, args []string) {
	p := benchOf(ts).printer(ts, args[0])
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ts.Check(p.WaitIdle(ctx))
	// What the roll's end tore apart is one receipt to whoever reads it.
	var b strings.Builder
	n, torn := 0, false
	for _, r := range append(p.Receipts(), p.PendingReceipt()) {
		if !torn && len(r.Lines) > 0 {
			n++
			fmt.Fprintf(&b, "--- receipt %d\n", n)
		}
		b.WriteString(r.Text)
		torn = r.Torn
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

func cmdRefused(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], "tcp://"+l.Addr().String())
	ts.Check(l.Close())
}

// A peer is a far end written without any of our packages, so that both
// cannot be wrong in the same way.
type peer struct {
	mu    sync.Mutex
	heard []byte
}

func cmdPeer(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	p := &peer{}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				p.talk(c, args[1], args[2:])
			})
		}
	})
	ts.Defer(func() { _ = l.Close(); wg.Wait() })
	benchOf(ts).peers[args[0]] = p
	ts.Setenv(args[0], "tcp://"+l.Addr().String())
}

// talk answers as kind says: "answer AA BB CC DD" gives these bytes to
// 10 04 01 … 10 04 04.
func (p *peer) talk(c net.Conn, kind string, answers []string) {
	replies := make([]byte, len(answers))
	for i, a := range answers {
		_, _ = fmt.Sscanf(a, "%02x", &replies[i])
	}
	if kind == "hangup" {
		return
	}
	var tail []byte
	buf := make([]byte, 256)
	for {
		n, err := c.Read(buf)
		p.mu.Lock()
		p.heard = append(p.heard, buf[:n]...)
		p.mu.Unlock()
		if err != nil {
			return
		}
		for _, b := range buf[:n] {
			tail = append(tail, b)
			k := len(tail)
			if k < 3 || tail[k-3] != 0x10 || tail[k-2] != 0x04 {
				continue
			}
			switch q := int(tail[k-1]); {
			case kind == "noise":
				_, _ = io.WriteString(c, "\xffHTTP/1.0 \x80\x91 garbage\xfe")
			case kind == "answer" && q >= 1 && q <= len(replies):
				_, _ = c.Write(replies[q-1 : q])
			}
		}
	}
}

func cmdHeard(ts *testscript.TestScript, _ bool, args []string) {
	p := benchOf(ts).peers[args[0]]
	if p == nil {
		ts.Fatalf("no peer %s", args[0])
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), fmt.Appendf(nil, "% X\n", p.heard), 0o600))
}
