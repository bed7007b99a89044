package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/printerctl/printerctl/escpos/printer"
)

// progress is a line at the foot of a terminal that tells how much of a
// receipt has gone out. Most receipts are out before it would be read.
type progress struct {
	w io.Writer

	mu    sync.Mutex
	job   string
	line  string
	due   *time.Timer // shows the line
	shown string
}

// progressAfter is how long a receipt takes before its progress is shown.
const progressAfter = 500 * time.Millisecond

// hear takes what a queue.Lane tells of a job.
func (p *progress) hear(job string, s printer.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = fmt.Sprintf("sending: %3d %% of %d KB", 100*s.Sent/max(s.Total, 1), (s.Total+1023)/1024)
	if s.Sent == s.Total {
		p.line = "sent, waiting for the printer"
	}
	switch {
	case p.shown != "":
		p.show(p.line)
	case p.job != job:
		p.stop()
		p.due = time.AfterFunc(progressAfter, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.job == job {
				p.show(p.line)
			}
		})
	}
	p.job = job
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop()
	p.job = ""
	p.show("")
}

func (p *progress) stop() {
	if p.due != nil {
		p.due.Stop()
	}
}

func (p *progress) show(line string) {
	if line != p.shown {
		fmt.Fprint(p.w, "\r\x1b[K"+line)
		p.shown = line
	}
}

// Write takes the line away, writes, and shows it again.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := p.shown
	p.show("")
	n, err := p.w.Write(b)
	p.show(line)
	return n, err
}
