package virtual

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// A Personality is what makes one model of printer different from another:
// what it says of itself, what it answers, how large its buffers are, and
// where it misbehaves. It is data, and may be changed freely before it is
// given to New:
//
//	p, _ := virtual.PersonalityByName("modern-epson")
//	p.NearEndSensor = false
//	printer := virtual.New(&virtual.Config{Personality: p})
//
// The zero value of a number means the usual value, the zero value of a bool
// means that the printer lacks the thing: the zero Personality is a mute
// clone of 80 mm.
type Personality struct {
	Name  string `json:"name"`  // as PersonalityByName takes it
	Title string `json:"title"` // one line for people

	// What GS I answers.
	Maker      string `json:"maker"`      // n=66
	Model      string `json:"model"`      // n=67
	Firmware   string `json:"firmware"`   // n=65
	Serial     string `json:"serial"`     // n=68
	FontName   string `json:"fontName"`   // n=69: the national font
	ModelID    byte   `json:"modelID"`    // n=1
	ROMVersion byte   `json:"romVersion"` // n=3
	Info       []int  `json:"info"`       // the n that GS I answers

	// Head and paper. Distances in mm are along the paper.
	DPI           int     `json:"dpi"`         // dots an inch, both ways; 203
	Width         int     `json:"width"`       // printable dots; 576
	PaperWidth    float64 `json:"paperWidth"`  // mm; 80
	UnitX         int     `json:"unitX"`       // horizontal motion units an inch; DPI
	UnitY         int     `json:"unitY"`       // vertical motion units an inch; DPI
	LineSpacing   int     `json:"lineSpacing"` // dots; 30
	FontA         [2]int  `json:"fontA"`       // cell in dots; 12 × 24
	FontB         [2]int  `json:"fontB"`       // cell in dots; 9 × 17
	FontC         [2]int  `json:"fontC"`       // cell in dots; none
	Kanji         [2]int  `json:"kanji"`       // cell in dots; 24 × 24
	Cutter        bool    `json:"cutter"`
	CutterMM      float64 `json:"cutterMM"`    // from the head down to the cutter; 13
	EndSensorMM   float64 `json:"endSensorMM"` // from the head up to the paper end sensor; 18
	NearEndSensor bool    `json:"nearEndSensor"`
	// Buffers, in bytes. The printer is full when no more than FullAt bytes
	// are free, and ceases to be when FreeAt are.
	ReceiveBuffer   int `json:"receiveBuffer"`   // 4096
	FullAt          int `json:"fullAt"`          // 128, or ReceiveBuffer/4 if that is less
	FreeAt          int `json:"freeAt"`          // twice FullAt
	InterfaceBuffer int `json:"interfaceBuffer"` // held by the interface before the printer takes it; 0
	ReplyBuffer     int `json:"replyBuffer"`     // replies that the host has not read; what does not fit is lost; 512
	NVMemory        int `json:"nvMemory"`        // for graphics and user data; 262144

	// BusyWhenOffline is the memory switch "BUSY: receive buffer full or
	// offline": an offline printer takes nothing in. Over a network or USB
	// that silences the status questions too; over a serial line, whose
	// bytes cannot be refused, they are answered even then. Without it, the
	// printer is busy only when its receive buffer is full.
	BusyWhenOffline bool `json:"busyWhenOffline"`

	// Network boards: how many hosts may connect at a time (1), and what
	// becomes of them. Where OthersWait is set, the first host prints, the
	// next ones are connected but not heard until their turn comes (Epson
	// UB-E02: three). Otherwise what is beyond Hosts is refused at once.
	Hosts       int     `json:"hosts"`
	OthersWait  bool    `json:"othersWait"`
	IdleTimeout Seconds `json:"idleTimeout"` // a silent host is cut off after it; 0: never

	// What it answers and understands.
	RealTime        []int `json:"realTime"`        // the n that DLE EOT answers, of 1…4
	Recovery        []int `json:"recovery"`        // the n that DLE ENQ obeys
	Functions       []int `json:"functions"`       // the fn that DLE DC4 obeys: 1, 2, 3, 7, 8
	ASB             bool  `json:"asb"`             // GS a
	ASBDefault      byte  `json:"asbDefault"`      // the mask of GS a after power-on and ESC @
	ASBAlways       bool  `json:"asbAlways"`       // a frame comes with every connection, and GS a cannot turn ASBDefault off
	PaperStatus     bool  `json:"paperStatus"`     // GS r
	ProcessID       bool  `json:"processID"`       // GS ( H fn 48
	OfflineResponse bool  `json:"offlineResponse"` // GS ( H fn 49
	Counters        bool  `json:"counters"`        // GS g 2
	UserSetup       bool  `json:"userSetup"`       // GS ( E
	PowerNotice     bool  `json:"powerNotice"`     // 3B 31 00 after power-on

	// Character sets: ESC t n selects CodePages[n]; FS & selects KanjiSet,
	// one of "gb18030", "big5", "shift-jis", "euc-kr" and "".
	CodePages map[int]string `json:"codePages"`
	KanjiSet  string         `json:"kanjiSet"`
	UTF8      bool           `json:"utf8"` // FS ( C selects UTF-8

	// CoverIsError makes a cover that is opened while printing a
	// recoverable error, which stays until DLE ENQ (Msw8-8 ON). Otherwise
	// the printer goes on by itself when the cover is closed. Either way it
	// begins again with the line that was under way.
	CoverIsError bool `json:"coverIsError"`
	// CoverClearsError makes opening and closing the cover clear a
	// recoverable error whose cause is gone.
	CoverClearsError bool `json:"coverClearsError"`
	// WaitAfterPaper makes the printer wait for the FEED button after new
	// paper ("waiting for online recovery").
	WaitAfterPaper bool `json:"waitAfterPaper"`

	// Vices.
	LosesBuffer bool    `json:"losesBuffer"` // forgets all data at the paper end
	RepeatsLine bool    `json:"repeatsLine"` // prints the line before a paper end once more after it
	AnswerDelay Seconds `json:"answerDelay"` // before every answer

	BootTime Seconds `json:"bootTime"` // from power-on to online, if the mechanism has a speed
	CutTime  Seconds `json:"cutTime"`  // of one cut, if the mechanism has a speed; 0.3
}

