package escpos_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

func TestAppendJoinsDocuments(t *testing.T) {
	build := func(d *escpos.Document) *escpos.Document {
		return d.Text("Milk").Item("Bread", "2.50").Row(escpos.Column{Text: "a", Width: 4}).Cut(escpos.CutFull)
	}
	head := new(escpos.Document).Bold(true).Line("COPY").ResetStyle()
	joined := head.Append(build(new(escpos.Document)))
	whole := build(new(escpos.Document).Bold(true).Line("COPY").ResetStyle())

	require.NoError(t, joined.Err())
	require.Equal(t, whole.Len(), joined.Len())
	want, err := whole.MarshalJSON()
	require.NoError(t, err)
	got, err := joined.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestAppendKeepsTheFirstError(t *testing.T) {
	bad := new(escpos.Document).Size(9, 9)
	require.Error(t, bad.Err())
	require.ErrorIs(t, new(escpos.Document).Line("x").Append(bad).Err(), bad.Err())
}
