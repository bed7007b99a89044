package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

func newDemoCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "See a receipt survive a paper change, on a virtual printer",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context()) },
	}
}

// The demo's roll: enough for half of the receipt.
const (
	demoPaper   = 98 // mm, the end sensor trips some way before
	demoNearEnd = 58 // mm left
	demoSpeed   = 32 // mm/s; a real printer is five times as fast
	demoFetch   = 2 * time.Second
)

// demo tells the story of one receipt: queued, stopped by the paper's end,
// held, resumed, and printed with evidence.
func (a *app) demo(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "printerctl-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	vp := virtual.New(&virtual.Config{Paper: demoPaper, NearEnd: demoNearEnd, Speed: demoSpeed})
	defer vp.Close()

	show := newStage(a.stdout, interactive(a.stdout))
	q, err := queue.Open(ctx, dir, &queue.Config{OnEvent: show.event})
	if err != nil {
		return err
	}
	defer q.Close()

	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	lane := queue.Lane{Name: "counter", URI: "virtual://counter", Printer: &printer.Config{
		Dial: func(context.Context) (transport.Conn, error) { return vp.Dial() },
	}}
	var wg sync.WaitGroup
	defer wg.Wait()
	runCtx, end := context.WithCancel(ctx)
	defer end()
	wg.Go(func() { _ = q.Run(runCtx, lane) })

	doc := demoReceipt()
	text := doc.PlainText()
	doc.Cut(escpos.CutPartial)
	show.say("A shop sells. The printer has paper for half of the receipt.")
	job, err := q.Enqueue(ctx, queue.Receipt{Lane: lane.Name, Key: "sale-4711", Document: doc, Title: "sale 4711"})
	if err != nil {
		return err
	}
	show.say("Receipt %s is stored on disk; from here on it is not lost.", job.ID)

	wg.Go(func() { show.follow(runCtx, vp) })
	wg.Go(func() {
		if vp.Wait(ctx, func(s virtual.State) bool { return s.PaperEnd }) != nil {
			return
		}
		select {
		case <-time.After(demoFetch):
			show.say("Somebody loads a new roll.")
			vp.LoadPaper(80_000)
		case <-ctx.Done():
		}
	})

	job, err = q.Wait(ctx, job.ID)
	if err != nil {
		return err
	}
	if err := vp.WaitIdle(ctx); err != nil {
		return err
	}
	end()
	wg.Wait()
	show.paper(vp)
	return show.verdict(job, text, vp.Printed())
}

// demoReceipt is a receipt of a shop, 40 lines of it.
func demoReceipt() *escpos.Document {
	d := new(escpos.Document)
	d.Align(escpos.Center).Bold(true).Line("GREEN BASKET").Bold(false)
	d.Line("12 Harbour Street").Align(escpos.Left).Rule('=')
	total := 0
	for i, name := range []string{
		"Organic whole milk 1 l", "Butter unsalted 250 g", "Free-range eggs, 10", "Sourdough bread 750 g",
		"Poppy seed rolls, 6", "Gouda, mild, sliced", "Greek yoghurt 10 %", "Bananas", "Tomatoes on the vine",
		"Cucumber", "Potatoes, waxy 2 kg", "Onions 1 kg", "Spaghetti no. 5", "Peeled tomatoes 400 g",
		"Olive oil 750 ml", "Sea salt 500 g", "Coffee, ground 500 g", "Dark chocolate 70 %", "Sparkling water",
		"Pilsner 20 x 0.5 l", "Dish soap lemon", "Kitchen roll, 4", "Apples, sour 1 kg", "Oat flakes 500 g",
		"Honey 500 g", "Black tea, 50 bags", "Basil in a pot", "Lemons, 4",
	} {
		cents := 89 + (i*137)%900
		total += cents
		d.Item(name, fmt.Sprintf("%d.%02d", cents/100, cents%100))
	}
	d.Rule('-').Bold(true).Item("TOTAL EUR", fmt.Sprintf("%d.%02d", total/100, total%100)).Bold(false)
	d.Align(escpos.Center).Line("Thank you for your visit!")
	return d
}

// stage shows the story: the paper on the left, what happens beside it.
type stage struct {
	mu     sync.Mutex
	w      io.Writer
	color  bool
	shown  int // lines of paper
	events []queue.EventKind
}

func newStage(w io.Writer, color bool) *stage { return &stage{w: w, color: color} }

func (s *stage) paint(code, text string) string {
	if !s.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s *stage) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintln(s.w, s.paint("1", "* "+fmt.Sprintf(format, args...)))
}

var demoWords = map[queue.EventKind]struct{ color, text string }{
	queue.PaperNearEnd: {"33", "near-end: the paper is running low; it prints on"},
	queue.PaperOut:     {"31", "out: the paper has run out in the middle of the receipt"},
	queue.LaneHolds:    {"31", "held: the receipt waits; nothing is lost, nothing is sent twice"},
	queue.PaperLoaded:  {"32", "loaded: there is paper again"},
	queue.LaneResumes:  {"32", "resumed: the printer goes on from its own buffer"},
}

// event is a hook of the queue: what it hears comes from the printer's own
// status, not from the demo.
func (s *stage) event(e queue.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e.Kind)
	if w, ok := demoWords[e.Kind]; ok && !e.Initial {
		fmt.Fprintln(s.w, s.paint(w.color, "! "+w.text))
	}
}

// follow shows the lines of paper as they come out, until the printer is
// closed or ctx ends.
func (s *stage) follow(ctx context.Context, vp *virtual.Printer) {
	length := -1.0
	for {
		err := vp.Wait(ctx, func(st virtual.State) bool {
			moved := st.Paper != length
			length = st.Paper
			return moved
		})
		if err != nil {
			return
		}
		s.paper(vp)
	}
}

// paper shows the whole lines that have not been shown.
func (s *stage) paper(vp *virtual.Printer) {
	lines := strings.Split(vp.Printed(), "\n")
	lines = lines[:len(lines)-1]
	s.mu.Lock()
	defer s.mu.Unlock()
	for ; s.shown < len(lines); s.shown++ {
		fmt.Fprintf(s.w, "    | %-48s |\n", lines[s.shown])
	}
}

// verdict tells how it ended, and compares the paper with the receipt: the
// demo does not believe its own program either.
func (s *stage) verdict(job queue.Job, receipt, paper string) error {
	if job.State != queue.Printed {
		return fmt.Errorf("demo: the receipt is %s: %s", job.State, job.Reason)
	}
	if words(paper) != words(receipt) {
		return errors.New("demo: what lies on the paper is not the receipt")
	}
	s.say("%s, evidence: %s. Every line is on the paper, once.", job.State, job.Evidence)
	return nil
}

// words removes what layout adds: both sides of the comparison may break and
// space their lines differently.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }
