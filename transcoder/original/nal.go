package original

import (
	"bytes"
	"fmt"
	"io"
)

// Types of NAL units: ITU-T H.264 table 7-1 and ITU-T H.265 table 7-1.
const (
	avcSlice, avcIDR            = 1, 5
	hevcLastSlice               = 31
	hevcFirstIRAP, hevcLastIRAP = 16, 21
	hevcVPS, hevcPPS            = 32, 34
	avcSPS, avcPPS              = 7, 8
)

// maxUnits is how many NAL units are looked at before the first slice of a picture.
const maxUnits = 64

// entrance says what the first bytes of a picture show.
type entrance struct {
	entry bool // decoding can begin here: an IDR picture in H.264, an IRAP picture in HEVC
	sets  bool // there is a parameter set before its first slice that is not known from the record
	whole bool // there are parameter sets of all kinds before its first slice: it needs none from elsewhere
}

// look reads the headers of the NAL units of a picture of size bytes at an offset of r, up to its first slice.
func (u Units) look(size int64, r io.ReaderAt, offset int64) (e entrance, err error) {
	if u.Codec == "" {
		return entrance{entry: true}, nil
	}
	page := picturePage{r: r, offset: offset, size: size}
	kinds := uint8(0) // of parameter sets that were met
	for at, n := int64(0), 0; at+int64(u.Length) < size && n < maxUnits; n++ {
		head, err := page.bytes(at, u.Length+1)
		if err != nil {
			return e, err
		}
		length := int64(0)
		for _, b := range head[:u.Length] {
			length = length<<8 | int64(b)
		}
		at += int64(u.Length) + length
		if at > size {
			return e, ErrChanged.Because(fmt.Errorf("a NAL unit of %d bytes in a picture of %d", length, size))
		}
		if length == 0 {
			continue
		}
		slice, entry, set := u.kind(head[u.Length])
		if slice {
			e.entry, e.whole = entry, kinds == u.allSets()
			return e, nil
		}
		if kinds |= set; set != 0 && !e.sets {
			if e.sets, err = u.foreign(&page, at-length, length); err != nil {
				return e, err
			}
		}
	}
	return e, ErrChanged.Because(fmt.Errorf("a picture of %d bytes has no slice", size))
}

// maxSet is the largest parameter set that is compared, bytes: one has some hundred.
const maxSet = 4 << 10

// foreign reports whether a parameter set is none of the record.
func (u Units) foreign(page *picturePage, at, length int64) (bool, error) {
	if length > maxSet || len(u.Record) == 0 {
		return true, nil
	}
	set, err := page.bytes(at, int(length))
	return !bytes.Contains(u.Record, set), err
}

// picturePage reads a picture a page at a time.
type picturePage struct {
	r            io.ReaderAt
	offset, size int64 // of the picture
	buf          []byte
	from         int64 // of buf in the picture
}

// bytes gives n bytes at an offset in the picture, which must be inside it.
func (p *picturePage) bytes(at int64, n int) ([]byte, error) {
	const page = 256
	if at < p.from || at+int64(n) > p.from+int64(len(p.buf)) {
		p.buf, p.from = make([]byte, min(max(page, int64(n)), p.size-at)), at
		if _, err := p.r.ReadAt(p.buf, p.offset+at); err != nil {
			return nil, ErrChanged.Because(fmt.Errorf("read a picture: %w", err))
		}
	}
	return p.buf[at-p.from:][:n], nil
}

// kind says of a NAL unit by its first byte whether it is of a picture, and of one at which decoding can begin; set is the bit of
// the kind of parameter set that it is, 0 for none.
func (u Units) kind(head byte) (slice, entry bool, set uint8) {
	kind, first, last := int(head&0x1f), avcSPS, avcPPS
	slice, entry = kind >= avcSlice && kind <= avcIDR, kind == avcIDR
	if u.Codec == "hevc" {
		kind, first, last = int(head>>1&0x3f), hevcVPS, hevcPPS
		slice, entry = kind <= hevcLastSlice, kind >= hevcFirstIRAP && kind <= hevcLastIRAP
	}
	if kind >= first && kind <= last {
		set = 1 << (kind - first)
	}
	return slice, entry, set
}

// allSets are the bits of all kinds of parameter sets.
func (u Units) allSets() uint8 {
	if u.Codec == "hevc" {
		return 1<<(hevcPPS-hevcVPS+1) - 1
	}
	return 1<<(avcPPS-avcSPS+1) - 1
}

// look looks at a sample of size bytes at an offset of r, behind the prefix of its track.
func (t Track) look(r io.ReaderAt, offset, size int64) (entrance, error) {
	if len(t.Prefix) > 0 {
		r, offset, size = prefixed{r, t.Prefix, offset}, 0, size+int64(len(t.Prefix))
	}
	return t.Units.look(size, r, offset)
}

// prefixed is a sample with the beginning that it lacks in the file.
type prefixed struct {
	r      io.ReaderAt
	prefix []byte
	offset int64 // of the rest in the file
}

func (p prefixed) ReadAt(b []byte, off int64) (int, error) {
	n := copy(b, p.prefix[min(off, int64(len(p.prefix))):])
	if n == len(b) {
		return n, nil
	}
	rest, err := p.r.ReadAt(b[n:], p.offset+off+int64(n)-int64(len(p.prefix)))
	return n + rest, err
}
