package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	maxOutput = 4 << 10     // of a program, for the log
	pipeDelay = time.Second // for what it left behind to let go of its output
)

// runAll runs a hook's program for each event, until the Runner ends.
func (r *Runner) runAll(s *sink) {
	for {
		p, dropped, ok, ended := s.runs.take()
		switch {
		case r.ctx.Err() != nil:
			if ok {
				s.log.Warn("an event was not delivered: the service ended", "event", p.Event, "id", p.ID)
				continue
			}
			if ended {
				return
			}
			<-s.runs.ready
		case ok:
			p.Dropped += dropped
			if dropped > 0 {
				s.log.Error("the program is too slow; the oldest events made room", "events", dropped)
			}
			r.start(s, p)
		case ended:
			return
		default:
			<-s.runs.ready
		}
	}
}

// start runs the program for one event, and waits for it.
func (r *Runner) start(s *sink, p Payload) {
	in, err := json.Marshal(p)
	if err != nil {
		s.log.Error("an event cannot be written as JSON", "event", p.Event, "error", err)
		return
	}
	ctx, cancel := context.WithTimeout(r.ctx, s.timeout())
	defer cancel()
	out := &head{max: maxOutput}
	cmd := exec.CommandContext(ctx, s.Exec[0], s.Exec[1:]...)
	cmd.Env = append(append(baseEnv(os.Environ()), r.cfg.Env...), p.env()...)
	cmd.Stdin = bytes.NewReader(append(in, '\n'))
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = pipeDelay
	ownGroup(cmd)
	began := time.Now()
	err = cmd.Run()
	log := s.log.With("event", p.Event, "id", p.ID, "took", time.Since(began).Round(time.Millisecond))
	text := out.String()
	if text != "" {
		log = log.With("output", text)
	}
	switch {
	case ctx.Err() != nil && r.ctx.Err() == nil:
		log.Warn("the program was killed: it took too long", "limit", s.timeout())
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		log.Warn("the program failed", "error", err)
	case text != "":
		log.Info("the program ran")
	default:
		log.Debug("the program ran")
	}
}

// inherited are the variables that a program gets from this process. What
// else is there may be meant for this process alone: secrets, the service
// manager's socket.
var inherited = [...]string{
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR",
	"SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "TEMP", "TMP",
	"USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA",
}

func baseEnv(environ []string) []string {
	var env []string
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		keep := strings.HasPrefix(name, "LC_")
		for _, in := range inherited {
			keep = keep || strings.EqualFold(name, in)
		}
		if keep {
			env = append(env, kv)
		}
	}
	return env
}

// env is the event as environment variables.
func (p Payload) env() []string {
	var env []string
	add := func(name, value string) {
		// No variable can hold a NUL, and a title may come from anywhere.
		env = append(env, "PRINTERCTL_"+name+"="+strings.ReplaceAll(value, "\x00", ""))
	}
	add("EVENT", string(p.Event))
	add("ID", p.ID)
	add("PRINTER", p.Printer)
	add("URI", p.URI)
	add("TIME", p.Time.Format(time.RFC3339Nano))
	add("REASONS", strings.Join(p.Reasons, ","))
	add("TEXT", p.Text)
	add("EVENT_STATE", p.state())
	if j := p.Job; j != nil {
		add("JOB", j.ID)
		add("KEY", j.Key)
		add("TITLE", j.Title)
		add("EVIDENCE", j.Evidence)
		add("ATTEMPT", strconv.Itoa(j.Attempt))
	}
	if p.Initial {
		add("INITIAL", "true")
	}
	if p.Dropped > 0 {
		add("DROPPED", strconv.Itoa(p.Dropped))
	}
	return env
}

// head keeps the first bytes that are written to it, and counts the rest.
type head struct {
	max  int
	kept []byte
	lost int64
}

func (h *head) Write(b []byte) (int, error) {
	n := min(len(b), h.max-len(h.kept))
	h.kept = append(h.kept, b[:n]...)
	h.lost += int64(len(b) - n)
	return len(b), nil
}

func (h *head) String() string {
	s := strings.TrimRight(strings.ToValidUTF8(string(h.kept), "�"), "\r\n")
	if h.lost > 0 {
		s += fmt.Sprintf(" … and %d bytes more", h.lost)
	}
	return s
}

// hideURL keeps a webhook's URL out of the log: its path may be a secret.
func hideURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}
