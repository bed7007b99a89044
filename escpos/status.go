package escpos

// Status is what a printer has said of itself. The zero value says nothing:
// every field is Unknown.
//
// The field names are Epson's. A Status is built from answers with
// ApplyRealTime and ApplyASB; the derived views are Paper, State, Severity
// and Reasons.
type Status struct {
	Online            Tri // the printer takes and executes commands
	WaitingOnline     Tri // stopped, waits for a FEED press or a command to go on
	CoverOpen         Tri
	PaperEnd          Tri // the end sensor sees no paper. Unknown while the cover is open
	PaperNearEnd      Tri // Unknown while the cover is open, and where no sensor is known of
	StoppedByPaperEnd Tri // printing stopped because of the paper end; DLE EOT only
	FeedingByButton   Tri
	FeedButtonPressed Tri

	ErrorExists          Tri // any error at all
	RecoverableError     Tri // cleared by removing the cause and DLE ENQ
	AutocutterError      Tri
	UnrecoverableError   Tri // power off; service
	AutoRecoverableError Tri // goes by itself: head temperature, cover open while printing

	// DrawerPin3High is the level of pin 3 of the drawer connector. What the
	// level means depends on how the drawer is wired.
	DrawerPin3High Tri

	// NonConforming is set when an answer had a sensor pair half set, or
	// fixed bits wrong. Such a pair is Unknown here.
	NonConforming bool

	// Raw holds what the fields rest on.
	Raw RawStatus
}

// RawStatus keeps the bytes as they came.
type RawStatus struct {
	RealTime [5]byte // by n: RealTime[1] … RealTime[4]; 0 where unanswered
	ASB      ASB     // the zero value where no frame came
}

// Has reports whether the answer to DLE EOT n is there.
func (r RawStatus) Has(n int) bool { return n >= 1 && n <= 4 && r.RealTime[n] != 0 }

// HasASB reports whether an ASB frame is there.
func (r RawStatus) HasASB() bool { return r.ASB[0] != 0 }

// Sensors is what is known about a printer's equipment, apart from what it
// says. The zero value knows nothing.
type Sensors struct {
	// NearEnd tells whether the printer has a near-end sensor. Where it is
	// Unknown, a near-end bit that is off means nothing and reads Unknown;
	// a bit that is on is believed. Where it is No, the bit is ignored.
	NearEnd Tri
}

func (s Sensors) nearEnd(v Tri) Tri {
	switch s.NearEnd {
	case Yes:
		return v
	case No:
		return Unknown
	}
	if v == Yes {
		return Yes
	}
	return Unknown
}

// ApplyRealTime takes in the answer b to DLE EOT n, for n from 1 to 4. It
// reports whether b is a DLE EOT answer at all; if not, nothing changes.
// Source: Epson ESC/POS, DLE EOT.
func (s *Status) ApplyRealTime(n int, b byte, has Sensors) bool {
	if n < 1 || n > 4 || !IsRealTimeReply(b) {
		return false
	}
	s.Raw.RealTime[n] = b
	switch n {
	case 1:
		s.DrawerPin3High = bit(b, 0x04)
		s.Online = bit(b, 0x08).Not()
		s.WaitingOnline = bit(b, 0x20)
		s.FeedButtonPressed = bit(b, 0x40)
	case 2:
		s.CoverOpen = bit(b, 0x04)
		s.FeedingByButton = bit(b, 0x08)
		s.StoppedByPaperEnd = bit(b, 0x20)
		s.ErrorExists = bit(b, 0x40)
	case 3:
		s.RecoverableError = bit(b, 0x04)
		s.AutocutterError = bit(b, 0x08)
		s.UnrecoverableError = bit(b, 0x20)
		s.AutoRecoverableError = bit(b, 0x40)
	case 4:
		s.sensors(pair(b, 0x0C), pair(b, 0x60), has)
	}
	s.settle()
	return true
}

