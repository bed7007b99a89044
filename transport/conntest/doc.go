// Package conntest is the conformance suite of [transport.Conn]: what a
// driver may rely on over every medium, tried over a real one. A medium's
// test hands [Run] a function that opens a fresh link and its far end:
//
//	func TestConn(t *testing.T) {
//		conntest.Run(t, func(t *testing.T) (transport.Conn, conntest.Peer) {
//			...
//		})
//	}
//
// The suite fakes nothing on the near side: the Conn is the medium's own, and
// the [Peer] is the other end of the same socket, pseudo terminal or cable.
package conntest
