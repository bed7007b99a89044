package printer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// Capabilities is what a printer was seen to do. Unknown is what was not
// tried. It can be kept as JSON.
type Capabilities struct {
	RealTime    [5]escpos.Tri `json:"realTime"`    // by n: answers DLE EOT n; RealTime[0] is not used
	ASB         escpos.Tri    `json:"asb"`         // sends automatic status (GS a)
	PaperStatus escpos.Tri    `json:"paperStatus"` // answers GS r 1
	ProcessID   escpos.Tri    `json:"processID"`   // answers GS ( H fn 48
	Identity    escpos.Tri    `json:"identity"`    // answers GS I 66 or 67
	Counters    escpos.Tri    `json:"counters"`    // answers GS g 2
	Clear       escpos.Tri    `json:"clear"`       // confirms DLE DC4 fn 8
}

// Talks reports whether the printer answers any DLE EOT.
func (c Capabilities) Talks() bool { return slices.Contains(c.RealTime[:], escpos.Yes) }

// Learn returns c with what was seen over a later link to the same printer:
// what was not tried then stays as it was, and so does everything if the
// printer answered nothing then, as one does that another host has.
func (c Capabilities) Learn(seen Capabilities) Capabilities {
	if c.Talks() && !seen.Talks() {
		return c
	}
	for n := range seen.RealTime {
		c.RealTime[n] = later(c.RealTime[n], seen.RealTime[n])
	}
	c.ASB = later(c.ASB, seen.ASB)
	c.PaperStatus = later(c.PaperStatus, seen.PaperStatus)
	c.ProcessID = later(c.ProcessID, seen.ProcessID)
	c.Identity = later(c.Identity, seen.Identity)
	c.Counters = later(c.Counters, seen.Counters)
	c.Clear = later(c.Clear, seen.Clear)
	return c
}

func later(before, after escpos.Tri) escpos.Tri {
	if after == escpos.Unknown {
		return before
	}
	return after
}

// Capabilities returns what the printer was seen to do on this link so far.
func (p *Printer) Capabilities() Capabilities {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.caps
	for n := 1; n <= 4; n++ {
		switch {
		case p.answers.has(n):
			c.RealTime[n] = escpos.Yes
		case p.asked > 0:
			c.RealTime[n] = escpos.No
		}
	}
	return c
}

// Info is what a printer says of itself, beside what it was seen to do.
type Info struct {
	Status Status

	// What GS I 66, 67, 68, 65 and 69 answered: empty where they did not.
	// Clones give other makers' names.
	Maker, Model, Serial, Firmware, Font string

	Observed Capabilities

	// Profile is the one that Print uses, and Reason says why.
	Profile *escpos.Profile
	Reason  string
}

// Info asks the printer who it is (GS I), how it is, and what it knows of. It
// prints nothing and leaves everything as it is; of automatic status see Watch.
// A printer that answers no status question, and one that is offline and would
// answer only later, is not asked who it is; Observed then holds what was seen
// before.
func (p *Printer) Info(ctx context.Context) (Info, error) {
	info, err := p.info(ctx)
	return info, newError("info", p.uri, err)
}

func (p *Printer) info(ctx context.Context) (Info, error) {
	var info Info
	var err error
	info.Status, err = p.status(ctx, allQuestions)
	if err == nil && info.Status.Answered > 0 && info.Status.State() != escpos.StateStopped {
		if err = p.identify(ctx, &info); err == nil && info.Maker+info.Model != "" {
			err = p.reveal(ctx)
		}
	}
	info.Observed = p.Capabilities()
	info.Profile, info.Reason = p.selected()
	return info, err
}

