package hook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/queue/hook"
)

// deliver hands events to hooks, as queue.Config.OnEvent would, and waits
// until they are delivered.
func deliver(hooks []hook.Hook, events ...queue.Event) {
	dir, err := os.MkdirTemp("", "hooks")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	r, err := hook.Open(context.Background(), dir, hooks, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range events {
		r.Handle(e)
	}
	if err := r.Close(); err != nil {
		log.Fatal(err)
	}
}

// A program is started for each event; no shell sees its arguments.
func Example_exec() {
	f, err := os.CreateTemp("", "calls")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	deliver([]hook.Hook{{
		Exec:   []string{"tee", "-a", f.Name()}, // the event comes on its standard input
		Events: []queue.EventKind{queue.PaperOut, queue.PaperLoaded},
	}},
		queue.Event{Kind: queue.PaperOut, Lane: "till", Text: "out of paper: load paper"},
		queue.Event{Kind: queue.JobQueued, Lane: "till"}, // it did not ask for that
		queue.Event{Kind: queue.PaperLoaded, Lane: "till", Text: "paper loaded"},
	)
	for dec := json.NewDecoder(f); dec.More(); {
		var p hook.Payload
		if err := dec.Decode(&p); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s on %s: %s\n", p.Event, p.Printer, p.Text)
	}
	// Output:
	// paper-out on till: out of paper: load paper
	// paper-loaded on till: paper loaded
}

// A webhook is a signed POST of a CloudEvent.
func Example_webhook() {
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var event struct {
			Type, Subject string
			Data          hook.Payload
		}
		if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Type, event.Subject)
		fmt.Println(event.Data.Text)
		fmt.Println("signed:", r.Header.Get("Webhook-Signature") != "")
	}))
	defer shop.Close()
	deliver([]hook.Hook{{URL: shop.URL, Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}},
		queue.Event{Kind: queue.PaperOut, Lane: "till", Text: "out of paper: load paper"})
	// Output:
	// io.github.printerctl.paper-out till
	// out of paper: load paper
	// signed: true
}
