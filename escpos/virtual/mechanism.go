package virtual

import "time"

// An op is one movement of the mechanism. Movements are done one after the
// other; the printer executes its next command when none is left.
type op struct {
	kind opKind
	n    int // feed: dots still to go
	step int // feed: dots of a step, after which the sensors are heeded
	// first is the index of the first item of the line that the feed
	// prints, or -1. If the cover is opened before the feed is over, the
	// line is printed again.
	first int
	// whole is set for a feed that is not stopped by the paper end sensor:
	// the feed to the cutter.
	whole bool
	cut   Cut
	at    int // cut: where on the strip, if not what is at the cutter now
	wait  time.Duration
}

type opKind uint8

const (
	opFeed opKind = iota
	opCut
	opWait // for nothing but time: GS ^
)

// feed queues a feed of n dots in steps of a line.
func (p *Printer) feed(n int) {
	if n > 0 {
		p.ops = append(p.ops, op{kind: opFeed, n: n, step: max(1, p.pers.LineSpacing), first: -1})
	}
}

// feedLine queues the feed that prints the items from first on.
func (p *Printer) feedLine(first, n int) {
	p.ops = append(p.ops, op{kind: opFeed, n: n, step: n, first: first})
}

// cut queues a cut, after a feed of n dots that brings the paper there.
func (p *Printer) cut(c Cut, n int) {
	if n > 0 {
		p.ops = append(p.ops, op{kind: opFeed, n: n, step: max(1, p.pers.LineSpacing), first: -1, whole: true})
	}
	if p.pers.Cutter {
		p.ops = append(p.ops, op{kind: opCut, cut: c})
	}
}

// perform does the next step of the next movement, or begins it, where it
// takes time.
func (p *Printer) perform() {
	o := &p.ops[0]
	d := time.Duration(0)
	switch {
	case o.kind == opWait:
		d = o.wait
	case p.speed <= 0:
	case o.kind == opFeed:
		mm := p.pers.mm(min(o.n, o.step))
		d = time.Duration(mm / p.speed * float64(time.Second))
	case o.kind == opCut:
		d = time.Duration(p.pers.CutTime)
	}
	if d <= 0 {
		p.performed()
		return
	}
	p.moving, p.moveBegan, p.moveFor = true, time.Now(), d
	if p.mover == nil {
		p.mover = time.AfterFunc(d, p.moved)
	} else {
		p.mover.Reset(d)
	}
}

// moved is called by the timer when a step is over.
func (p *Printer) moved() {
	p.mu.Lock()
	defer p.mu.Unlock()
	// A timer that was stopped too late finds nothing moving, or a later
	// step, which is not yet due.
	if !p.moving || time.Since(p.moveBegan) < p.moveFor {
		return
	}
	p.moving = false
	p.performed()
	p.work()
}

// performed completes the step under way.
func (p *Printer) performed() {
	o := &p.ops[0]
	switch o.kind {
	case opFeed:
		n := min(o.n, o.step)
		o.n -= n
		if o.first >= 0 {
			p.counters.lines++
			o.first = -1
			o.step = max(1, p.pers.LineSpacing)
		}
		p.advance(n)
		whole := o.whole && o.n > 0
		if o.n <= 0 {
			p.popOp()
			whole = len(p.ops) > 0 && p.ops[0].kind == opCut
		}
		if !whole {
			p.heed()
			p.dueCut()
		}
	case opCut:
		if p.jammed {
			p.fail(faultCutter)
			return
		}
		c := o.cut
		at := o.at
		p.popOp()
		p.cutPaper(c, at)
		p.heed()
	case opWait:
		p.popOp()
	}
}

func (p *Printer) popOp() {
	p.ops = p.ops[:copy(p.ops, p.ops[1:])]
}

// advance moves the paper by n dots, or by what is left of it.
func (p *Printer) advance(n int) {
	n = min(n, p.paper)
	p.paper -= n
	p.strip.y += n
	p.counters.dots += int64(n)
	p.sense()
}

// sense reads the paper sensors. With the cover open they keep what they saw
// last (TM-T81 specification, GS a).
func (p *Printer) sense() {
	if p.cover {
		return
	}
	p.nearEnd = p.pers.NearEndSensor && p.paper <= p.nearAt
	p.end = p.paper <= p.endAt
}

// heed stops the printer where the sensors say so.
func (p *Printer) heed() {
	if p.cover {
		return
	}
	if p.end && p.halted&haltPaper == 0 {
		p.halted |= haltPaper
		if p.pers.LosesBuffer {
			p.clear()
		}
	}
	if p.nearEnd && p.stopNearEnd {
		p.halted |= haltNearEnd
	}
}

