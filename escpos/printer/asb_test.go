package printer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
)

// alreadyOn has automatic status on for somebody else: a board, a DIP switch,
// a host that was here before. A frame shows it, with the connection or
// between the first answers.
func alreadyOn(before int, all [5]byte) func(*far) {
	return func(f *far) {
		asked := 0
		frame := func() {
			if asked == before {
				f.say(0x10, 0, 0, 0)
			}
			asked++
		}
		f.onASB = func(mask byte) {
			if mask != 0 {
				f.say(0x10, 0, 0, 0)
			}
		}
		f.onGSr = func() { f.say(0) }
		frame()
		f.listen(func(n int) {
			frame()
			f.say(all[n])
		})
	}
}

// What others have switched on is not switched off behind them.
func TestAutomaticStatusOfOthersStaysOn(t *testing.T) {
	off := string([]byte{0x1D, 'a', 0})
	uses := map[string]func(*testing.T, *printer.Printer){
		"watch": func(t *testing.T, p *printer.Printer) {
			w, err := p.Watch(t.Context(), nil)
			require.NoError(t, err)
			<-w.C()
			time.Sleep(5 * time.Minute)
			w.Close()
		},
		"info": func(t *testing.T, p *printer.Printer) {
			_, err := p.Info(t.Context())
			require.NoError(t, err)
		},
		"print": func(t *testing.T, p *printer.Printer) {
			_, err := p.Print(t.Context(), &printer.Job{Document: receipt(3)})
			require.NoError(t, err)
		},
		"status": func(t *testing.T, p *printer.Printer) {
			_, err := p.Status(t.Context())
			require.NoError(t, err)
		},
	}
	for name, use := range uses {
		t.Run(name, func(t *testing.T) {
			for before := range 5 {
				synctest.Test(t, func(t *testing.T) {
					p, f := link(t, nil, alreadyOn(before, healthy))
					use(t, p)
					require.NoError(t, p.Close())
					require.NotContains(t, string(f.received()), off, "frame before answer %d", before)
					if name == "status" {
						require.NotContains(t, string(f.received()), "\x1Da")
					}
				})
			}
		})
	}
}
