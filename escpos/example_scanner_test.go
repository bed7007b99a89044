package escpos_test

import (
	"fmt"

	"github.com/printerctl/printerctl/escpos"
)

func ExampleCommands() {
	receipt := []byte("\x1b@\x1b!\x38TOTAL 12.50\n\x1b!\x00\x1dk\x43\x0d4006381333931\x1b~\x1dVB\x00")
	for c := range escpos.Commands(receipt) {
		fmt.Println(c.Offset, c.Name, c.Args())
	}
	// Output:
	// 0 ESC @ []
	// 2 ESC ! [n: font A, bold, double height, double width]
	// 5 text [text: "TOTAL 12.50"]
	// 16 LF []
	// 17 ESC ! [n: font A]
	// 20 GS k [m: EAN-13 n: 13 bytes data: "4006381333931"]
	// 37 unknown [bytes: 1B 7E]
	// 39 GS V [m: partial n: 0 motion units]
}

// A driver that is to put a status question between two commands asks where
// it may.
func ExampleScanner_AtBoundary() {
	var s escpos.Scanner
	for _, chunk := range []string{"Coffee 2.50", "\x1dv0\x00\x02\x00\x02", "\x00\xff\xff", "\xff\xff", "\n"} {
		for p := []byte(chunk); ; {
			tok, n := s.Next(p)
			p = p[n:]
			if tok.Kind == escpos.TokenNone {
				break
			}
		}
		fmt.Println(s.Offset(), s.AtBoundary())
	}
	// Output:
	// 11 true
	// 11 false
	// 21 false
	// 23 true
	// 24 true
}

// An image that happens to hold the bytes 10 14 01 00 01 opens the drawer.
func ExampleContainsRealTime() {
	row := []byte{0xFF, 0x10, 0x14, 0x01, 0x00, 0x01, 0xFF}
	fmt.Println(escpos.ContainsRealTime(row))
	// Output: 1
}

func ExampleRealTimeScanner() {
	var s escpos.RealTimeScanner
	for _, chunk := range []string{"text\x10", "\x04\x04text", "\x10\x05\x02"} {
		for p := []byte(chunk); ; {
			cmd, n, ok := s.Next(p)
			if !ok {
				break
			}
			p = p[n:]
			fmt.Println(cmd.Offset, cmd.Kind, cmd.Args[0])
		}
	}
	// Output:
	// 4 DLE EOT 4
	// 11 DLE ENQ 2
}

func ExampleCommandTable() {
	for _, d := range escpos.CommandTable() {
		if d.IsCut() {
			fmt.Printf("%-6s %-20s %s\n", d.Name, d.Form, d.Title)
		}
	}
	// Output:
	// ESC i  1B 69                partial cut, one point left
	// ESC m  1B 6D                partial cut, three points left
	// GS V   1D 56 m(0-1,48-49)   cut
	// GS V   1D 56 m(65-66) n     feed and cut
	// GS V   1D 56 m(97-98) n     reserve a cut
	// GS V   1D 56 m(103-104) n   feed, cut, and return to the start of printing
}
