package escpos_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/printerctl/printerctl/escpos"
)

// knows is a printer with a near-end sensor.
var knows = escpos.Sensors{NearEnd: escpos.Yes}

// realTime is the Status of a printer that answered b to DLE EOT n.
func realTime(n int, b byte) escpos.Status {
	var s escpos.Status
	s.ApplyRealTime(n, b, knows)
	return s
}

func pushed(a escpos.ASB) escpos.Status {
	var s escpos.Status
	s.ApplyASB(a, knows)
	return s
}

// told takes away what is not said about the bytes.
func told(s escpos.Status) escpos.Status {
	s.Raw = escpos.RawStatus{}
	return s
}

const (
	no  = escpos.No
	yes = escpos.Yes
)

func TestRealTimeStatus(t *testing.T) {
	type S = escpos.Status
	cases := []struct {
		name string
		n    int
		b    byte
		want S
	}{
		{"n=1 idle", 1, 0x12, S{Online: yes, DrawerPin3High: no, WaitingOnline: no, FeedButtonPressed: no}},
		{"n=1 pin high", 1, 0x16, S{Online: yes, DrawerPin3High: yes, WaitingOnline: no, FeedButtonPressed: no}},
		{"n=1 offline, waiting", 1, 0x3A, S{Online: no, DrawerPin3High: no, WaitingOnline: yes, FeedButtonPressed: no}},
		{"n=1 offline, pin high", 1, 0x1E, S{Online: no, DrawerPin3High: yes, WaitingOnline: no, FeedButtonPressed: no}},
		{"n=1 button", 1, 0x52, S{Online: yes, DrawerPin3High: no, WaitingOnline: no, FeedButtonPressed: yes}},
		{"n=2 cover", 2, 0x16, S{CoverOpen: yes, FeedingByButton: no, StoppedByPaperEnd: no, ErrorExists: no}},
		{"n=2 end", 2, 0x32, S{CoverOpen: no, FeedingByButton: no, StoppedByPaperEnd: yes, ErrorExists: no}},
		{"n=2 cover, end, error", 2, 0x76, S{CoverOpen: yes, FeedingByButton: no, StoppedByPaperEnd: yes, ErrorExists: yes}},
		{"n=2 feeding", 2, 0x1A, S{CoverOpen: no, FeedingByButton: yes, StoppedByPaperEnd: no, ErrorExists: no}},
		{"n=3 none", 3, 0x12, S{RecoverableError: no, AutocutterError: no, UnrecoverableError: no, AutoRecoverableError: no}},
		{"n=3 cutter", 3, 0x1A, S{RecoverableError: no, AutocutterError: yes, UnrecoverableError: no, AutoRecoverableError: no}},
		{"n=3 recoverable", 3, 0x16, S{RecoverableError: yes, AutocutterError: no, UnrecoverableError: no, AutoRecoverableError: no}},
		{"n=3 all", 3, 0x7E, S{RecoverableError: yes, AutocutterError: yes, UnrecoverableError: yes, AutoRecoverableError: yes}},
		{"n=4 paper", 4, 0x12, S{PaperNearEnd: no, PaperEnd: no}},
		{"n=4 near", 4, 0x1E, S{PaperNearEnd: yes, PaperEnd: no}},
		{"n=4 end only", 4, 0x72, S{PaperNearEnd: no, PaperEnd: yes}},
		{"n=4 both", 4, 0x7E, S{PaperNearEnd: yes, PaperEnd: yes}},
		{"n=4 half near", 4, 0x16, S{NonConforming: true}},
		{"n=4 other half", 4, 0x1A, S{NonConforming: true}},
		{"n=4 half end", 4, 0x32, S{NonConforming: true}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := realTime(c.n, c.b)
			require.Equal(t, c.want, told(s))
			require.Equal(t, c.b, s.Raw.RealTime[c.n])
			require.True(t, s.Raw.Has(c.n))
		})
	}
	for _, b := range []byte{0x00, 0x10, 0x11, 0x13, 0x53, 0x92} {
		var s escpos.Status
		require.False(t, s.ApplyRealTime(1, b, knows), "%02X is no answer to DLE EOT", b)
		require.Equal(t, escpos.Status{}, s)
	}
	for _, n := range []int{-1, 0, 5} {
		var s escpos.Status
		require.False(t, s.ApplyRealTime(n, 0x12, knows))
		require.False(t, s.Raw.Has(n))
	}
}

