package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// configFile is a TOML file, and where in it everything stands.
type configFile struct {
	path  string
	root  map[string]any
	keys  []toml.Key
	lines map[string]int // by the path of the key: "printer.bar.uri", "hook.0.exec"
	err   error          // the first that was found
}

// readConfigFile reads a file. It is nil where there is none.
func readConfigFile(path string) (*configFile, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := &configFile{path: path, lines: map[string]int{}}
	md, err := toml.Decode(string(b), &f.root)
	var pe toml.ParseError
	if errors.As(err, &pe) && pe.LastKey == "" {
		return nil, fmt.Errorf("%s: line %d: %s (correct that line: it should be TOML)", path, pe.Position.Line, pe.Message)
	}
	if errors.As(err, &pe) {
		return nil, fmt.Errorf("%s: line %d: %s (check the key %q)", path, pe.Position.Line, pe.Message, pe.LastKey)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.keys = md.Keys()
	f.index(string(b))
	return f, nil
}

// index finds the line of each key. The file is known to be well-formed; what
// is inside of a value over several lines is not told apart, and does not
// look like a key.
func (f *configFile) index(text string) {
	var in []string // the path of the table
	count := map[string]int{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch name, _, isKey := strings.Cut(line, "="); {
		case strings.HasPrefix(line, "["):
			if in = keyOf(line); in == nil {
				continue
			}
			if strings.HasPrefix(line, "[[") {
				name := strings.Join(in, ".")
				in = append(in, strconv.Itoa(count[name]))
				count[name]++
			}
			f.note(in, i+1)
		case isKey:
			f.note(append(slices.Clone(in), keyOf(name+"= 0")...), i+1)
		}
	}
}

// note takes down where a key stands, and where what it stands in begins.
func (f *configFile) note(path []string, line int) {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if key := strings.Join(path, "."); f.lines[key] == 0 {
			f.lines[key] = line
		}
	}
}

// keyOf returns the key that one line of TOML sets.
func keyOf(line string) toml.Key {
	var ignored map[string]any
	md, err := toml.Decode(line, &ignored)
	if err != nil || len(md.Keys()) == 0 {
		return nil
	}
	return md.Keys()[len(md.Keys())-1]
}

// line returns the line of a key, or of what it stands in.
func (f *configFile) line(path []string) int {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if n := f.lines[strings.Join(path, ".")]; n > 0 {
			return n
		}
	}
	return 1
}

// table reads the values of one table. The first error of the file is kept in
// the file.
type table struct {
	f      *configFile
	path   []string
	title  string // "[printer.bar]"
	values map[string]any
	known  []string
}

func (f *configFile) table(title string, v any, path ...string) *table {
	t := &table{f: f, path: path, title: title}
	var ok bool
	if t.values, ok = v.(map[string]any); !ok && v != nil {
		t.fail("", "it is not a table (write %s and its keys below)", title)
	}
	return t
}

// fail notes what is wrong with a key, and the cure.
func (t *table) fail(key, format string, args ...any) {
	if t.f.err != nil {
		return
	}
	path, where := t.path, t.title
	if key != "" {
		path = append(slices.Clone(path), key)
		where = strings.TrimSpace(where + " " + key)
	}
	t.f.err = fmt.Errorf("%s: line %d: %s: %s", t.f.path, t.f.line(path), where, fmt.Sprintf(format, args...))
}

// value returns the value of a key, if it is there.
func (t *table) value(key string) (v any, ok bool) {
	t.known = append(t.known, key)
	v, ok = t.values[key]
	return v, ok
}

// read returns the value of a key if it has the right type; kind and form
// are the cure where it does not.
func read[T any](t *table, key, kind, form string) (v T, ok bool) {
	raw, there := t.value(key)
	if !there {
		return v, false
	}
	if v, ok = raw.(T); !ok {
		t.fail(key, "it is not %s (write %s = %s)", kind, key, form)
	}
	return v, ok
}

func (t *table) text(key string) string {
	s, _ := read[string](t, key, "text", `"…"`)
	return s
}

func (t *table) flag(key string) bool {
	b, _ := read[bool](t, key, "true or false", "true")
	return b
}

func (t *table) texts(key string) []string {
	list, ok := read[[]any](t, key, "a list", `["…", "…"]`)
	if !ok {
		return nil
	}
	texts := make([]string, len(list))
	for i, v := range list {
		if texts[i], ok = v.(string); !ok {
			t.fail(key, "item %d is not text (write %s = [\"…\", \"…\"])", i+1, key)
		}
	}
	if len(list) == 0 {
		t.fail(key, "the list is empty (leave the key out, or name something)")
	}
	return texts
}

// duration returns a time, and whether one is set. least is the shortest that
// makes sense.
func (t *table) duration(key string, least time.Duration) (d time.Duration, ok bool) {
	s, ok := read[string](t, key, "a duration in quotes", `"60s"`)
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		t.fail(key, "%q is not a duration (write %s = \"90s\", \"5m\" or \"1h30m\")", s, key)
	case d < least:
		t.fail(key, "%s is too short (at least %v)", s, least)
	}
	return d, true
}

// choice returns which of the words is set, and the first where none is.
func (t *table) choice(key string, words ...string) int {
	s, ok := read[string](t, key, "text", strconv.Quote(words[0]))
	if !ok {
		return 0
	}
	i := slices.Index(words, s)
	if i < 0 {
		t.fail(key, "there is no %q (choose one of: %s)", s, strings.Join(words, ", "))
	}
	return max(i, 0)
}

// sub returns the table inside of a table.
func (t *table) sub(key string) *table {
	v, _ := t.value(key)
	path := append(slices.Clone(t.path), key)
	return t.f.table("["+strings.Join(path, ".")+"]", v, path...)
}

// end finds the keys that nobody asked for.
func (t *table) end() {
	var unknown []string
	for key := range t.values {
		if !slices.Contains(t.known, key) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) == 0 {
		return
	}
	slices.SortFunc(unknown, func(x, y string) int {
		return t.f.line(append(slices.Clone(t.path), x)) - t.f.line(append(slices.Clone(t.path), y))
	})
	slices.Sort(t.known)
	t.fail(unknown[0], "unknown key %q (known here: %s)", unknown[0], strings.Join(t.known, ", "))
}
