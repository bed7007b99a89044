package printer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/transport"
)

func TestWordsOfAResult(t *testing.T) {
	require.Equal(t, printer.Doubt, printer.Result{}.Outcome, "what is not known to be settled is in doubt")
	require.Equal(t, "printed", printer.Printed.String())
	require.Equal(t, "Outcome(9)", printer.Outcome(9).String())
	require.Equal(t, "Evidence(9)", printer.Evidence(9).String())
	for e, word := range map[printer.Evidence]string{
		printer.EvidenceNone: "none", printer.EvidenceSent: "sent", printer.EvidenceCounter: "counter",
		printer.EvidencePaperStatus: "paper-status", printer.EvidenceProcessID: "process-id",
	} {
		b, err := json.Marshal(e)
		require.NoError(t, err)
		require.Equal(t, `"`+word+`"`, string(b))
		var back printer.Evidence
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, e, back)
	}
	var e printer.Evidence
	require.Error(t, json.Unmarshal([]byte(`"hearsay"`), &e))
}

func TestErrorsNameTheCure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := device(t, nil, nil)
		v.RemovePaper()
		_, err := p.Print(t.Context(), &printer.Job{
			Document: receipt(1),
			OnStall:  func(printer.Stall) printer.Action { return printer.Abandon },
		})
		require.EqualError(t, err, "print virtual://test: abandoned: out of paper (load paper)")
		require.NoError(t, p.Close())
		_, err = p.Status(t.Context())
		require.EqualError(t, err, "status virtual://test: printer closed")
		require.ErrorIs(t, err, printer.ErrLinkLost)
		_, err = p.Print(t.Context(), nil)
		require.ErrorContains(t, err, "job without a document")
	})
}

func TestStopped(t *testing.T) {
	for _, c := range []struct {
		answers [5]byte
		want    error
	}{
		{healthy, nil},
		{[5]byte{}, nil},
		{noPaper, printer.ErrPaperEnd},
		{[5]byte{0, 0x1A, 0x36, 0x12, 0x72}, printer.ErrCoverOpen},
		{[5]byte{0, 0x1A, 0x52, 0x1A, 0x12}, printer.ErrCutter},
		{[5]byte{0, 0x1A, 0x52, 0x32, 0x12}, printer.ErrFault},
		{[5]byte{0, 0x1A, 0x12, 0x12, 0x12}, printer.ErrOffline},
	} {
		var s escpos.Status
		for n := 1; n <= 4; n++ {
			s.ApplyRealTime(n, c.answers[n], escpos.Sensors{})
		}
		require.Equal(t, c.want, printer.Stopped(s), "% X", c.answers[1:])
	}
}

// mute is a medium without a back channel that holds bytes back: a parallel
// port.
type mute struct {
	net.Conn
	empty time.Time // when it has handed over what it holds
}

func (m *mute) Read([]byte) (int, error) { return 0, transport.ErrNoBackChannel }

func (m *mute) Drain(ctx context.Context) error {
	select {
	case <-time.After(time.Until(m.empty)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestAMediumThatCannotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, farEnd := net.Pipe()
		f := &far{Conn: farEnd}
		done := make(chan struct{})
		go func() {
			defer close(done)
			f.listen(func(int) {})
		}()
		p := printer.New(&mute{Conn: near, empty: time.Now().Add(time.Minute)}, "lp:///dev/lp0", nil)
		began := time.Now()
		s, err := p.Status(t.Context())
		require.NoError(t, err)
		require.Zero(t, s.Answered)
		require.Less(t, time.Since(began), time.Second, "there is nothing to wait for")

		// What the medium holds back is not sent yet.
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		res, err := p.Print(ctx, &printer.Job{Document: receipt(3)})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, printer.Doubt, res.Outcome)

		res, err = p.Print(t.Context(), &printer.Job{Document: receipt(3)})
		require.NoError(t, err)
		require.Equal(t, printer.EvidenceSent, res.Evidence)
		require.GreaterOrEqual(t, time.Since(began), time.Minute)
		require.Len(t, res.Stalls, 1)
		require.True(t, res.Stalls[0].Blocked)
		require.NoError(t, p.Close())
		require.NoError(t, farEnd.Close())
		<-done
	})
}

func TestASwitchedOffPrinterEndsTheLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, f := link(t, nil, answers(healthy))
		f.say(0x3B, 0x31, 0) // power on
		<-p.Done()
		require.ErrorIs(t, p.Err(), printer.ErrLinkLost)
		require.NotErrorIs(t, p.Err(), printer.ErrClosed)
	})
}

// What ended with its context says so in words, not in Go's.
func TestReasonsAreForPeople(t *testing.T) {
	cases := []struct {
		name   string
		script func(*far)
		after  time.Duration
		reason string
	}{
		{"paper is out", answers(noPaper), time.Minute, "out of time before anything was sent: out of paper"},
		{"not confirmed", busy(time.Second / 2), 10 * time.Second, "out of time before the printer confirmed the receipt"},
		{"takes no more", func(f *far) { f.limit = 400; answers(healthy)(f) }, time.Hour, "out of time in the middle of the receipt: no answer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				known := printer.Capabilities{RealTime: talks, ProcessID: escpos.Yes}
				p, _ := link(t, &printer.Config{Known: known}, c.script)
				ctx, cancel := context.WithTimeout(t.Context(), c.after)
				defer cancel()
				_, err := p.Print(ctx, &printer.Job{Document: receipt(60)})
				var e *printer.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, c.reason, e.Reason())
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.NotContains(t, err.Error(), "context")
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p, _ := link(t, nil, answers([5]byte{}))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := p.Status(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.EqualError(t, err, "status pipe://test: stopped")
		_, err = p.Print(ctx, &printer.Job{Document: receipt(1)})
		require.EqualError(t, err, "print pipe://test: stopped before anything was sent")
	})
	lost := &transport.OpError{Op: "read", URI: "tcp://192.0.2.7:9100", Err: transport.ErrRefused, Cure: "wait"}
	e := &printer.Error{Op: "print", URI: "tcp://192.0.2.7:9100", Err: fmt.Errorf("%w: %w", printer.ErrLinkLost, lost)}
	require.Equal(t, "link lost: "+transport.ErrRefused.Error(), e.Reason())
}
