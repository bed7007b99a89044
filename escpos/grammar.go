package escpos

import (
	"fmt"
	"strings"
	"sync"
)

// A commandGrammar recognises heads. It is a tree of nodes, one level a byte.
// It is built once, from the table, and not changed afterwards.
type commandGrammar struct {
	root node
	defs []*CommandDef // as listed
}

type node struct {
	def   *CommandDef // a leaf: the command is decided
	next  *[256]*node
	width int         // a family: bytes of length prefix that come next
	other *CommandDef // a family: for functions that it does not have, or cut short
}

// grammar returns the grammar of all commands.
var grammar = sync.OnceValue(newGrammar)

func newGrammar() *commandGrammar {
	g := &commandGrammar{defs: table()}
	for _, d := range g.defs {
		d.complete()
		g.add(d)
	}
	// Families that are in no table.
	for _, op := range []string{"\x1b(", "\x1c(", "\x1d("} {
		for c := byte('!'); c < 0x7F; c++ {
			g.family(op + string(rune(c)))
		}
	}
	return g
}

// complete fills in what the table need not say.
func (d *CommandDef) complete() {
	if d.Source == "" {
		d.Source = "Epson ESC/POS, " + d.Name
	}
	d.Fn = -1
	w := familyWidth(d.op)
	d.head = len(d.op) + w
	form := make([]string, 0, 16)
	for i := range len(d.op) {
		form = append(form, fmt.Sprintf("%02X", d.op[i]))
	}
	switch w {
	case 2:
		form = append(form, "pL", "pH")
	case 4:
		form = append(form, "p1", "p2", "p3", "p4")
	}
	for _, p := range d.params {
		if p.name == "fn" {
			d.Fn = int(p.only[0])
		}
		d.head += p.size
		form = append(form, p.form()...)
	}
	switch {
	case d.view.form != "":
		form = append(form, d.view.form)
	case d.body == bodySized:
		form = append(form, "d1…dk")
	}
	d.Form = strings.Join(form, " ")
}

// add puts a command into the tree: its opcode, and those parameters that
// select it.
func (g *commandGrammar) add(d *CommandDef) {
	at := []*node{&g.root}
	if familyWidth(d.op) > 0 {
		at = []*node{g.family(d.op)}
	} else {
		for i := range len(d.op) {
			at = []*node{at[0].child(d.op[i])}
		}
	}
	for _, p := range d.params {
		if p.only == "" {
			break
		}
		var below []*node
		for _, n := range at {
			for i := range len(p.only) {
				below = append(below, n.child(p.only[i]))
			}
		}
		at = below
	}
	for _, n := range at {
		n.def = d
	}
}

// family returns the node behind the opcode of a family.
func (g *commandGrammar) family(op string) *node {
	n := &g.root
	for i := range len(op) {
		n = n.child(op[i])
	}
	if n.width == 0 {
		n.width = familyWidth(op)
		n.other = &CommandDef{
			Name: commandName(op), Title: "unknown or incomplete function", op: op,
			params: []param{{name: "m", size: 1}, {name: "fn", size: 1, only: "\x00"}},
			view:   dataView{name: "data", form: "…"},
		}
		n.other.complete()
		n.other.Fn = -1
	}
	return n
}

// commandName writes an opcode as Epson does: "GS ( k".
func commandName(op string) string {
	var b strings.Builder
	for i := range len(op) {
		switch c := op[i]; c {
		case 0x1B:
			b.WriteString("ESC")
		case 0x1C:
			b.WriteString("FS")
		case 0x1D:
			b.WriteString("GS")
		default:
			b.WriteString(" " + string(rune(c)))
		}
	}
	return b.String()
}

func (n *node) child(b byte) *node {
	if n.next == nil {
		n.next = new([256]*node)
	}
	if n.next[b] == nil {
		n.next[b] = new(node)
	}
	return n.next[b]
}

// head recognises the head at the front of b. It returns its command and its
// length; or nil and how many bytes begin no command; or nil and 0, if b ends
// before that is decided.
func (g *commandGrammar) head(b []byte) (*CommandDef, int) {
	const leadDLE = 0x10
	n, i := &g.root, 0
	limit := len(b) + 1 // where the length prefix ends the head; beyond b while there is none
	var other *CommandDef
	for n.def == nil {
		if i == limit {
			return other, i
		}
		if i == len(b) {
			return nil, 0
		}
		var below *node
		if n.next != nil {
			below = n.next[b[i]]
		}
		if below == nil {
			if other != nil {
				break
			}
			// Nothing begins like this.
			if i == 0 || b[i] >= 0x20 && b[0] != leadDLE {
				i++
			}
			return nil, i
		}
		n = below
		i++
		if n.width > 0 {
			other = n.other
			if i+n.width > len(b) {
				return nil, 0
			}
			p := lengthPrefix(b, n.width)
			i += n.width
			limit = i + int(min(p, maxHead))
		}
	}
	def := n.def
	if other != nil && (def == nil || def.head > limit) {
		def = other // not a function, or too short to have its parameters
	}
	end := min(def.head, limit)
	if other == nil {
		end = def.head
	}
	if len(b) < end {
		return nil, 0
	}
	return def, end
}
