// Package tcp carries bytes to printers on the network: raw TCP, by
// convention on port 9100, where the same socket brings the printer's status
// back. Importing it registers the scheme:
//
//	tcp://host[:9100]
//
// The host is a name, an IPv4 address or an IPv6 address in brackets. There
// are no parameters.
//
// # What a socket hides
//
// Three things that TCP does well for files it does badly for printers, and
// the package sets them right:
//
//   - A socket takes megabytes before the printer has taken one line. A status
//     question would wait behind them. Where the system allows it (Linux,
//     macOS) only a few kilobytes are held back unsent, so that the count of a
//     Write stays close to what the printer has taken.
//   - A dead host is noticed after two hours. Keep-alive probes find it within
//     half a minute.
//   - A close with unread status bytes makes the kernel throw away what has
//     not been sent. Close reads them first.
//
// A printer that is out of paper closes its window and keeps answering: that
// is not a dead link, and a Write waits for it until its deadline.
//
// # Who has the printer
//
// Network interfaces of printers serve one host at a time, or a few, of which
// one prints. While another host has it, a printer may refuse (an error that
// matches [transport.ErrRefused], as if nothing listened), accept and stay
// silent, or accept and hang up. Only the first can be told at Open.
package tcp