// ApplyASB takes in a frame of automatic status back. Every frame carries
// every item, whatever the mask of GS a was. Source: Epson ESC/POS, GS a.
func (s *Status) ApplyASB(a ASB, has Sensors) {
	s.Raw.ASB = a
	s.DrawerPin3High = bit(a[0], 0x04)
	s.Online = bit(a[0], 0x08).Not()
	s.CoverOpen = bit(a[0], 0x20)
	s.FeedingByButton = bit(a[0], 0x40)
	s.WaitingOnline = bit(a[1], 0x01)
	s.FeedButtonPressed = bit(a[1], 0x02)
	s.RecoverableError = bit(a[1], 0x04)
	s.AutocutterError = bit(a[1], 0x08)
	s.UnrecoverableError = bit(a[1], 0x20)
	s.AutoRecoverableError = bit(a[1], 0x40)
	s.ErrorExists = bit(a[1], 0x6C)
	s.StoppedByPaperEnd = Unknown // a frame does not carry it
	s.NonConforming = s.NonConforming || !a.Conforming()
	s.sensors(pair(a[2], 0x03), pair(a[2], 0x0C), has)
	s.settle()
}

func (s *Status) sensors(near, end Tri, has Sensors) {
	if near == Unknown || end == Unknown {
		// Half a pair: the whole byte is in doubt.
		s.NonConforming = true
		near, end = Unknown, Unknown
	}
	s.PaperNearEnd = has.nearEnd(near)
	s.PaperEnd = end
}

// settle removes what the open cover makes untrue: the sensors then hold
// their last value, or none (APG, DLE EOT n=4; TM-T81 specification, GS a).
func (s *Status) settle() {
	if s.CoverOpen == Yes {
		s.PaperEnd, s.PaperNearEnd = Unknown, Unknown
	}
}

// Paper is the state of the paper roll.
type Paper uint8

// The paper states.
const (
	PaperUnknown Paper = iota
	PaperOK            // there is paper
	PaperNearEnd       // there is paper, and the near-end sensor says not much
	PaperOut           // the paper end sensor sees none
)

var paperNames = [...]string{"unknown", "ok", "near-end", "out"}

// String returns "unknown", "ok", "near-end" or "out".
func (p Paper) String() string {
	if int(p) < len(paperNames) {
		return paperNames[p]
	}
	return "unknown"
}

// Paper tells what is known about the paper. While the cover is open, it is
// unknown. A printer that says at once that it stopped for want of paper and
// that there is paper is not believed either way.
func (s Status) Paper() Paper {
	switch {
	case s.CoverOpen == Yes:
		return PaperUnknown
	case s.PaperEnd == Yes:
		return PaperOut
	case s.PaperEnd == No && s.StoppedByPaperEnd == Yes:
		return PaperUnknown
	case s.StoppedByPaperEnd == Yes:
		return PaperOut
	case s.PaperEnd == No && s.PaperNearEnd == Yes:
		return PaperNearEnd
	case s.PaperEnd == No:
		return PaperOK
	}
	return PaperUnknown
}

// State is the state of the printer as a whole.
type State uint8

// The states. StateUnreachable never comes out of a Status: it is for those
// who could not ask.
const (
	StateUnknown     State = iota
	StateReady             // online, and nothing known speaks against printing
	StateStopped           // offline, no paper, cover open, or an error
	StateUnreachable       // there is no link to the printer
)

var stateNames = [...]string{"unknown", "ready", "stopped", "unreachable"}

// String returns "unknown", "ready", "stopped" or "unreachable".
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// State tells whether the printer prints. Anything known that stops it makes
// it stopped. It is ready only if it said that it is online and its paper,
// cover and errors are not wholly unknown.
func (s Status) State() State {
	switch {
	case s.Online == No, s.CoverOpen == Yes, s.Paper() == PaperOut, s.Error() >= ErrorRecoverable:
		return StateStopped
	case s.ErrorExists == Yes && s.Error() == ErrorUnknown:
		return StateUnknown
	case s.Online == Yes && !s.NonConforming && s.Paper() != PaperUnknown:
		return StateReady
	}
	return StateUnknown
}