// identify asks GS I, and chooses a profile by what comes.
func (p *Printer) identify(ctx context.Context, info *Info) error {
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer p.release()
	answered := escpos.No
	patience := p.patience()
	if p.cfg.Known.Identity == escpos.Yes {
		patience = p.cfg.ConfirmTimeout // it may have something to print yet
	}
	for _, q := range []struct {
		n    byte
		into *string
	}{{66, &info.Maker}, {67, &info.Model}, {68, &info.Serial}, {65, &info.Firmware}, {69, &info.Font}} {
		a, err := p.ask(ctx, []byte{0x1D, 'I', q.n}, classInfo, patience)
		if errors.Is(err, ErrNoAnswer) {
			if answered == escpos.No {
				break // it knows none of them
			}
			continue
		}
		if err != nil {
			return err
		}
		answered, patience = escpos.Yes, p.patience()
		*q.into = strings.TrimSpace(a.text)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.caps.Identity = answered
	if p.prof == nil {
		p.prof, p.reason = matchProfile(info.Maker, info.Model, info.Font)
		p.unmask()
	}
	return nil
}

// reveal probes a printer that said who it is, unless that was done.
func (p *Printer) reveal(ctx context.Context) error {
	if p.Capabilities().PaperStatus != escpos.Unknown {
		return nil
	}
	select {
	case <-p.jobs: // not while a job is printing
		defer func() { p.jobs <- struct{}{} }()
	default:
		return nil
	}
	prof, _ := p.selected()
	how := probing{prof: prof, byID: prof.ProcessID == escpos.Yes, restore: true, patience: p.cfg.AnswerTimeout / 2}
	return p.probe(ctx, how, func(ctx context.Context, b []byte) error {
		if err := p.acquire(ctx); err != nil {
			return err
		}
		defer p.release()
		_, err := p.put(ctx, b, time.Now().Add(p.cfg.AnswerTimeout))
		return err
	})
}

// selected returns the profile in use, and why it is.
func (p *Printer) selected() (*escpos.Profile, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.cfg.Profile != nil:
		return p.cfg.Profile, "chosen by the user"
	case p.prof != nil:
		return p.prof, p.reason
	}
	return escpos.GenericProfile(), "the printer does not say what it is"
}

// profile returns the profile to print with.
func (p *Printer) profile(ctx context.Context) (*escpos.Profile, error) {
	p.mu.Lock()
	// An answer that nobody waited for any more: it was only busy.
	late := p.caps.Identity == escpos.No && p.in.owed[classInfo] == 0
	ask := p.cfg.Profile == nil && (p.prof == nil || late) && p.answers != 0
	if ask {
		p.prof = nil
	}
	p.mu.Unlock()
	if ask {
		if err := p.identify(ctx, new(Info)); err != nil {
			return nil, err
		}
	}
	prof, why := p.selected()
	p.log.Debug("profile", "printer", p.uri, "profile", prof.Name, "because", why)
	return prof, nil
}

// matchProfile finds the profile of a model by what it says of itself.
func matchProfile(maker, model, font string) (*escpos.Profile, string) {
	prof, why := escpos.GenericProfile(), ""
	switch named, err := escpos.ProfileByName(model); {
	case model == "":
		why = "the printer does not say what it is"
	case err != nil:
		why = fmt.Sprintf("there is no profile for %s %s", maker, model)
	case !strings.EqualFold(named.Vendor, maker):
		why = fmt.Sprintf("%s is a name of %s, and the printer says it is of %s", model, named.Vendor, maker)
	default:
		prof, why = named, fmt.Sprintf("it says it is %s %s", maker, model)
	}
	if set := fontCharset(font); set != "" && prof.CJK == "" {
		if with, err := withCJK(prof, set); err == nil {
			return with, why + fmt.Sprintf("; its font %q is %s", font, set)
		}
	}
	return prof, why
}

// fontCharsets are the words by which the names of national fonts (GS I 69)
// are recognised.
var fontCharsets = []struct{ word, set string }{
	{"GB18030", "gb18030"}, {"GBK", "gbk"}, {"GB2312", "gb2312"}, {"BIG5", "big5"}, {"BIG-5", "big5"},
	{"CHINESE TRAD", "big5"}, {"CHINESE SIMP", "gb18030"}, {"CHINA", "gb18030"}, {"TAIWAN", "big5"},
	{"KANJI", "shift_jis"}, {"JAPAN", "shift_jis"}, {"HANGUL", "euc-kr"}, {"KOREA", "euc-kr"},
}

func fontCharset(font string) string {
	font = strings.ToUpper(font)
	for _, f := range fontCharsets {
		if strings.Contains(font, f.word) {
			return f.set
		}
	}
	return ""
}

// withCJK returns a copy of prof with a multi-byte font.
func withCJK(prof *escpos.Profile, set string) (*escpos.Profile, error) {
	c := *prof
	c.CJK = set
	b, err := json.Marshal(&c)
	if err != nil {
		return nil, err
	}
	return escpos.ParseProfile(b)
}