func TestASBStatus(t *testing.T) {
	idle := escpos.Status{
		Online: yes, WaitingOnline: no, CoverOpen: no, PaperEnd: no, PaperNearEnd: no,
		FeedingByButton: no, FeedButtonPressed: no, ErrorExists: no, RecoverableError: no,
		AutocutterError: no, UnrecoverableError: no, AutoRecoverableError: no, DrawerPin3High: no,
	}
	cases := []struct {
		name   string
		frame  escpos.ASB
		change func(*escpos.Status)
	}{
		{"idle", escpos.ASB{0x10}, func(*escpos.Status) {}},
		{"pin high", escpos.ASB{0x14, 0, 0, 0x0F}, func(s *escpos.Status) { s.DrawerPin3High = yes }},
		{"cover while printing", escpos.ASB{0x38, 0x40}, func(s *escpos.Status) {
			s.Online, s.CoverOpen, s.AutoRecoverableError, s.ErrorExists = no, yes, yes, yes
			s.PaperEnd, s.PaperNearEnd = escpos.Unknown, escpos.Unknown
		}},
		{"cover, with what the sensors said before", escpos.ASB{0x38, 0, 0x0F}, func(s *escpos.Status) {
			s.Online, s.CoverOpen = no, yes
			s.PaperEnd, s.PaperNearEnd = escpos.Unknown, escpos.Unknown
		}},
		{"near-end", escpos.ASB{0x10, 0, 3}, func(s *escpos.Status) { s.PaperNearEnd = yes }},
		{"end", escpos.ASB{0x18, 0, 0x0F}, func(s *escpos.Status) { s.Online, s.PaperEnd, s.PaperNearEnd = no, yes, yes }},
		{"cutter", escpos.ASB{0x18, 8}, func(s *escpos.Status) { s.Online, s.AutocutterError, s.ErrorExists = no, yes, yes }},
		{"feeding", escpos.ASB{0x58, 2}, func(s *escpos.Status) { s.Online, s.FeedingByButton, s.FeedButtonPressed = no, yes, yes }},
		{"waiting", escpos.ASB{0x18, 1}, func(s *escpos.Status) { s.Online, s.WaitingOnline = no, yes }},
		{"half near-end", escpos.ASB{0x10, 0, 1}, func(s *escpos.Status) {
			s.NonConforming, s.PaperEnd, s.PaperNearEnd = true, escpos.Unknown, escpos.Unknown
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := idle
			c.change(&want)
			s := pushed(c.frame)
			require.Equal(t, want, told(s))
			require.Equal(t, c.frame, s.Raw.ASB)
			require.True(t, s.Raw.HasASB())
			require.Equal(t, !want.NonConforming, c.frame.Conforming())
		})
	}
}

func TestNearEndSensor(t *testing.T) {
	for _, c := range []struct {
		sensor escpos.Tri
		b      byte
		want   escpos.Tri
	}{
		{escpos.Yes, 0x12, no},
		{escpos.Yes, 0x1E, yes},
		{escpos.Unknown, 0x12, escpos.Unknown}, // enough paper, or no sensor
		{escpos.Unknown, 0x1E, yes},
		{escpos.No, 0x12, escpos.Unknown},
		{escpos.No, 0x1E, escpos.Unknown},
	} {
		var s escpos.Status
		s.ApplyRealTime(4, c.b, escpos.Sensors{NearEnd: c.sensor})
		require.Equal(t, c.want, s.PaperNearEnd, "%+v", c)
	}
}

