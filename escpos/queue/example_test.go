package queue_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/virtual"
	"github.com/printerctl/printerctl/transport"
)

// A receipt is stored, printed, and known to be printed.
func ExampleQueue() {
	dir, err := os.MkdirTemp("", "receipts")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	v := virtual.New(nil) // a printer made of software
	defer v.Close()

	ctx, cancel := context.WithCancel(context.Background())
	q, err := queue.Open(ctx, dir, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer q.Close()
	done := make(chan error, 1)
	go func() {
		done <- q.Run(ctx, queue.Lane{Name: "till", URI: "virtual://till", Printer: &printer.Config{
			Dial: func(context.Context) (transport.Conn, error) { return v.Dial() },
		}})
	}()

	doc := new(escpos.Document).Item("Milk", "1.29").Feed(4).Cut(escpos.CutPartial)
	job, err := q.Enqueue(ctx, queue.Receipt{Lane: "till", Key: "sale-4711", Document: doc})
	if err != nil {
		log.Fatal(err) // nothing was stored
	}
	job, err = q.Wait(ctx, job.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(job.State, job.Evidence)

	// The same key again is the same receipt: nothing more comes out.
	again, err := q.Enqueue(ctx, queue.Receipt{Lane: "till", Key: "sale-4711", Document: doc})
	fmt.Println(again.ID == job.ID, err)

	cancel()
	if err := <-done; err != nil {
		log.Fatal(err)
	}
	// Output:
	// printed process-id
	// true <nil>
}
