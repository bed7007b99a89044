package escpos

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	"image/png"
	"time"
	"unicode/utf8"
)

// The JSON forms of symbols and pictures.
type (
	// dataJSON is the data of a symbol: text, or bytes in base64.
	dataJSON struct {
		Data   string `json:"data,omitempty"`
		Base64 []byte `json:"base64,omitempty"`
	}
	barcodeJSON struct {
		Type      string `json:"type"`
		Symbology string `json:"symbology"`
		dataJSON
		Height int    `json:"height,omitempty"`
		Width  int    `json:"width,omitempty"`
		HRI    string `json:"hri,omitempty"`
		Font   string `json:"font,omitempty"`
	}
	qrJSON struct {
		Type string `json:"type"`
		dataJSON
		Model string `json:"model,omitempty"`
		Level string `json:"level,omitempty"`
		Size  int    `json:"size,omitempty"`
	}
	pdf417JSON struct {
		Type string `json:"type"`
		dataJSON
		Columns   int  `json:"columns,omitempty"`
		Rows      int  `json:"rows,omitempty"`
		Size      int  `json:"size,omitempty"`
		RowHeight int  `json:"rowHeight,omitempty"`
		Level     int  `json:"level,omitempty"`
		Percent   int  `json:"percent,omitempty"`
		Truncated bool `json:"truncated,omitempty"`
	}
	dataMatrixJSON struct {
		Type string `json:"type"`
		dataJSON
		Rectangular bool `json:"rectangular,omitempty"`
		Rows        int  `json:"rows,omitempty"`
		Columns     int  `json:"columns,omitempty"`
		Size        int  `json:"size,omitempty"`
	}
	maxiCodeJSON struct {
		Type string `json:"type"`
		dataJSON
		Mode int `json:"mode,omitempty"`
	}
	aztecJSON struct {
		Type string `json:"type"`
		dataJSON
		Compact bool `json:"compact,omitempty"`
		Layers  int  `json:"layers,omitempty"`
		Percent int  `json:"percent,omitempty"`
		Size    int  `json:"size,omitempty"`
	}
	stackedJSON struct {
		Type string `json:"type"`
		dataJSON
		Form    string `json:"form,omitempty"`
		Columns int    `json:"columns,omitempty"`
		Size    int    `json:"size,omitempty"`
	}
	logoJSON struct {
		Type   string `json:"type"`
		Key    string `json:"key"`
		Width  int    `json:"width,omitempty"`  // times
		Height int    `json:"height,omitempty"` // times
	}
	buzzerJSON struct {
		Type   string `json:"type"`
		Times  int    `json:"times"`
		Length int    `json:"length"` // ms
	}
	tabsJSON struct {
		Type  string `json:"type"`
		Stops []int  `json:"stops"`
	}
	areaJSON struct {
		Type      string `json:"type"`
		X         int    `json:"x"`
		Y         int    `json:"y"`
		Width     int    `json:"width"`
		Height    int    `json:"height"`
		Direction string `json:"direction,omitempty"`
	}
	positionJSON struct {
		Type string `json:"type"`
		X    int    `json:"x"`
		Y    int    `json:"y"`
	}
	imageJSON struct {
		Type      string  `json:"type"`
		Key       string  `json:"key,omitempty"` // of a logo
		PNG       []byte  `json:"image"`         // PNG, JPEG or GIF, in base64
		Width     int     `json:"width,omitempty"`
		Dither    string  `json:"dither,omitempty"`
		Threshold uint8   `json:"threshold,omitempty"`
		Gamma     float64 `json:"gamma,omitempty"`
	}
)

func newDataJSON(s string) dataJSON {
	if utf8.ValidString(s) {
		return dataJSON{Data: s}
	}
	return dataJSON{Base64: []byte(s)}
}

func (f dataJSON) data() string {
	if f.Data == "" {
		return string(f.Base64)
	}
	return f.Data
}

func newBarcodeJSON(b Barcode) barcodeJSON {
	f := barcodeJSON{"barcode", b.Symbology.String(), newDataJSON(b.Data), b.Height, b.Width, "", ""}
	if b.HRI != HRINone {
		f.HRI = b.HRI.String()
	}
	if b.Font != FontA {
		f.Font = b.Font.String()
	}
	return f
}

func (f *barcodeJSON) addTo(d *Document) error {
	if f.Symbology == "" {
		return errors.New("the symbology is missing")
	}
	s, err := parseName("symbology", symbologyNames[:], f.Symbology)
	if err != nil {
		return err
	}
	hri, err := parseName("place for the text", hriNames[:], f.HRI)
	if err != nil {
		return err
	}
	font, err := parseName("font", fontNames[:], f.Font)
	if err != nil {
		return err
	}
	return d.Barcode(Barcode{Symbology(s), f.data(), f.Height, f.Width, HRI(hri), Font(font)}).err
}

