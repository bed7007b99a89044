package lp_test

import (
	"context"
	"fmt"
	"time"

	"github.com/printerctl/printerctl/transport"
	_ "github.com/printerctl/printerctl/transport/lp"
)

// usblp counts its last block as written before the printer has it; Drain
// waits for it, so that Close cannot cut it off.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := transport.Open(ctx, "lp:///dev/usb/lp0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	if _, err := transport.Write(ctx, conn, []byte("hello\n")); err != nil {
		fmt.Println(err)
		return
	}
	if d, ok := conn.(transport.DrainConn); ok {
		if err := d.Drain(ctx); err != nil {
			fmt.Println(err)
		}
	}
}
