//go:build !linux

package device

func holder(string) string { return "close the program that holds it" }
