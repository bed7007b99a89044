package escpos_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// encode encodes for a profile by name, and fails the test on an error.
func encode(t testing.TB, d *escpos.Document, profile string) ([]byte, []escpos.Substitution) {
	t.Helper()
	p, err := escpos.ProfileByName(profile)
	require.NoError(t, err)
	b, subs, err := d.AppendEncode(nil, p)
	require.NoError(t, err)
	return b, subs
}

func TestZeroDocument(t *testing.T) {
	var d escpos.Document
	b, subs, err := d.AppendEncode(nil, nil)
	require.NoError(t, err)
	require.Empty(t, subs)
	require.Equal(t, "\x1b@", string(b))
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct {
		d    *escpos.Document
		want string
		subs int
	}{
		"line":            {new(escpos.Document).Line("Milk"), "Milk\n", 0},
		"open line":       {new(escpos.Document).Text("Milk"), "Milk\n", 0},
		"CR LF":           {new(escpos.Document).Text("a\r\nb\r\n"), "a\nb\n", 0},
		"tab":             {new(escpos.Document).Text("a\tb\n"), "a       b\n", 0},
		"controls":        {new(escpos.Document).Text("a\x00\x1b@\x10\x04\x01\x7f\rb\n"), "a??@?????b\n", 7},
		"C1":              {new(escpos.Document).Text("a\u009bb\n"), "a?b\n", 1},
		"not UTF-8":       {new(escpos.Document).Text("a\xffb\n"), "a?b\n", 1},
		"umlaut":          {new(escpos.Document).Text("für\n"), "f\x1c.\x1bt\x00\x81r\n\x1b@", 0},
		"NFC":             {new(escpos.Document).Text("fu\u0308r\n"), "f\x1c.\x1bt\x00\x81r\n\x1b@", 0},
		"euro":            {new(escpos.Document).Text("3 €\n"), "3 \x1c.\x1bt\x10\x80\n\x1b@", 0},
		"lone accent":     {new(escpos.Document).Text("q\u0303\n"), "q\n", 1},
		"empty":           {new(escpos.Document).Text(""), "", 0},
		"bold":            {new(escpos.Document).Bold(true).Line("x").Bold(true).Line("y").Bold(false).Line("z"), "\x1bE\x01x\ny\n\x1bE\x00z\n", 0},
		"bold at the end": {new(escpos.Document).Bold(true).Line("x"), "\x1bE\x01x\n\x1b@", 0},
		"unused style":    {new(escpos.Document).Bold(true).Size(2, 2).ResetStyle().Line("x"), "x\n", 0},
		"align mid-line":  {new(escpos.Document).Text("a").Align(escpos.Center).Text("b\nc\n"), "ab\n\x1ba\x01c\n\x1b@", 0},
		"print mode":      {new(escpos.Document).Bold(true).Size(2, 2).Line("x").ResetStyle().Line("y"), "\x1b!8x\n\x1b!\x00y\n", 0},
		"feed":            {new(escpos.Document).Text("a").Feed(1).Feed(5), "a\n\n\x1bd\x05", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, subs, err := c.d.AppendEncode(nil, nil)
			require.NoError(t, err)
			require.Equal(t, "\x1b@\x1bR\x00"+c.want, string(got))
			require.Len(t, subs, c.subs)
		})
	}
}

func TestJSON(t *testing.T) {
	d := new(escpos.Document).
		Align(escpos.Center).Bold(true).Size(2, 3).Font(escpos.FontB).Line("Corner Shop <&>").
		ResetStyle().Underline(2).DoubleStrike(true).Invert(true).Rotate(true).UpsideDown(true).
		LetterSpacing(3).LineSpacing(40).LineSpacing(-1).Indent(4).Color(escpos.Red).
		Paragraph("wrapped").Item("Milch", "1,29 €").Rule('═').Rule(0).
		Row(escpos.Column{Text: "a", Width: 3}, escpos.Column{Text: "b", Align: escpos.Right, Overflow: escpos.Ellipsis}).
		Feed(2).FeedDots(300).Cut(escpos.CutPartial).CutFeed(escpos.CutFull, 9).
		Drawer(5, 100*time.Millisecond, 0).Raw([]byte{0x1B, 'B', 1, 2})
	require.NoError(t, d.Err())
	b, err := json.Marshal(d)
	require.NoError(t, err)
	var back escpos.Document
	require.NoError(t, json.Unmarshal(b, &back))
	again, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	x, _ := encode(t, d, "TM-T88V")
	y, _ := encode(t, &back, "TM-T88V")
	require.Equal(t, x, y)
	require.Equal(t, d.Len(), back.Len())
}

func TestElementError(t *testing.T) {
	d := new(escpos.Document).Line("x").Size(9, 1).Size(0, 0)
	var ee *escpos.ElementError
	require.True(t, errors.As(d.Err(), &ee))
	require.Equal(t, 1, ee.Index)
	require.EqualError(t, d.Err(), "element 1 (size): size 9 × 1; 1 to 8 are possible")
	_, _, err := d.AppendEncode(nil, nil)
	require.Equal(t, d.Err(), err)
	_, err = json.Marshal(d)
	require.ErrorIs(t, err, ee.Err)
}
