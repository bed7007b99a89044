package printer_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

func ExamplePrinter_Status() {
	ctx := context.Background()
	p, err := printer.Open(ctx, "virtual://", nil) // or tcp://192.0.2.7, usb://, …
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	s, err := p.Status(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.State(), s.Paper(), s.Answered, "of", s.Asked)
	// Output: ready ok 4 of 4
}

func ExamplePrinter_Print() {
	ctx := context.Background()
	p, err := printer.Open(ctx, "virtual://", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	doc := new(escpos.Document).
		Item("Tea", "2.40").
		Item("Cake", "3.10").
		Cut(escpos.CutPartial)
	res, err := p.Print(ctx, &printer.Job{Document: doc})
	if err != nil {
		log.Fatal(err) // res.Outcome tells whether it is safe to try again
	}
	fmt.Printf("%s, known by %s\n", res.Outcome, res.Evidence)
	// Output: printed, known by process-id
}

// A receipt waits for paper in the middle of it.
func ExampleJob_onStall() {
	ctx := context.Background()
	// A printer made of software, with paper for a few lines.
	v := virtual.New(&virtual.Config{Paper: 60})
	defer v.Close()
	cfg := &printer.Config{Dial: func(context.Context) (transport.Conn, error) { return v.Dial() }}
	p, err := printer.Open(ctx, "virtual://", cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()

	doc := new(escpos.Document)
	for i := range 40 {
		doc.Line(fmt.Sprintf("item %d", i+1))
	}
	res, err := p.Print(ctx, &printer.Job{
		Document: doc.Cut(escpos.CutPartial),
		OnStall: func(s printer.Stall) printer.Action {
			if errors.Is(s.Err(), printer.ErrPaperEnd) {
				fmt.Println("please load paper")
				v.LoadPaper(80_000) // somebody does
			}
			return printer.Resume
		},
		OnResume: func(printer.Stall) { fmt.Println("thank you") },
	})
	fmt.Println(res.Outcome, err)
	// Output:
	// please load paper
	// thank you
	// printed <nil>
}

func ExamplePrinter_Watch() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	v := virtual.New(nil)
	defer v.Close()
	conn, err := v.Dial()
	if err != nil {
		log.Fatal(err)
	}
	p := printer.New(conn, "virtual://", nil)
	defer p.Close()
	w, err := p.Watch(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()
	fmt.Println((<-w.C()).Status.Paper())
	v.RemovePaper()
	fmt.Println((<-w.C()).Status.Paper())
	// Output:
	// ok
	// out
}

func ExampleDialer() {
	d := printer.Dialer{
		URI: "virtual://",
		OnError: func(err error, wait time.Duration) {
			fmt.Println("trying again in", wait, "because", err)
		},
	}
	for range 2 { // a lane does this for as long as it runs
		p, err := d.Dial(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("connected to", p.URI())
		p.Close() // or it broke: <-p.Done()
	}
	// Output:
	// connected to virtual://
	// connected to virtual://
}

// A logo is stored once, when the printer is set up: its memory wears out.
func ExamplePrinter_Logos() {
	ctx := context.Background()
	p, err := printer.Open(ctx, "virtual://", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	logo := escpos.Image{Source: image.NewGray(image.Rect(0, 0, 64, 64))}
	if _, err := p.Print(ctx, &printer.Job{Document: new(escpos.Document).StoreLogo("A1", logo)}); err != nil {
		log.Fatal(err)
	}
	kept, err := p.Logos(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kept.Keys, kept.Capacity-kept.Free, "bytes")
	// Output: [A1] 512 bytes
}
