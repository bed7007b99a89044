package queue

import (
	"fmt"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// Marks are the words that stand above a receipt that is not simply the
// first copy from its own lane. The zero value stands for English.
type Marks struct {
	Reprint string // "*** REPRINT ***"
	Receipt string // before the receipt's id: "Receipt"
	Attempt string // before the number of the attempt: "Attempt"
	From    string // before the name of the lane that it was meant for: "From"
	Time    string // how times are written, for time.Format: "2006-01-02 15:04:05"
}

func (m Marks) orDefaults() Marks {
	for _, f := range []struct {
		word *string
		def  string
	}{
		{&m.Reprint, "*** REPRINT ***"},
		{&m.Receipt, "Receipt"},
		{&m.Attempt, "Attempt"},
		{&m.From, "From"},
		{&m.Time, time.DateTime},
	} {
		if *f.word == "" {
			*f.word = f.def
		}
	}
	return m
}

// mark puts above a document what a person must know of this copy.
func (m Marks) mark(doc *escpos.Document, j Job, now time.Time) *escpos.Document {
	moved := j.Lane != j.Origin
	if !j.Reprint && !moved {
		return doc
	}
	m = m.orDefaults()
	head := new(escpos.Document).Align(escpos.Center)
	if j.Reprint {
		head.Bold(true).Line(m.Reprint).Bold(false)
	}
	if moved {
		head.Line(fmt.Sprintf("%s %s", m.From, j.Origin))
	}
	head.Line(fmt.Sprintf("%s %s", m.Receipt, j.ID))
	if j.Reprint {
		head.Line(fmt.Sprintf("%s %d, %s", m.Attempt, j.Attempt, now.Format(m.Time)))
	}
	return head.ResetStyle().Append(doc)
}
