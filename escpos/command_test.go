package escpos

import (
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// examplesText has bytes of every command, and what is to be said of them.
//
//go:embed testdata/commands.txt
var examplesText string

// examples are its lines: the bytes, and the words.
var examples = func() (all []example) {
	for line := range strings.Lines(examplesText) {
		code, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
		if !ok {
			continue
		}
		in, err := hex.DecodeString(strings.ReplaceAll(code, " ", ""))
		if err != nil {
			panic(fmt.Sprintf("testdata/commands.txt: %q: %v", line, err))
		}
		all = append(all, example{string(in), want})
	}
	return all
}()

type example struct{ in, want string }

// inWords writes a command as the examples have it.
func inWords(c Command) string {
	parts := []string{c.Name}
	if c.Def != nil {
		parts = append(parts, c.Def.Title)
	}
	if !c.Known {
		parts = append(parts, "not known")
	}
	for _, a := range c.Args() {
		parts = append(parts, a.String())
	}
	return strings.Join(parts, " | ")
}

func TestCommandExamples(t *testing.T) {
	seen := map[*CommandDef]bool{}
	for _, ex := range examples {
		all := slices.Collect(Commands([]byte(ex.in)))
		require.Len(t, all, 1, "% X", ex.in)
		c := all[0]
		require.False(t, c.Truncated, "% X", ex.in)
		require.Equal(t, ex.in, string(c.Bytes))
		require.Equal(t, ex.want, inWords(c), "% X", ex.in)
		seen[c.Def] = true
	}
	for _, d := range grammar().defs {
		require.True(t, seen[d], "no example of %s: %s (%s)", d.Name, d.Title, d.Form)
	}
}

// One example after the other, in one stream: each ends where it ends.
func TestCommandsInARow(t *testing.T) {
	var stream []byte
	for _, ex := range examples {
		stream = append(append(stream, ex.in...), "text"...)
	}
	i := 0
	for c := range Commands(stream) {
		if ex := examples[i/2]; i%2 == 0 {
			require.Equal(t, ex.want, inWords(c), "% X", ex.in)
		} else {
			require.Equal(t, `text | text: "text"`, inWords(c))
		}
		i++
	}
	require.Equal(t, 2*len(examples), i)
}

func TestCommandTable(t *testing.T) {
	table := CommandTable()
	forms := map[string]string{}
	for _, d := range table {
		require.NotEmpty(t, d.Title, d.Name)
		require.NotEmpty(t, d.Source, d.Name)
		require.True(t, d.Known(), d.Name)
		require.NotContains(t, forms, d.Form, "%s: %s", d.Name, d.Title)
		forms[d.Form] = d.Name
		require.LessOrEqual(t, d.head, maxHead, d.Name)
		require.True(t, strings.HasPrefix(d.Form, strings.ToUpper(hex.EncodeToString([]byte(d.op[:1])))), d.Form)
		if familyWidth(d.op) > 0 {
			require.Equal(t, commandName(d.op), d.Name)
		}
	}
	for _, want := range []string{
		"1B 40", "1D 28 6B pL pH 31 43 n", "1D 56 m(0-1,48-49)", "1D 6B m(65-79) n d1…dn", "1B 44 n1…nk 00", "10 14 08 01 03 14 01 06 02 08",
		"1D 38 4C p1 p2 p3 p4 30 70 a bx by c xL xH yL yH d1…dk", "1D 28 48 pL pH 30 m d1 d2 d3 d4", "1D 28 4C pL pH 30 fn(0,48)", "1B 26 y c1 c2 [x d1…d(y·x)]…",
	} {
		require.Contains(t, forms, want)
	}
	fns := map[int]bool{}
	for _, d := range table {
		if d.Name == "GS ( L" {
			fns[d.Fn] = true
		}
	}
	require.Equal(t, []int{48, 49, 50, 51, 52, 64, 65, 66, 67, 68, 69, 80, 81, 82, 83, 84, 85, 112, 113}, slices.Sorted(maps.Keys(fns)))
}
