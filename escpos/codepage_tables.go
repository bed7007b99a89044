package escpos

// The upper halves, bytes 80 to FF, of the code pages that x/text lacks.
// U+FFFD: not defined, or not printable. Sources: the mapping tables of the
// Unicode Consortium (VENDORS/MICSFT/PC, and KZ1048 in VENDORS/MISC) for 720
// to 869, 1125 and KZ-1048; glibc's charmaps CP772 and CP774 for 1118 and
// 1119; the tables that Niels Leenheer made from printers' manuals and
// printouts (CodepageEncoder, MIT licence) for 851, 853, 1098, Thai and
// Vietnamese.
const (
	// Arabic (DOS).
	cp720Upper = "\uFFFD\uFFFDéâ\uFFFDà\uFFFDçêëèïî\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\u0651\u0652ô¤\u0640ûù\u0621\u0622\u0623\u0624£\u0625\u0626\u0627" +
		"\u0628\u0629\u062A\u062B\u062C\u062D\u062E\u062F\u0630\u0631\u0632\u0633\u0634\u0635«»" +
		"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧" +
		"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"\u0636\u0637\u0638\u0639\u063A\u0641µ\u0642\u0643\u0644\u0645\u0646\u0647\u0648\u0649\u064A" +
		"≡\u064B\u064C\u064D\u064E\u064F\u0650≈°∙·√ⁿ²■\u00A0"

	// Greek.
	cp737Upper = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠ" +
		"ΡΣΤΥΦΧΨΩαβγδεζηθ" +
		"ικλμνξοπρσςτυφχψ" +
		"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧" +
		"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"ωάέήϊίόύϋώΆΈΉΊΌΎ" +
		"Ώ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u00A0"

	// Baltic.
	cp775Upper = "ĆüéāäģåćłēŖŗīŹÄÅ" +
		"ÉæÆōöĢ¢ŚśÖÜø£Ø×¤" +
		"ĀĪóŻżź”¦©®¬½¼Ł«»" +
		"░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐" +
		"└┴┬├─┼ŲŪ╚╔╩╦╠═╬Ž" +
		"ąčęėįšųūž┘┌█▄▌▐▀" +
		"ÓßŌŃõÕµńĶķĻļņĒŅ’" +
		"\u00AD±“¾¶§÷„°∙·¹³²■\u00A0"

	// Greek; F7, on which sources disagree, is left out.
	cp851Upper = "ÇüéâäàΆçêëèïîΈÄΉ" +
		"Ί\uFFFDΌôöΎûùΏÖÜά£έήί" +
		"ϊΐόύΑΒΓΔΕΖΗ½ΘΙ«»" +
		"░▒▓│┤ΚΛΜΝ╣║╗╝ΞΟ┐" +
		"└┴┬├─┼ΠΡ╚╔╩╦╠═╬Σ" +
		"ΤΥΦΧΨΩαβγ┘┌█▄δε▀" +
		"ζηθικλμνξοπρσςτ´" +
		"\u00AD±υφχ§ψ\uFFFD°¨ωϋΰώ■\u00A0"

	// Turkish and Maltese.
	cp853Upper = "ÇüéâäàĉçêëèïîìÄĈ" +
		"ÉċĊôöòûùİÖÜĝ£Ĝ×ĵ" +
		"áíóúñÑĞğĤĥ\uFFFD½Ĵş«»" +
		"░▒▓│┤ÁÂÀŞ╣║╗╝Żż┐" +
		"└┴┬├─┼Ŝŝ╚╔╩╦╠═╬¤" +
		"\uFFFD\uFFFDÊËÈıÍÎÏ┘┌█▄\uFFFDÌ▀" +
		"ÓßÔÒĠġµĦħÚÛÙŬŭ\uFFFD´" +
		"\u00AD\uFFFDℓŉ˘§÷¸°¨˙\uFFFD³²■\u00A0"

	// Turkish.
	cp857Upper = "ÇüéâäàåçêëèïîıÄÅ" +
		"ÉæÆôöòûùİÖÜø£ØŞş" +
		"áíóúñÑĞğ¿®¬½¼¡«»" +
		"░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
		"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤" +
		"ºªÊËÈ\uFFFDÍÎÏ┘┌█▄¦Ì▀" +
		"ÓßÔÒõÕµ\uFFFD×ÚÛÙìÿ¯´" +
		"\u00AD±\uFFFD¾¶§÷¸°¨·¹³²■\u00A0"

	// Icelandic.
	cp861Upper = "ÇüéâäàåçêëèÐðÞÄÅ" +
		"ÉæÆôöþûÝýÖÜø£Ø₧ƒ" +
		"áíóúÁÍÓÚ¿⌐¬½¼¡«»" +
		"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧" +
		"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"αßΓπΣσµτΦΘΩδ∞φε∩" +
		"≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0"

	// Arabic, by the forms of the letters.
	cp864Upper = "°·∙√▒─│┼┤┬├┴┐┌└┘" +
		"β∞φ±½¼≈«»\uFEF7\uFEF8\uFFFD\uFFFD\uFEFB\uFEFC\uFFFD" +
		"\u00A0\u00AD\uFE82£¤\uFE84\uFFFD\uFFFD\uFE8E\uFE8F\uFE95\uFE99،\uFE9D\uFEA1\uFEA5" +
		"\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\uFED1\u061B\uFEB1\uFEB5\uFEB9\u061F" +
		"¢\uFE80\uFE81\uFE83\uFE85\uFECA\uFE8B\uFE8D\uFE91\uFE93\uFE97\uFE9B\uFE9F\uFEA3\uFEA7\uFEA9" +
		"\uFEAB\uFEAD\uFEAF\uFEB3\uFEB7\uFEBB\uFEBF\uFEC1\uFEC5\uFECB\uFECF¦¬÷×\uFEC9" +
		"\u0640\uFED3\uFED7\uFEDB\uFEDF\uFEE3\uFEE7\uFEEB\uFEED\uFEEF\uFEF3\uFEBD\uFECC\uFECE\uFECD\uFEE1" +
		"\uFE7D\u0651\uFEE5\uFEE9\uFEEC\uFEF0\uFEF2\uFED0\uFED5\uFEF5\uFEF6\uFEDD\uFED9\uFEF1■\uFFFD"

	// Greek.
	cp869Upper = "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDΆ\uFFFD·¬¦‘’Έ―Ή" +
		"ΊΪΌ\uFFFD\uFFFDΎΫ©Ώ²³ά£έήί" +
		"ϊΐόύΑΒΓΔΕΖΗ½ΘΙ«»" +
		"░▒▓│┤ΚΛΜΝ╣║╗╝ΞΟ┐" +
		"└┴┬├─┼ΠΡ╚╔╩╦╠═╬Σ" +
		"ΤΥΦΧΨΩαβγ┘┌█▄δε▀" +
		"ζηθικλμνξοπρσςτ΄" +
		"\u00AD±υφχ§ψ΅°¨ωϋΰώ■\u00A0"

	// Farsi.
	cp1098Upper = "\uFFFD\uFFFD،\u061B\u061F\u064B\u0622\uFE82\uF8FA\u0627\uFE8E\uF8FB\u0621\u0623\uFE84\uF8F9" +
		"\u0624\uFE8B\u0628\uFE91\uFB56\uFB58\u062A\uFE97\u062B\uFE9B\u062C\uFE9F\uFB7A\uFB7C×\u062D" +
		"\uFEA3\u062E\uFEA7\u062F\u0630\u0631\u0632\uFB8A\u0633\uFEB3\u0634\uFEB7\u0635\uFEBB«»" +
		"░▒▓│┤\u0636\uFEBF\uFEC1\uFEC3╣║╗╝¤\uFEC5┐" +
		"└┴┬├─┼\uFEC7\u0639╚╔╩╦╠═╬\uFFFD" +
		"\uFECA\uFECB\uFECC\u063A\uFECE\uFECF\uFED0\u0641\uFED3┘┌█▄\u0642\uFED7▀" +
		"\uFB8E\uFEDB\uFB92\uFB94\u0644\uFEDF\u0645\uFEE3\u0646\uFEE7\u0648\u0647\uFEEB\uFEEC\uFBA4\uFBFC" +
		"\u00AD\uFBFD\uFBFE\u0640\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669■\u00A0"

	// Lithuanian; also CP774.
	cp1118Upper = "ÇüéâäàåçêëèïîìÄÅ" +
		"ÉæÆôöòûùÿÖÜ¢£¥₧ƒ" +
		"áíóúñÑªº¿⌐¬½¼¡«»" +
		"░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐" +
		"└┴┬├─┼ŲŪ╚╔╩╦╠═╬Ž" +
		"ąčęėįšųūž┘┌█▄▌▐▀" +
		"αßΓπΣσµτΦΘΩδ∞φε∩" +
		"≡±≥≤„“÷≈°∙·√ⁿ²■\u00A0"

	// Lithuanian and Russian; also CP772.
	cp1119Upper = "АБВГДЕЖЗИЙКЛМНОП" +
		"РСТУФХЦЧШЩЪЫЬЭЮЯ" +
		"абвгдежзийклмноп" +
		"░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐" +
		"└┴┬├─┼ŲŪ╚╔╩╦╠═╬Ž" +
		"ąčęėįšųūž┘┌█▄▌▐▀" +
		"рстуфхцчшщъыьэюя" +
		"Ёё≥≤„“÷≈°∙·√ⁿ²■\u00A0"

	// Ukrainian.
	cp1125Upper = "АБВГДЕЖЗИЙКЛМНОП" +
		"РСТУФХЦЧШЩЪЫЬЭЮЯ" +
		"абвгдежзийклмноп" +
		"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧" +
		"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"рстуфхцчшщъыьэюя" +
		"ЁёҐґЄєІіЇї·√№¤■\u00A0"

	// Kazakh.
	kz1048Upper = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊҚҺЏ" +
		"ђ‘’“”•–—\uFFFD™љ›њқһџ" +
		"\u00A0ҰұӘ¤Ө¦§Ё©Ғ«¬\u00AD®Ү" +
		"°±Ііөµ¶·ё№ғ»әҢңү" +
		"АБВГДЕЖЗИЙКЛМНОП" +
		"РСТУФХЦЧШЩЪЫЬЭЮЯ" +
		"абвгдежзийклмноп" +
		"рстуфхцчшщъыьэюя"

	// Thai character code 11.
	thai11Upper = "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD┌┐└┘│├┤" +
		"\u00A0กขฃคฅฆงจฉชซฌญฎฏ" +
		"ฐฑฒณดตถทธนบปผฝพฟ" +
		"ภมยรฤลฦวศษสหฬอฮฯ" +
		"ะ\u0E31าำ\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3A─┴┬┼฿" +
		"เแโใไๅๆ\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4D\u0E4E๏" +
		"๐๑๒๓๔๕๖๗๘๙๚\u0E4Aโใไ\uFFFD"

	// Thai character code 13.
	thai13Upper = "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\u00A0กขฃคฅฆงจฉชซฌญฎฏ" +
		"ฐฑฒณดตถทธนบปผฝพฟ" +
		"ภมยรฤลฦวศษสหฬอฮฯ" +
		"ะ\u0E31าำ\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3Aร\uFFFD\uFFFDเ฿" +
		"เแโใไๅๆ\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4D\u0E4E๏" +
		"๐๑๒๓๔๕๖๗๘๙๚๛←↑→↓"

	// Thai character code 14.
	thai14Upper = "┌┐└┘│─├┤┴┬┼█\uFFFD\uFFFD\uFFFD\uFFFD" +
		"รา\uFFFDะ\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDเ" +
		"\u00A0กขฃคฅฆงจฉชซฌญฎฏ" +
		"ฐฑฒณดตถทธนบปผฝพฟ" +
		"ภมยรฤลฦวศษสหฬอฮฯ" +
		"ะ\u0E31าำ\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3A\uFFFD\uFFFD\uFFFD\uFFFD฿" +
		"เแโใไๅๆ\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4D\u0E4E๏" +
		"๐๑๒๓๔๕๖๗๘๙๛\uFFFD\uFFFD\uFFFD\uFFFDไ"

	// Thai character code 16.
	thai16Upper = "┌┐└┘│─├┤┴┬┼█←↑→↓" +
		"โใ\uFFFDะ\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDเ" +
		"\u00A0กขฃคฅฆงจฉชซฌญฎฏ" +
		"ฐฑฒณดตถทธนบปผฝพฟ" +
		"ภมยรฤลฦวศษสหฬอฮฯ" +
		"ะ\u0E31าำ\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3A\uFFFD\uFFFD\uFFFD\uFFFD฿" +
		"เแโใไๅๆ\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4Dไ๏" +
		"๐๑๒๓๔๕๖๗๘๙๛\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"

	// Thai character code 18.
	thai18Upper = "┌┐└┘│─├┤┴┬┼█←↑→↓" +
		"รา\uFFFDะ\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDเ" +
		"\u00A0กขฃคฅฆงจฉชซฌญฎฏ" +
		"ฐฑฒณดตถทธนบปผฝพฟ" +
		"ภมยรฤลฦวศษสหฬอฮฯ" +
		"ะ\u0E31าำ\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3A\uFFFD\uFFFD\uFFFD\uFFFD฿" +
		"เแโใไๅๆ\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4Dไ๏" +
		"๐๑๒๓๔๕๖๗๘๙๛\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"

	// Thai character code 42.
	thai42Upper = "┌┐└┘│─├┤┴┬┼█←↑→↓" +
		"๐๑๒๓๔๕๖๗๘๙ฃฅราไเ" +
		"\u00A0กขคฆงจฉชซฌญฎฏฐฑ" +
		"ฒณดตถทธนบปผฝพฟภม" +
		"ยรฤลวศษสหฬอฮะฦาำ" +
		"เแโใไๆฯ\u0E38\u0E39\u0E34\u0E35\u0E36\u0E37\u0E4A\u0E4D\u0E47" +
		"\u0E48\u0E49\u0E4A\u0E4B\u0E4C\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDะ\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\u00A0"

	// Vietnamese, small letters.
	tcvn3Upper = "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDăâêôơưđ\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDàảãáạ\uFFFDằẳẵắ\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDặầẩẫấậè\uFFFDẻẽ" +
		"éẹềểễếệìỉ\uFFFD\uFFFD\uFFFDĩíịò" +
		"\uFFFDỏõóọồổỗốộờởỡớợù" +
		"\uFFFDủũúụừửữứựỳỷỹýỵ\uFFFD"

	// Vietnamese, capital letters.
	tcvn3CapitalsUpper = "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
		"\uFFFDĂÂ\uFFFD\uFFFD\uFFFD\uFFFDÐ\uFFFD\uFFFDÊÔƠƯ\uFFFD\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDÀẢÃÁẠ\uFFFDẰẲẴẮ\uFFFD" +
		"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDẶẦẨẪẤẬÈ\uFFFDẺẼ" +
		"ÉẸỀỂỄẾỆÌỈ\uFFFD\uFFFD\uFFFDĨÍỊÒ" +
		"\uFFFDỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙ" +
		"\uFFFDỦŨÚỤỪỬỮỨỰỲỶỸÝỴ\uFFFD"
)
