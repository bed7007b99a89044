package escpos

// gsSymbols are the two-dimensional codes, GS ( k. Their settings hold until
// ESC @; fn 80 stores data and fn 81 prints what is stored.
func gsSymbols() []CommandDef {
	module := argNumber("n", "dot")
	var all []CommandDef
	add := func(cn byte, symbol, title string, view dataView, params ...param) {
		code := argPick("cn", "48 PDF417", "49 QR code", "50 MaxiCode", "51 two-dimensional GS1 DataBar", "52 composite", "53 Aztec code", "54 Data Matrix")
		code.only = string([]byte{cn})
		all = append(all, CommandDef{Name: "GS ( k", Title: symbol + ": " + title, Class: ClassBarcode, op: "\x1d(k", view: view, params: append([]param{code}, params...)})
	}
	data := dataView{form: "d1…dk", kind: viewText}
	none := dataView{}
	for _, s := range []struct {
		cn     byte
		name   string
		before []param // of the data to store
	}{
		{48, "PDF417", nil}, {49, "QR code", nil}, {50, "MaxiCode", nil},
		{51, "GS1 DataBar", []param{argPick("n", "72 stacked", "73 stacked omnidirectional", "76 expanded stacked")}},
		{52, "composite", []param{argPick("a", "48 linear part", "49 two-dimensional part"), argByte("b")}},
		{53, "Aztec code", nil}, {54, "Data Matrix", nil},
	} {
		settings := func(title string, params ...param) { add(s.cn, s.name, title, none, params...) }
		switch s.cn {
		case 48:
			settings("columns", argFn(65), argOr("n", "column", "automatic"))
			settings("rows", argFn(66), argOr("n", "row", "automatic"))
			settings("module width", argFn(67), module)
			settings("row height", argFn(68), argWorded("n", func(v int) string { return "module width ×" + units("")(v) }))
			settings("error correction", argFn(69), argPick("m", "48 level", "49 ratio, 10 % each"), argByte("n"))
			settings("option", argFn(70), argPick("m", "0 standard", "1 truncated"))
		case 49:
			settings("model", argFn(65), argPick("n1", "49 model 1", "50 model 2", "51 micro"), argByte("n2"))
			settings("module size", argFn(67), module)
			settings("error correction", argFn(69), argPick("n", "48 L, 7 %", "49 M, 15 %", "50 Q, 25 %", "51 H, 30 %"))
		case 50:
			settings("mode", argFn(65), argPick("n", "50 mode 2", "51 mode 3", "52 mode 4", "53 mode 5", "54 mode 6"))
		case 51, 52:
			settings("module width", argFn(67), module)
			settings("maximum width", argFn(71), param{name: "n", size: 2, text: argOr("", "dot", "automatic").text})
			if s.cn == 52 {
				settings("font of the text", argFn(72), argFont("n"))
			}
		case 53:
			settings("mode and layers", argFn(66), argPick("n1", "0/48 full range", "1/49 compact"), argOr("n2", "layer", "automatic"))
			settings("module size", argFn(67), module)
			settings("error correction", argFn(69), argNumber("n", "%"))
		case 54:
			settings("shape", argFn(66), argPick("m", "0/48 square", "1/49 rectangular"), argOr("d1", "column", "automatic"), argOr("d2", "row", "automatic"))
			settings("module size", argFn(67), module)
		}
		add(s.cn, s.name, "store data", data, append([]param{argFn(80), argQuiet("m")}, s.before...)...)
		settings("print", argFn(81), argQuiet("m"))
		settings("ask for the size", argFn(82), argQuiet("m"))
		all[len(all)-1].Replies = true
	}
	return all
}
