//go:build !linux

package device

// Holder says which program has a device open; "" where it cannot be known.
func Holder(string) string { return "" }

// OtherUser names another program that has a device open; "" where it cannot
// be known.
func OtherUser(string) string { return "" }
