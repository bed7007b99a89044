package queue

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
)

// A witness keeps, beside the database, how far that had got.
//
// SQLite ends the reading of its log at the first frame whose checksum is
// wrong: there a crash cut it off. A bit that flips in the log looks the same,
// and takes with it, without a word, what was committed after it. So each
// commit is noted here once the disk has it, and an opened store that falls
// short of the note has lost something.
//
// The note itself is not waited for. It is there after any crash of the
// process; after a loss of power it may be an older one, and says less, but
// nothing wrong. What then remains unseen is a log that was damaged in the
// last seconds before the power went: nobody can tell that from a commit
// which the disk had not finished.
type witness struct {
	f   *os.File
	tag string // of the store's ids
	mark
}

// mark is how far a store has got: its last job, and the last entry of its
// history.
type mark struct{ job, step int64 }

const (
	witnessName = "queue.witness"
	witnessSize = 8 + 8 + 4 + 4 // job, step, tag, CRC-32 of these
)

// openWitness opens the note in dir. One that is not there or does not read
// back says nothing.
func openWitness(dir string) (*witness, error) {
	f, err := os.OpenFile(filepath.Join(dir, witnessName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, accessError(err)
	}
	w := &witness{f: f}
	var b [witnessSize]byte
	if n, _ := f.ReadAt(b[:], 0); n == len(b) && crc32.ChecksumIEEE(b[:20]) == binary.BigEndian.Uint32(b[20:]) {
		w.job, w.step = int64(binary.BigEndian.Uint64(b[:])), int64(binary.BigEndian.Uint64(b[8:]))
		w.tag = string(b[16:20])
	}
	return w, nil
}

// note writes down what was committed. Another process may have noted more
// meanwhile, and is overwritten: that only makes the note an older one.
func (w *witness) note(m mark) error {
	if m.job <= w.job && m.step <= w.step {
		return nil
	}
	w.mark = w.max(m)
	return w.write()
}

func (w *witness) write() error {
	var b [witnessSize]byte
	binary.BigEndian.PutUint64(b[:], uint64(w.job))
	binary.BigEndian.PutUint64(b[8:], uint64(w.step))
	copy(b[16:20], w.tag)
	binary.BigEndian.PutUint32(b[20:], crc32.ChecksumIEEE(b[:20]))
	_, err := w.f.WriteAt(b[:], 0)
	return err
}

func (w *witness) close() error { return w.f.Close() }

func (m mark) max(o mark) mark { return mark{max(m.job, o.job), max(m.step, o.step)} }
