//go:build !unix

package device

func joinGroup(string, string) string {
	return "another program may hold it, or an administrator must allow it"
}
