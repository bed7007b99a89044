// Package vmtest is the far end of the cable in the tests that run against a
// real kernel: USB printers, USB serial adapters and a null modem, in the
// QEMU guest that .ci/vm boots for each test binary.
//
// The devices are Go code in the test process. The kernel's vhci_hcd driver
// speaks USB/IP to them over a socket pair, so to every driver above it, and
// to libusb, a device was plugged into a bus; closing the socket pulls the
// plug. [Gadget] is a printer by the kernel's own device side instead.
//
// The tests carry the build tag vm and live in files named *_vm_test.go;
// [Guest] guards each of them.
package vmtest
