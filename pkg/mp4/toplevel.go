package mp4

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Layout is the structure of a file's top-level boxes.
type Layout struct {
	End       int64 // where the last box ends, bytes; beyond the file's size when it is cut off
	Truncated bool  // a box ends after the file does, or there is no moov
	HasMoov   bool
	Moov      int64 // offset of moov
	MoovSize  int64
}

// ErrNotMP4 is returned, wrapped, when the file does not begin with a known top-level box.
var ErrNotMP4 = errors.New("not an mp4 file")

// maxTopLevel bounds the walk over a hostile file; long recordings have one moof and mdat a second.
const maxTopLevel = 200_000

// Inspect walks the top-level boxes of a file of size bytes, 16 bytes of I/O each.
func Inspect(r io.ReaderAt, size int64) (Layout, error) {
	var l Layout
	var head [16]byte
	for n := 0; l.End < size && n < maxTopLevel; n++ {
		got, err := r.ReadAt(head[:], l.End)
		if err != nil && !errors.Is(err, io.EOF) {
			return l, fmt.Errorf("read box at %d: %w", l.End, err)
		}
		if l.HasMoov && !isBoxHeader(head[:got]) { // padding, or a camera's own notes behind the film
			return l, nil
		}
		kind := string(head[4:8])
		if boxSize := be.Uint32(head[:4]); got < 8 || boxSize == 1 && got < 16 {
			l.Truncated = true
			return l, nil
		}
		if n == 0 && !firstBoxes[kind] {
			return l, fmt.Errorf("%w: begins with %q", ErrNotMP4, kind)
		}
		boxSize := int64(be.Uint32(head[:4]))
		switch {
		case boxSize == 1:
			boxSize = int64(be.Uint64(head[8:]))
		case boxSize == 0: // to the end of the file (section 4.2)
			boxSize = size - l.End
		}
		if boxSize < 8 || boxSize > 1<<56 {
			return l, fmt.Errorf("%w: box %q of %d bytes", ErrMalformed, kind, boxSize)
		}
		if kind == "moov" {
			l.HasMoov, l.Moov, l.MoovSize = true, l.End, boxSize
		}
		l.End += boxSize
	}
	l.Truncated = l.End > size || !l.HasMoov
	return l, nil
}

// isBoxHeader reports whether bytes, whole header or its beginning, can be one: a type is four printable characters
// (section 4.2), and fewer bytes than a header are one cut off unless they are zeros.
func isBoxHeader(head []byte) bool {
	if len(head) < 8 {
		return strings.Trim(string(head), "\x00") != ""
	}
	for _, c := range head[4:8] {
		if (c < ' ' || c > '~') && c != 0xa9 {
			return false
		}
	}
	return true
}

var firstBoxes = map[string]bool{
	"ftyp": true, "moov": true, "mdat": true, "free": true, "skip": true, "wide": true, "pnot": true, "styp": true,
}
