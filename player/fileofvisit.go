package player

import (
	"time"

	"movify/pkg/id"
)

// lengthTolerance is how far the length of a playback may be from that of its file: a grid ends with its last segment.
const lengthTolerance = time.Second

// FileOfVisit tells which file of a title a visit was of; "" = unknown. A visit does not name it, but the position that was
// reported last does, and so do the sessions of that time; otherwise the length tells when one file alone has it. last and
// sessions are of the visit's profile and title, lengths are those of the title's files in milliseconds.
func FileOfVisit(v Visit, last Progress, sessions []Session, lengths map[id.File]int64) id.File {
	if last.File != "" && !last.At.Before(v.Began) && !last.At.After(v.At) {
		return last.File
	}
	only := onlyFile{}
	for _, s := range sessions {
		end := s.Ended
		if end.IsZero() {
			end = s.Expires
		}
		if !s.Started.After(v.At) && !end.Before(v.Began) {
			only.add(s.File)
		}
	}
	if only.seen {
		return only.file
	}
	for f, ms := range lengths {
		if ms > 0 && time.Duration(max(ms-v.DurationMS, v.DurationMS-ms))*time.Millisecond <= lengthTolerance {
			only.add(f)
		}
	}
	return only.file
}

// onlyFile is a file as long as no other one is added.
type onlyFile struct {
	file id.File
	seen bool
}

func (o *onlyFile) add(f id.File) {
	if o.seen && f != o.file {
		f = ""
	}
	o.file, o.seen = f, true
}