func TestViewsOfAStatus(t *testing.T) {
	apply := func(b [5]byte) escpos.Status {
		var s escpos.Status
		for n := 1; n <= 4; n++ {
			s.ApplyRealTime(n, b[n], knows)
		}
		return s
	}
	cases := []struct {
		name     string
		status   escpos.Status
		paper    escpos.Paper
		state    escpos.State
		err      escpos.PrinterError
		severity escpos.Severity
		reasons  []string
	}{
		{"nothing said", escpos.Status{}, escpos.PaperUnknown, escpos.StateUnknown, escpos.ErrorUnknown, escpos.SeverityUnknown, nil},
		{"all is well", apply([5]byte{0, 0x12, 0x12, 0x12, 0x12}), escpos.PaperOK, escpos.StateReady, escpos.ErrorNone, escpos.SeverityOK, nil},
		{"near-end", apply([5]byte{0, 0x12, 0x12, 0x12, 0x1E}), escpos.PaperNearEnd, escpos.StateReady, escpos.ErrorNone, escpos.SeverityWarning, []string{"media-low-warning"}},
		{"paper end", apply([5]byte{0, 0x1A, 0x32, 0x12, 0x72}), escpos.PaperOut, escpos.StateStopped, escpos.ErrorNone, escpos.SeverityCritical, []string{"media-empty-error"}},
		{"cover", apply([5]byte{0, 0x1A, 0x16, 0x12, 0x72}), escpos.PaperUnknown, escpos.StateStopped, escpos.ErrorNone, escpos.SeverityCritical, []string{"cover-open-error"}},
		{"cutter", apply([5]byte{0, 0x1A, 0x52, 0x1A, 0x12}), escpos.PaperOK, escpos.StateStopped, escpos.ErrorCutter, escpos.SeverityCritical, []string{"separation-cutter-jam-error"}},
		{"hot head", apply([5]byte{0, 0x1A, 0x52, 0x52, 0x12}), escpos.PaperOK, escpos.StateStopped, escpos.ErrorAutoRecoverable, escpos.SeverityCritical, []string{"other-error"}},
		{"hot head, and it prints on", apply([5]byte{0, 0x12, 0x52, 0x52, 0x12}), escpos.PaperOK, escpos.StateReady, escpos.ErrorAutoRecoverable, escpos.SeverityWarning, []string{"other-warning"}},
		{"an error, and none", apply([5]byte{0, 0x1A, 0x52, 0x12, 0x12}), escpos.PaperOK, escpos.StateStopped, escpos.ErrorUnknown, escpos.SeverityCritical, []string{"other-error"}},
		{"an error, and none, and online", apply([5]byte{0, 0x12, 0x52, 0x12, 0x12}), escpos.PaperOK, escpos.StateUnknown, escpos.ErrorUnknown, escpos.SeverityUnknown, nil},
		{"broken", apply([5]byte{0, 0x1A, 0x52, 0x32, 0x12}), escpos.PaperOK, escpos.StateStopped, escpos.ErrorUnrecoverable, escpos.SeverityCritical, []string{"other-error"}},
		{"an error, but which", realTime(2, 0x52), escpos.PaperUnknown, escpos.StateStopped, escpos.ErrorRecoverable, escpos.SeverityCritical, []string{"other-error"}},
		{"offline, but why", apply([5]byte{0, 0x1A, 0x12, 0x12, 0x12}), escpos.PaperOK, escpos.StateStopped, escpos.ErrorNone, escpos.SeverityCritical, []string{"other-error"}},
		{"online, and no more is known", realTime(1, 0x12), escpos.PaperUnknown, escpos.StateUnknown, escpos.ErrorUnknown, escpos.SeverityUnknown, nil},
		{"stopped without paper, and with paper", apply([5]byte{0, 0x12, 0x32, 0x12, 0x12}), escpos.PaperUnknown, escpos.StateUnknown, escpos.ErrorNone, escpos.SeverityUnknown, nil},
		{"half a sensor pair", apply([5]byte{0, 0x12, 0x12, 0x12, 0x16}), escpos.PaperUnknown, escpos.StateUnknown, escpos.ErrorNone, escpos.SeverityUnknown, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.paper, c.status.Paper())
			require.Equal(t, c.state, c.status.State())
			require.Equal(t, c.err, c.status.Error())
			require.Equal(t, c.severity, c.status.Severity())
			require.Equal(t, c.reasons, c.status.Reasons())
		})
	}
}

