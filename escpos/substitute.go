package escpos

// lookalike returns a form in printable ASCII for runes that Unicode itself
// does not take apart into one.
func lookalike(r rune) (string, bool) {
	s := ""
	switch r {
	case '‘', '’', '‛', '′', 'ʼ', 'ʻ', '´', 'ˈ':
		s = "'"
	case '‚', '、', '，':
		s = ","
	case '“', '”', '„', '‟', '″', '«', '»', '〝', '〞':
		s = "\""
	case '‹', '〈':
		s = "<"
	case '›', '〉':
		s = ">"
	case '‐', '‑', '‒', '–', '—', '―', '−', '─', '━', '┄', '┈', '╌', '⁃', 'ー', '〜':
		s = "-"
	case '═':
		s = "="
	case '│', '┃', '║', '¦', '┆', '┊', '╎':
		s = "|"
	case '┌', '┐', '└', '┘', '├', '┤', '┬', '┴', '┼',
		'╔', '╗', '╚', '╝', '╠', '╣', '╦', '╩', '╬',
		'╒', '╓', '╕', '╖', '╘', '╙', '╛', '╜', '╞', '╟', '╡', '╢', '╤', '╥', '╧', '╨', '╪', '╫',
		'╭', '╮', '╯', '╰', '┏', '┓', '┗', '┛', '┣', '┫', '┳', '┻', '╋':
		s = "+"
	case '█', '▓', '▒', '░', '■', '▀', '▄', '▌', '▐', '▪', '◼':
		s = "#"
	case '•', '·', '∙', '●', '◦', '‣', '★', '☆', '※', '⋅', '・':
		s = "*"
	case '…':
		s = "..."
	case '€':
		s = "EUR"
	case '£':
		s = "GBP"
	case '¥':
		s = "JPY"
	case '¢':
		s = "c"
	case '₽':
		s = "RUB"
	case '₹':
		s = "INR"
	case '₩':
		s = "KRW"
	case '₺':
		s = "TRY"
	case '₴':
		s = "UAH"
	case '₫':
		s = "VND"
	case '₪':
		s = "ILS"
	case '₱':
		s = "PHP"
	case '₿':
		s = "BTC"
	case '฿':
		s = "THB"
	case '©':
		s = "(c)"
	case '®':
		s = "(R)"
	case '℗':
		s = "(P)"
	case '×', '✕', '✖', '✗', '✘':
		s = "x"
	case '÷', '⁄', '∕':
		s = "/"
	case '±':
		s = "+/-"
	case '≈', '∼', '～':
		s = "~"
	case '≠':
		s = "!="
	case '≤':
		s = "<="
	case '≥':
		s = ">="
	case '¬':
		s = "-"
	case '¡':
		s = "!"
	case '¿':
		s = "?"
	case '§':
		s = "S"
	case '¶':
		s = "P"
	case '†', '‡':
		s = "+"
	case '‰':
		s = "o/oo"
	case 'µ', 'μ':
		s = "u"
	case '°', 'º', '˚':
		s = "o"
	case 'ª':
		s = "a"
	case '←', '◀', '◄':
		s = "<"
	case '→', '▶', '►':
		s = ">"
	case '↑', '▲':
		s = "^"
	case '↓', '▼':
		s = "v"
	case '✓', '✔', '√':
		s = "v"
	case '☑', '☒':
		s = "[x]"
	case '☐', '□', '▢':
		s = "[ ]"
	case '。':
		s = "."
	case '「', '『', '【', '〔':
		s = "["
	case '」', '』', '】', '〕':
		s = "]"
	case 'ß':
		s = "ss"
	case 'ẞ':
		s = "SS"
	case 'æ':
		s = "ae"
	case 'Æ':
		s = "AE"
	case 'œ':
		s = "oe"
	case 'Œ':
		s = "OE"
	case 'ø':
		s = "o"
	case 'Ø':
		s = "O"
	case 'đ', 'ð':
		s = "d"
	case 'Đ', 'Ð':
		s = "D"
	case 'ħ':
		s = "h"
	case 'Ħ':
		s = "H"
	case 'ł':
		s = "l"
	case 'Ł':
		s = "L"
	case 'ŧ':
		s = "t"
	case 'Ŧ':
		s = "T"
	case 'ŋ':
		s = "n"
	case 'Ŋ':
		s = "N"
	case 'ı':
		s = "i"
	case 'ĸ':
		s = "k"
	case 'þ':
		s = "th"
	case 'Þ':
		s = "Th"
	case 'ə':
		s = "e"
	case 'Ə':
		s = "E"
	case 'ƒ':
		s = "f"
	}
	return s, s != ""
}
