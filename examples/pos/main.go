// Command pos sells while the paper is being changed. Every sale is enqueued
// and done with at once; what is printed comes out as soon as there is paper,
// in the order of the sales.
//
//	pos tcp://192.0.2.7:9100 /var/lib/shop
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/queue"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

const till = "till"

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: pos URI DIR <SALES")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := open(ctx, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

// open keeps the shop open until there are no more sales, and waits for the
// last receipt.
func open(ctx context.Context, uri, dir string) error {
	q, err := queue.Open(ctx, dir, &queue.Config{OnEvent: tellCashier})
	if err != nil {
		return err
	}
	defer q.Close() // ends Run as well
	go func() {
		if err := q.Run(ctx, queue.Lane{Name: till, URI: uri}); err != nil {
			log.Print(err)
		}
	}()

	var jobs []queue.Job
	sales := bufio.NewScanner(os.Stdin) // one article a line
	for sales.Scan() {
		// Once Enqueue has returned, the receipt is on the disk. The number of
		// the sale as its key makes it safe to try again.
		n := len(jobs) + 1
		job, err := q.Enqueue(ctx, queue.Receipt{
			Lane: till, Key: fmt.Sprintf("sale-%d", n), Title: sales.Text(), Document: receipt(n, sales.Text()),
		})
		if err != nil {
			return err
		}
		fmt.Printf("sold: %s\n", sales.Text())
		jobs = append(jobs, job)
	}
	for _, job := range jobs {
		job, err := q.Wait(ctx, job.ID)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", job.Key, job.State)
	}
	return sales.Err()
}

func receipt(n int, article string) *escpos.Document {
	return new(escpos.Document).
		Align(escpos.Center).Line(fmt.Sprintf("SALE %d", n)).Align(escpos.Left).
		Item(article, "4.50").Rule('-').
		Bold(true).Item("TOTAL", "4.50").Bold(false).
		Cut(escpos.CutPartial)
}

// tellCashier shows what a person has to do, and that it is done.
func tellCashier(e queue.Event) {
	switch e.Kind {
	case queue.LaneHolds, queue.LaneResumes, queue.PaperNearEnd:
		fmt.Printf("printer: %s\n", e.Text)
	}
}
