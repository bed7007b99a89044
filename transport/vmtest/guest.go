package vmtest

import (
	"bytes"
	"os"
	"testing"
)

// Guest fails the test unless it runs in the guest of .ci/vm, where it may
// plug and unplug devices and own every one of them. It does not skip: a test
// that is built with the vm tag and runs elsewhere tests nothing, and must not
// look as if it passed.
func Guest(t testing.TB) {
	t.Helper()
	line, err := os.ReadFile("/proc/cmdline")
	if err != nil || !bytes.Contains(line, []byte("printerctl.guest=1")) {
		t.Fatal("not in the guest: run it by .ci/vm/test.sh, or with -exec .ci/vm/exec")
	}
}
