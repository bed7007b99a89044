package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// strictJSON reads all of data into v, and knows every key, each once, in
// objects down to depth.
func strictJSON(data []byte, v any, depth int) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return jsonError(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is something behind the end of the object")
	}
	return uniqueKeys(data, depth)
}

// jsonError is an error of the package encoding/json, of which people need not
// know.
func jsonError(err error) error { return errors.New(strings.TrimPrefix(err.Error(), "json: ")) }

// uniqueKeys refuses JSON in which a key stands twice in an object: the
// package encoding/json takes the last of them, and whoever wrote the others
// meant something, too. As there, upper case counts as lower case.
//
// data must be valid. Objects deeper than depth are not looked at.
func uniqueKeys(data []byte, depth int) error {
	var (
		keys  [][]byte // of the objects that are open
		first []int    // for each object and array that is open, its first key
		isKey bool     // a string that comes next is a key
	)
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			first = append(first, len(keys))
			isKey = data[i] == '{'
		case '}', ']':
			keys = keys[:first[len(first)-1]]
			first = first[:len(first)-1]
			isKey = false
		case ',':
			// What follows in an object, which has at least the key before.
			isKey = len(keys) > first[len(first)-1]
		case '"':
			end := i + 1 + stringEnd(data[i+1:])
			if isKey {
				key := data[i : end+1]
				if bytes.IndexByte(key, '\\') >= 0 {
					var s string
					if err := json.Unmarshal(key, &s); err != nil {
						return err
					}
					key = []byte(`"` + s + `"`)
				}
				if len(first) <= depth {
					for _, k := range keys[first[len(first)-1]:] {
						if bytes.EqualFold(k, key) {
							return fmt.Errorf("%s is there twice", key)
						}
					}
				}
				keys = append(keys, key)
			}
			isKey = false
			i = end
		}
	}
	return nil
}

// stringEnd returns where the quote is that ends a string.
func stringEnd(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i
		case '\\':
			i++ // what is escaped
		}
	}
	return len(b)
}
