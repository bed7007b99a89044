package escpos_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// What is encoded here is understood here: no byte is unknown, no command
// breaks off, no argument is out of range, and no printer finds a real-time
// command in it.
func TestEncodedIsUnderstood(t *testing.T) {
	for _, name := range receipts {
		d := receipt(t, name)
		for _, profile := range escpos.ProfileNames() {
			b, _ := encode(t, d, profile)
			for c := range escpos.Commands(b) {
				require.True(t, c.Known, "%s on %s: % X at %d", name, profile, c.Bytes, c.Offset)
				require.False(t, c.Truncated, "%s on %s: %s at %d", name, profile, c.Name, c.Offset)
				if c.Def != nil {
					require.NotEqual(t, escpos.ClassIgnored, c.Def.Class, "%s on %s: %s at %d", name, profile, c.Name, c.Offset)
				}
				for _, arg := range c.Args() {
					require.NotContains(t, arg.Text, "not defined", "%s on %s: % X at %d", name, profile, c.Bytes, c.Offset)
				}
			}
			require.Equal(t, -1, escpos.ContainsRealTime(b), "%s on %s", name, profile)
		}
	}
}
