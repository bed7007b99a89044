package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// DocumentVersion is the version of the JSON form that MarshalJSON writes.
const DocumentVersion = 1

// MaxDocumentJSON is how long the JSON form that UnmarshalJSON reads may be, in
// bytes.
const MaxDocumentJSON = 128 << 20

// MarshalJSON writes d in a form that UnmarshalJSON reads back to the same
// document, exactly:
//
//	{"version": 1, "elements": [
//	  {"type": "align", "align": "center"},
//	  {"type": "text", "text": "Corner Shop\n"},
//	  {"type": "item", "left": "Milk", "right": "1.29"},
//	  {"type": "cut"}
//	]}
//
// An element has a type, named as in the errors of this package, and the
// parameters of the method that adds it; one that is left out is zero. The
// types and their parameters are listed in the package documentation. Unknown
// types, unknown parameters, parameters that stand twice and other versions are
// refused.
func (d *Document) MarshalJSON() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"version":%d,"elements":[`, DocumentVersion)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	first := true
	for i := range d.ops {
		if d.ops[i].kind == opColumn {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		if err := enc.Encode(d.element(i)); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // the encoder's line feed
	}
	b.WriteString("]}")
	return b.Bytes(), nil
}

// UnmarshalJSON replaces d by what MarshalJSON wrote, or another program in
// its form. An element at fault is named by an *ElementError.
func (d *Document) UnmarshalJSON(data []byte) error {
	if len(data) > MaxDocumentJSON {
		return fmt.Errorf("document: %d bytes of JSON; at most %d are read", len(data), MaxDocumentJSON)
	}
	var form struct {
		Version  *int            `json:"version"`
		Elements json.RawMessage `json:"elements"`
	}
	if err := strictJSON(data, &form, 1); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	if form.Version == nil {
		return errors.New(`document: "version" is missing`)
	}
	if *form.Version != DocumentVersion {
		return fmt.Errorf("document: version %d is not known; this is version %d", *form.Version, DocumentVersion)
	}
	d.Reset()
	if err := d.addElements(form.Elements); err != nil {
		d.Reset()
		return err
	}
	return nil
}

// addElements adds what an array holds, one after the other: a slice of all
// may take many times its memory.
func (d *Document) addElements(array json.RawMessage) error {
	if len(array) == 0 || string(array) == "null" {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(array))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return errors.New(`document: "elements" is not an array`)
	}
	var raw json.RawMessage
	for i := 0; dec.More(); i++ {
		err := dec.Decode(&raw)
		if err == nil {
			err = d.addJSON(raw)
		}
		var ee *ElementError
		if err != nil && !errors.As(err, &ee) {
			err = &ElementError{Index: i, Element: "JSON", Err: err}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addJSON adds the element that raw describes, by the method that adds it.
func (d *Document) addJSON(raw json.RawMessage) error {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return jsonError(err)
	}
	k, ok := kindByName(head.Type)
	if !ok {
		return fmt.Errorf("there is no type %q", head.Type)
	}
	e := jsonForms[k]()
	if err := strictJSON(raw, e, math.MaxInt); err != nil {
		return &ElementError{Index: d.Len(), Element: head.Type, Err: err}
	}
	if err := e.addTo(d); err != nil && d.err == nil {
		return &ElementError{Index: d.Len(), Element: head.Type, Err: err}
	}
	return d.err
}
