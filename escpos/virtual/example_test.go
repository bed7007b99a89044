package virtual_test

import (
	"context"
	"fmt"
	"io"

	"github.com/printerctl/printerctl/escpos/virtual"
)

// A receipt of four lines meets a roll for two. The printer holds the rest in
// its buffer until there is paper.
func Example() {
	pers, _ := virtual.PersonalityByName("modern-epson")
	p := virtual.New(&virtual.Config{Paper: pers.PaperFor(2)})
	defer p.Close()
	conn, err := p.Dial()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()

	io.WriteString(conn, "bread  2.20\nmilk   1.19\neggs   2.49\ntotal  5.88\n\x1dVA\x00")
	fmt.Println("out of paper:", p.State().PaperEnd)
	p.LoadPaper(80_000)
	if err := p.WaitIdle(context.Background()); err != nil {
		fmt.Println(err)
	}
	for _, r := range p.Receipts() {
		fmt.Printf("torn %v, cut %v:\n%s", r.Torn, r.Cut, r.Text)
	}
	// Output:
	// out of paper: true
	// torn true, cut none:
	// bread  2.20
	// milk   1.19
	// torn false, cut full:
	// eggs   2.49
	// total  5.88
}

// Items tell where things stand on the paper.
func ExampleReceipt_Items() {
	p := virtual.New(nil)
	defer p.Close()
	conn, err := p.Dial()
	if err != nil {
		fmt.Println(err)
		return
	}
	io.WriteString(conn, "\x1ba\x01Thank you\n\x1dVA\x00")
	for _, it := range p.Receipts()[0].Items() {
		fmt.Printf("%s %q at %d, %d\n", it.Kind, it.Text, it.X, it.Y)
	}
	// Output:
	// text "Thank you" at 234, 104
}

// A personality is data. This printer is a clone with a small buffer.
func ExamplePersonality() {
	pers, err := virtual.PersonalityByName("clone-n1-n4")
	if err != nil {
		fmt.Println(err)
		return
	}
	pers.ReceiveBuffer = 512
	p := virtual.New(&virtual.Config{Personality: pers})
	defer p.Close()
	fmt.Println(p.Personality().ReceiveBuffer, p.Personality().FullAt)
	// Output:
	// 512 128
}
