package original

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Piece is a short range of the file. Where Size is 0 it is the four bytes of Length instead, as before a NAL unit
// (ISO/IEC 14496-15 section 5.3.2).
type Piece struct {
	Offset       int64
	Size, Length uint32
}

func (p Piece) bytes() int64 {
	const length = 4
	if p.Size == 0 {
		return length
	}
	return int64(p.Size)
}

// maxPart is how many bytes of pieces are one part: they are read together into memory.
const maxPart = 128 << 10

// scatter adds a sample that lies in pieces.
func (b *Bytes) scatter(pieces []Piece) {
	for _, p := range pieces {
		last := len(b.Parts) - 1
		if last < 0 || len(b.Parts[last].Pieces) == 0 || b.Parts[last].Size+p.bytes() > maxPart {
			b.Parts = append(b.Parts, Part{Offset: p.Offset})
			last++
		}
		part := &b.Parts[last]
		part.Pieces = append(part.Pieces, p)
		part.Size += p.bytes()
		b.Size += p.bytes()
	}
}

// Fill reads the pieces of a part from r into b, which has Size bytes. Between them lie bytes of other streams, so the file is
// read a page at a time.
func (p Part) Fill(r io.ReaderAt, b []byte) error {
	const page = 64 << 10
	var buf []byte
	var from int64
	for _, piece := range p.Pieces {
		if piece.Size == 0 {
			binary.BigEndian.PutUint32(b, piece.Length)
			b = b[4:]
			continue
		}
		size := int64(piece.Size)
		if at := piece.Offset - from; len(buf) == 0 || at < 0 || at+size > int64(len(buf)) {
			last := p.Pieces[len(p.Pieces)-1]
			buf, from = make([]byte, max(size, min(page, last.Offset+int64(last.Size)-piece.Offset))), piece.Offset
			n, err := r.ReadAt(buf, from)
			if buf = buf[:n]; int64(n) < size {
				if err == nil || err == io.EOF {
					err = ErrChanged.Because(io.ErrUnexpectedEOF)
				}
				return fmt.Errorf("read %d bytes at %d: %w", size, from, err)
			}
		}
		copy(b, buf[piece.Offset-from:][:size])
		b = b[size:]
	}
	return nil
}

func (p Part) writeTo(w io.Writer, r io.ReaderAt) (int64, error) {
	b := make([]byte, p.Size)
	if err := p.Fill(r, b); err != nil {
		return 0, err
	}
	n, err := w.Write(b)
	return int64(n), err
}

// run is a payload of a packet: bytes of a stream that are neighbours in the file.
type run struct {
	at, offset int64 // in the stream, in the file
	size       int64
}

// runs say where the bytes of a stream are in the file.
type runs []run

// pieces adds those of a range of the stream to out, and forgets the runs before it.
func (r *runs) pieces(out []Piece, from, to int64) []Piece {
	for len(*r) > 0 && (*r)[0].at+(*r)[0].size <= from {
		*r = (*r)[1:]
	}
	for _, one := range *r {
		if one.at >= to {
			break
		}
		begin, end := max(from, one.at), min(to, one.at+one.size)
		out = append(out, Piece{Offset: one.offset + begin - one.at, Size: uint32(end - begin)})
	}
	return out
}
