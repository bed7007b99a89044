package escpos_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"time"

	"github.com/printerctl/printerctl/escpos"
)

func Example() {
	d := new(escpos.Document)
	d.Align(escpos.Center).Size(2, 2).Line("CORNER SHOP").ResetStyle()
	d.Item("Milk", "1.29").Item("Bread", "2.49").Rule('-')
	d.Bold(true).Item("TOTAL", "3.78").Bold(false)
	d.Feed(1).Cut(escpos.CutPartial)

	b, _, err := d.AppendEncode(nil, escpos.GenericProfile())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("% X …\n", b[:16])
	fmt.Print(d.PlainText())
	// Output:
	// 1B 40 1B 52 00 1B 61 01 1D 21 11 43 4F 52 4E 45 …
	//                   CORNER SHOP
	// Milk                                        1.29
	// Bread                                       2.49
	// ------------------------------------------------
	// TOTAL                                       3.78
	//
	// [cut]
}

func ExampleDocument_AppendEncode() {
	profile, err := escpos.ProfileByName("TM-T88V")
	if err != nil {
		fmt.Println(err)
		return
	}
	b, subs, err := new(escpos.Document).Line("5 € – 你好").AppendEncode(nil, profile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n", b)
	for _, s := range subs {
		fmt.Println(s)
	}
	// Output:
	// "\x1b@\x1bR\x005 \x1bt\x10\x80 \x96 ??\n\x1b@"
	// element 0, byte 10: '你' (U+4F60) printed as "?"
	// element 0, byte 13: '好' (U+597D) printed as "?"
}

func ExampleDocument_Err() {
	d := new(escpos.Document).
		Line("Ticket").
		Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "40063813339"})
	var e *escpos.ElementError
	if errors.As(d.Err(), &e) {
		fmt.Println(e.Index, e.Element)
	}
	fmt.Println(d.Err())
	// Output:
	// 1 barcode
	// element 1 (barcode): EAN-13: wrong length: 11, want 12 or 13 digits
}

func ExampleDocument_Row() {
	d := new(escpos.Document).Row(
		escpos.Column{Text: "2", Width: 4, Align: escpos.Right},
		escpos.Column{Text: ""},
		escpos.Column{Text: "Dumplings with crab meat and ginger", Width: 24},
		escpos.Column{Text: "76.00", Width: 10, Align: escpos.Right},
	)
	fmt.Print(d.PlainText())
	// Output:
	//    2          Dumplings with crab meat     76.00
	//               and ginger
}

func ExampleDocument_MarshalJSON() {
	d := new(escpos.Document).Line("Milk").QR(escpos.QR{Data: "https://example.com/r/4711"}).Cut(escpos.CutFull)
	b, err := json.Marshal(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(b))
	err = json.Unmarshal([]byte(`{"version":1,"elements":[{"type":"text","text":"x"},{"type":"size","width":9,"height":1}]}`), d)
	fmt.Println(err)
	// Output:
	// {"version":1,"elements":[{"type":"text","text":"Milk\n"},{"type":"qr","data":"https://example.com/r/4711"},{"type":"cut","mode":"full"}]}
	// element 1 (size): size 9 × 1; 1 to 8 are possible
}

func ExampleDocument_Image() {
	m := image.NewGray(image.Rect(0, 0, 16, 2))
	for x := range 16 {
		m.SetGray(x, 0, color.Gray{Y: 255})
		m.SetGray(x, 1, color.Gray{Y: uint8(16 * x)})
	}
	b, _, err := new(escpos.Document).Image(escpos.Image{Source: m}).AppendEncode(nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for c := range escpos.Commands(b) {
		fmt.Printf("%-6s  % X\n", c.Name, c.Bytes)
	}
	// Output:
	// ESC @   1B 40
	// GS v 0  1D 76 30 00 01 00 02 00 00 FF
	// ESC @   1B 40
}

func ExampleDocument_Drawer() {
	d := new(escpos.Document).Drawer(2, 100*time.Millisecond, 400*time.Millisecond)
	b, _, _ := d.AppendEncode(nil, nil)
	fmt.Printf("% X\n", b)
	fmt.Println(new(escpos.Document).Drawer(2, 200*time.Millisecond, 200*time.Millisecond).Err())
	// Output:
	// 1B 40 1B 70 00 32 C8
	// element 0 (drawer): 200ms on and 200ms off would overheat the solenoid; off must be four times on
}

func ExampleParseProfile() {
	_, err := escpos.ParseProfile([]byte(`{"schema": 1, "name": "mine", "language": "escpos", "paper": 80, "width": "wide"}`))
	fmt.Println(err)
	// Output:
	// profile "mine": width: string is not what belongs there (int)
}
