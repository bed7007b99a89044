package escpos

// dleCommands are the real-time commands. Where their parameters are out of
// range a printer does nothing; their length is the same.
func dleCommands() []CommandDef {
	statusCommand := func(source string, params ...param) CommandDef {
		return CommandDef{Name: "DLE EOT", Title: "ask for status at once", Source: source, Class: ClassStatus, Replies: true, op: "\x10\x04", params: params}
	}
	all := []CommandDef{
		statusCommand("", argSelect("n", "1 printer", "2 cause of being offline", "3 cause of the error", "4 paper sensors")),
		statusCommand("Epson ESC/POS, DLE EOT; slip printers (TM-U295)", argSelect("n", "5 slip", "6 validation")),
		statusCommand("", argSelect("n", "7 ink"), argPick("a", "1 ink A", "2 ink B")),
		statusCommand("", argSelect("n", "8 peeler"), argPick("a", "3 label peeler")),
		statusCommand("", argSelect("n", "18 interface"), argPick("a", "1 interfaces", "2 customer display")),
		statusCommand("Custom KPM and TG2460H manuals", argSelect("n", "17 print process", "20 full status", "21 identity")),

		{Name: "DLE ENQ", Title: "recover from an error, or go on", Class: ClassDevice, op: "\x10\x05",
			params: []param{argSelect("n", "0 as the FEED button", "1 recover, and print the interrupted line again", "2 recover, and clear the buffers", "3 cancel waiting for a slip")}},
		{Name: "DLE DC4", Title: "drawer pulse at once", Class: ClassDrawer, op: "\x10\x14",
			params: []param{argFn(1), argPick("m", "0 pin 2", "1 pin 5"), argTimes("t", 100, "ms")}},
		{Name: "DLE DC4", Title: "power-off sequence", Class: ClassDevice, Replies: true, op: "\x10\x14",
			params: []param{argFn(2), argConst(1), argConst(8)}},
		{Name: "DLE DC4", Title: "buzzer at once", Class: ClassBuzzer, Replies: true, op: "\x10\x14",
			params: []param{argFn(3), argPick("a", "0 stop", "1 pattern A", "2 pattern B", "3 pattern C", "4 pattern D", "5 pattern E", "6 pattern for errors", "7 pattern for the paper end"),
				argByte("n"), argPick("r", "0 until stopped", "1 once", "2 2 times", "3 3 times", "4 4 times", "5 5 times", "6 6 times", "7 7 times", "8 8 times"), argByte("t1"), argByte("t2")}},
		{Name: "DLE DC4", Title: "have a status sent at once", Class: ClassStatus, Replies: true, op: "\x10\x14",
			params: []param{argFn(7), argPick("m", "1 ASB frame", "2 extended ASB frame", "4 offline response", "5 battery")}},
		{Name: "DLE DC4", Title: "clear the buffers", Class: ClassDevice, Replies: true, op: "\x10\x14",
			params: []param{argFn(8), argConst(1), argConst(3), argConst(20), argConst(1), argConst(6), argConst(2), argConst(8)}},
	}
	for i := range all {
		all[i].RealTime = true
	}
	return all
}
