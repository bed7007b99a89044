package escpos

// examples has bytes of every command.
var examples = []struct{ in string }{}