// Seconds is a duration that is written as a number of seconds in JSON.
type Seconds time.Duration

// MarshalJSON writes a number of seconds.
func (s Seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(s).Seconds())
}

// UnmarshalJSON reads a number of seconds.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*s = Seconds(f * float64(time.Second))
	return nil
}

//go:embed personalities/*.json
var personalityFiles embed.FS

// DefaultPersonality is the personality of a Config without one.
const DefaultPersonality = "modern-epson"

// PersonalityNames returns the names of the built-in personalities, sorted.
func PersonalityNames() []string {
	files, err := fs.Glob(personalityFiles, "personalities/*.json")
	if err != nil {
		return nil
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".json")
	}
	slices.Sort(files)
	return files
}

// PersonalityByName returns a copy of a built-in personality.
func PersonalityByName(name string) (*Personality, error) {
	b, err := personalityFiles.ReadFile("personalities/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("virtual: no personality %q (there are: %s)", name, strings.Join(PersonalityNames(), ", "))
	}
	return ParsePersonality(b)
}

// ParsePersonality reads a personality from JSON. Keys that it does not know
// are an error.
func ParsePersonality(b []byte) (*Personality, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	p := new(Personality)
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("virtual: personality: %w", err)
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Personality) check() error {
	bad := func(what string) error { return fmt.Errorf("virtual: personality %q: %s", p.Name, what) }
	switch {
	case p.DPI < 0 || p.DPI > 1200:
		return bad("dpi is not within 0…1200")
	case p.Width < 0 || p.Width > 4096:
		return bad("width is not within 0…4096 dots")
	case p.ReceiveBuffer < 0 || p.FullAt < 0 || p.FreeAt < 0 || p.InterfaceBuffer < 0 || p.ReplyBuffer < 0 || p.NVMemory < 0:
		return bad("a buffer is negative")
	case p.CutterMM < 0 || p.EndSensorMM < 0:
		return bad("a distance is negative")
	}
	if !knownKanjiSet(p.KanjiSet) {
		return bad("unknown Kanji set " + p.KanjiSet)
	}
	for n, name := range p.CodePages {
		if codePage(name) == nil {
			return bad(fmt.Sprintf("unknown code page %q for ESC t %d", name, n))
		}
	}
	return nil
}

// withDefaults returns a copy in which every number has its usual value.
func (p *Personality) withDefaults() *Personality {
	q := *p
	set := func(v *int, usual int) {
		if *v <= 0 {
			*v = usual
		}
	}
	cell := func(v *[2]int, w, h int) {
		set(&v[0], w)
		set(&v[1], h)
	}
	mm := func(v *float64, usual float64) {
		if *v <= 0 {
			*v = usual
		}
	}
	set(&q.DPI, 203)
	set(&q.Width, 576)
	set(&q.UnitX, q.DPI)
	set(&q.UnitY, q.DPI)
	set(&q.LineSpacing, 30)
	cell(&q.FontA, 12, 24)
	cell(&q.FontB, 9, 17)
	cell(&q.Kanji, 24, 24)
	mm(&q.PaperWidth, 80)
	mm(&q.CutterMM, 13)
	mm(&q.EndSensorMM, 18)
	set(&q.ReceiveBuffer, 4096)
	set(&q.FullAt, min(128, q.ReceiveBuffer/4))
	set(&q.FreeAt, 2*q.FullAt)
	set(&q.ReplyBuffer, 512)
	set(&q.NVMemory, 256<<10)
	set(&q.Hosts, 1)
	if q.CutTime <= 0 {
		q.CutTime = Seconds(300 * time.Millisecond)
	}
	return &q
}

// dots converts mm along the paper to dots.
func (p *Personality) dots(mm float64) int { return int(mm*float64(p.DPI)/25.4 + 0.5) }

// mm converts dots to mm.
func (p *Personality) mm(dots int) float64 { return float64(dots) * 25.4 / float64(p.DPI) }
