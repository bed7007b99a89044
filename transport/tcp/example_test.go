package tcp_test

import (
	"context"
	"fmt"
	"net"

	"github.com/printerctl/printerctl/transport"
	_ "github.com/printerctl/printerctl/transport/tcp"
)

// A status question and its answer, over the printer's own port.
func Example() {
	l, err := net.Listen("tcp", "127.0.0.1:0") // where a printer would be
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	go func() {
		printer, err := l.Accept()
		if err != nil {
			return
		}
		defer printer.Close()
		_, _ = printer.Read(make([]byte, 3))
		_, _ = printer.Write([]byte{0x16})
	}()

	ctx := context.Background()
	conn, err := transport.Open(ctx, "tcp://"+l.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	if _, err := transport.Write(ctx, conn, []byte{0x10, 0x04, 1}); err != nil { // DLE EOT 1
		fmt.Println(err)
		return
	}
	answer := make([]byte, 1)
	if _, err := transport.Read(ctx, conn, answer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%#02x\n", answer[0])
	// Output: 0x16
}
