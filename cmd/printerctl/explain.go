package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/printerctl/printerctl/escpos"
)

func newExplainCommand(a *app) *cobra.Command {
	var list bool
	var profile string
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Say in words what ESC/POS bytes mean",
		Long: `Read ESC/POS from a file, or from standard input for -, and print a line for
each command: its offset, its bytes, Epson's name, and its arguments in words.
A run of text, or of one byte that printers ignore, is one line. Bytes that
mean nothing are shown as they are, and passed over.

What bytes above 7F print depends on the printer: name it with --profile to
read text in Chinese, say.

With --list, print every command known, with its form and who documents it.`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case list && len(args) > 0:
				return errors.New("explain --list takes no file")
			case !list && len(args) != 1:
				return errors.New("explain takes one file, or - for standard input")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			out := bufio.NewWriter(a.stdout)
			if list {
				return errors.Join(a.listCommands(out), out.Flush())
			}
			var text escpos.TextDecoder
			if profile != "" {
				var err error
				if text.Profile, err = escpos.ProfileByName(profile); err != nil {
					return err
				}
			}
			in, err := a.open(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			print := explainLine(out, &text)
			if a.json {
				print = explainJSON(out, &text)
			}
			if err := explain(in, out, print); err != nil {
				return fmt.Errorf("explain %s: %w", args[0], err)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "print every command known")
	cmd.Flags().StringVar(&profile, "profile", "", "printer `model` that the bytes are for")
	return cmd
}

// explain prints every command of in. What has been read is printed before
// more is waited for.
func explain(in io.Reader, out *bufio.Writer, print func(explained) error) error {
	c := commandCollector{emit: print}
	buf := make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		if err := c.write(buf[:n]); err != nil {
			return err
		}
		if err == io.EOF {
			return errors.Join(c.end(), out.Flush())
		}
		if err != nil {
			return errors.Join(c.end(), out.Flush(), err)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// keep is how many bytes of a command's data are kept to be shown.
const keep = 64

// A commandCollector makes commands of a stream. Of long data and text it
// keeps only the beginning, so that its memory is bounded.
type commandCollector struct {
	emit     func(explained) error
	scanner  escpos.Scanner
	realTime escpos.RealTimeScanner
	cmd      explained // under way; Bytes is what is kept of it
	kind     escpos.TokenKind
	head     int // how much of cmd.Bytes is the head
	data     int // and how much after that is data
}

// explained is a command, and what a printer does beside it.
type explained struct {
	escpos.Command
	// Inside counts the real-time commands in the bytes of another command,
	// by where they end: a printer acts on them when they are received.
	Inside int
	First  escpos.RealTimeCommand // of those
}

func (c *commandCollector) write(p []byte) error {
	for {
		tok, n := c.scanner.Next(p)
		p = p[n:]
		if tok.Kind == escpos.TokenNone {
			return nil
		}
		if err := c.take(tok); err != nil {
			return err
		}
	}
}

func (c *commandCollector) end() error {
	tok := c.scanner.Flush()
	if tok.Kind == escpos.TokenNone {
		return c.finish()
	}
	if tok.Def != nil {
		c.cmd.Truncated = true
		return c.finish()
	}
	if err := c.take(tok); err != nil {
		return err
	}
	c.cmd.Truncated = true
	return c.finish()
}

func (c *commandCollector) take(tok escpos.Token) error {
	if c.begins(tok) {
		if err := c.finish(); err != nil {
			return err
		}
		c.kind, c.head, c.data = tok.Kind, len(tok.Head), 0
		c.cmd = explained{Command: escpos.Command{Offset: tok.Offset, Def: tok.Def, Bytes: c.cmd.Bytes[:0]}}
		switch tok.Kind {
		case escpos.TokenCommand:
			c.cmd.Name, c.cmd.Known = tok.Def.Name, tok.Def.Known()
		case escpos.TokenText:
			c.cmd.Name, c.cmd.Known = "text", true
		default:
			c.cmd.Name = "unknown"
		}
	}
	c.add(tok.Head)
	n := c.add(tok.Data)
	if tok.Kind != escpos.TokenEnd { // its NUL is not data
		c.data += n
	}
	return nil
}

// add adds bytes to the command under way, and returns how many it kept.
func (c *commandCollector) add(p []byte) (kept int) {
	c.cmd.Length += int64(len(p))
	c.lookInside(p)
	kept = min(c.head+keep-len(c.cmd.Bytes), len(p))
	c.cmd.Bytes = append(c.cmd.Bytes, p[:kept]...)
	return kept
}

// begins reports whether tok begins something new. A run of text is one
// thing, and so is a run of one ignored byte: hosts send thousands of NULs to
// get a printer out of a half-sent command.
func (c *commandCollector) begins(tok escpos.Token) bool {
	switch tok.Kind {
	case escpos.TokenCommand:
		return c.kind != tok.Kind || c.cmd.Def != tok.Def || tok.Def.Class != escpos.ClassIgnored
	case escpos.TokenText:
		return c.kind != tok.Kind
	}
	return tok.Kind == escpos.TokenUnknown
}

// lookInside finds real-time commands inside the command under way.
func (c *commandCollector) lookInside(p []byte) {
	for len(p) > 0 {
		cmd, n, ok := c.realTime.Next(p)
		p = p[n:]
		if !ok || cmd.Offset == c.cmd.Offset { // or it is the command itself
			continue
		}
		if c.cmd.Inside++; c.cmd.Inside == 1 {
			c.cmd.First = cmd
		}
	}
}

// finish emits the command under way, if there is one.
func (c *commandCollector) finish() error {
	if c.kind == escpos.TokenNone {
		return nil
	}
	c.kind = escpos.TokenNone
	if c.cmd.Def != nil {
		c.cmd.Head = c.cmd.Bytes[:c.head]
	}
	c.cmd.Data = c.cmd.Bytes[c.head : c.head+c.data]
	return c.emit(c.cmd)
}

// arguments returns the arguments of c, and its text as it is printed.
func (c explained) arguments(text *escpos.TextDecoder) []escpos.Arg {
	if c.Def != nil {
		text.Command(c.Def, c.Head)
	}
	if c.Name != "text" {
		return c.Args()
	}
	s := string(text.AppendText(nil, c.Data))
	more := ""
	if c.Length > int64(len(c.Data)) {
		more = fmt.Sprintf("… (%d bytes)", c.Length)
		for range 3 { // of a character that was cut
			if n := len(s) - len(`\xFF`); n >= 0 && strings.HasPrefix(s[n:], `\x`) {
				s = s[:n]
			}
		}
	}
	return []escpos.Arg{{Name: "text", Value: s, Text: `"` + s + `"` + more}}
}

// explainLine prints commands for people.
func explainLine(w io.Writer, text *escpos.TextDecoder) func(explained) error {
	const width = 8 // bytes shown
	return func(c explained) error {
		code := fmt.Sprintf("% X", c.Bytes[:min(width, len(c.Bytes))])
		if c.Length > width {
			code += " …"
		}
		var words []string
		if c.Def != nil {
			words = append(words, c.Def.Title)
		}
		for _, arg := range c.arguments(text) {
			if c.Def == nil {
				words = append(words, arg.Text)
			} else {
				words = append(words, arg.String())
			}
		}
		if c.Def != nil && c.Def.Class == escpos.ClassIgnored && c.Length > 1 {
			words = append(words, fmt.Sprintf("%d of them", c.Length))
		}
		if c.Inside > 0 {
			words = append(words, fmt.Sprintf("real-time commands inside: %d, acted on when received, the first %s at %d", c.Inside, c.First.Kind, c.First.Offset))
		}
		if c.Truncated {
			words = append(words, "breaks off here")
		}
		_, err := fmt.Fprintf(w, "%8d  %-25s  %-8s  %s\n", c.Offset, code, c.Name, strings.Join(words, "; "))
		return err
	}
}

// explainJSON prints a JSON object a line.
func explainJSON(w io.Writer, text *escpos.TextDecoder) func(explained) error {
	type arg struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
		Text  string `json:"text"`
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(c explained) error {
		args := []arg{}
		for _, a := range c.arguments(text) {
			args = append(args, arg(a))
		}
		line := struct {
			Offset    int64  `json:"offset"`
			Length    int64  `json:"length"`
			Name      string `json:"name"`
			Title     string `json:"title,omitempty"`
			Known     bool   `json:"known"`
			Truncated bool   `json:"truncated,omitempty"`
			Args      []arg  `json:"args"`
			Inside    int    `json:"real_time_inside,omitempty"`
			Hex       string `json:"hex"`
		}{c.Offset, c.Length, c.Name, "", c.Known, c.Truncated, args, c.Inside, hex.EncodeToString(c.Bytes)}
		if c.Def != nil {
			line.Title = c.Def.Title
		}
		return enc.Encode(line)
	}
}

// listCommands prints the table of commands.
func (a *app) listCommands(w io.Writer) error {
	if a.json {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for _, d := range escpos.CommandTable() {
			line := struct {
				Name        string `json:"name"`
				Fn          *int   `json:"fn,omitempty"`
				Title       string `json:"title"`
				Form        string `json:"form"`
				Class       string `json:"class"`
				RealTime    bool   `json:"real_time"`
				Replies     bool   `json:"replies"`
				Nonvolatile bool   `json:"nonvolatile"`
				Source      string `json:"source"`
			}{d.Name, nil, d.Title, d.Form, d.Class.String(), d.RealTime, d.Replies, d.Nonvolatile, d.Source}
			if d.Fn >= 0 {
				line.Fn = &d.Fn
			}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "NAME\tFORM\tWHAT IT DOES\tSOURCE")
	for _, d := range escpos.CommandTable() {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", d.Name, d.Form, d.Title, d.Source)
	}
	return tw.Flush()
}
