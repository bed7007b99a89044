package escpos

func gsCommands() []CommandDef {
	area := func(h []byte) int64 { return int64(le16(h[4:])) * int64(le16(h[6:])) }
	hri := argPick("n", "0/48 none", "1/49 above", "2/50 below", "3/51 above and below")
	counters := param{name: "n", size: 2, text: counter}
	cuts := []param{argSelect("m", "65 full", "66 partial"), argNumber("n", "motion unit")}
	return []CommandDef{
		{Name: "GS !", Title: "character size", Class: ClassStyle, op: "\x1d!", params: []param{argWorded("n", magnification)}},
		{Name: "GS $", Title: "page mode: absolute position down", Class: ClassPage, op: "\x1d$", params: []param{argNumber2("n", "motion unit")}},
		{Name: "GS &", Title: "absolute position down", Class: ClassPosition, op: "\x1d&", params: []param{argNumber2("n", "motion unit")}},
		{Name: "GS *", Title: "define the downloaded bit image", Class: ClassImage, op: "\x1d*", body: bodySized,
			size:   func(h []byte) int64 { return 8 * int64(h[2]) * int64(h[3]) },
			params: []param{argWorded("x", dotsOfBytes), argWorded("y", dotsOfBytes)}},
		{Name: "GS /", Title: "print the downloaded bit image", Class: ClassImage, op: "\x1d/", params: []param{argScale("m")}},
		{Name: "GS :", Title: "begin or end the definition of the macro", Class: ClassMacro, op: "\x1d:"},
		{Name: "GS B", Title: "white on black", Class: ClassStyle, op: "\x1dB", params: []param{argSwitch("n")}},
		{Name: "GS C 0", Title: "counter: digits", Class: ClassMacro, op: "\x1dC0", params: []param{argNumber("n", "digit"), argPick("m", "0/48 right, with spaces", "1/49 right, with zeros", "2/50 left")}},
		{Name: "GS C 1", Title: "counter: range and step", Class: ClassMacro, op: "\x1dC1", params: []param{argNumber2("a", ""), argNumber2("b", ""), argByte("n"), argByte("r")}},
		{Name: "GS C 2", Title: "counter: value", Class: ClassMacro, op: "\x1dC2", params: []param{argNumber2("n", "")}},
		{Name: "GS C ;", Title: "counter: range, step and value", Class: ClassMacro, op: "\x1dC;", body: bodyFields, view: dataView{name: "fields", form: "sa;sb;sn;sr;sc;", kind: viewText}},
		{Name: "GS D", Title: "NV graphics: define from a BMP file", Class: ClassImage, Nonvolatile: true, op: "\x1dD", body: bodyBitmap, view: dataView{name: "file", form: "42 4D d1…dk"},
			params: []param{argConst(48), argFn(67), argByte("a"), argChars("kc", 2), argByte("b"), argByte("c")}},
		{Name: "GS D", Title: "download graphics: define from a BMP file", Class: ClassImage, op: "\x1dD", body: bodyBitmap, view: dataView{name: "file", form: "42 4D d1…dk"},
			params: []param{argConst(48), argFn(83), argByte("a"), argChars("kc", 2), argByte("b"), argByte("c")}},
		{Name: "GS E", Title: "head control", Class: ClassDevice, op: "\x1dE", params: []param{argByte("n")}},
		{Name: "GS H", Title: "bar code: position of the text", Class: ClassBarcode, op: "\x1dH", params: []param{hri}},
		{Name: "GS I", Title: "ask for the identity", Class: ClassStatus, Replies: true, op: "\x1dI", params: []param{argWorded("n", identity)}},
		{Name: "GS L", Title: "left margin", Class: ClassPosition, op: "\x1dL", params: []param{argNumber2("n", "motion unit")}},
		{Name: "GS P", Title: "motion units", Class: ClassPosition, op: "\x1dP", params: []param{argWorded("x", perInch), argWorded("y", perInch)}},
		{Name: "GS Q 0", Title: "bit image in columns, of any height", Class: ClassImage, op: "\x1dQ0", body: bodySized, size: area,
			params: []param{argScaleOnly("m"), argNumber2("x", "column"), {name: "y", size: 2, text: dotsOfBytes}}},
		{Name: "GS T", Title: "go to the beginning of the line", Class: ClassPosition, op: "\x1dT", params: []param{argPick("n", "0/48 erase what is in the line", "1/49 print what is in the line")}},
		{Name: "GS V", Title: "cut", Class: ClassCut, op: "\x1dV", params: []param{argSelect("m", "0/48 full", "1/49 partial")}},
		{Name: "GS V", Title: "feed and cut", Class: ClassCut, op: "\x1dV", params: cuts},
		{Name: "GS V", Title: "reserve a cut", Class: ClassCut, op: "\x1dV", params: []param{argSelect("m", "97 full", "98 partial"), argNumber("n", "motion unit")}},
		{Name: "GS V", Title: "feed, cut, and return to the start of printing", Class: ClassCut, op: "\x1dV", params: []param{argSelect("m", "103 full", "104 partial"), argNumber("n", "motion unit")}},
		{Name: "GS W", Title: "width of the print area", Class: ClassPosition, op: "\x1dW", params: []param{argNumber2("n", "motion unit")}},
		{Name: `GS \`, Title: "page mode: relative position down", Class: ClassPage, op: "\x1d\\", params: []param{argSigned2("n", "motion unit")}},
		{Name: "GS ^", Title: "run the macro", Class: ClassMacro, op: "\x1d^", params: []param{argNumber("r", "time"), argTimes("t", 100, "ms"), argPick("m", "0 at once", "1 wait for FEED each time")}},
		{Name: "GS a", Title: "automatic status back", Class: ClassStatus, Replies: true, op: "\x1da",
			params: []param{argFlags("n", "off", "01 drawer", "02 online/offline", "04 errors", "08 paper sensors", "40 panel switch")}},
		{Name: "GS b", Title: "smoothing", Class: ClassStyle, op: "\x1db", params: []param{argSwitch("n")}},
		{Name: "GS c", Title: "print the counter", Class: ClassMacro, op: "\x1dc"},
		{Name: "GS f", Title: "bar code: font of the text", Class: ClassBarcode, op: "\x1df", params: []param{argFont("n")}},
		{Name: "GS g 0", Title: "reset a maintenance counter", Class: ClassDevice, Nonvolatile: true, op: "\x1dg0", params: []param{argConst(0), counters}},
		{Name: "GS g 2", Title: "ask for a maintenance counter", Class: ClassStatus, Replies: true, op: "\x1dg2", params: []param{argConst(0), counters}},
		{Name: "GS h", Title: "bar code: height", Class: ClassBarcode, op: "\x1dh", params: []param{argNumber("n", "dot")}},
		{Name: "GS j", Title: "automatic status back of the ink", Class: ClassStatus, Replies: true, op: "\x1dj", params: []param{argFlags("n", "off", "01 online/offline", "02 ink")}},
		{Name: "GS k", Title: "print a bar code, ended by NUL", Class: ClassBarcode, op: "\x1dk", body: bodyBarcode, view: dataView{form: "d1…dk 00", kind: viewText},
			params: []param{argSelect("m", "0 UPC-A", "1 UPC-E", "2 EAN-13", "3 EAN-8", "4 CODE39", "5 ITF", "6 CODABAR")}},
		{Name: "GS k", Title: "print a bar code of n bytes", Class: ClassBarcode, op: "\x1dk", body: bodySized, size: func(h []byte) int64 { return int64(h[3]) }, view: dataView{form: "d1…dn", kind: viewText},
			params: []param{argSelect("m", "65 UPC-A", "66 UPC-E", "67 EAN-13", "68 EAN-8", "69 CODE39", "70 ITF", "71 CODABAR", "72 CODE93", "73 CODE128", "74 GS1-128",
				"75 GS1 DataBar Omnidirectional", "76 GS1 DataBar Truncated", "77 GS1 DataBar Limited", "78 GS1 DataBar Expanded", "79 CODE128 auto"), argNumber("n", "byte")}},
		{Name: "GS r", Title: "ask for status in turn", Class: ClassStatus, Replies: true, op: "\x1dr", params: []param{argPick("n", "1/49 paper sensors", "2/50 drawer", "4/52 ink")}},
		{Name: "GS v 0", Title: "raster bit image", Class: ClassImage, op: "\x1dv0", body: bodySized, size: area,
			params: []param{argScaleOnly("m"), {name: "x", size: 2, text: dotsOfBytes}, argNumber2("y", "row")}},
		{Name: "GS w", Title: "bar code: width of a module", Class: ClassBarcode, op: "\x1dw", params: []param{argWorded("n", func(v int) string {
			if v >= 68 && v <= 76 {
				return units("half dot")(v - 64)
			}
			return units("dot")(v)
		})}},
		{Name: "GS z 0", Title: "wait before going online again", Class: ClassDevice, op: "\x1dz0", params: []param{argTimes("t1", 500, "ms"), argTimes("t2", 500, "ms")}},

		{Name: "GS ETX", Title: "real-time request", Source: "NCR 7168 and Axiohm A758 manuals, GS ETX", Class: ClassDevice, RealTime: true, op: "\x1d\x03", params: []param{argByte("n")}},
		{Name: "GS EOT", Title: "ask for status at once", Source: "NCR 7168 and Axiohm A758 manuals, GS EOT", Class: ClassStatus, RealTime: true, Replies: true, op: "\x1d\x04", params: []param{argByte("n")}},
		{Name: "GS ENQ", Title: "ask for status at once", Source: "NCR 7168 and Axiohm A758 manuals, GS ENQ", Class: ClassStatus, RealTime: true, Replies: true, op: "\x1d\x05"},
		{Name: "GS E0", Title: "automatic full status", Source: "Custom KPM and TG2460H manuals", Class: ClassStatus, Replies: true, op: "\x1d\xe0", params: []param{argByte("n")}},
	}
}

// argScaleOnly is an argScale that must be in range: where it is not, Epson
// printers take what follows as normal data.
func argScaleOnly(name string) param {
	p := argScale(name)
	p.only = "\x00\x01\x02\x03\x30\x31\x32\x33"
	return p
}

func perInch(v int) string {
	if v == 0 {
		return "default"
	}
	return "1/" + units("")(v) + " inch"
}

func identity(n int) string {
	return argPick("", "1/49 model", "2/50 type", "3/51 ROM version", "33 type information", "35 column mode", "36 model-specific information",
		"65 firmware version", "66 maker", "67 model name", "68 serial number", "69 font of the country", "96 options", "110 paper", "111 paper layout", "112 language fonts").text(n)
}

// counter names an item of the maintenance counters. Items from 128 on are
// the cumulative counts of those 128 below.
func counter(n int) string {
	kind := "resettable"
	base := n
	if n >= 128 {
		kind, base = "cumulative", n-128
	}
	var name string
	switch {
	case base == 20:
		name = "line feeds"
	case base == 21:
		name = "head energisations"
	case base == 50:
		name = "autocutter operations"
	case base == 70:
		name = "operating time"
	case base >= 10 && base <= 79:
		name = [...]string{"impact printer", "thermal printer", "ink jet printer", "shuttle printer", "standard device", "option", "time"}[base/10-1]
	default:
		return undefined(n)
	}
	return units("")(n) + " (" + name + ", " + kind + ")"
}
