package escpos

func fsCommands() []CommandDef {
	onOff := argPick("m", "48 off", "49 on")
	logo := argChars("kc", 2)
	justify := argPick("a", "48 left", "49 centred", "50 right")
	return []CommandDef{
		{Name: "FS !", Title: "Kanji: print mode", Class: ClassStyle, op: "\x1c!", params: []param{argFlags("n", "normal", "04 double width", "08 double height", "80 underlined")}},
		{Name: "FS &", Title: "Kanji: on", Class: ClassCharset, op: "\x1c&"},
		{Name: "FS -", Title: "Kanji: underline", Class: ClassStyle, op: "\x1c-", params: []param{argPick("n", "0/48 off", "1/49 1 dot", "2/50 2 dots")}},
		{Name: "FS .", Title: "Kanji: off", Class: ClassCharset, op: "\x1c."},
		// The size of thermal printers, see Scanner.
		{Name: "FS 2", Title: "Kanji: define a user-defined character", Class: ClassGlyph, op: "\x1c2", body: bodySized,
			size: func([]byte) int64 { return 72 }, view: dataView{name: "glyph", form: "d1…d72"}, params: []param{argByte("c1"), argByte("c2")}},
		{Name: "FS ?", Title: "Kanji: cancel a user-defined character", Class: ClassGlyph, op: "\x1c?", params: []param{argByte("c1"), argByte("c2")}},
		{Name: "FS C", Title: "Kanji: code system", Class: ClassCharset, op: "\x1cC", params: []param{argPick("n", "0/48 JIS", "1/49 Shift_JIS", "2/50 Shift_JIS-2004")}},
		{Name: "FS L", Title: "double-density page mode", Class: ClassPage, op: "\x1cL"},
		{Name: "FS S", Title: "Kanji: spacing", Class: ClassStyle, op: "\x1cS", params: []param{argNumber("n1", "motion unit"), argNumber("n2", "motion unit")}},
		{Name: "FS W", Title: "Kanji: quadruple size", Class: ClassStyle, op: "\x1cW", params: []param{argSwitch("n")}},
		{Name: "FS a 0", Title: "read a cheque", Class: ClassStatus, Replies: true, op: "\x1ca0", params: []param{argByte("n")}},
		{Name: "FS a 1", Title: "feed a cheque to the start", Class: ClassFeed, op: "\x1ca1"},
		{Name: "FS a 2", Title: "eject a cheque", Class: ClassFeed, op: "\x1ca2"},
		{Name: "FS b", Title: "ask for the cheque reading", Class: ClassStatus, Replies: true, op: "\x1cb"},
		{Name: "FS c", Title: "clean the cheque reader", Class: ClassDevice, op: "\x1cc"},
		{Name: "FS g 1", Title: "write NV user memory", Class: ClassMemory, Nonvolatile: true, op: "\x1cg1", body: bodySized,
			size:   func(h []byte) int64 { return int64(le16(h[8:])) },
			params: []param{argConst(0), {name: "a", size: 4}, argNumber2("n", "byte")}},
		{Name: "FS g 2", Title: "read NV user memory", Class: ClassMemory, Replies: true, op: "\x1cg2",
			params: []param{argConst(0), {name: "a", size: 4}, argNumber2("n", "byte")}},
		{Name: "FS p", Title: "print an NV bit image", Class: ClassImage, op: "\x1cp", params: []param{argByte("n"), argScale("m")}},
		{Name: "FS q", Title: "define all NV bit images, then reset", Class: ClassImage, Nonvolatile: true, op: "\x1cq", body: bodyImages,
			view: dataView{name: "images", form: "[xL xH yL yH d1…d(8·x·y)]…"}, params: []param{argNumber("n", "image")}},

		{Name: "FS ( A", Title: "Kanji: font", Class: ClassStyle, op: "\x1c(A", params: []param{argFn(48), argPick("m", "0/48 A", "1/49 B", "2/50 C")}},
		{Name: "FS ( C", Title: "character encoding", Class: ClassCharset, op: "\x1c(C", params: []param{argFn(48), argPick("m", "1/49 one-byte code pages", "2/50 UTF-8")}},
		{Name: "FS ( C", Title: "font priority for UTF-8", Class: ClassCharset, op: "\x1c(C",
			params: []param{argFn(60), argPick("m", "0 first", "1 second"), argPick("a", "0 Latin", "11 Japanese", "20 Simplified Chinese", "30 Traditional Chinese", "41 Korean")}},
		{Name: "FS ( E", Title: "receipt logos: cancel", Class: ClassDevice, Nonvolatile: true, op: "\x1c(E",
			params: []param{argFn(60), argConst(2), argPick("m", "48 top", "49 bottom"), argChars("d", 3)}},
		{Name: "FS ( E", Title: "receipt logos: ask for the settings", Class: ClassStatus, Replies: true, op: "\x1c(E",
			params: []param{argFn(61), argConst(2), argPick("m", "48 top", "49 bottom", "50 extended")}},
		{Name: "FS ( E", Title: "receipt logos: set the top logo", Class: ClassDevice, Nonvolatile: true, op: "\x1c(E",
			params: []param{argFn(62), argConst(2), logo, justify, argNumber("n", "line")}},
		{Name: "FS ( E", Title: "receipt logos: set the bottom logo", Class: ClassDevice, Nonvolatile: true, op: "\x1c(E",
			params: []param{argFn(63), argConst(2), logo, justify}},
		{Name: "FS ( E", Title: "receipt logos: extended settings", Class: ClassDevice, Nonvolatile: true, op: "\x1c(E", view: dataView{name: "settings", form: "[a n]…"},
			params: []param{argFn(64), argConst(2)}},
		{Name: "FS ( E", Title: "receipt logos: on or off", Class: ClassDevice, op: "\x1c(E",
			params: []param{argFn(65), argConst(2), argPick("a", "48 top", "49 bottom"), argPick("n", "48 off", "49 on")}},
		{Name: "FS ( L", Title: "label paper: set the layout", Class: ClassDevice, Nonvolatile: true, op: "\x1c(L", view: dataView{name: "layout", form: "a;b;…", kind: viewText},
			params: []param{argFn(33), argPick("m", "48 no reference mark", "49 mark on the printed side", "50 mark on the back", "51 label gap")}},
		{Name: "FS ( L", Title: "label paper: ask for the layout", Class: ClassStatus, Replies: true, op: "\x1c(L", params: []param{argFn(34), argPick("n", "64 set values", "80 effective values")}},
		{Name: "FS ( L", Title: "label paper: ask for the position", Class: ClassStatus, Replies: true, op: "\x1c(L", params: []param{argFn(48), argByte("m")}},
		{Name: "FS ( L", Title: "label paper: feed to the peeling position", Class: ClassFeed, op: "\x1c(L", params: []param{argFn(65), argByte("m")}},
		{Name: "FS ( L", Title: "label paper: feed to the cutting position", Class: ClassFeed, op: "\x1c(L", params: []param{argFn(66), argByte("m")}},
		{Name: "FS ( L", Title: "label paper: feed to the start of printing", Class: ClassFeed, op: "\x1c(L", params: []param{argFn(67), argByte("m")}},
		{Name: "FS ( L", Title: "label paper: margin for layout errors", Class: ClassDevice, op: "\x1c(L", view: dataView{name: "margin", form: "n1…nk", kind: viewText}, params: []param{argFn(80)}},
		{Name: "FS ( e", Title: "extended automatic status back", Class: ClassStatus, Replies: true, op: "\x1c(e",
			params: []param{argConst(51), argFlags("n", "off", "08 offline of the receipt unit")}},
		{Name: "FS ( f", Title: "cheque reader: MICR data", Class: ClassDevice, op: "\x1c(f", view: dataView{name: "settings", form: "[a n]…"}},
		{Name: "FS ( g", Title: "image scanner: select for settings", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(32), onOff}},
		{Name: "FS ( g", Title: "image scanner: basic operation", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(40), argByte("m"), argByte("a"), argByte("b"), argByte("c")}},
		{Name: "FS ( g", Title: "image scanner: area", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(41), argByte("x1"), argByte("y1"), argByte("x2"), argByte("y2")}},
		{Name: "FS ( g", Title: "image scanner: compression", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(50), argByte("m"), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: delete a cropping area", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(56), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: cropping area", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(57), argByte("n"), argByte("x1"), argByte("y1"), argByte("x2"), argByte("y2")}},
		{Name: "FS ( g", Title: "image scanner: format of results", Class: ClassDevice, op: "\x1c(g", params: []param{argFn(60), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: ask for the basic operation", Class: ClassStatus, Replies: true, op: "\x1c(g", params: []param{argFn(80), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: ask for the area", Class: ClassStatus, Replies: true, op: "\x1c(g", params: []param{argFn(81), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: ask for the compression", Class: ClassStatus, Replies: true, op: "\x1c(g", params: []param{argFn(90), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: ask for the cropping areas", Class: ClassStatus, Replies: true, op: "\x1c(g", params: []param{argFn(97), argByte("n")}},
		{Name: "FS ( g", Title: "image scanner: ask for the format of results", Class: ClassStatus, Replies: true, op: "\x1c(g", params: []param{argFn(100), argByte("n")}},
	}
}

// argScale is the size at which an image is printed.
func argScale(name string) param {
	return argPick(name, "0/48 normal", "1/49 double width", "2/50 double height", "3/51 double width and height")
}
