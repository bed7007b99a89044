package escpos_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

func TestProfiles(t *testing.T) {
	files, err := filepath.Glob("profiles/*.json")
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		p, err := escpos.ParseProfile(data)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSuffix(filepath.Base(file), ".json"), p.Name)
		require.NotEmpty(t, p.Sources, p.Name)
		for _, s := range p.Sources {
			if strings.Contains(s, "escpos-printer-db") {
				require.Contains(t, p.License, "CC-BY-4.0", p.Name)
			}
		}
		byName, err := escpos.ProfileByName(strings.ToLower(p.Name))
		require.NoError(t, err)
		require.Equal(t, p.Name, byName.Name)
		require.GreaterOrEqual(t, p.Columns(escpos.FontA), 32, p.Name)
	}
	require.Len(t, escpos.ProfileNames(), len(files))
	require.Equal(t, 48, escpos.GenericProfile().Columns(escpos.FontA))
	_, err = escpos.ProfileByName("TM-T99")
	require.ErrorIs(t, err, escpos.ErrUnknownProfile)
	require.ErrorContains(t, err, "TM-T88V")
}

func TestBadProfile(t *testing.T) {
	good, err := os.ReadFile("profiles/generic-80.json")
	require.NoError(t, err)
	for _, c := range []struct{ from, to, want string }{
		{`"width": 576`, `"width": "wide"`, `profile "generic-80": width: string is not what belongs there (int)`},
		{`"width": 576`, `"width": 570`, `profile "generic-80": width: 570 is not a multiple of 8`},
		{`"width": 576`, `"width": 576, "colour": 2`, `profile "generic-80": unknown field "colour"`},
		{`"width": 576`, `"width": 576, "Width": 384`, `profile "generic-80": "Width" is there twice`},
		{`{"width": 9, "height": 17}`, `{"width": 0, "height": 17}`, `profile "generic-80": fonts[1].width: 0 is not in 4 to 576`},
		{`"name": "858"`, `"name": "859"`, `profile "generic-80": codePages[8].name: the character set "859" is not known`},
		{`"cancelKanji": true`, `"cjk": "klingon"`, `profile "generic-80": cjk: the character set "klingon" is not known`},
		{`"command": "raster"`, `"command": "fax"`, `profile "generic-80": image.command: "fax" is not known; raster, graphics, column and column8 are`},
		{`"symbols": ["qr"]`, `"symbols": ["bokode"]`, `profile "generic-80": symbols[0]: "bokode" is not known`},
		{`"schema": 1`, `"schema": 2`, `profile "generic-80": schema: 2 is not known; this is version 1`},
		{`"clear": null`, `"clear": "perhaps"`, `profile "generic-80": clear: "perhaps" is not what belongs there (true, false or null)`},
	} {
		require.Contains(t, string(good), c.from)
		_, err := escpos.ParseProfile(bytes.Replace(good, []byte(c.from), []byte(c.to), 1))
		var pe *escpos.ProfileError
		require.ErrorAs(t, err, &pe, c.to)
		require.EqualError(t, err, c.want)
	}
	_, err = escpos.ParseProfile(append(good, "{}"...))
	require.ErrorContains(t, err, "behind the end")
	_, _, err = new(escpos.Document).AppendEncode(nil, new(escpos.Profile))
	require.ErrorContains(t, err, "ParseProfile")
}

func FuzzParseProfile(f *testing.F) {
	files, _ := filepath.Glob("profiles/*.json")
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := escpos.ParseProfile(data)
		if err != nil {
			return
		}
		// A profile that was accepted serves for any document that fits.
		d := new(escpos.Document).Line("é 你").Item("a", "b").Align(escpos.Center).
			QR(escpos.QR{Data: "x", Size: 1}).FeedDots(3).Cut(escpos.CutFull)
		_, _, _ = d.AppendEncode(nil, p)
	})
}
