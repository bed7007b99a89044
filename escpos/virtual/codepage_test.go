package virtual

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCodePagesAreWhole(t *testing.T) {
	for name, upper := range codePages {
		require.Equal(t, 128, utf8.RuneCountInString(upper), name)
	}
}

func TestInternationalSetsAreWhole(t *testing.T) {
	for n, set := range international {
		require.Equal(t, len(internationalPlaces), utf8.RuneCountInString(set), "ESC R %d", n)
	}
}
