package printer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

// Capabilities is what a printer was seen to do on this link. Unknown is what
// was not tried.
type Capabilities struct {
	RealTime    [5]escpos.Tri // by n: answers DLE EOT n; RealTime[0] is not used
	ASB         escpos.Tri    // sends automatic status (GS a)
	PaperStatus escpos.Tri    // answers GS r 1
	ProcessID   escpos.Tri    // answers GS ( H fn 48
	Identity    escpos.Tri    // answers GS I 66 or 67
	Counters    escpos.Tri    // answers GS g 2
	Clear       escpos.Tri    // confirms DLE DC4 fn 8
}

// Capabilities returns what the printer was seen to do so far.
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

// Info asks the printer who it is (GS I) and how it is. It prints nothing and
// changes nothing. A printer that answers no status question, and one that is
// offline and would answer only later, is not asked who it is.
func (p *Printer) Info(ctx context.Context) (Info, error) {
	info, err := p.info(ctx)
	return info, newError("info", p.uri, err)
}

func (p *Printer) info(ctx context.Context) (Info, error) {
	var info Info
	s, err := p.status(ctx, allQuestions)
	info.Status = s
	if err == nil {
		err = p.identify(ctx, &info)
	}
	info.Observed = p.Capabilities()
	return info, err
}

// identify asks GS I. p.prof is set from it, unless the printer could not be
// asked.
func (p *Printer) identify(ctx context.Context, info *Info) error {
	defer func() {
		info.Profile, info.Reason = p.selected()
	}()
	switch s := info.Status; {
	case s.Answered == 0:
		return nil
	case s.State() == escpos.StateStopped:
		return nil
	}
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer p.release()
	answered := escpos.No
	for _, q := range []struct {
		n    byte
		into *string
	}{{66, &info.Maker}, {67, &info.Model}, {68, &info.Serial}, {65, &info.Firmware}, {69, &info.Font}} {
		a, err := p.ask(ctx, []byte{0x1D, 'I', q.n}, classInfo, p.cfg.AnswerTimeout/4)
		if errors.Is(err, ErrNoAnswer) {
			if answered == escpos.No {
				break // it knows none of them
			}
			continue
		}
		if err != nil {
			return err
		}
		answered = escpos.Yes
		*q.into = strings.TrimSpace(a.text)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.caps.Identity = answered
	p.prof, p.reason = matchProfile(info.Maker, info.Model, info.Font)
	return nil
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
	ask := p.cfg.Profile == nil && p.prof == nil && p.answers != 0
	p.mu.Unlock()
	if ask {
		if _, err := p.info(ctx); err != nil {
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

// Counters are a printer's own cumulative counters, which nobody can reset.
type Counters struct {
	Lines  Counter // lines fed
	Pulses Counter // times the head was energised
	Cuts   Counter // times the autocutter worked
	Hours  Counter // hours the printer was on
}

// A Counter is one of them. The zero value is one that the printer does not
// have.
type Counter struct {
	Value int64
	Known bool
}

// Counters reads the maintenance counters (GS g 2). A printer that does not
// know them leaves them unknown; that is not an error.
func (p *Printer) Counters(ctx context.Context) (Counters, error) {
	c, err := p.counters(ctx)
	return c, newError("counters", p.uri, err)
}

func (p *Printer) counters(ctx context.Context) (Counters, error) {
	var c Counters
	if !p.everAnswered() {
		if _, err := p.status(ctx, allQuestions); err != nil {
			return c, err
		}
	}
	if !p.everAnswered() || p.Capabilities().Counters == escpos.No {
		return c, nil // what is not understood would be printed
	}
	if err := p.acquire(ctx); err != nil {
		return c, err
	}
	defer p.release()
	seen := escpos.No
	for _, q := range []struct {
		item byte
		into *Counter
	}{{178, &c.Cuts}, {148, &c.Lines}, {149, &c.Pulses}, {198, &c.Hours}} {
		a, err := p.ask(ctx, []byte{0x1D, 'g', 0x32, 0, q.item, 0}, classInfo, p.cfg.AnswerTimeout/4)
		if errors.Is(err, ErrNoAnswer) {
			break
		}
		if err != nil {
			return c, err
		}
		r := a.Reply
		r.Data = []byte(a.text)
		if n, ok := r.Counter(); ok {
			*q.into, seen = Counter{n, true}, escpos.Yes
		}
	}
	p.mu.Lock()
	p.caps.Counters = seen
	p.mu.Unlock()
	return c, nil
}

// prepare brings the printer to a command boundary, if the link before broke
// inside a command, and finds out which markers it answers.
func (r *run) prepare(ctx context.Context) error {
	p := r.p
	if r.prof.StatusReplies == escpos.No {
		return nil
	}
	p.mu.Lock()
	unfinished, c := p.unfinished, p.caps
	p.mu.Unlock()
	if unfinished > 0 {
		if err := r.recover(ctx, unfinished); err != nil {
			return err
		}
	}
	if c.ProcessID == escpos.Unknown && c.PaperStatus == escpos.Unknown {
		if err := r.probe(ctx); err != nil {
			return err
		}
		p.mu.Lock()
		c = p.caps
		p.mu.Unlock()
	}
	switch {
	case r.sure() && c.ProcessID == escpos.No && c.PaperStatus == escpos.No:
		return fmt.Errorf("%w: %s answers GS ( H, and this printer does not: it is another model, or inside a command that was cut off",
			ErrUnconfirmed, r.prof.Name)
	case c.ProcessID == escpos.Yes:
		r.kind = EvidenceProcessID
	case c.PaperStatus == escpos.Yes:
		r.kind = EvidencePaperStatus
	}
	return nil
}

// sure reports whether the printer is one that answers markers, if it is what
// the user says it is.
func (r *run) sure() bool {
	return r.p.cfg.Profile != nil && r.prof.ProcessID == escpos.Yes && r.p.everAnswered()
}

// probe finds out which markers the printer answers, and whether it has
// automatic status. A printer that knows none of these commands takes some of
// the bytes for text, less than a line, without printing it; the ESC @ of the
// receipt throws that away.
func (r *run) probe(ctx context.Context) error {
	p := r.p
	talks := p.everAnswered()
	var b []byte
	if talks && r.prof.ASB != escpos.No {
		b = append(b, setASB(asbMask)...)
		p.unpush()
	}
	byID := p.newMarker(EvidenceNone, idProbe, 0)
	if talks && r.prof.ProcessID != escpos.No {
		byID = p.newMarker(EvidenceProcessID, idProbe, newNumber())
		defer p.dropWait(byID.wait)
		b = append(b, byID.bytes...)
	}
	paper := p.newMarker(EvidencePaperStatus, idProbe, 0)
	defer p.dropWait(paper.wait)
	b = append(b, paper.bytes...)
	p.mu.Lock()
	p.asb.armed = p.asb.armed || talks && r.prof.ASB != escpos.No
	p.mu.Unlock()
	if err := r.write(ctx, b); err != nil {
		return err
	}
	d := p.cfg.AnswerTimeout / 4
	switch {
	case r.sure(): // it may have something to print yet
		d = p.cfg.ConfirmTimeout
	case talks:
		d = p.cfg.AnswerTimeout / 2
	}
	id, byte1, err := r.heard(ctx, byID, paper, d)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.caps.ProcessID, p.caps.PaperStatus = escpos.TriOf(id), escpos.TriOf(byte1)
	if p.caps.ASB == escpos.Unknown && talks {
		p.caps.ASB = escpos.No
	}
	return nil
}

// heard waits, for the time d, for the answers of a probe.
func (r *run) heard(ctx context.Context, byID, paper *marker, d time.Duration) (id, status bool, err error) {
	p := r.p
	var ids <-chan answer
	if byID.wait != nil {
		ids = byID.wait.got
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ids:
			id = true
		case a := <-paper.wait.got:
			status = paper.take(a) || status
		case <-timer.C:
			return id, status, nil
		case <-p.done:
			return id, status, p.Err()
		case <-ctx.Done():
			return id, status, ctx.Err()
		}
		if status && (id || ids == nil) {
			return id, status, nil
		}
		if status && !id {
			// The answers come in order: the id would be here by now, or is
			// held back for a moment.
			timer.Reset(50 * time.Millisecond)
		}
	}
}

// recover brings the printer out of a command of at most n bytes that was cut
// off. A printer that answers GS r 1 is out of it already. Else it is asked to
// clear its buffers, where its model is known to do that; and else the command
// is filled up with NUL bytes, which are white where they are image data and
// nothing where they are commands.
func (r *run) recover(ctx context.Context, n int) error {
	p := r.p
	if p.everAnswered() {
		if ok, err := r.responds(ctx); err != nil || ok {
			return err
		}
		if r.prof.Clear == escpos.Yes && p.clear(ctx) == nil {
			return nil
		}
	}
	p.log.Info("filling up a command that was cut off", "printer", p.uri, "bytes", n)
	if err := r.write(ctx, make([]byte, n)); err != nil {
		return err
	}
	p.cleared()
	return nil
}

// responds reports whether the printer executes commands.
func (r *run) responds(ctx context.Context) (bool, error) {
	p := r.p
	none := p.newMarker(EvidenceNone, idProbe, 0)
	m := p.newMarker(EvidencePaperStatus, idProbe, 0)
	defer p.dropWait(m.wait)
	if err := r.write(ctx, m.bytes); err != nil {
		return false, err
	}
	_, ok, err := r.heard(ctx, none, m, p.cfg.AnswerTimeout/2)
	if ok {
		p.mu.Lock()
		p.unfinished = 0
		p.mu.Unlock()
	}
	return ok, err
}
