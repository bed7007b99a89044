package hook

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"time"

	"github.com/printerctl/printerctl/escpos/queue"
)

// TypePrefix stands before the event's kind in the type of a CloudEvent.
const TypePrefix = "io.github.printerctl."

// A Payload is an event as JSON: what a program gets on its standard input,
// and the data of a CloudEvent.
type Payload struct {
	ID      string          `json:"id"` // unique; the same when a delivery is repeated
	Event   queue.EventKind `json:"event"`
	Time    time.Time       `json:"time"`
	Printer string          `json:"printer"` // name of the lane
	URI     string          `json:"uri"`
	Text    string          `json:"text"`              // for people
	Reasons []string        `json:"reasons"`           // IPP printer-state-reasons keywords
	Initial bool            `json:"initial"`           // it was so already when the lane started
	Job     *Job            `json:"job,omitempty"`     // job events
	Status  *Status         `json:"status,omitempty"`  // printer events, where the printer said something
	Dropped int             `json:"dropped,omitempty"` // how many events before this one were lost to this hook
}

// A Job is the job that a job event is about, as it then was.
type Job struct {
	ID       string      `json:"job"`
	Origin   string      `json:"origin"` // the lane that it was queued on
	Key      string      `json:"key"`
	Title    string      `json:"title"`
	State    queue.State `json:"state"`
	Reason   string      `json:"reason"`
	Evidence string      `json:"evidence"`
	Attempt  int         `json:"attempt"`
	Reprint  bool        `json:"reprint"`
	Created  time.Time   `json:"created"`
}

// A Status is what a printer said of itself, in the words of printerctl
// status --json.
type Status struct {
	Time  time.Time `json:"time"`
	State string    `json:"state"`
	Paper string    `json:"paper"`
	Error string    `json:"error"`
}

func newPayload(e queue.Event) Payload {
	p := Payload{
		ID: "msg_" + rand.Text(), Event: e.Kind, Time: e.Time, Printer: e.Lane, URI: e.URI,
		Text: e.Text, Reasons: e.Reasons, Initial: e.Initial,
	}
	if p.Reasons == nil {
		p.Reasons = []string{}
	}
	if j := e.Job; j != nil {
		p.Job = &Job{
			ID: j.ID, Origin: j.Origin, Key: j.Key, Title: j.Title, State: j.State, Reason: j.Reason,
			Evidence: j.Evidence.String(), Attempt: j.Attempt, Reprint: j.Reprint, Created: j.Created,
		}
	}
	if s := e.Status; s != nil && (s.Answered > 0 || s.Raw.HasASB()) {
		p.Status = &Status{Time: s.Time, State: s.State().String(), Paper: s.Paper().String(), Error: s.Error().String()}
	}
	return p
}

// state is the one word for PRINTERCTL_EVENT_STATE. (PRINTERCTL_STATE
// is the state directory of printerctl, which a program may well want to run.)
func (p Payload) state() string {
	switch {
	case p.Job != nil:
		return string(p.Job.State)
	case p.Status != nil:
		return p.Status.State
	}
	return ""
}

// cloudEvent is the JSON format of CloudEvents 1.0 (CNCF, "JSON Event Format
// for CloudEvents", section 3).
type cloudEvent struct {
	SpecVersion string    `json:"specversion"`
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	Type        string    `json:"type"`
	Subject     string    `json:"subject"`
	Time        time.Time `json:"time"`
	ContentType string    `json:"datacontenttype"`
	Data        Payload   `json:"data"`
}

func (p Payload) cloudEvent() ([]byte, error) {
	source := p.URI
	if source == "" { // it must not be; a lane can do without a URI
		source = (&url.URL{Path: "/lanes/" + p.Printer}).String()
	}
	return json.Marshal(cloudEvent{
		SpecVersion: "1.0", ID: p.ID, Source: source, Type: TypePrefix + string(p.Event),
		Subject: p.Printer, Time: p.Time, ContentType: "application/json", Data: p,
	})
}
