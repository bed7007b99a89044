package queue

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// The checker reads the paper, and holds the records against it. It can tell
// receipts that say at each of their places, in a line or a bar code, which
// receipt this is, which place, and of how many.

// place is a place of a receipt, counted from 1.
type place struct{ receipt, at, of int }

func (p place) String() string { return fmt.Sprintf("R%d %d/%d", p.receipt, p.at, p.of) }

var placeForm = regexp.MustCompile(`R(\d+) (\d+)/(\d+)`)

// placesIn returns the places that a text names.
func placesIn(text string) (all []place) {
	if !strings.Contains(text, "R") {
		return nil
	}
	for _, m := range placeForm.FindAllStringSubmatch(text, -1) {
		var p place
		for i, v := range []*int{&p.receipt, &p.at, &p.of} {
			*v, _ = strconv.Atoi(m[i+1])
		}
		all = append(all, p)
	}
	return all
}

// picture is a place without a number: what stands before it tells which it is.
var picture = escpos.Image{Source: func() image.Image {
	const w, rows = 480, 96
	img := image.NewGray(image.Rect(0, 0, w, rows))
	for y := range rows {
		for x := range w {
			img.SetGray(x, y, color.Gray{Y: uint8(255 * ((x/8 + y/8) % 2))})
		}
	}
	return img
}()}

// want is a receipt that Enqueue took.
type want struct {
	job      string
	of       int // places
	canceled bool
	expires  bool
}

// copies is what lies on paper of one receipt.
type copies struct {
	unmarked int // copies, whole or in part
	reprints int // marked copies, whole or in part
	whole    int // unmarked ones that are whole
	marked   int // marked ones that are whole
	wrong    []string
	places   []place // as read
}

// reader reads the paper of one printer.
type reader struct {
	jobs map[string]int // receipts, by the name of the job
	all  map[int]copies

	reprint bool // the first line of a mark was read,
	named   int  // and the one that names the receipt; -1: it was not
	marks   int  // which receipt what comes is a marked copy of; -1: none

	cur    place // what was read last; the zero value: nothing that counts
	whole  bool  // nothing is missing of the copy so far
	marked bool
	rows   int // of a picture
}

// readPaper tells what lies on the paper of printers.
func readPaper(wanted map[int]want, printers ...*virtual.Printer) map[int]copies {
	r := &reader{jobs: map[string]int{}, all: map[int]copies{}}
	for n, w := range wanted {
		r.jobs[w.job] = n
	}
	for _, v := range printers {
		r.named, r.marks, r.reprint, r.cur = -1, -1, false, place{}
		for _, piece := range append(v.Receipts(), v.PendingReceipt()) {
			for _, it := range piece.Items() {
				r.item(it)
			}
		}
	}
	return r.all
}

func (r *reader) item(it virtual.Item) {
	if it.Cut {
		return // read on the other side of the cut
	}
	if it.Kind == virtual.ImageItem {
		// The rows of a stripe that was interrupted are printed again.
		all, before := picture.Source.Bounds().Dy(), r.rows
		if r.rows += it.H; r.cur.at > 0 && before < all && r.rows >= all {
			r.place(place{r.cur.receipt, r.cur.at + 1, r.cur.of})
		}
		return
	}
	if it.Partial {
		return // not readable
	}
	r.rows = 0
	text := it.Text
	if it.Kind == virtual.BarcodeItem || it.Kind == virtual.SymbolItem {
		text = string(it.Data)
	}
	if places := placesIn(text); len(places) > 0 {
		if places[len(places)-1] == r.cur {
			return // the line was interrupted, and is printed again
		}
		for _, p := range places {
			r.place(p)
		}
		return
	}
	switch id, named := strings.CutPrefix(text, "Receipt "); {
	case strings.Contains(text, "REPRINT"):
		r.reprint, r.named, r.marks, r.cur = true, -1, -1, place{}
	case named:
		r.named, r.cur = -1, place{}
		if n, ok := r.jobs[id]; ok {
			r.named = n
		}
	case strings.HasPrefix(text, "Attempt ") && r.reprint:
		r.marks, r.cur = r.named, place{}
	case strings.HasPrefix(text, "Somebody else"):
		r.reprint, r.named, r.marks, r.cur = false, -1, -1, place{}
	}
}

