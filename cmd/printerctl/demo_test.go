package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDemo runs the demo as it is, and holds the README to what it prints.
func TestDemo(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"demo"}, strings.NewReader(""), &out, &errs, os.Getenv)
	require.Zero(t, code, errs.String())
	require.Empty(t, errs.String())
	at := 0
	for _, moment := range []string{
		"is stored on disk", "Organic whole milk", "near-end:", "out:", "held:",
		"Somebody loads a new roll.", "loaded:", "resumed:", "TOTAL EUR",
		"printed, evidence: process-id. Every line is on the paper, once.",
	} {
		i := strings.Index(out.String()[at:], moment)
		require.GreaterOrEqual(t, i, 0, "%q is missing, or out of order:\n%s", moment, &out)
		at += i
	}
	require.NotContains(t, out.String(), "\x1b", "not a terminal, and yet there are escapes")

	for line := range strings.Lines(section(t, "")[0]) {
		if strings.HasPrefix(line, "!") || strings.HasPrefix(line, "    |") {
			require.Contains(t, out.String(), line)
		}
	}
}
