// Package hook carries the events of a queue out of the process: to programs
// and to HTTP endpoints.
//
//	hooks, err := hook.Open(ctx, dir, []hook.Hook{
//		{Exec: []string{"/usr/local/bin/call-staff"}, Events: []queue.EventKind{queue.PaperOut}},
//		{URL: "https://shop.example/printers", Secret: "whsec_…", OnlyIfLasts: time.Minute},
//	}, nil)
//	...
//	q, err := queue.Open(ctx, dir, &queue.Config{OnEvent: hooks.Handle})
//
// [Runner.Handle] never waits. Each hook has its own bounded queue and its
// own goroutine, so one that hangs, crashes or floods its output delays
// neither a receipt nor another hook. What does not fit is dropped, the
// oldest first, and the next delivery says how many were.
//
// # Which events
//
// Events of a printer come in pairs, see [queue.EventKind.Clears]: what is
// raised is cleared by its partner. With [Hook.OnlyIfLasts], what is raised
// is told only if it is not cleared within that time. What clears is told
// only where what it ends has come through. What was so already when the
// lane started is told only with [Hook.AtStart], or where the process before
// this one had it pending. That is remembered on the disk, in [FileName].
//
// Events of jobs are told by the process that runs the lane, whichever process
// brought them about: a receipt that is queued, canceled or resolved elsewhere
// is told as well. What happened to jobs while no process with hooks ran the
// lane is not made up for: the queue's history has it.
//
// One thing cannot be told: a condition that ended while no process ran the
// lane. Nobody saw it end.
//
// # Programs
//
// A program is started for each event, without a shell, with the event as a
// JSON object ([Payload]) and a newline on its standard input. It need not
// read it. Its environment is PATH, HOME, USER, LOGNAME, SHELL, LANG, LC_*,
// TZ, TMPDIR and what Windows cannot do without, from this process, then
// [Config.Env], and
//
//	PRINTERCTL_EVENT       kind of the event: paper-out
//	PRINTERCTL_ID          unique id of the message
//	PRINTERCTL_PRINTER     name of the lane
//	PRINTERCTL_URI         of its printer
//	PRINTERCTL_TIME        when it happened, RFC 3339
//	PRINTERCTL_REASONS     IPP printer-state-reasons keywords, separated by commas
//	PRINTERCTL_TEXT        what is the matter, in words
//	PRINTERCTL_EVENT_STATE of the job, for job events; else of the printer, where it said
//	PRINTERCTL_JOB         id of the job          (job events)
//	PRINTERCTL_KEY         its idempotency key    (job events)
//	PRINTERCTL_TITLE       its title              (job events)
//	PRINTERCTL_EVIDENCE    what printed rests on  (job events)
//	PRINTERCTL_ATTEMPT     how often it was sent  (job events)
//	PRINTERCTL_INITIAL     "true" for what was already so at the start
//	PRINTERCTL_DROPPED     how many events before this one were dropped
//
// The last two, and those of job events, are missing where they do not
// apply. A program that takes longer than [Hook.Timeout] is killed, with all
// that it started. What it prints goes to the log, up to 4 KiB of it.
// Programs are started once for an event, in order, and not again where they
// fail.
//
// # Webhooks
//
// A webhook is a POST of a CloudEvents 1.0 event in structured JSON
// (application/cloudevents+json). Its type is [TypePrefix] and the kind, its
// source the printer's URI, its subject the lane, its data a [Payload]. It is
// signed as Standard Webhooks 1.0 asks: webhook-id, webhook-timestamp, and in
// webhook-signature "v1," and the HMAC-SHA256 of "id.timestamp.body".
//
// Messages wait in an outbox on the disk. Each is repeated, in order, with
// the same id and body and growing pauses, until the endpoint answers 2xx:
// at least once, also across a restart or a crash. An endpoint must take an
// id that it has seen for done. An answer of 4xx other than 408 and 429 will
// not get better: the message is put aside, logged, and listed by
// [Runner.Dead]; so is one older than [Config.MaxAge]. Redirects are not
// followed.
package hook
