package escpos

import (
	"encoding/binary"
	"fmt"
)

// What a Status is called elsewhere:
//
//	Status                 IPP printer-state-reasons     UnifiedPOS          ePOS bit
//	Online Yes             –                             POWER_ONLINE        –
//	Online No              other-error, if no cause      POWER_OFFLINE       OFF_LINE 0x8
//	CoverOpen Yes          cover-open-error              COVER_OPEN          COVER_OPEN 0x20
//	CoverOpen No           –                             COVER_OK            –
//	Paper PaperOK          –                             REC_PAPEROK         –
//	Paper PaperNearEnd     media-low-warning             REC_NEAREMPTY       RECEIPT_NEAR_END 0x20000
//	Paper PaperOut         media-empty-error             REC_EMPTY           RECEIPT_END 0x80000
//	FeedingByButton        –                             –                   PAPER_FEED 0x40
//	WaitingOnline          paused-warning                –                   WAIT_ON_LINE 0x100
//	FeedButtonPressed      –                             –                   PANEL_SWITCH 0x200
//	RecoverableError       other-error                   –                   MECHANICAL_ERR 0x400
//	AutocutterError        separation-cutter-jam-error   –                   AUTOCUTTER_ERR 0x800
//	UnrecoverableError     other-error                   –                   UNRECOVER_ERR 0x2000
//	AutoRecoverableError   other-warning                 –                   AUTORECOVER_ERR 0x4000
//	DrawerPin3High         –                             –                   DRAWER_KICK 0x4
//	nothing answered       –                             –                   NO_RESPONSE 0x1
//
// IPP is RFC 8011 and PWG 5100.9: see Status.Reasons. UnifiedPOS is the
// StatusUpdateEvent of a POSPrinter, as OPOS and JavaPOS have it: see
// Status.UPOS. ePOS is the status word of Epson's ePOS SDKs: see Status.EPOS.

// A UPOSStatus is a value of UnifiedPOS's StatusUpdateEvent for a POSPrinter.
type UPOSStatus int

// The values that a Status can stand for (OposPtr.h and Opos.h, PTR_SUE_* and
// OPOS_SUE_*).
const (
	UPOSCoverOpen    UPOSStatus = 11
	UPOSCoverOK      UPOSStatus = 12
	UPOSRecEmpty     UPOSStatus = 24
	UPOSRecNearEmpty UPOSStatus = 25
	UPOSRecPaperOK   UPOSStatus = 26
	UPOSPowerOnline  UPOSStatus = 2001
	UPOSPowerOff     UPOSStatus = 2002 // never from a Status: who is off says nothing
	UPOSPowerOffline UPOSStatus = 2003
)

var uposNames = map[UPOSStatus]string{
	UPOSCoverOpen: "COVER_OPEN", UPOSCoverOK: "COVER_OK",
	UPOSRecEmpty: "REC_EMPTY", UPOSRecNearEmpty: "REC_NEAREMPTY", UPOSRecPaperOK: "REC_PAPEROK",
	UPOSPowerOnline: "POWER_ONLINE", UPOSPowerOff: "POWER_OFF", UPOSPowerOffline: "POWER_OFFLINE",
}

// String returns the name without its prefix, such as "REC_NEAREMPTY".
func (u UPOSStatus) String() string {
	if name, ok := uposNames[u]; ok {
		return name
	}
	return fmt.Sprintf("UPOSStatus(%d)", int(u))
}

// UPOS returns the UnifiedPOS values that hold: of power, cover and receipt
// paper, each where it is known.
func (s Status) UPOS() []UPOSStatus {
	var u []UPOSStatus
	switch s.Online {
	case Yes:
		u = append(u, UPOSPowerOnline)
	case No:
		u = append(u, UPOSPowerOffline)
	}
	switch s.CoverOpen {
	case Yes:
		u = append(u, UPOSCoverOpen)
	case No:
		u = append(u, UPOSCoverOK)
	}
	switch s.Paper() {
	case PaperOut:
		u = append(u, UPOSRecEmpty)
	case PaperNearEnd:
		u = append(u, UPOSRecNearEmpty)
	case PaperOK:
		u = append(u, UPOSRecPaperOK)
	}
	return u
}

