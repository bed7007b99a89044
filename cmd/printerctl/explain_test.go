package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// runExplain runs explain on standard input.
func runExplain(t *testing.T, in io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{stdin: in, stdout: &out, stderr: &errs}
	cmd := newExplainCommand(a)
	cmd.Flags().BoolVar(&a.json, "json", false, "")
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	if err := cmd.ExecuteContext(context.Background()); err != nil {
		a.complain(err)
		code = exitFailed
	}
	return code, out.String(), errs.String()
}

// receipt has text, settings, a bar code, a QR code, an image, a status
// question, and bytes that mean nothing.
const receipt = "\x00\x00\x00\x1b@\x1bt\x10\x1ba\x01\x1d!\x11Corner Shop\n\x1d!\x00\x1ba\x00" +
	"Coffee\t2.50\nCaf\xe9 & \"T\"\n" + "\x1b~\x1d(!\x02\x00ab" +
	"\x1dh\x50\x1dw\x03\x1dH\x02\x1dkI\x07{B12345\x1dk\x044711\x00" +
	"\x1d(k\x03\x001C\x06\x1d(k\x17\x001P0https://example.com/\x1d(k\x03\x001Q0" +
	"\x1dv0\x00\x02\x00\x06\x00\x10\x04\x01\x10\x04\x01\x00\x00\x00\x00\x00\x00\x10\x04\x01" +
	"\x1bD\x08\x10\x00\x1bp\x00\x19\xfa\x1dVB\x00\x1dv0\x00\x30\x00"

func TestExplainGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"receipt.txt":  {"-"},
		"receipt.json": {"-", "--json"},
		"list.txt":     {"--list"},
	} {
		t.Run(name, func(t *testing.T) {
			code, got, stderr := runExplain(t, strings.NewReader(receipt), args...)
			require.Zero(t, code, stderr)
			path := filepath.Join("testdata", "explain", name)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
				return
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), got)

			code, again, _ := runExplain(t, iotest.OneByteReader(strings.NewReader(receipt)), args...)
			require.Zero(t, code)
			require.Equal(t, got, again, "read byte by byte")
		})
	}
}

func TestExplainListJSON(t *testing.T) {
	_, out, _ := runExplain(t, strings.NewReader(""), "--list", "--json")
	dec := json.NewDecoder(strings.NewReader(out))
	dec.DisallowUnknownFields()
	for _, d := range escpos.CommandTable() {
		var line struct {
			Name, Title, Form, Class, Source string
			Fn                               *int
			RealTime                         bool `json:"real_time"`
			Replies, Nonvolatile             bool
		}
		require.NoError(t, dec.Decode(&line))
		require.Equal(t, d.Form, line.Form)
		require.Equal(t, d.Fn >= 0, line.Fn != nil)
	}
	require.False(t, dec.More())
}

// Every byte of the input is in exactly one object.
func TestExplainJSONCovers(t *testing.T) {
	_, out, _ := runExplain(t, strings.NewReader(receipt), "-", "--json")
	dec := json.NewDecoder(strings.NewReader(out))
	var next int64
	for dec.More() {
		var line struct {
			Offset, Length int64
			Hex            string
		}
		require.NoError(t, dec.Decode(&line))
		require.Equal(t, next, line.Offset)
		require.LessOrEqual(t, int64(len(line.Hex)), 2*line.Length)
		next += line.Length
	}
	require.Equal(t, int64(len(receipt)), next)
}

// Data and text without end are not kept.
func TestExplainKeepsLittle(t *testing.T) {
	var got []explained
	c := commandCollector{emit: func(cmd explained) error {
		cmd.Bytes = bytes.Clone(cmd.Bytes)
		got = append(got, cmd)
		return nil
	}}
	chunk := bytes.Repeat([]byte{'x'}, 1<<16)
	require.NoError(t, c.write([]byte("\x1b@")))
	for range 100 {
		require.NoError(t, c.write(chunk))
	}
	require.NoError(t, c.write([]byte("\x1d8L\xff\xff\xff\xff0p0\x01\x011\x00\x01\x00\x01")))
	for range 100 {
		require.NoError(t, c.write(chunk))
	}
	require.NoError(t, c.end())
	require.Len(t, got, 3)
	require.Equal(t, int64(100*len(chunk)), got[1].Length)
	require.Len(t, got[1].Bytes, keep)
	require.True(t, got[2].Truncated)
	require.Len(t, got[2].Bytes, 17+keep)
	require.Equal(t, int64(17+100*len(chunk)), got[2].Length)
}

// Text is shown as the printer prints it.
func TestExplainProfile(t *testing.T) {
	const in = "\x1b@\x1c&\xd6\xd0\xce\xc4\n\x1c.\x1bt\x00\x82"
	_, out, _ := runExplain(t, strings.NewReader(in), "-", "--profile", "generic-58")
	require.Contains(t, out, `"中文"`)
	require.Contains(t, out, `"é"`)
	_, out, _ = runExplain(t, strings.NewReader(in), "-")
	require.Contains(t, out, `"\xd6\xd0\xce\xc4"`)
	long := "\x1c&A" + strings.Repeat("\xd6\xd0", 100)
	_, out, _ = runExplain(t, strings.NewReader(long), "-", "--profile", "generic-58")
	require.Contains(t, out, `"A`+strings.Repeat("中", 31)+`"… (201 bytes)`)
	code, _, stderr := runExplain(t, strings.NewReader(in), "-", "--profile", "no-such-model")
	require.Equal(t, exitFailed, code)
	require.Contains(t, stderr, "no-such-model")
}

func TestExplainErrors(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("\x1b@A"), iotest.ErrReader(errors.New("cable cut")))
	code, out, stderr := runExplain(t, broken, "-")
	require.Equal(t, exitFailed, code)
	require.Equal(t, "printerctl: explain -: cable cut\n", stderr)
	require.Contains(t, out, "ESC @", "what was read is shown")

	for _, args := range [][]string{{filepath.Join(t.TempDir(), "missing")}, {t.TempDir()}, {}, {"a", "b"}, {"--list", "a"}} {
		code, out, stderr := runExplain(t, strings.NewReader(""), args...)
		require.Equal(t, exitFailed, code, "%v", args)
		require.Empty(t, out)
		require.NotEmpty(t, stderr)
	}
}

func TestExplainOfNothing(t *testing.T) {
	code, out, stderr := runExplain(t, strings.NewReader(""), "-")
	require.Zero(t, code)
	require.Empty(t, out+stderr)
}