// PrinterError is the gravest error that the printer reports.
type PrinterError uint8

// The errors, from the mildest. ErrorUnknown is the zero value.
const (
	ErrorUnknown         PrinterError = iota
	ErrorNone                         // the printer said: none
	ErrorAutoRecoverable              // goes away by itself: head temperature, cover open while printing
	ErrorRecoverable                  // remove the cause, then DLE ENQ 1 or 2
	ErrorCutter                       // the autocutter is jammed
	ErrorUnrecoverable                // switch off; service
)

var errorNames = [...]string{"unknown", "none", "auto-recoverable", "recoverable", "cutter", "unrecoverable"}

// String returns "unknown", "none", "auto-recoverable", "recoverable",
// "cutter" or "unrecoverable".
func (e PrinterError) String() string {
	if int(e) < len(errorNames) {
		return errorNames[e]
	}
	return "unknown"
}

// Error returns the gravest error that is known of. It is ErrorNone only
// where the printer said so, by DLE EOT 2, DLE EOT 3 or ASB. An error of
// which only the existence is known (DLE EOT 2) counts as recoverable.
func (s Status) Error() PrinterError {
	switch {
	case s.UnrecoverableError == Yes:
		return ErrorUnrecoverable
	case s.AutocutterError == Yes:
		return ErrorCutter
	case s.RecoverableError == Yes:
		return ErrorRecoverable
	case s.AutoRecoverableError == Yes:
		return ErrorAutoRecoverable
	case s.ErrorExists == Yes && s.UnrecoverableError == Unknown:
		return ErrorRecoverable
	case s.ErrorExists == Yes:
		return ErrorUnknown // one answer says that there is one, the other that there is none
	case s.ErrorExists == No, s.UnrecoverableError == No:
		return ErrorNone
	}
	return ErrorUnknown
}

// Severity grades a Status for whoever must act.
type Severity uint8

// The severities. The zero value is SeverityUnknown.
const (
	SeverityUnknown Severity = iota
	SeverityOK
	SeverityWarning  // prints, and wants attention: near-end
	SeverityCritical // does not print
)

var severityNames = [...]string{"unknown", "ok", "warning", "critical"}

// String returns "unknown", "ok", "warning" or "critical".
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return "unknown"
}

// Severity grades s.
func (s Status) Severity() Severity {
	switch s.State() {
	case StateStopped:
		return SeverityCritical
	case StateReady:
		if s.Paper() == PaperNearEnd || s.Error() == ErrorAutoRecoverable {
			return SeverityWarning
		}
		return SeverityOK
	}
	return SeverityUnknown
}

// Reasons returns IPP printer-state-reasons keywords (RFC 8011, section
// 5.4.12; PWG 5100.9), gravest first. It is empty where nothing is wrong or
// nothing is known.
func (s Status) Reasons() []string {
	var r []string
	add := func(is bool, keyword string) {
		if is {
			r = append(r, keyword)
		}
	}
	e := s.Error()
	add(e == ErrorUnrecoverable, "other-error")
	add(s.CoverOpen == Yes, "cover-open-error")
	add(s.Paper() == PaperOut, "media-empty-error")
	add(s.AutocutterError == Yes, "separation-cutter-jam-error")
	add(e == ErrorRecoverable, "other-error")
	add(s.WaitingOnline == Yes, "paused-warning")
	add(s.AutoRecoverableError == Yes && s.CoverOpen != Yes && s.Online != No, "other-warning")
	add(s.Paper() == PaperNearEnd, "media-low-warning")
	add(s.Online == No && len(r) == 0, "other-error")
	return r
}
