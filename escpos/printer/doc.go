// Package printer drives one ESC/POS receipt printer: it asks how the printer
// is, watches it, and prints on it with evidence.
//
// # One Printer, one link
//
// A [Printer] is one open link. When the link breaks, [Printer.Done] is
// closed, every call returns an error that matches [ErrLinkLost], and a new
// Printer must be opened: what was begun over one link is never taken to go
// on over the next. A [Dialer] opens the next one, patiently.
//
// # Asking changes nothing
//
// [Printer.Status] sends DLE EOT 1 to 4 and no other byte. What the printer
// does not answer stays unknown; a printer that answers nothing has a Status
// that knows nothing, which is not an error. Everything here takes a context
// and has a deadline of its own.
//
// # Watching
//
// [Printer.Watch] tells changes. Where the printer has automatic status back
// (GS a), it tells by itself, and while nothing happens nothing is sent but
// one question a minute; else it is asked, quickly while something is wrong,
// slowly while all is well.
//
// # What a printer can do is seen, not believed
//
// Clones answer with other makers' names. So the first job on a link tries,
// before the receipt and without printing, which marker the printer answers
// and whether it has automatic status; [Printer.Capabilities] tells, and
// [Printer.Info] shows it beside what the profile of its model claims. Kept
// and given to the next link as [Config].Known, it saves the trying, and tells
// a printer that is busy with what another host has sent from one that does
// not know the question.
//
// # Printing
//
// A successful write says nothing about paper. [Printer.Print] puts a
// question behind the receipt that the printer answers in its turn, once it
// has printed what stands before: GS ( H, which sends four bytes of ours
// back, or else GS r 1. The [Result] names the [Evidence]: [EvidenceProcessID],
// [EvidencePaperStatus], or [EvidenceSent] from a printer that never answers.
// Its [Outcome] is one of three: [Printed], [NotPrinted] (nothing was
// sent, so another try is safe) and [Doubt].
//
// When paper ends or the cover opens in the middle of a receipt, Print stops
// at the next command boundary, calls [Job.OnStall], and by default waits: the
// printer goes on from its own buffer once it is looked after, and its answer
// to the question proves that the receipt came out.
package printer
