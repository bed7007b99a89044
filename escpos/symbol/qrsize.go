package symbol

// QRSize returns how many modules on a side the QR Code of data has when all
// of it is packed in one mode, as printers do: digits, or capitals and a few
// signs, or bytes. EncodeQR may make it smaller, never larger. ok is false if
// the data do not fit in that way. It allocates nothing.
func QRSize(data []byte, opt QROptions) (modules int, ok bool) {
	last := 40
	switch opt.Model {
	case QRModel1:
		last = 14
	case QRMicro:
		last = 4
	}
	if opt.Model > QRMicro || opt.Level > QRLevelH || len(data) == 0 {
		return 0, false
	}
	mode := qrNumeric
	for i := 0; i < len(data) && mode != qrByte; {
		if qrCost(data[i], mode) == 0 {
			mode++
			continue
		}
		i++
	}
	segs := [1]qrSegment{{mode, 0, len(data)}}
	for n := max(opt.Version, 1); n <= last; n++ {
		v, ok := qrVersionOf(n, opt)
		if ok && v.count[mode] > 0 && qrBits(segs[:], v) <= v.bits {
			return v.size, true
		}
	}
	return 0, false
}
