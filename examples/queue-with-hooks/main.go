// Command queue-with-hooks keeps receipts in a durable queue and hears what
// happens to them. Pull the paper out while it prints: the receipt waits, and
// goes on when paper is back.
//
//	queue-with-hooks tcp://192.0.2.7:9100 /var/lib/shop
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/queue"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: queue-with-hooks URI DIR")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	q, err := queue.Open(ctx, os.Args[2], &queue.Config{OnEvent: hook})
	if err != nil {
		log.Fatal(err)
	}
	defer q.Close()

	lane := queue.Lane{Name: "counter", URI: os.Args[1]}
	runCtx, end := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- q.Run(runCtx, lane) }()

	var d escpos.Document
	for i := 1; i <= 40; i++ {
		d.Item(fmt.Sprintf("Article %02d", i), "1.00")
	}
	d.Bold(true).Item("TOTAL", "40.00").Cut(escpos.CutPartial)

	// The same key is the same sale: to enqueue it twice prints it once.
	job, err := q.Enqueue(ctx, queue.Receipt{Lane: lane.Name, Key: "sale-4711", Document: &d})
	if err != nil {
		log.Fatal(err)
	}
	if job, err = q.Wait(ctx, job.ID); err != nil {
		log.Fatal(err)
	}
	end()
	<-ran
	fmt.Printf("%s, evidence: %s\n", job.State, job.Evidence)
}

// hook hears events in order. What is raised is cleared again, with the same
// lane: paper-out by paper-loaded, lane-held by lane-resumed.
func hook(e queue.Event) {
	fmt.Printf("%s: %s %s\n", e.Lane, e.Kind, e.Text)
}
