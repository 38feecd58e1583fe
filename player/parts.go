package player

import "movify/pkg/id"

// Part is one of the files that make up a title together.
type Part struct {
	File       id.File
	DurationMS int64
}

// span is the range of a title that a file covers. Positions are those of the title, not of the part: the end of a part
// is not the end.
type span struct {
	number   int     // of the part, from 1; 0 = the file is the whole title
	parts    int     // how many there are
	next     id.File // the part after it, "" = it is the last
	beforeMS int64   // how long the parts before it are
	ownMS    int64
	wholeMS  int64 // how long all parts are
}

// span gives the range that p's file, which lasts own milliseconds, covers among its parts.
func (p Playable) span(own int64) span {
	out := span{ownMS: own, wholeMS: own}
	if len(p.Parts) < 2 {
		return out
	}
	out.parts, out.wholeMS = len(p.Parts), 0
	for i, part := range p.Parts {
		switch {
		case part.File == p.File:
			out.number, out.beforeMS = i+1, out.wholeMS
			part.DurationMS = own
		case out.number > 0 && out.next == "":
			out.next = part.File
		}
		out.wholeMS += part.DurationMS
	}
	return out
}

// partAt is the file that a position in the title lies in.
func (p Playable) partAt(ms int64) id.File {
	for _, part := range p.Parts {
		if ms < part.DurationMS {
			return part.File
		}
		ms -= part.DurationMS
	}
	return p.File
}

// inside turns a position in the title into one in the file; a position in another part becomes the beginning.
func (s span) inside(ms int64) int64 {
	ms -= s.beforeMS
	if s.number > 0 && (ms < 0 || ms >= s.ownMS) {
		return 0
	}
	return clamp(ms, s.ownMS)
}
