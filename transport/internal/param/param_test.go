package param_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/transport"
	"github.com/printerctl/printerctl/transport/internal/param"
)

func parse(t *testing.T, query string, allowed ...string) (*param.Values, error) {
	t.Helper()
	u, err := url.Parse("serial:///dev/ttyUSB0?" + query)
	require.NoError(t, err)
	return param.Parse(u, allowed...)
}

func TestParse(t *testing.T) {
	v, err := parse(t, "baud=19200&flow=RTSCTS&port=1-2", "baud", "flow", "parity", "port")
	require.NoError(t, err)
	require.Equal(t, 19200, v.Int("baud", 9600, 50, 4000000))
	require.Equal(t, 8, v.Int("bits", 8, 5, 8), "absent")
	require.Equal(t, 2, v.Choice("flow", "none", "xonxoff", "rtscts"))
	require.Equal(t, 0, v.Choice("parity", "none", "odd", "even"), "absent")
	require.Equal(t, "1-2", v.String("port"))
	require.NoError(t, v.Err())
}

func TestParseRefuses(t *testing.T) {
	for query, want := range map[string]string{
		"boud=9600":           `unknown parameter "boud" (known here: baud)`,
		"baud=9600&baud=4800": `parameter "baud" is given twice`,
		"baud=%zz":            "invalid URL escape",
	} {
		_, err := parse(t, query, "baud")
		require.ErrorIs(t, err, transport.ErrURI, query)
		require.ErrorContains(t, err, want)
		var oe *transport.OpError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, "parse", oe.Op)
	}
	_, err := parse(t, "a=1")
	require.ErrorContains(t, err, "it takes no parameters")
}

func TestFirstErrorStays(t *testing.T) {
	v, err := parse(t, "baud=fast&flow=maybe", "baud", "flow")
	require.NoError(t, err)
	require.Equal(t, 9600, v.Int("baud", 9600, 50, 115200))
	require.Equal(t, 0, v.Choice("flow", "none", "rtscts"))
	require.ErrorIs(t, v.Err(), transport.ErrURI)
	require.ErrorContains(t, v.Err(), `baud="fast" (baud is a number from 50 to 115200)`)
}
