package virtual

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Console lets a program in any language stand at the printer: it reads
// commands from r, one a line, and answers each with one line on w, which
// begins with "ok" or "error". It returns when r ends or a write fails.
//
//	load MM          put a roll of so many mm in
//	remove           take the roll out
//	open, close      the cover
//	jam, unjam       the cutter
//	heat, cool       the print head
//	break            an error that only power-off clears
//	press, release   the FEED button
//	drawer high|low  pin 3 of the drawer connector
//	cut-link         pull the cable
//	hang-up          end the connections in good order
//	power off|on
//	status           ok and a JSON object
//	receipts         ok and how many have come out
//	receipt N        ok and the text of receipt N, as a JSON string
//	pending          ok and the text on the paper in the printer, as a JSON string
//	wait idle [D]              until all that was received is printed
//	wait receipt N [D]         until N receipts have come out
//	wait online|offline [D]    D is a time such as 5s; without it there is no limit
//	help
func (p *Printer) Console(ctx context.Context, r io.Reader, w io.Writer) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 256), 4096)
	for in.Scan() {
		answer, err := p.obey(ctx, strings.Fields(in.Text()))
		if err != nil {
			answer = "error " + strings.ReplaceAll(err.Error(), "\n", "; ")
		} else {
			answer = strings.TrimSpace("ok " + answer)
		}
		if _, err := fmt.Fprintln(w, answer); err != nil {
			return err
		}
	}
	return in.Err()
}

// ServeConsole is Console over a network: one session a connection. It
// returns nil when ctx has ended. There is no password: listen on a loopback
// address.
func (p *Printer) ServeConsole(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var sessions sync.WaitGroup
	defer sessions.Wait()
	defer cancel()
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		sessions.Go(func() {
			stop := context.AfterFunc(ctx, func() { _ = c.Close() })
			defer stop()
			defer c.Close()
			_ = p.Console(ctx, c, c) // the peer has hung up
		})
	}
}

// obey executes one console command.
func (p *Printer) obey(ctx context.Context, words []string) (string, error) {
	if len(words) == 0 {
		return "", nil // an empty line is a line, and is answered
	}
	verb, args := words[0], words[1:]
	act, known := map[string]func(){
		"remove": p.RemovePaper, "open": p.OpenCover, "close": p.CloseCover,
		"jam": p.JamCutter, "unjam": p.ClearJam, "heat": p.OverheatHead, "cool": p.CoolHead, "break": p.Break,
		"press": p.PressFeed, "release": p.ReleaseFeed, "cut-link": p.CutLink, "hang-up": p.HangUp,
	}[verb]
	if known {
		if len(args) > 0 {
			return "", fmt.Errorf("%s takes no argument", verb)
		}
		act()
		return "", nil
	}
	switch verb {
	case "load":
		if len(args) != 1 {
			return "", errors.New("load takes a length in mm")
		}
		mm, err := length(args[0])
		if err != nil {
			return "", fmt.Errorf("load takes a length in mm: %w", err)
		}
		p.LoadPaper(mm)
		return "", nil
	case "power", "drawer":
		return "", p.toggle(verb, args)
	case "status":
		b, err := json.Marshal(p.State())
		return string(b), err
	case "receipts":
		return strconv.Itoa(p.State().Receipts), nil
	case "receipt":
		return p.quoteReceipt(args)
	case "pending":
		b, err := json.Marshal(p.Pending())
		return string(b), err
	case "wait":
		return "", p.obeyWait(ctx, args)
	case "help":
		return "load MM, remove, open, close, jam, unjam, heat, cool, break, press, release, drawer high|low, cut-link, hang-up, power off|on, status, receipts, receipt N, pending, wait idle|online|offline [D], wait receipt N [D]", nil
	}
	return "", fmt.Errorf("unknown command %q (try help)", verb)
}

func (p *Printer) toggle(what string, args []string) error {
	switch what + " " + strings.Join(args, " ") {
	case "power off":
		p.PowerOff()
	case "power on":
		p.PowerOn()
	case "drawer high":
		p.SetDrawerPin3(true)
	case "drawer low":
		p.SetDrawerPin3(false)
	default:
		return errors.New("write power off, power on, drawer high or drawer low")
	}
	return nil
}

func (p *Printer) quoteReceipt(args []string) (string, error) {
	if len(args) == 1 {
		if n, err := strconv.Atoi(args[0]); err == nil {
			for _, r := range p.Receipts() {
				if r.Number == n {
					b, err := json.Marshal(r.Text)
					return string(b), err
				}
			}
			return "", fmt.Errorf("there is no receipt %d", n)
		}
	}
	return "", errors.New("receipt takes a number")
}

func (p *Printer) obeyWait(ctx context.Context, args []string) error {
	usage := errors.New("write wait idle, wait online, wait offline or wait receipt N, and a time such as 5s if there is a limit")
	if len(args) == 0 {
		return usage
	}
	what, args := args[0], args[1:]
	var ok func(State) bool
	switch what {
	case "idle":
		ok = func(s State) bool { return s.Idle }
	case "online":
		ok = func(s State) bool { return s.Online }
	case "offline":
		ok = func(s State) bool { return !s.Online }
	case "receipt":
		if len(args) == 0 {
			return usage
		}
		n, err := strconv.Atoi(args[0])
		if err != nil {
			return usage
		}
		args = args[1:]
		ok = func(s State) bool { return s.Receipts >= n }
	default:
		return usage
	}
	if len(args) > 1 {
		return usage
	}
	if len(args) == 1 {
		d, err := time.ParseDuration(args[0])
		if err != nil {
			return usage
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	if err := p.Wait(ctx, ok); err != nil {
		return fmt.Errorf("gave up waiting for %s: %w", what, err)
	}
	return nil
}
