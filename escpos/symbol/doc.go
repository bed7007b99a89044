// Package symbol turns data into barcodes and two-dimensional symbols: widths
// of bars, or squares of modules, for whoever draws them. It also checks the
// data and writes it the way a receipt printer's GS k command wants it.
//
// A barcode is a Linear: Encode makes one from plain data, EncodeNative from
// the bytes of a GS k command. A two-dimensional symbol is a Matrix; each
// symbology has a function and options of its own: EncodeQR, EncodePDF417,
// EncodeMaxiCode, EncodeDataMatrix, EncodeAztec and EncodeDataBarStacked.
//
//	l, err := symbol.Encode(symbol.EAN13, "400638133393")
//	// l.Text is "4006381333931", l.Elements are 59 bars and spaces
//
// Nothing here draws: a module may be 2 dots wide on one printer and 3 on
// another, and the height of bars is a matter of taste. What the drawer must
// keep is Kind.QuietZone, the white margin without which nobody can read the
// symbol.
//
// Everything that can be wrong with the data is a *DataError that tells what
// and where. All functions may be called concurrently.
package symbol
