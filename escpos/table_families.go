package escpos

// gsFamilies are the GS ( x commands, without graphics and symbols. A length
// prefix follows their opcode; what their parameters leave of it is data.
func gsFamilies() []CommandDef {
	clr := argChars("d", 3)
	record := argChars("c", 2)
	colour := func(name string) param { return argPick(name, "48 none", "49 colour 1", "50 colour 2", "51 colour 3") }
	list := func(form string) dataView { return dataView{name: "settings", form: form} }
	text := func(form string) dataView { return dataView{name: "value", form: form, kind: viewText} }
	nvMemory := func(title string, n byte, params ...param) CommandDef {
		return CommandDef{Name: "GS ( C", Title: "NV user memory: " + title, Class: ClassMemory, op: "\x1d(C",
			params: append([]param{argConst(0), argFn(n, n+48), argConst(0)}, params...)}
	}
	writes := func(d CommandDef) CommandDef { d.Nonvolatile = true; return d }
	replies := func(d CommandDef) CommandDef { d.Replies = true; return d }
	setup := func(title string, n byte, view dataView, params ...param) CommandDef {
		return CommandDef{Name: "GS ( E", Title: "user setup: " + title, Class: ClassDevice, op: "\x1d(E", view: view, params: append([]param{argFn(n)}, params...)}
	}
	all := []CommandDef{
		{Name: "GS ( A", Title: "test print", Class: ClassDevice, op: "\x1d(A",
			params: []param{argPick("n", "0/48 basic sheet", "1/49 roll paper", "2/50 roll paper"), argPick("m", "1/49 hexadecimal dump", "2/50 status", "3/51 rolling pattern", "64 paper layout")}},
		{Name: "GS ( B", Title: "customise automatic status back", Class: ClassDevice, op: "\x1d(B", view: list("[a b]…"), params: []param{argConst(97)}},

		writes(nvMemory("delete a record", 0, record)),
		{Name: "GS ( C", Title: "NV user memory: store a record", Class: ClassMemory, Nonvolatile: true, op: "\x1d(C", view: dataView{name: "record", form: "d1…dk", kind: viewText},
			params: []param{argConst(0), argFn(1, 49), argConst(0), record}},
		replies(nvMemory("read a record", 2, record)),
		replies(nvMemory("ask how much is used", 3)),
		replies(nvMemory("ask how much is free", 4)),
		replies(nvMemory("ask for the keys", 5)),
		writes(nvMemory("delete all", 6, clr)),

		{Name: "GS ( D", Title: "enable real-time commands", Class: ClassDevice, op: "\x1d(D", view: dataView{name: "settings", form: "[a b]…", kind: viewRealTime}, params: []param{argConst(20)}},

		replies(setup("enter", 1, dataView{}, argChars("d", 2))),
		setup("leave, and reset", 2, dataView{}, clr),
		writes(setup("set memory switches", 3, list("[a b8…b1]…"))),
		replies(setup("ask for a memory switch", 4, dataView{}, argNumber("a", ""))),
		writes(setup("set values", 5, list("[a nL nH]…"))),
		replies(setup("ask for a value", 6, dataView{}, argWorded("a", customValue))),
		writes(setup("copy the user page", 7, dataView{}, argByte("a"), argByte("d1"), argByte("d2"))),
		writes(setup("define a user page in columns", 8, list("[x d1…d(y·x)]…"), argByte("y"), argChar("c1"), argChar("c2"))),
		writes(setup("define a user page in rows", 9, list("[y d1…d(x·y)]…"), argByte("x"), argChar("c1"), argChar("c2"))),
		writes(setup("delete from a user page", 10, dataView{}, argByte("c1"), argByte("c2"))),
		writes(setup("set the serial interface", 11, text("d1…dk"), argPick("a", "1 baud rate", "2 parity", "3 flow control", "4 data bits"))),
		replies(setup("ask for the serial interface", 12, dataView{}, argPick("a", "1 baud rate", "2 parity", "3 flow control", "4 data bits"))),
		writes(setup("set Bluetooth", 13, text("d1…dk"), argByte("a"))),
		replies(setup("ask for Bluetooth", 14, dataView{}, argByte("a"))),
		writes(setup("set USB", 15, dataView{}, argPick("a", "1 class", "32 IEEE 1284 device ID"), argChar("d"))),
		replies(setup("ask for USB", 16, dataView{}, argPick("a", "1 class", "32 IEEE 1284 device ID"))),
		writes(setup("delete the paper layout", 48, dataView{}, clr)),
		writes(setup("set the paper layout", 49, text("a;b;…"))),
		replies(setup("ask for the paper layout", 50, dataView{}, argPick("n", "64 set values", "80 effective values"))),
		writes(setup("set label and black mark control", 51, text("a;b;…"))),
		replies(setup("ask for label and black mark control", 52, text("d1…dk"))),
		writes(setup("set buzzer patterns", 99, list("[n a t]…"))),
		replies(setup("ask for a buzzer pattern", 100, dataView{}, argByte("a"))),

		{Name: "GS ( H", Title: "process ID response", Class: ClassStatus, Replies: true, op: "\x1d(H", params: []param{argFn(48), argQuiet("m"), argChars("d", 4)}},
		{Name: "GS ( H", Title: "offline response", Class: ClassStatus, Replies: true, op: "\x1d(H", params: []param{argFn(49), argQuiet("m"), argPick("d", "0/48 off", "1/49 on, without causes", "2/50 on, with causes")}},

		{Name: "GS ( K", Title: "print control mode", Class: ClassDevice, op: "\x1d(K", params: []param{argFn(48), argNumber("m", "")}},
		{Name: "GS ( K", Title: "print density", Class: ClassDevice, op: "\x1d(K", params: []param{argFn(49), {name: "m", size: 1, signed: true}}},
		{Name: "GS ( K", Title: "print speed", Class: ClassDevice, op: "\x1d(K", params: []param{argFn(50), argPick("m", "0/48 by the setting", "1/49 level 1", "2/50 level 2", "3/51 level 3", "4/52 level 4", "5/53 level 5", "6/54 level 6", "7/55 level 7", "8/56 level 8", "9/57 level 9", "10 level 10", "11 level 11", "12 level 12", "13 level 13")}},
		{Name: "GS ( K", Title: "parts in which the head is energised", Class: ClassDevice, op: "\x1d(K", params: []param{argFn(97), argPick("m", "0/48 by the setting", "1/49 1 part", "2/50 2 parts", "3/51 3 parts", "4/52 4 parts", "128 automatic")}},

		{Name: "GS ( M", Title: "save the settings", Class: ClassDevice, Nonvolatile: true, op: "\x1d(M", params: []param{argFn(1, 49), argByte("a")}},
		{Name: "GS ( M", Title: "load settings", Class: ClassDevice, op: "\x1d(M", params: []param{argFn(2, 50), argPick("a", "0/48 of the factory", "1/49 saved ones")}},
		{Name: "GS ( M", Title: "settings to load at ESC @ and power-on", Class: ClassDevice, Nonvolatile: true, op: "\x1d(M", params: []param{argFn(3, 51), argPick("a", "0/48 of the factory", "1/49 saved ones")}},

		{Name: "GS ( N", Title: "colour of characters", Class: ClassStyle, op: "\x1d(N", params: []param{argFn(48), colour("m")}},
		{Name: "GS ( N", Title: "colour of the background", Class: ClassStyle, op: "\x1d(N", params: []param{argFn(49), colour("m")}},
		{Name: "GS ( N", Title: "shading", Class: ClassStyle, op: "\x1d(N", params: []param{argFn(50), argPick("m", "0/48 off", "1/49 on"), colour("a")}},

		{Name: "GS ( P", Title: "page mode: printable area", Class: ClassPage, op: "\x1d(P", params: []param{argFn(48), argNumber2("w", "motion unit"), argNumber2("h", "motion unit"), argByte("n"), argByte("m"), argByte("d")}},

		{Name: "GS ( Q", Title: "page mode: draw a line", Class: ClassPage, op: "\x1d(Q",
			params: []param{argFn(48), argNumber2("x1", "motion unit"), argNumber2("y1", "motion unit"), argNumber2("x2", "motion unit"), argNumber2("y2", "motion unit"), argByte("c"), argByte("m1"), argByte("m2")}},
		{Name: "GS ( Q", Title: "page mode: draw a rectangle", Class: ClassPage, op: "\x1d(Q",
			params: []param{argFn(49), argNumber2("x1", "motion unit"), argNumber2("y1", "motion unit"), argNumber2("x2", "motion unit"), argNumber2("y2", "motion unit"), argByte("c"), argByte("m1"), argByte("m2"), argByte("m3"), argByte("m4")}},
		{Name: "GS ( Q", Title: "draw a line across", Class: ClassImage, op: "\x1d(Q",
			params: []param{argFn(50), argNumber2("x1", "motion unit"), argNumber2("x2", "motion unit"), argByte("n"), argByte("c"), argByte("m1"), argByte("m2")}},
		{Name: "GS ( Q", Title: "draw a line down", Class: ClassImage, op: "\x1d(Q",
			params: []param{argFn(51), argNumber2("x", "motion unit"), argPick("a", "0 end", "1 begin"), argByte("c"), argByte("m1"), argByte("m2")}},
	}
	return append(all, slipFamilies()...)
}

