//go:build darwin || freebsd

package serial

// obeysXOFF reports true: the BSD line discipline itself stops the output.
func obeysXOFF(_, _ string) bool { return true }
