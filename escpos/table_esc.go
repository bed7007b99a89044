package escpos

func escCommands() []CommandDef {
	justify := argPick("n", "0/48 left", "1/49 centred", "2/50 right")
	sensors := argFlags("n", "none", "03 near-end", "0C paper end")
	return []CommandDef{
		{Name: "ESC FF", Title: "page mode: print, and stay in page mode", Class: ClassPage, op: "\x1b\x0c"},
		{Name: "ESC SP", Title: "space at the right of characters", Class: ClassStyle, op: "\x1b ", params: []param{argNumber("n", "motion unit")}},
		{Name: "ESC !", Title: "print mode", Class: ClassStyle, op: "\x1b!",
			params: []param{argWorded("n", func(v int) string {
				font := "font A"
				if v&1 != 0 {
					font = "font B"
				}
				rest := argFlags("", "", "08 bold", "10 double height", "20 double width", "80 underlined").text(v)
				if rest == "" {
					return font
				}
				return font + ", " + rest
			})}},
		{Name: "ESC $", Title: "absolute position across", Class: ClassPosition, op: "\x1b$", params: []param{argNumber2("n", "motion unit")}},
		{Name: "ESC %", Title: "user-defined characters on or off", Class: ClassGlyph, op: "\x1b%", params: []param{argSwitch("n")}},
		{Name: "ESC &", Title: "define user-defined characters", Class: ClassGlyph, op: "\x1b&", body: bodyGlyphs, view: dataView{name: "glyphs", form: "[x d1…d(y·x)]…"},
			params: []param{argNumber("y", "byte"), argChar("c1"), argChar("c2")}},
		{Name: "ESC *", Title: "bit image in columns", Class: ClassImage, op: "\x1b*", body: bodySized,
			size: func(h []byte) int64 {
				n := int64(le16(h[3:]))
				if h[2] >= 32 {
					n *= 3
				}
				return n
			},
			params: []param{argSelect("m", "0 8 dots, single density", "1 8 dots, double density", "32 24 dots, single density", "33 24 dots, double density"), argNumber2("n", "column")}},
		{Name: "ESC -", Title: "underline", Class: ClassStyle, op: "\x1b-", params: []param{argPick("n", "0/48 off", "1/49 1 dot", "2/50 2 dots")}},
		{Name: "ESC 2", Title: "default line spacing", Class: ClassPosition, op: "\x1b2"},
		{Name: "ESC 3", Title: "line spacing", Class: ClassPosition, op: "\x1b3", params: []param{argNumber("n", "motion unit")}},
		{Name: "ESC <", Title: "return home", Class: ClassPosition, op: "\x1b<"},
		{Name: "ESC =", Title: "select what the bytes are for", Class: ClassDevice, op: "\x1b=", params: []param{argFlags("n", "nothing", "01 printer", "02 customer display")}},
		{Name: "ESC ?", Title: "cancel a user-defined character", Class: ClassGlyph, op: "\x1b?", params: []param{argChar("n")}},
		{Name: "ESC @", Title: "initialise", Class: ClassDevice, op: "\x1b@"},
		{Name: "ESC C", Title: "length to eject a cut sheet", Class: ClassPosition, op: "\x1bC", params: []param{argByte("n")}},
		{Name: "ESC D", Title: "tab positions", Class: ClassPosition, op: "\x1bD", body: bodyTabs, view: dataView{name: "columns", form: "n1…nk 00", kind: viewList}},
		{Name: "ESC E", Title: "bold", Class: ClassStyle, op: "\x1bE", params: []param{argSwitch("n")}},
		{Name: "ESC F", Title: "reverse eject of a cut sheet", Class: ClassPosition, op: "\x1bF", params: []param{argSwitch("n")}},
		{Name: "ESC G", Title: "double strike", Class: ClassStyle, op: "\x1bG", params: []param{argSwitch("n")}},
		{Name: "ESC J", Title: "print and feed", Class: ClassFeed, op: "\x1bJ", params: []param{argNumber("n", "motion unit")}},
		{Name: "ESC K", Title: "print and feed back", Class: ClassFeed, op: "\x1bK", params: []param{argNumber("n", "motion unit")}},
		{Name: "ESC L", Title: "enter page mode", Class: ClassPage, op: "\x1bL"},
		{Name: "ESC M", Title: "font", Class: ClassStyle, op: "\x1bM", params: []param{argFont("n")}},
		{Name: "ESC R", Title: "international character set", Class: ClassCharset, op: "\x1bR", params: []param{argWorded("n", internationalSet)}},
		{Name: "ESC S", Title: "return to standard mode", Class: ClassPage, op: "\x1bS"},
		{Name: "ESC T", Title: "page mode: print direction", Class: ClassPage, op: "\x1bT",
			params: []param{argPick("n", "0/48 left to right, from the upper left", "1/49 bottom to top, from the lower left", "2/50 right to left, from the lower right", "3/51 top to bottom, from the upper right")}},
		{Name: "ESC U", Title: "print in one direction only", Class: ClassStyle, op: "\x1bU", params: []param{argSwitch("n")}},
		{Name: "ESC V", Title: "turn characters by 90° clockwise", Class: ClassStyle, op: "\x1bV", params: []param{argPick("n", "0/48 off", "1/49 on, 1 dot apart", "2/50 on, 1.5 dots apart")}},
		{Name: "ESC W", Title: "page mode: print area", Class: ClassPage, op: "\x1bW",
			params: []param{argNumber2("x", "motion unit"), argNumber2("y", "motion unit"), argNumber2("dx", "motion unit"), argNumber2("dy", "motion unit")}},
		{Name: `ESC \`, Title: "relative position across", Class: ClassPosition, op: "\x1b\\", params: []param{argSigned2("n", "motion unit")}},
		{Name: "ESC a", Title: "justification", Class: ClassPosition, op: "\x1ba", params: []param{justify}},
		{Name: "ESC c 0", Title: "paper to print on", Class: ClassDevice, op: "\x1bc0", params: []param{argFlags("n", "none", "01 journal", "02 receipt", "04 slip", "08 validation")}},
		{Name: "ESC c 1", Title: "paper that settings apply to", Class: ClassDevice, op: "\x1bc1", params: []param{argFlags("n", "none", "01 journal", "02 receipt", "04 slip face", "20 slip back")}},
		{Name: "ESC c 3", Title: "sensors of the parallel paper-end line", Class: ClassDevice, op: "\x1bc3", params: []param{sensors}},
		{Name: "ESC c 4", Title: "sensors that stop printing", Class: ClassDevice, op: "\x1bc4", params: []param{sensors}},
		{Name: "ESC c 5", Title: "panel buttons", Class: ClassDevice, op: "\x1bc5", params: []param{argWorded("n", func(v int) string { return [2]string{"enabled", "disabled"}[v&1] })}},
		{Name: "ESC d", Title: "print and feed lines", Class: ClassFeed, op: "\x1bd", params: []param{argNumber("n", "line")}},
		{Name: "ESC e", Title: "print and feed lines back", Class: ClassFeed, op: "\x1be", params: []param{argNumber("n", "line")}},
		{Name: "ESC f", Title: "wait for a cut sheet", Class: ClassDevice, op: "\x1bf", params: []param{argNumber("m", "minute"), argTimes("n", 100, "ms")}},
		{Name: "ESC i", Title: "partial cut, one point left", Class: ClassCut, op: "\x1bi"},
		{Name: "ESC m", Title: "partial cut, three points left", Class: ClassCut, op: "\x1bm"},
		{Name: "ESC p", Title: "drawer pulse", Class: ClassDrawer, op: "\x1bp",
			params: []param{argSelect("m", "0/48 pin 2", "1/49 pin 5"), argTimes("t1", 2, "ms"), argTimes("t2", 2, "ms")}},
		{Name: "ESC q", Title: "release the paper", Class: ClassFeed, op: "\x1bq"},
		{Name: "ESC r", Title: "print colour", Class: ClassStyle, op: "\x1br", params: []param{argPick("n", "0/48 black", "1/49 red")}},
		{Name: "ESC t", Title: "code page", Class: ClassCharset, op: "\x1bt", params: []param{argWorded("n", codePage)}},
		{Name: "ESC u", Title: "ask for the drawer status", Class: ClassStatus, Replies: true, op: "\x1bu", params: []param{argByte("n")}},
		{Name: "ESC v", Title: "ask for the paper status", Class: ClassStatus, Replies: true, op: "\x1bv"},
		{Name: "ESC {", Title: "upside-down printing", Class: ClassStyle, op: "\x1b{", params: []param{argSwitch("n")}},

		{Name: "ESC ( A", Title: "buzzer", Class: ClassBuzzer, op: "\x1b(A",
			params: []param{argFn(48), argByte("n"), argNumber("c", "time"), argTimes("t", 100, "ms")}},
		{Name: "ESC ( A", Title: "external buzzer, by times", Class: ClassBuzzer, op: "\x1b(A",
			params: []param{argFn(97), argAmong("m", 1, 2, 3, 4, 5, 6, 7), argOr("c", "time", "until stopped")}},
		{Name: "ESC ( A", Title: "external buzzer, by duration", Class: ClassBuzzer, op: "\x1b(A",
			params: []param{argFn(97), argConst(100), argByte("m"), argTimes("t1", 100, "ms"), argTimes("t2", 100, "ms")}},
		{Name: "ESC ( A", Title: "external buzzer when offline", Class: ClassBuzzer, op: "\x1b(A",
			params: []param{argFn(98), argByte("n"), argByte("c"), argByte("d"), argByte("m"), argTimes("t1", 100, "ms"), argTimes("t2", 100, "ms")}},
		{Name: "ESC ( A", Title: "external buzzer at near-end", Class: ClassBuzzer, op: "\x1b(A",
			params: []param{argFn(99), argByte("n"), argByte("c"), argByte("d"), argByte("m"), argTimes("t1", 100, "ms"), argTimes("t2", 100, "ms")}},
		{Name: "ESC ( Y", Title: "page mode: print in a batch", Class: ClassPage, op: "\x1b(Y",
			params: []param{argPick("n", "0/48 no", "1/49 yes"), argPick("m", "0/48 as it stands", "1/49 turned by 180°")}},

		{Name: "ESC BEL", Title: "buzzer", Source: "BP-003 manual, p. 46", Class: ClassBuzzer, op: "\x1b\x07",
			params: []param{argTimes("n1", 100, "ms"), argTimes("n2", 100, "ms"), argNumber("n3", "time")}},
		{Name: "ESC B", Title: "buzzer", Source: "no manual; common on clones", Class: ClassBuzzer, op: "\x1bB",
			params: []param{argNumber("n", "time"), argTimes("t", 50, "ms")}},
		{Name: "ESC Z", Title: "print a QR code", Source: "no manual; POS-58 clones", Class: ClassBarcode, op: "\x1bZ", body: bodySized,
			size:   func(h []byte) int64 { return int64(le16(h[5:])) },
			view:   dataView{kind: viewText},
			params: []param{argByte("m"), argByte("n"), argByte("k"), argNumber2("d", "byte")}},
		{Name: "ESC ACK SOH", Title: "ask for the status", Source: "Star Line mode, ESC ACK SOH", Class: ClassStatus, Replies: true, op: "\x1b\x06\x01"},
		{Name: "ESC RS a", Title: "automatic status", Source: "Star Line mode, ESC RS a", Class: ClassStatus, Replies: true, op: "\x1b\x1ea", params: []param{argByte("n")}},
	}
}

func argFont(name string) param {
	return argPick(name, "0/48 A", "1/49 B", "2/50 C", "3/51 D", "4/52 E", "97 special A", "98 special B")
}

func internationalSet(n int) string {
	names := [...]string{
		"USA", "France", "Germany", "UK", "Denmark I", "Sweden", "Italy", "Spain I", "Japan", "Norway", "Denmark II",
		"Spain II", "Latin America", "Korea", "Slovenia/Croatia", "China", "Vietnam", "Arabia",
	}
	indian := [...]string{"Devanagari", "Bengali", "Tamil", "Telugu", "Assamese", "Oriya", "Kannada", "Malayalam", "Gujarati", "Punjabi"}
	switch {
	case n < len(names):
		return names[n]
	case n >= 66 && n < 66+len(indian):
		return "India, " + indian[n-66]
	case n == 82:
		return "India, Marathi"
	}
	return undefined(n)
}

// codePage names Epson's code pages. From 20 on, other makers number theirs
// differently.
func codePage(n int) string {
	names := map[int]string{
		0: "PC437", 1: "Katakana", 2: "PC850", 3: "PC860", 4: "PC863", 5: "PC865", 6: "Hiragana", 7: "one-pass Kanji 1", 8: "one-pass Kanji 2",
		11: "PC851", 12: "PC853", 13: "PC857", 14: "PC737", 15: "ISO 8859-7", 16: "WPC1252", 17: "PC866", 18: "PC852", 19: "PC858",
		20: "Thai 42", 21: "Thai 11", 22: "Thai 13", 23: "Thai 14", 24: "Thai 16", 25: "Thai 17", 26: "Thai 18", 30: "TCVN-3", 31: "TCVN-3",
		32: "PC720", 33: "WPC775", 34: "PC855", 35: "PC861", 36: "PC862", 37: "PC864", 38: "PC869", 39: "ISO 8859-2", 40: "ISO 8859-15",
		41: "PC1098", 42: "PC1118", 43: "PC1119", 44: "PC1125", 45: "WPC1250", 46: "WPC1251", 47: "WPC1253", 48: "WPC1254", 49: "WPC1255",
		50: "WPC1256", 51: "WPC1257", 52: "WPC1258", 53: "KZ-1048",
		66: "Devanagari", 67: "Bengali", 68: "Tamil", 69: "Telugu", 70: "Assamese", 71: "Oriya", 72: "Kannada", 73: "Malayalam", 74: "Gujarati",
		75: "Punjabi", 82: "Marathi", 254: "user page 254", 255: "user page 255",
	}
	if name, ok := names[n]; ok {
		return "page " + name
	}
	return undefined(n)
}
