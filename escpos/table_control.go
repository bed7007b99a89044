package escpos

// controlCommands are the single bytes below 20 that begin no sequence.
var controlCommands = []CommandDef{
	{Name: "HT", Title: "go to the next tab position", Class: ClassPosition, op: "\x09"},
	{Name: "LF", Title: "print the line, and feed by the line spacing", Class: ClassFeed, op: "\x0a"},
	{Name: "FF", Title: "page mode: print, and return to standard mode; label paper: feed to the next label", Class: ClassFeed, op: "\x0c"},
	{Name: "CR", Title: "ignored, or as LF, by a switch of the printer", Class: ClassFeed, op: "\x0d"},
	{Name: "CAN", Title: "page mode: erase the print area; block transfer: stop", Class: ClassPage, op: "\x18"},
	{Name: "ACK", Title: "block transfer: next block", Class: ClassStatus, Source: "Epson ESC/POS, GS ( C", op: "\x06"},
	{Name: "NAK", Title: "block transfer: send the block again", Class: ClassStatus, Source: "Epson ESC/POS, GS ( C", op: "\x15"},

	ignored("\x00", "NUL"), ignored("\x01", "SOH"), ignored("\x02", "STX"), ignored("\x03", "ETX"),
	ignored("\x04", "EOT"), ignored("\x05", "ENQ"), ignored("\x07", "BEL"), ignored("\x08", "BS"),
	ignored("\x0b", "VT"), ignored("\x0e", "SO"), ignored("\x0f", "SI"), ignored("\x11", "DC1"),
	ignored("\x12", "DC2"), ignored("\x13", "DC3"), ignored("\x14", "DC4"), ignored("\x16", "SYN"),
	ignored("\x17", "ETB"), ignored("\x19", "EM"), ignored("\x1a", "SUB"), ignored("\x1e", "RS"),
	ignored("\x1f", "US"),
}

func ignored(op, name string) CommandDef {
	return CommandDef{Name: name, Title: "ignored", Source: "ASCII; no meaning in Epson ESC/POS", Class: ClassIgnored, op: op}
}