// place takes in the next place that can be read.
func (r *reader) place(p place) {
	if p == r.cur {
		return // what was interrupted is printed again
	}
	c := r.all[p.receipt]
	c.places = append(c.places, p)
	if p.receipt != r.cur.receipt || r.cur.at == 0 || p.at < r.cur.at {
		if p.receipt == r.cur.receipt && r.cur.at > 0 && r.marked {
			c.wrong = append(c.wrong, fmt.Sprintf("%s comes after %s, without another mark", p, r.cur))
		}
		// What follows a mark that broke off, without the beginning of the
		// receipt, is a fragment of a copy that was to be marked.
		r.marked = r.marks == p.receipt || r.reprint && p.at > 1
		r.whole = p.at == 1
		if r.marked {
			c.reprints++
		} else {
			c.unmarked++
		}
		r.reprint, r.named, r.marks = false, -1, -1
	} else if p.at > r.cur.at+1 {
		r.whole = false
	}
	r.cur = p
	if p.at == p.of && r.whole {
		if r.marked {
			c.marked++
		} else {
			c.whole++
		}
	}
	r.all[p.receipt] = c
}

// check holds the records against the paper: nothing is lost, no second copy
// is unmarked, and what is recorded is what there is.
func check(ctx context.Context, q *Queue, wanted map[int]want, printers ...*virtual.Printer) (wrong []string, err error) {
	paper := readPaper(wanted, printers...)
	for _, n := range slices.Sorted(maps.Keys(wanted)) {
		w, c := wanted[n], paper[n]
		j, err := q.Job(ctx, w.job)
		if err != nil {
			return nil, err
		}
		found := append(c.wrong, judge(j, w, c)...)
		if len(found) == 0 {
			continue
		}
		var story strings.Builder
		steps, err := q.History(ctx, w.job)
		if err != nil {
			return nil, err
		}
		for _, st := range steps {
			fmt.Fprintf(&story, "\n\t%s %s %s, attempt %d, marked %v: %s; %s", st.Time.Format(time.TimeOnly), st.Lane, st.State, st.Attempt, st.Reprint, st.Reason, st.Detail)
		}
		wrong = append(wrong, fmt.Sprintf("R%d (%s): %s%s\n\ton paper: %v", n, j.ID, strings.Join(found, "; "), story.String(), c.places))
	}
	return wrong, nil
}

// judge holds one record against the paper.
func judge(j Job, w want, c copies) (wrong []string) {
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if c.unmarked > 1 {
		complain("%d unmarked copies", c.unmarked)
	}
	if n := c.unmarked + c.reprints; n > j.Attempt {
		complain("%d copies after %d attempts", n, j.Attempt)
	}
	if c.reprints > 0 && !j.Reprint {
		complain("marked, but not recorded as a reprint")
	}
	dropped := strings.HasPrefix(j.Reason, "given up") || strings.HasPrefix(j.Reason, "interrupted")
	seen := strings.HasPrefix(j.Reason, "somebody saw")
	switch {
	case j.State == Canceled && (w.canceled || dropped && j.Attempt > 0):
	case j.State == Expired && w.expires:
	case j.State != Printed:
		complain("ends as %s: %s", j.State, j.Reason)
	case seen && c.whole+c.marked == 0:
		complain("was seen, and is not there")
	case seen:
	case !j.Reprint && c.whole != 1:
		complain("printed on %s, with %d whole copies", j.Evidence, c.whole)
	case j.Reprint && c.marked == 0:
		complain("printed again on %s, and there is no whole marked copy", j.Evidence)
	}
	return wrong
}

// numberedReceipt is a receipt of n places: lines, and a picture at one of
// them, if that is within 2…n-1.
func numberedReceipt(receipt, n, pictureAt int) *escpos.Document {
	doc := new(escpos.Document)
	for l := range n {
		if l+1 == pictureAt && l > 0 && l+1 < n {
			doc.Image(picture)
			continue
		}
		doc.Line(place{receipt, l + 1, n}.String())
	}
	return doc.Feed(6).Cut(escpos.CutPartial)
}

// sawWhole tells, of a receipt in doubt, what a person says who looks at the
// paper.
func sawWhole(c copies) Resolution {
	if c.whole+c.marked > 0 {
		return ResolvePrinted
	}
	return ResolveReprint
}
