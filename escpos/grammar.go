package escpos

import (
	"fmt"
	"slices"
	"strconv"
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
	other *CommandDef // a family: for functions that it does not have
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
			Name: commandName(op), Title: "a function that is not known", op: op,
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
				n = &node{def: other}
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
	end := min(n.def.head, limit)
	if other == nil {
		end = n.def.head
	}
	if len(b) < end {
		return nil, 0
	}
	return n.def, end
}

// param is one parameter of a command.
type param struct {
	name string // without the suffixes of its bytes: "n" for nL nH; "" for a constant of no interest
	size int    // bytes, little-endian
	only string // the values that select the command; "" if it takes any
	// text says in words what a value means; nil for the bare number.
	text   func(v int) string
	signed bool // two's complement
	chars  bool // characters rather than a number
	quiet  int  // a value that says nothing: it is not shown; 0 if there is none
}

// form writes the parameter as the forms of commands do: n, nL nH, 1A, or
// with the values that it must have, m(0-6).
func (p param) form() []string {
	switch {
	case p.chars && p.size > 1:
		f := make([]string, p.size)
		for i := range f {
			f[i] = p.name + strconv.Itoa(i+1)
		}
		return f
	case p.size == 2:
		return []string{p.name + "L", p.name + "H"}
	case p.size == 4:
		return []string{p.name + "1", p.name + "2", p.name + "3", p.name + "4"}
	case len(p.only) == 1:
		return []string{fmt.Sprintf("%02X", p.only[0])}
	case p.only != "":
		return []string{p.name + "(" + ranges(p.only) + ")"}
	}
	return []string{p.name}
}

// ranges writes values as "0-6,48".
func ranges(only string) string {
	vals := []byte(only)
	slices.Sort(vals)
	var b strings.Builder
	for i := 0; i < len(vals); {
		j := i
		for j+1 < len(vals) && vals[j+1] == vals[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(int(vals[i])))
		if j > i {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(int(vals[j])))
		}
		i = j + 1
	}
	return b.String()
}

// value reads the parameter from the front of b, which is long enough.
func (p param) value(b []byte) int {
	v := 0
	for i := p.size - 1; i >= 0; i-- {
		v = v<<8 | int(b[i])
	}
	if p.signed && v >= 1<<(8*p.size-1) {
		v -= 1 << (8 * p.size)
	}
	return v
}
