package escpos_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

func TestBadJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"elements":[]}`:                              `document: "version" is missing`,
		`{"version":2}`:                                `document: version 2 is not known; this is version 1`,
		`{"version":1,"pages":[]}`:                     `document: unknown field "pages"`,
		`{"version":1,"elements":[{}]}`:                `element 0 (JSON): there is no type ""`,
		`{"version":1,"elements":[{"type":"column"}]}`: `element 0 (JSON): there is no type "column"`,
		`{"version":1,"elements":[{"type":"cut"},{"type":"text","txt":"a"}]}`:           `element 1 (text): unknown field "txt"`,
		`{"version":1,"elements":[{"type":"align","align":"middle"}]}`:                  `element 0 (align): there is no alignment "middle"; known are left, center, right`,
		`{"version":1,"elements":[{"type":"barcode","data":"1"}]}`:                      `element 0 (barcode): the symbology is missing`,
		`{"version":1,"elements":[{"type":"barcode","symbology":"ean-13","data":"1"}]}`: `element 0 (barcode): EAN-13: wrong length: 1, want 12 or 13 digits`,
		`{"version":1,"elements":[{"type":"image","image":"AAAA"}]}`:                    `element 0 (image): image: unknown format`,
		`{"version":1,"elements":[{"type":"rule","rune":"ab"}]}`:                        `element 0 (rule): "ab" is more than one character`,
		`{"version":1,"elements":[{"type":"row","columns":[{"align":"up"}]}]}`:          `element 0 (row): column 0: there is no alignment "up"; known are left, center, right`,
		`{"version":1,"elements":[{"type":"size","width":1,"height":1}]} `:              ``,

		`{"version":1,"elements":[],"version":1}`:                                                           `document: "version" is there twice`,
		`{"version":1,"elements":[{"type":"cut"},{"type":"text","text":"a","text":"b"}]}`:                   `element 1 (text): "text" is there twice`,
		`{"version":1,"elements":[{"type":"text","text":"a","TEXT":"b"}]}`:                                  `element 0 (text): "TEXT" is there twice`,
		`{"version":1,"elements":[{"type":"text","text":"a","te\u0078t":"b"}]}`:                             `element 0 (text): "text" is there twice`,
		`{"version":1,"elements":[{"type":"text","type":"cut"}]}`:                                           `element 0 (cut): "type" is there twice`,
		`{"version":1,"elements":[{"type":"row","columns":[{"text":"a"},{"text":"b","text":"c"}]}]}`:        `element 0 (row): "text" is there twice`,
		`{"version":1,"elements":[{"type":"row","columns":[{"text":"a"},{"text":"b"}],"columns":[]}]}`:      `element 0 (row): "columns" is there twice`,
		`{"version":1,"elements":[{"type":"item","left":"\",\"left\":\\","right":"right"},{"type":"cut"}]}`: ``,
		`{"version":1,"elements":[{"type":"tabs","stops":[1,2]},{"type":"row","columns":[]}]}`:              `element 1 (row): there are no columns`,

		`{"version":1}`:                 ``,
		`{"version":1,"elements":null}`: ``,
		`{"version":1,"elements":{}}`:   `document: "elements" is not an array`,
	} {
		d := new(escpos.Document).Line("before")
		err := d.UnmarshalJSON([]byte(in))
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
	}
}

// A short text cannot take much memory, or a deep one the stack.
func TestJSONLimits(t *testing.T) {
	row := `{"type":"row","columns":[{}` + strings.Repeat(`,{}`, escpos.MaxColumns-1) + `]},`
	rows := strings.Repeat(row, escpos.MaxElements/escpos.MaxColumns)
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for in, want := range map[string]string{
		`{"version":1,"elements":[` + rows + `{}]}`:                  `element 31775 (row): a document has at most 1048576 elements`,
		`{"version":1,"elements":` + deep(20000) + `}`:               `document: invalid character '[' exceeded max depth`,
		`{"version":1,"elements":[{"type":` + deep(5000) + `}]}`:     `element 0 (JSON): cannot unmarshal array into Go struct field .type of type string`,
		`{"version":1` + strings.Repeat(" ", escpos.MaxDocumentJSON): `document: 134217740 bytes of JSON; at most 134217728 are read`,
	} {
		require.EqualError(t, new(escpos.Document).UnmarshalJSON([]byte(in)), want)
	}
}

func FuzzDocumentJSON(f *testing.F) {
	for _, e := range elements {
		d := new(escpos.Document)
		e.make(d)
		b, err := json.Marshal(d)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := new(escpos.Document)
		if d.UnmarshalJSON(b) != nil {
			return
		}
		// What was read is written to the same, and encodes to commands.
		once, err := json.Marshal(d)
		require.NoError(t, err)
		back := new(escpos.Document)
		require.NoError(t, back.UnmarshalJSON(once))
		twice, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
		_ = d.PlainText()
		out, _, err := d.AppendEncode(nil, nil)
		if err != nil || strings.Contains(string(b), `"raw"`) {
			return
		}
		for c := range escpos.Commands(out) {
			require.True(t, c.Known, "% X", c.Bytes)
		}
		require.Equal(t, -1, escpos.ContainsRealTime(out))
	})
}