// interrupt stops the mechanism in the middle of a movement. The line that
// was being printed is printed again when again is set.
func (p *Printer) interrupt(again bool) {
	if !p.moving {
		return
	}
	p.moving = false
	p.mover.Stop()
	o := &p.ops[0]
	if o.kind != opFeed {
		if o.kind == opWait || !again {
			p.popOp()
		}
		return
	}
	step := min(o.n, o.step)
	gone := int(float64(step) * min(1, time.Since(p.moveBegan).Seconds()/p.moveFor.Seconds()))
	if o.first < 0 {
		o.n -= gone
		p.advance(gone)
		return
	}
	s := &p.strip
	bottom := int32(s.y + gone)
	end := len(s.items)
	for i := o.first; i < end; i++ {
		s.items[i].done = max(0, min(s.items[i].h, bottom-s.items[i].y))
	}
	p.advance(gone)
	if !again {
		p.popOp()
		return
	}
	o.first = s.add(s.items[o.first:end], s.arena, gone)
	line := p.nextLine()
	for i := o.first; i < len(s.items); i++ {
		s.items[i].line = line
	}
}

// reprint queues items once more that were printed on another strip: some
// printers repeat a line after a paper end.
func (p *Printer) reprint(items []item, from []byte) {
	if len(items) == 0 {
		return
	}
	top, bottom := items[0].y, int32(0)
	for i := range items {
		top = min(top, items[i].y)
		bottom = max(bottom, items[i].y+items[i].h)
	}
	first := p.strip.add(items, from, p.strip.y-int(top))
	n := max(int(bottom-top), p.pers.LineSpacing)
	p.ops = append([]op{{kind: opFeed, n: n, step: n, first: first}}, p.ops...)
}

// cutPaper parts the strip at the cutter.
func (p *Printer) cutPaper(c Cut, at int) {
	p.counters.cuts++
	y := p.strip.y - p.pers.dots(p.pers.CutterMM)
	if at > 0 {
		y = min(y, at)
	}
	if y <= 0 {
		return // nothing has passed the cutter since the last cut
	}
	pc := p.strip.split(y)
	pc.cut = c
	for i := range p.reserved {
		p.reserved[i].at -= y
	}
	p.out(pc)
}

// reserve is GS V, function C: the paper is cut where it is now, n dots on,
// when that has come to the cutter. Printing goes on meanwhile.
func (p *Printer) reserve(c Cut, n int) {
	if p.pers.Cutter && len(p.reserved) < maxReserved {
		p.reserved = append(p.reserved, op{kind: opCut, cut: c, at: p.strip.y + n})
	}
}

const maxReserved = 16

// dueCut queues the first reserved cut if its place has come to the cutter.
func (p *Printer) dueCut() {
	if len(p.reserved) > 0 && p.strip.y-p.pers.dots(p.pers.CutterMM) >= p.reserved[0].at {
		p.ops = append([]op{p.reserved[0]}, p.ops...)
		p.reserved = p.reserved[1:]
	}
}

// tear takes what is printed out of the printer, up to the head. What the
// mechanism has still to print goes over to the next paper.
func (p *Printer) tear() {
	s := &p.strip
	line := 0 // how many items belong to the line under way: they are the last
	if len(p.ops) > 0 && p.ops[0].kind == opFeed && p.ops[0].first >= 0 {
		line = len(s.items) - p.ops[0].first
	}
	pc := s.split(s.y)
	if len(pc.items) > 0 {
		pc.torn = true
		p.out(pc)
	}
	p.reserved = nil
	lead := p.pers.dots(p.pers.CutterMM)
	s.y = lead
	for i := range s.items {
		s.items[i].y += int32(lead)
	}
	if line > 0 {
		p.ops[0].first = len(s.items) - line
	}
}

// out lets a piece of paper fall into somebody's hand.
func (p *Printer) out(pc *piece) {
	p.pieceNo++
	pc.number = p.pieceNo
	if len(p.pieces) >= p.keep {
		p.pieces = append([]*piece(nil), p.pieces[len(p.pieces)-p.keep+1:]...)
	}
	p.pieces = append(p.pieces, pc)
}

// fail puts the printer into an error.
func (p *Printer) fail(f fault) {
	if !p.on {
		return
	}
	p.fault |= f
	p.halted |= haltError
}

// clearFault ends errors.
func (p *Printer) clearFault(f fault) {
	if p.fault &^= f; p.fault == 0 {
		p.halted &^= haltError
	}
}
