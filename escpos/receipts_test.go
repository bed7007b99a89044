package escpos_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos"
)

// receipt reads one of the receipts that shops really print.
func receipt(t testing.TB, name string) *escpos.Document {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "receipts", name+".json"))
	require.NoError(t, err)
	d := new(escpos.Document)
	require.NoError(t, json.Unmarshal(b, d))
	return d
}

var receipts = []string{"supermarket", "restaurant-zh", "parking", "card-slip"}

func TestReceiptsAsText(t *testing.T) {
	for _, name := range receipts {
		t.Run(name, func(t *testing.T) {
			golden(t, "receipts/"+name+".txt", []byte(receipt(t, name).PlainText()))
		})
	}
}

// The text form of the supermarket's receipt is what a program without this
// library would send.
func TestSupermarketText(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "testdata", "receipts", "supermarket.txt"))
	require.NoError(t, err)
	require.Equal(t, strings.TrimSuffix(receipt(t, "supermarket").PlainText(), "[cut]\n"), string(b))
	require.Greater(t, strings.Count(string(b), "\n"), 40)
}

// Each receipt can be printed on each printer, and the bytes for the four
// that began it all are pinned.
func TestReceiptsOnProfiles(t *testing.T) {
	for _, name := range receipts {
		d := receipt(t, name)
		for _, profile := range escpos.ProfileNames() {
			b, _ := encode(t, d, profile)
			switch profile {
			case "generic-80", "generic-58", "TM-T88V", "TM-T20III":
				golden(t, "receipts/"+name+"."+profile+".bin", b)
			}
		}
	}
}