// slipFamilies are the commands of printers for cut sheets and cheques.
func slipFamilies() []CommandDef {
	g := func(title string, replies bool, n byte, params ...param) CommandDef {
		d := CommandDef{Name: "GS ( G", Title: "cut sheet: " + title, Class: ClassDevice, Replies: replies, op: "\x1d(G", params: append([]param{argFn(n)}, params...)}
		if replies {
			d.Class = ClassStatus
		}
		return d
	}
	id := argNumber2("id", "")
	return []CommandDef{
		g("ask for the status", true, 32, argByte("m")),
		g("select face or back", false, 48, argPick("m", "4 face", "68 back")),
		g("read magnetic ink", true, 60, argByte("a"), argByte("b"), argByte("c")),
		g("send the magnetic ink reading again", true, 61, argByte("a"), argByte("b")),
		withData(g("read, and send the results", true, 64), "d1…dk"),
		withData(g("scan, and send the image", true, 65), "d1…dk"),
		withData(g("send the scan again", true, 66, id), "[m]"),
		g("prescan", false, 67, argQuiet("m")),
		g("delete a scan", false, 68, argQuiet("m"), id),
		g("delete all scans", false, 69, argQuiet("m"), argChars("d", 3)),
		g("ask for the scans", true, 70, argQuiet("m"), argChars("d", 2)),
		g("ask for the free memory", true, 71, argQuiet("m")),
		g("select the active sheet", false, 80, argFlags("m", "none", "01 journal", "02 receipt", "04 slip face", "08 validation", "20 slip back")),
		g("prepare for insertion", false, 81, argQuiet("m")),
		g("end the preparation for insertion", false, 82, argQuiet("m")),
		g("wait for insertion", false, 83, argQuiet("m")),
		g("feed to the start of printing", false, 84, argByte("m")),
		g("finish", false, 85, argPick("m", "48 release", "49 eject")),

		withData(CommandDef{Name: "GS ( z", Title: "cheque: set the reading", Class: ClassDevice, op: "\x1d(z", params: []param{argFn(42)}}, "[a n]…"),
		{Name: "GS ( z", Title: "cheque: feed to the start of printing", Class: ClassDevice, op: "\x1d(z", params: []param{argFn(48), argQuiet("m")}},
		{Name: "GS ( z", Title: "cheque: begin saving for the reverse side", Class: ClassDevice, op: "\x1d(z", params: []param{argFn(62), argConst(48)}},
		{Name: "GS ( z", Title: "cheque: end saving for the reverse side", Class: ClassDevice, op: "\x1d(z", params: []param{argFn(62), argConst(49)}},
		{Name: "GS ( z", Title: "cheque: counter for the reverse side", Class: ClassDevice, op: "\x1d(z",
			params: []param{argFn(62), argConst(51), argNumber("n", "digit"), {name: "a", size: 4}, argByte("m"), {name: "b", size: 4}}},
		withData(CommandDef{Name: "GS ( z", Title: "cheque: read one after the other", Class: ClassStatus, Replies: true, op: "\x1d(z", params: []param{argFn(63)}}, "d1…dk"),
	}
}

func withData(d CommandDef, form string) CommandDef {
	d.view.form = form
	return d
}

// customValue names the values of GS ( E fn 5 and 6.
func customValue(a int) string {
	return argPick("", "1 size of the NV user memory", "2 size of the NV graphics memory", "3 paper width", "5 print density", "6 print speed",
		"7 Thai mode", "8 default code page", "9 default international set", "10 interface", "11 column emulation", "12 execution of commands while offline",
		"13 top margin", "14 wait for paper removal", "20 time to switch interfaces", "21 main interface", "22 display",
		"70 graphics scaling", "71 graphics scaling", "73 graphics scaling", "97 head division").text(a)
}
