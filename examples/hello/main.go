// Command hello prints a receipt and tells whether it came out.
//
//	hello tcp://192.0.2.7:9100
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: hello URI")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	p, err := printer.Open(ctx, os.Args[1], nil)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()

	var d escpos.Document
	d.Align(escpos.Center).Bold(true).Size(2, 2).Line("CORNER SHOP").ResetStyle()
	d.Item("Espresso", "2.20").Item("Croissant", "1.90").Rule('-')
	d.Bold(true).Item("TOTAL", "4.10").Bold(false)
	d.Cut(escpos.CutPartial)

	r, err := p.Print(ctx, &printer.Job{Document: &d})
	if err != nil {
		log.Fatalf("%s: %v", r.Outcome, err)
	}
	fmt.Printf("%s, evidence: %s\n", r.Outcome, r.Evidence)
}
