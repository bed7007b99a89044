// Package postest shows how to test a point of sale against a virtual
// printer. Sell stands for the program under test: it prints with code of its
// own, and knows nothing of this project.
package postest

import (
	"fmt"
	"net"
)

// Sell prints one sale on a network printer.
func Sell(addr, article, price string) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = fmt.Fprintf(c, "\x1b@%-20s%8s\n\x1bd\x04\x1dV\x01", article, price)
	return err
}
