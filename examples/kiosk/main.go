// Command kiosk has two printers and nobody who looks at them. When the first
// one cannot print for a while, its receipts come out of the second one, and
// whoever looks after the kiosk is called by a webhook.
//
//	WEBHOOK_SECRET=whsec_… kiosk tcp://192.0.2.7 tcp://192.0.2.8 https://shop.example/kiosk /var/lib/kiosk
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/queue/hook"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: kiosk URI BACKUP-URI WEBHOOK DIR")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

// serve prints one ticket, on whichever printer can.
func serve(ctx context.Context, uri, backup, webhook, dir string) (err error) {
	hooks, err := hook.Open(ctx, dir, []hook.Hook{{
		URL:    webhook,
		Secret: os.Getenv("WEBHOOK_SECRET"),
		Events: []queue.EventKind{queue.LaneHolds, queue.LaneResumes, queue.JobPrinted, queue.JobReprinted, queue.JobDoubt},
		// The usual roll change is nobody's business.
		OnlyIfLasts: time.Second,
		// A kiosk that is switched on without paper is.
		AtStart: true,
	}}, &hook.Config{Logger: slog.Default()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hooks.Close()) }()
	q, err := queue.Open(ctx, dir, &queue.Config{OnEvent: hooks.Handle})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }() // ends Run as well

	go func() {
		err := q.Run(ctx,
			// A customer who waits does not want the rest of a ticket that
			// lay half printed before the roll was changed: Restart. Nobody is
			// there to be asked: Reprint.
			queue.Lane{
				Name: "front", URI: uri, AfterStop: queue.Restart, AfterDoubt: queue.Reprint,
				Backup: "back", BackupAfter: 2 * time.Second,
			},
			queue.Lane{Name: "back", URI: backup, AfterStop: queue.Restart, AfterDoubt: queue.Reprint},
		)
		if err != nil {
			log.Print(err)
		}
	}()

	ticket := new(escpos.Document).
		Align(escpos.Center).Size(2, 2).Line("A 117").Size(1, 1).
		Line("Please wait until you are called").
		Cut(escpos.CutFull)
	job, err := q.Enqueue(ctx, queue.Receipt{Lane: "front", Key: "ticket-117", Document: ticket})
	if err != nil {
		return err
	}
	if job, err = q.Wait(ctx, job.ID); err != nil {
		return err
	}
	fmt.Printf("%s on the %s printer\n", job.State, job.Lane)
	return nil
}