// Bits of the ePOS status word (Epson ePOS SDK, EPOS_OC_ST_*).
const (
	EPOSNoResponse     = 0x1
	EPOSDrawerKick     = 0x4 // pin 3 is high
	EPOSOffline        = 0x8
	EPOSCoverOpen      = 0x20
	EPOSPaperFeed      = 0x40
	EPOSWaitOnline     = 0x100
	EPOSPanelSwitch    = 0x200
	EPOSMechanicalErr  = 0x400
	EPOSAutocutterErr  = 0x800
	EPOSUnrecoverErr   = 0x2000
	EPOSAutorecoverErr = 0x4000
	EPOSReceiptNearEnd = 0x20000
	EPOSReceiptEnd     = 0x80000
)

// eposASB are the bits that the word takes from a frame of automatic status
// as they are: the frame's bytes are the word's, from the lowest.
const eposASB = EPOSDrawerKick | EPOSOffline | EPOSCoverOpen | EPOSPaperFeed |
	EPOSWaitOnline | EPOSPanelSwitch | EPOSMechanicalErr | EPOSAutocutterErr |
	EPOSUnrecoverErr | EPOSAutorecoverErr | EPOSReceiptNearEnd | EPOSReceiptEnd

// EPOS returns the ePOS status word. A bit is set where the thing is known to
// be so; the word cannot say unknown, but for EPOSNoResponse where nothing at
// all was answered.
func (s Status) EPOS() uint32 {
	if s == (Status{}) {
		return EPOSNoResponse
	}
	var w uint32
	for _, b := range []struct {
		is  bool
		bit uint32
	}{
		{s.DrawerPin3High == Yes, EPOSDrawerKick},
		{s.Online == No, EPOSOffline},
		{s.CoverOpen == Yes, EPOSCoverOpen},
		{s.FeedingByButton == Yes, EPOSPaperFeed},
		{s.WaitingOnline == Yes, EPOSWaitOnline},
		{s.FeedButtonPressed == Yes, EPOSPanelSwitch},
		{s.RecoverableError == Yes, EPOSMechanicalErr},
		{s.AutocutterError == Yes, EPOSAutocutterErr},
		{s.UnrecoverableError == Yes, EPOSUnrecoverErr},
		{s.AutoRecoverableError == Yes, EPOSAutorecoverErr},
		{s.PaperNearEnd == Yes, EPOSReceiptNearEnd},
		{s.Paper() == PaperOut, EPOSReceiptEnd},
	} {
		if b.is {
			w |= b.bit
		}
	}
	return w
}

// EPOS returns the ePOS status word of a frame, taken from its bits as they
// are: half a sensor pair, and the sensors under an open cover, are believed.
func (a ASB) EPOS() uint32 { return binary.LittleEndian.Uint32(a[:]) & eposASB }

// DrawerPolarity says which level of pin 3 means that the drawer is open. It
// depends on the drawer and its cable, not on the printer; libraries that
// guess contradict one another.
type DrawerPolarity uint8

// The polarities. The zero value does not know.
const (
	DrawerUnknown  DrawerPolarity = iota
	DrawerOpenLow                 // pin 3 is low while the drawer is open
	DrawerOpenHigh                // pin 3 is high while the drawer is open
)

// DrawerOpen tells whether the drawer is open, if the polarity is known.
func (s Status) DrawerOpen(p DrawerPolarity) Tri {
	switch p {
	case DrawerOpenHigh:
		return s.DrawerPin3High
	case DrawerOpenLow:
		return s.DrawerPin3High.Not()
	}
	return Unknown
}
