package hlscheck

import (
	"fmt"
	"strconv"
	"strings"
)

// largest is more bytes than any file has; sums of a few stay far from overflow.
const largest = 1 << 50

// span is a file of the stream, or a part of one.
type span struct {
	path           string
	part           bool
	offset, length int64 // bytes, when it is a part
}

// String names the span in a finding.
func (s span) String() string {
	if !s.part {
		return s.path
	}
	return fmt.Sprintf("%s@%d", s.path, s.offset)
}

// mapped reads where an EXT-X-MAP says that the Init Section is; the path is empty when it does not say.
func (j *judge) mapped(where string, l line) span {
	a := j.attributesOf(where, l)
	uri, ok := a["URI"]
	if !ok || !uri.quoted {
		return span{}
	}
	name, _ := j.resolve(where, uri.text)
	s := span{path: name}
	at, ok := a["BYTERANGE"]
	if !ok {
		return s
	}
	length, offset, err := byteRange(at.text)
	if !at.quoted || err != nil || offset < 0 {
		j.find(ByteRange, where, "line %d: the BYTERANGE of EXT-X-MAP is %q, not a quoted n@o", l.number, at.text)
		return s
	}
	return span{path: name, part: true, offset: offset, length: length}
}

// ranged gives the span of the segment name, whose EXT-X-BYTERANGE l is nil when it has none. A range without an offset
// follows that of the segment before, which must be of the same file.
func (j *judge) ranged(where, name string, l *line, before span) span {
	s := span{path: name}
	if l == nil {
		return s
	}
	length, offset, err := byteRange(l.value)
	if err != nil {
		j.find(ByteRange, where, "line %d: %v", l.number, err)
		return s
	}
	if offset < 0 {
		if !before.part || before.path != name {
			j.find(
				ByteRange, where, "line %d: no offset, and the segment before is no range of the same file", l.number,
			)
			return s
		}
		offset = min(before.offset+before.length, largest)
	}
	return span{path: name, part: true, offset: offset, length: length}
}

// byteRange reads "n[@o]"; offset is -1 without o.
func byteRange(text string) (length, offset int64, err error) {
	n, o, at := strings.Cut(text, "@")
	length, offset = octets(n), -1
	if at {
		offset = octets(o)
	}
	if length < 1 || at && offset < 0 {
		return 0, 0, fmt.Errorf("%q is no byte range", text)
	}
	return length, offset, nil
}

// octets reads a decimal-integer that a file can have as its size; it is -1 for any other text.
func octets(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > largest || strings.Trim(s, "0123456789") != "" {
		return -1
	}
	return n
}
