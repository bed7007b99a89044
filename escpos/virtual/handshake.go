package virtual

import "github.com/printerctl/printerctl/escpos"

// What the host says to each block of an answer in blocks. The printer waits
// for it after the last block, too, and takes any other byte for cancel
// (Epson ESC/POS, "handshaking protocol"; Programming Guide 10.01, page 218).
const (
	ack = 0x06 // the next one
	nak = 0x15 // the same once more
)

// maxBlock is how many bytes of data one block carries: 40 keys.
const maxBlock = 80

// replyBlocks answers with data, however long they are: in blocks, of which
// this sends the first.
func (p *Printer) replyBlocks(id byte, data []byte) {
	for {
		k := min(len(data), maxBlock)
		status := byte(0x40)
		if k < len(data) {
			status = 0x41 // there is more
		}
		b := append([]byte{escpos.HeaderFunction, id, status}, data[:k]...)
		p.blocks = append(p.blocks, append(b, 0))
		if data = data[k:]; len(data) == 0 {
			break
		}
	}
	p.reply(p.blocks[0]...)
}

// handshake is the host's word on the block that was sent.
func (p *Printer) handshake(b byte) {
	switch b {
	case ack:
		p.blocks = p.blocks[1:]
	case nak:
	default:
		p.blocks = nil
	}
	if len(p.blocks) > 0 {
		p.reply(p.blocks[0]...)
	}
}
