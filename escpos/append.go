package escpos

// Append adds the elements of e behind those of d; e is not changed. The
// style that is set goes on into them: ResetStyle before Append keeps what d
// has set from e. An error of e becomes one of d.
func (d *Document) Append(e *Document) *Document {
	switch {
	case d.err != nil:
		return d
	case e.err != nil:
		d.err = e.err
		return d
	case len(e.ops) > MaxElements-len(d.ops):
		return d.fail(opText, errTooManyElements)
	case !d.room(len(e.arena)):
		return d.fail(opText, errTooLarge)
	}
	base, first := uint32(len(d.arena)), len(d.ops)
	d.arena = append(d.arena, e.arena...)
	d.ops = append(d.ops, e.ops...)
	for i := first; i < len(d.ops); i++ {
		d.ops[i].off += base
	}
	d.columns += e.columns
	return d
}
