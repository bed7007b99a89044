// Package escpos speaks ESC/POS, the language of receipt printers, in both
// directions. It does no I/O: it turns documents into bytes, bytes into
// commands, and a printer's replies into values.
//
// # Documents out
//
// A [Document] says what is to be printed, for any printer. Its methods add
// elements, in order, and can be chained:
//
//	d := new(escpos.Document)
//	d.Align(escpos.Center).Size(2, 2).Line("CORNER SHOP").ResetStyle()
//	d.Item("Milk", "1.29").Item("Bread", "2.49").Rule('-')
//	d.Bold(true).Item("TOTAL", "3.78").Bold(false)
//	d.Barcode(escpos.Barcode{Symbology: escpos.EAN13, Data: "400638133393"})
//	d.Cut(escpos.CutPartial)
//
// A [Profile] says what a model of printer is and can. [ProfileByName] knows
// the common ones, [GenericProfile] is for the rest, and [ParseProfile] reads
// one of your own. [Document.AppendEncode] makes bytes of a document for a
// profile:
//
//	b, subs, err := d.AppendEncode(nil, profile)
//
// The same document can be encoded for any number of profiles. What one
// lacks is done in another way: a character is printed in its closest form
// and reported as a [Substitution], a bar code or a QR Code is drawn as a
// picture, and paper that cannot be cut is fed to the tear bar. What cannot
// be done at all is an [ElementError], found before any byte is of use.
//
// Text is only ever text: no string makes a printer open the drawer. Bytes
// that are meant as commands go through [Document.Raw], and nowhere else.
// Pictures and symbols are looked through for sequences that printers would
// take for real-time commands, and these are broken up.
//
// # Documents as JSON
//
// A Document is kept, and taken from programs in other languages, as JSON:
//
//	{"version": 1, "elements": [ … ]}
//
// Each element has a type, and the parameters of the method of that name.
// Parameters that are left out are zero; those in brackets may be.
//
//	text, paragraph        text
//	row                    columns: [{text, [width], [align], [overflow: wrap|ellipsis|clip]}]
//	item                   left, right
//	rule                   [rune]
//	align                  align: left|center|right
//	bold, double-strike, invert, rotate, upside-down
//	                       on
//	underline              dots: 0 to 2
//	size                   width, height: 1 to 8
//	font                   font: A to E
//	letter-spacing, line-spacing, feed-dots
//	                       dots
//	indent                 cells
//	color                  color: black|red
//	reset-style
//	tabs                   stops: cells, ascending
//	feed                   lines
//	cut                    [mode: partial|full], [feed: dots]
//	drawer                 pin: 2|5, [on], [off]: milliseconds
//	buzzer                 times, length: milliseconds
//	raw                    data: base64
//	barcode                symbology, data, [height], [width]: dots,
//	                       [hri: none|above|below|both], [font: A|B]
//	qr                     data, [model: 2|1|micro], [level: L|M|Q|H], [size]: dots
//	pdf417                 data, [columns], [rows], [size], [rowHeight], [level],
//	                       [percent], [truncated]
//	maxicode               data, [mode]
//	datamatrix             data, [rectangular], [rows], [columns], [size]
//	aztec                  data, [compact], [layers], [percent], [size]
//	databar-stacked        data, [form: stacked|omnidirectional|expanded], [columns], [size]
//	image                  image: PNG, JPEG or GIF in base64, [width]: dots,
//	                       [dither: threshold|floyd-steinberg|atkinson|bayer],
//	                       [threshold], [gamma]
//	logo-store             key, and as image
//	logo                   key, [width], [height]: times
//	logo-delete            key
//	page-start, page-print
//	page-area              x, y, width, height: dots, [direction]
//	page-position          x, y: dots
//
// The data of a symbol that is not text is given as base64 in place of data.
// Symbologies are named as by [Symbology.String]. A document has at most
// [MaxElements] elements and [MaxPayload] bytes, and nothing is nested deeper
// than the columns of a row.
//
// # Commands
//
// A [Scanner] splits a stream of bytes into commands, text and data, however
// the stream is cut into pieces; [Commands] does so for a whole buffer, and
// [Command.Args] puts a command's parameters into words. A [TextDecoder]
// reads the text between them. [CommandTable] lists what is known. Real-time
// commands, which a printer obeys wherever they stand, are found by a
// [RealTimeScanner].
//
// # Replies in
//
// A printer answers questions, and reports by itself, on one line without
// framing. A [ReplyDecoder] tells the messages apart by their fixed bits and
// gives a [Reply] each. From the answers to DLE EOT and from automatic status
// back, a [Status] is built: what the printer has said of its paper, cover
// and errors, and no more. What it has not said is [Unknown].
//
//	var s escpos.Status
//	s.ApplyRealTime(4, 0x72, profile.Sensors())
//	s.Paper() // PaperOut
//
// # Concurrency
//
// Documents, Scanners and decoders belong to one goroutine at a time. A
// Document that nobody changes can be encoded by many, and Profiles are
// shared by all. Nothing here keeps state of its own.
package escpos
