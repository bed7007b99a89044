// Package queue keeps receipts until they are on paper.
//
// After [Queue.Enqueue] has returned nil, a receipt is never silently lost,
// and a second copy of it never comes out unmarked. Nobody can promise
// exactly one copy over ESC/POS: a link that breaks in the middle of a
// receipt leaves nobody any the wiser. So what is known is kept as evidence,
// what is not known is a doubt that a person or a policy resolves, and every
// further copy says on its first line that it is one.
//
//	q, err := queue.Open(ctx, "/var/lib/pos", nil)
//	...
//	go q.Run(ctx, queue.Lane{Name: "till", URI: "tcp://192.0.2.7"})
//
//	job, err := q.Enqueue(ctx, queue.Receipt{
//		Lane:     "till",
//		Key:      "sale-4711", // asking again with it prints nothing again
//		Document: doc,
//	})
//	job, err = q.Wait(ctx, job.ID)
//
// # Jobs
//
// A job is in one of seven states. Each step is on the disk before the next
// one begins; the first byte is sent only after "printing" is there.
//
//	                canceled   expired   failed
//	                    ^         ^        ^
//	      cancel        |         |        |    the record is damaged
//	      its time over +----+----+--------+
//	                         |                 to the backup lane
//	Enqueue ------------> QUEUED <-------------------------------+
//	                         |   ^                               |
//	                   start |   | nothing was sent, or came out |
//	                         v   | the rest was cleared (marked) |
//	                      PRINTING -----------> failed           |
//	                         |   |   cannot be printed at all    |
//	  the printer proved it, |   |                               |
//	  or its counters did    |   | link, power or process lost   |
//	        +----------------+   |                               |
//	        v                    v                               |
//	     PRINTED <------------ DOUBT ----------------------------+
//	             somebody saw it   |   another copy (marked)
//	                               v
//	                           canceled
//
// A hold spends no attempt and has no limit: while the printer is out of
// paper, open, in error or not there, jobs stay queued, and printing goes on
// by itself when that is over.
//
// # Lanes
//
// A [Lane] is one printer and the policies for its receipts. [Queue.Run]
// drives lanes; one process at a time owns a lane, by a lock of the operating
// system that a killed process cannot keep. Any process may enqueue, list,
// cancel and resolve meanwhile, and sees the lane's state and the printer's
// latest status with [Queue.Lanes].
//
// # Events
//
// What happens comes as [Event] values, in order per lane, to
// [Config.OnEvent] and [Queue.Subscribe]. Conditions come in pairs:
// [PaperOut] is followed by [PaperLoaded]. Whoever listens too slowly is told
// how much it missed; it never delays a receipt.
//
// # The store
//
// Receipts are in a SQLite file, queue.db, in a directory that its owner
// alone may read; every commit waits for the disk. Documents are stored as
// documents and not as bytes, each with a checksum, so that they can go to
// another printer. Settled jobs are removed after a while, see [Retention].
package queue