func TestWordsOfAStatus(t *testing.T) {
	require.Equal(t, []string{"unknown", "ok", "near-end", "out", "unknown"},
		[]string{escpos.PaperUnknown.String(), escpos.PaperOK.String(), escpos.PaperNearEnd.String(), escpos.PaperOut.String(), escpos.Paper(9).String()})
	require.Equal(t, "unreachable", escpos.StateUnreachable.String())
	require.Equal(t, "unknown", escpos.State(9).String())
	require.Equal(t, "cutter", escpos.ErrorCutter.String())
	require.Equal(t, "unknown", escpos.PrinterError(9).String())
	require.Equal(t, "warning", escpos.SeverityWarning.String())
	require.Equal(t, "unknown", escpos.Severity(9).String())
}

func TestTri(t *testing.T) {
	b, err := json.Marshal([]escpos.Tri{escpos.Unknown, escpos.No, escpos.Yes})
	require.NoError(t, err)
	require.JSONEq(t, `[null,false,true]`, string(b))
	for _, x := range []escpos.Tri{escpos.Unknown, escpos.No, escpos.Yes} {
		require.Equal(t, x, x.Not().Not())
	}
	require.Equal(t, "unknown no yes", escpos.Unknown.String()+" "+escpos.No.String()+" "+escpos.Yes.String())
	require.Equal(t, escpos.Yes, escpos.TriOf(true))
}

func TestVocabulary(t *testing.T) {
	end := pushed(escpos.ASB{0x18, 0, 0x0F})
	require.Equal(t, []escpos.UPOSStatus{escpos.UPOSPowerOffline, escpos.UPOSCoverOK, escpos.UPOSRecEmpty}, end.UPOS())
	require.EqualValues(t, escpos.EPOSOffline|escpos.EPOSReceiptEnd|escpos.EPOSReceiptNearEnd, end.EPOS())
	require.Empty(t, escpos.Status{}.UPOS())
	require.EqualValues(t, escpos.EPOSNoResponse, escpos.Status{}.EPOS())
	require.Equal(t, []escpos.UPOSStatus{escpos.UPOSRecNearEmpty}, realTime(4, 0x1E).UPOS())
	require.Equal(t, []escpos.UPOSStatus{escpos.UPOSPowerOnline}, realTime(1, 0x12).UPOS())
	require.Equal(t, "REC_NEAREMPTY", escpos.UPOSRecNearEmpty.String())
	require.Equal(t, "UPOSStatus(7)", escpos.UPOSStatus(7).String())

	high := realTime(1, 0x16)
	require.Equal(t, escpos.Unknown, high.DrawerOpen(escpos.DrawerUnknown))
	require.Equal(t, escpos.Yes, high.DrawerOpen(escpos.DrawerOpenHigh))
	require.Equal(t, escpos.No, high.DrawerOpen(escpos.DrawerOpenLow))
	require.Equal(t, escpos.Unknown, escpos.Status{}.DrawerOpen(escpos.DrawerOpenLow))
}

// TestEPOSBits holds the word that is put together from fields to the one that
// is the frame's bits.
func TestEPOSBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := func(name string, mask byte) byte {
			if rapid.Bool().Draw(t, name) {
				return mask
			}
			return 0
		}
		a := escpos.ASB{
			0x10 | rapid.Byte().Draw(t, "1")&0x4C, // the cover is closed
			rapid.Byte().Draw(t, "2") & 0x6F,
			pair("near", 0x03) | pair("end", 0x0C), 0,
		}
		require.Equal(t, a.EPOS(), pushed(a).EPOS())
	})
}