func newQRJSON(q QR) qrJSON {
	f := qrJSON{"qr", newDataJSON(q.Data), "", "", q.Size}
	if q.Model != QRModel2 {
		f.Model = qrModelNames[q.Model]
	}
	if q.Level != QRLevelL {
		f.Level = qrLevelNames[q.Level]
	}
	return f
}

func (f *qrJSON) addTo(d *Document) error {
	m, err := parseName("model", qrModelNames[:], f.Model)
	if err != nil {
		return err
	}
	l, err := parseName("level", qrLevelNames[:], f.Level)
	if err != nil {
		return err
	}
	return d.QR(QR{f.data(), QRModel(m), QRLevel(l), f.Size}).err
}

func newPDF417JSON(p PDF417) pdf417JSON {
	return pdf417JSON{"pdf417", newDataJSON(p.Data), p.Columns, p.Rows, p.Size, p.RowHeight, p.Level, p.Percent, p.Truncated}
}

func (f *pdf417JSON) addTo(d *Document) error {
	return d.PDF417(PDF417{f.data(), f.Columns, f.Rows, f.Size, f.RowHeight, f.Level, f.Percent, f.Truncated}).err
}

func newDataMatrixJSON(m DataMatrix) dataMatrixJSON {
	return dataMatrixJSON{"datamatrix", newDataJSON(m.Data), m.Rectangular, m.Rows, m.Columns, m.Size}
}

func (f *dataMatrixJSON) addTo(d *Document) error {
	return d.DataMatrix(DataMatrix{f.data(), f.Rectangular, f.Rows, f.Columns, f.Size}).err
}

func (f *maxiCodeJSON) addTo(d *Document) error {
	return d.MaxiCode(MaxiCode{f.data(), f.Mode}).err
}

func (f *aztecJSON) addTo(d *Document) error {
	return d.Aztec(Aztec{f.data(), f.Compact, f.Layers, f.Percent, f.Size}).err
}

func (f *stackedJSON) addTo(d *Document) error {
	k, err := parseName("form", stackedNames[:], f.Form)
	if err != nil {
		return err
	}
	return d.StackedDataBar(StackedDataBar{StackedKind(k), f.data(), f.Columns, f.Size}).err
}

func newImageJSON(name string, img Image) imageJSON {
	var b bytes.Buffer
	// A grey picture of a size that is not zero is always encoded.
	_ = png.Encode(&b, img.Source)
	f := imageJSON{Type: name, PNG: b.Bytes(), Width: img.Width, Threshold: img.Threshold}
	if img.Dither != Threshold {
		f.Dither = img.Dither.String()
	}
	if img.Gamma != 1 {
		f.Gamma = img.Gamma
	}
	return f
}

func (f *imageJSON) image() (Image, error) {
	dither, err := parseName("dither", ditherNames[:], f.Dither)
	if err != nil {
		return Image{}, err
	}
	// The size first: a small file can unpack to a huge picture.
	c, _, err := image.DecodeConfig(bytes.NewReader(f.PNG))
	if err != nil {
		return Image{}, err
	}
	if err := imageFits(c.Width, c.Height); err != nil {
		return Image{}, err
	}
	src, _, err := image.Decode(bytes.NewReader(f.PNG))
	if err != nil {
		return Image{}, fmt.Errorf("the picture is damaged: %w", err)
	}
	return Image{Source: src, Width: f.Width, Dither: Dither(dither), Threshold: f.Threshold, Gamma: f.Gamma}, nil
}

func (f *imageJSON) addTo(d *Document) error {
	img, err := f.image()
	if err != nil {
		return err
	}
	if f.Type == opLogoStore.String() {
		return d.StoreLogo(f.Key, img).err
	}
	if f.Key != "" {
		return errors.New("a picture that is not stored has no key")
	}
	return d.Image(img).err
}

func (f *logoJSON) addTo(d *Document) error {
	if f.Type == opLogoDelete.String() {
		return d.DeleteLogo(f.Key).err
	}
	return d.Logo(f.Key, max(f.Width, 1), max(f.Height, 1)).err
}

func (f *buzzerJSON) addTo(d *Document) error {
	return d.Buzzer(f.Times, time.Duration(f.Length)*time.Millisecond).err
}

func (f *tabsJSON) addTo(d *Document) error { return d.Tabs(f.Stops...).err }

func (f *areaJSON) addTo(d *Document) error {
	dir, err := parseName("direction", directionNames[:], f.Direction)
	if err != nil {
		return err
	}
	return d.PageArea(Area{f.X, f.Y, f.Width, f.Height, Direction(dir)}).err
}

func (f *positionJSON) addTo(d *Document) error { return d.PagePosition(f.X, f.Y).err }
