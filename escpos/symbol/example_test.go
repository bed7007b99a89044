package symbol_test

import (
	"errors"
	"fmt"

	"github.com/printerctl/printerctl/escpos/symbol"
)

func ExampleEncode() {
	l, err := symbol.Encode(symbol.EAN8, "9638507")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Text)
	fmt.Println(l.AppendWidths(nil, 2, 0)[:7], l.Width(2, 0), "dots")
	// Output:
	// 96385074
	// [2 2 2 6 2 2 4] 134 dots
}

func ExampleCheck() {
	_, err := symbol.Check(symbol.EAN13, "4006381333930")
	fmt.Println(err)
	var de *symbol.DataError
	fmt.Println(errors.As(err, &de), errors.Is(err, symbol.ErrCheckDigit), de.Pos)
	// Output:
	// EAN-13: wrong check digit at byte 12: is 0, should be 1
	// true true 12
}

func ExampleAppendNative() {
	b, err := symbol.AppendNative(nil, symbol.Code128, "No. 00420")
	fmt.Printf("%q %v\n", b, err)
	// Output:
	// "{BNo. 0{C\x04\x14" <nil>
}

func ExampleEncodeNative() {
	l, err := symbol.EncodeNative(symbol.GS1128, []byte("(01)0950110153000*(10)A{1(21)B"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Text)
	// Output:
	// (01)09501101530003(10)A (21)B
}

func ExampleEncodeQR() {
	m, err := symbol.EncodeQR([]byte("12345"), symbol.QROptions{Model: symbol.QRMicro})
	if err != nil {
		fmt.Println(err)
		return
	}
	for y := range m.Height {
		for x := range m.Width {
			if m.At(x, y) {
				fmt.Print("##")
			} else {
				fmt.Print("..")
			}
		}
		fmt.Println()
	}
	// Output:
	// ##############..##..##
	// ##..........##..####..
	// ##..######..##..##....
	// ##..######..##........
	// ##..######..##..######
	// ##..........##....####
	// ##############..##....
	// ..................####
	// ####....######....####
	// ..##..##......####....
	// ########..........####
}
