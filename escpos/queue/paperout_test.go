package queue

import (
	"context"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/virtual"
)

// paperReceipts are the receipts that paper ends under. They tell in which
// receipt, at which place, and of how many places they are.
var paperReceipts = []struct {
	name  string
	build func(receipt int) (doc *escpos.Document, places int)
}{
	{"plain", func(receipt int) (*escpos.Document, int) {
		const n = 12
		return numberedReceipt(receipt, n, 0), n
	}},
	{"styles, columns, codes, Chinese", func(receipt int) (*escpos.Document, int) {
		const n = 11
		at := func(i int) string { return place{receipt, i, n}.String() }
		doc := new(escpos.Document)
		doc.Align(escpos.Center).Size(2, 2).Bold(true).Line(at(1)).ResetStyle()
		doc.Rule('-')
		doc.Row(escpos.Column{Text: at(2)}, escpos.Column{Text: at(3), Align: escpos.Right})
		doc.Item(at(4)+" 牛肉面", "¥ 28.00").Underline(1).Item(at(5)+" 茶", "¥ 6.00").Underline(0)
		doc.Font(escpos.FontB).Line(at(6)).Font(escpos.FontA).Invert(true).Line(at(7)).Invert(false)
		doc.Align(escpos.Center).Barcode(escpos.Barcode{Symbology: escpos.Code128, Data: at(8), Height: 60, Width: 2, HRI: escpos.HRIBelow})
		doc.QR(escpos.QR{Data: at(9), Size: 5})
		doc.Line("谢谢 " + at(10)).ResetStyle()
		return doc.Line(at(n)).Feed(2).Cut(escpos.CutPartial), n
	}},
	{"an image, two cuts, the drawer", func(receipt int) (*escpos.Document, int) {
		const n = 6
		at := func(i int) string { return place{receipt, i, n}.String() }
		doc := new(escpos.Document)
		doc.Drawer(2, 100*time.Millisecond, 400*time.Millisecond)
		doc.Line(at(1)).Image(picture).Line(at(3)).Feed(3).Cut(escpos.CutPartial)
		doc.Line(at(4)).FeedDots(50).Line(at(5))
		return doc.Line(at(n)).Feed(2).Cut(escpos.CutFull), n
	}},
}

// The paper ends at every command boundary and at every line of three
// receipts, once or on two rolls in a row, under both policies, on printers
// that echo and that do not, that keep their buffer and that lose it. What
// lies on the paper afterwards is one unmarked copy, or fragments and a marked
// one, and the record agrees.
//
// Every place is visited in one of the combinations; in all of them, and on two
// rolls as well, where PRINTERCTL_SOAK_COUNT is set.
func TestSoakOfPaperEnds(t *testing.T) {
	soak := os.Getenv("PRINTERCTL_SOAK_COUNT") != ""
	models := [2]string{virtual.DefaultPersonality, "tm-t88iii"}
	var ends [len(models)][]paperEnd
	for m, model := range models {
		pers, err := virtual.PersonalityByName(model)
		require.NoError(t, err)
		for r := range paperReceipts {
			ends[m] = append(ends[m], paperEnds(t, pers, r)...)
		}
	}
	combinations, cases := 16, 0
	if !soak {
		combinations = 8 // one roll each
	}
	for c := range combinations {
		pers, err := virtual.PersonalityByName(models[c&1])
		require.NoError(t, err)
		pers.LosesBuffer = c&2 != 0
		policy := []StopPolicy{Resume, Restart}[c>>2&1]
		rolls := 1 + c>>3
		t.Run(fmt.Sprintf("%s/loses=%v/policy=%d/rolls=%d", pers.Name, pers.LosesBuffer, policy, rolls), func(t *testing.T) {
			var visit []paperEnd
			for i, e := range ends[c&1] {
				if soak || i%combinations == c {
					visit = append(visit, e)
				}
			}
			cases += len(visit)
			endPaperAt(t, pers, policy, visit, rolls)
		})
	}
	t.Logf("paper ended at %d and %d places, in %d cases", len(ends[0]), len(ends[1]), cases)
}

// paperEnd is where paper ends under a receipt.
type paperEnd struct {
	receipt int // of paperReceipts
	mm      float64
}

func (e paperEnd) String() string {
	return fmt.Sprintf("%s, a roll of %.2f mm", paperReceipts[e.receipt].name, e.mm)
}

// paperEnds returns the rolls that end at a command boundary of a
// receipt, or inside a command after a line's height.
func paperEnds(t *testing.T, pers *virtual.Personality, receipt int) (ends []paperEnd) {
	var sent []byte
	on(t, virtual.Config{Personality: pers}, func(t *testing.T, b *bench) {
		doc, _ := paperReceipts[receipt].build(0)
		j := b.enqueue(doc)
		stop := b.run(b.lane())
		require.Equal(t, Printed, b.wait(j).State)
		stop()
		for _, r := range append(b.v.Receipts(), b.v.PendingReceipt()) {
			sent = append(sent, r.Raw...)
		}
	})
	v := virtual.NewTest(t, &virtual.Config{Personality: pers})
	host, err := v.Dial()
	require.NoError(t, err)
	defer host.Close()
	v.LoadPaper(1000)
	sensor := v.Personality().EndSensorMM
	line := float64(v.Personality().LineSpacing) * 25.4 / float64(v.Personality().DPI)
	used := 0.0
	ends = append(ends, paperEnd{receipt, sensor})
	for c := range escpos.Commands(sent) {
		_, err := host.Write(c.Bytes)
		require.NoError(t, err)
		now := 1000 - v.State().Paper
		for used+1.5*line < now {
			used += line
			ends = append(ends, paperEnd{receipt, sensor + used})
		}
		if now > used {
			ends = append(ends, paperEnd{receipt, sensor + now})
		}
		used = now
	}
	require.Greater(t, len(ends), 5)
	return ends
}

// endPaperAt prints the receipts, each on as many of its rolls, and then on one
// that does not end.
func endPaperAt(t *testing.T, pers *virtual.Personality, policy StopPolicy, ends []paperEnd, rolls int) {
	on(t, virtual.Config{Personality: pers, Keep: 1 << 20}, func(t *testing.T, b *bench) {
		lane := b.lane()
		lane.AfterStop, lane.AfterDoubt = policy, Reprint
		lane.Printer.ConfirmTimeout = 5 * time.Second
		wanted := map[int]want{}
		_, err := b.q.s.conn.ExecContext(t.Context(), "PRAGMA synchronous = OFF") // it is not the machine that fails
		require.NoError(t, err)
		stop := b.run(lane)
		for i, e := range ends {
			time.Sleep(time.Second)
			b.v.LoadPaper(e.mm)
			time.Sleep(time.Second)
			doc, n := paperReceipts[e.receipt].build(i)
			j := b.enqueue(doc)
			wanted[i] = want{job: j.ID, of: n}
			time.Sleep(10 * time.Second)
			require.True(t, b.v.State().PaperEnd)
			for range rolls - 1 {
				b.v.LoadPaper(e.mm)
				time.Sleep(30 * time.Second)
			}
			b.v.LoadPaper(80_000)
			require.Equal(t, Printed, b.wait(j).State, "%s", e)
		}
		synctest.Wait()
		stop()
		wrong, err := check(context.Background(), b.q, wanted, b.v)
		require.NoError(t, err)
		require.Empty(t, wrong, "%s", ends)
	})
}
