// Command status asks printers how they are. It changes nothing on them.
//
//	status tcp://192.0.2.7:9100 lp:///dev/usb/lp0
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	_ "github.com/printerctl/printerctl/transport/lp"
	_ "github.com/printerctl/printerctl/transport/serial"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: status URI…")
	}
	for _, uri := range os.Args[1:] {
		s, err := ask(uri)
		if err != nil {
			fmt.Printf("%s: %v\n", uri, err)
			continue
		}
		fmt.Printf("%s: %s, paper %s, cover open: %s, error: %s\n", uri, s.State(), s.Paper(), s.CoverOpen, s.Error())
		if s.Paper() == escpos.PaperNearEnd {
			fmt.Println("  have a new roll at hand")
		}
	}
}

func ask(uri string) (printer.Status, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	p, err := printer.Open(ctx, uri, nil)
	if err != nil {
		return printer.Status{}, err
	}
	defer p.Close()
	return p.Status(ctx)
}
