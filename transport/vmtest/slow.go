//go:build linux

package vmtest

import (
	"errors"
	"io"
	"os"
	"time"
)

// A Slow is a printer that stands still now and then, to cut or to let its
// head cool, while its line brings more. It asks the line to stop while its
// buffer is nearly full, and loses what comes when it is full.
type Slow struct {
	Buffer int             // bytes
	Rate   int             // bytes a second that it prints
	Every  int             // after so many bytes it stands still
	Pause  time.Duration   // for so long
	Hold   func(busy bool) // its way to say that it is busy

	// Results.
	Printed []byte
	Lost    int // bytes that came too many
	Holds   int // how often it was busy
}

// Print reads the line until want bytes have been printed or lost, or idle
// passes without any.
func (s *Slow) Print(line interface {
	io.Reader
	SetReadDeadline(time.Time) error
}, want int, idle time.Duration) error {
	const look = 5 * time.Millisecond
	var buffer []byte
	busy := false
	p := make([]byte, 4096)
	start, heard := time.Now(), time.Now()
	done := 0 // printed, by the clock
	pause := s.Every
	var until time.Time // it stands still
	for len(s.Printed)+s.Lost < want {
		if err := line.SetReadDeadline(time.Now().Add(look)); err != nil {
			return err
		}
		n, err := line.Read(p)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		now := time.Now()
		if n > 0 || busy {
			heard = now
		}
		if now.Sub(heard) > idle && len(buffer) == 0 {
			return nil
		}
		// What it could have printed since the last look makes room first.
		due := done
		if !now.Before(until) {
			due = int(now.Sub(start) * time.Duration(s.Rate) / time.Second)
		}
		for _, b := range p[:n] {
			if due > done && len(buffer) > 0 {
				s.Printed, buffer = append(s.Printed, buffer[0]), buffer[1:]
				done++
			}
			if len(buffer) == s.Buffer {
				s.Lost++
				continue
			}
			buffer = append(buffer, b)
		}
		m := min(due-done, len(buffer))
		s.Printed, buffer = append(s.Printed, buffer[:m]...), buffer[m:]
		done = due
		if len(s.Printed) >= pause {
			pause += s.Every
			until, start = now.Add(s.Pause), start.Add(s.Pause)
		}
		switch free := s.Buffer - len(buffer); {
		case !busy && free < s.Buffer/4:
			busy = true
			s.Holds++
			s.Hold(true)
		case busy && free > s.Buffer/2:
			busy = false
			s.Hold(false)
		}
	}
	return nil
}
