package scan

import (
	"path/filepath"

	"movify/library"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// changedFile is a known file together with the video file found at its path.
type changedFile struct {
	known library.KnownFile
	video library.VideoFile
}

// scanDiff is the difference between the known files below a path and a walk of it.
type scanDiff struct {
	added       []library.VideoFile
	changed     []changedFile
	unreadable  []changedFile // unchanged, but the last read failed: tried again
	returned    []library.KnownFile
	gone        []library.KnownFile
	held        []library.KnownFile // missing before and held back
	unreachable []library.KnownFile
	leftOut     map[*fault.Fault][]library.KnownFile // by the reason
	ignored     []library.KnownFile                  // known files that ignore rules exclude now
	unchanged   []id.File
	atPath      int // number of known files found at their paths
}

// empty reports whether nothing was added, changed or lost.
func (d scanDiff) empty() bool {
	return len(d.added)+len(d.changed)+len(d.returned)+len(d.gone)+len(d.unreachable)+len(d.ignored)+len(d.leftOut) == 0
}

// compare computes the difference between the known files of a path and a walk of it.
func compare(known []library.KnownFile, s walkResult) scanDiff {
	var d scanDiff
	byPath := make(map[string]int, len(known))
	for i, k := range known {
		byPath[k.Path] = i
	}
	there := make([]bool, len(known))
	for _, v := range s.videos {
		i, ok := byPath[v.Path]
		if !ok {
			d.added = append(d.added, v)
			continue
		}
		there[i] = true
		d.atPath++
		switch k := known[i]; {
		case k.Size != v.Size || k.ModTimeNS != v.ModTimeNS || k.State == library.Incoming:
			d.changed = append(d.changed, changedFile{k, v})
		case k.State == library.Present:
			d.unchanged = append(d.unchanged, k.ID)
		case k.State == library.Attention && k.Code == library.ErrUnreadable.Code:
			d.unreadable = append(d.unreadable, changedFile{k, v})
		case k.State == library.Attention:
			d.unchanged = append(d.unchanged, k.ID)
		case k.Examined: // it was Unreachable or Missing
			d.returned = append(d.returned, k)
		default:
			d.changed = append(d.changed, changedFile{k, v})
		}
	}
	failed, passed := newPathSet(s.failed), s.passedBy()
	for _, l := range s.leftOut {
		failed[l.Path] = l.Why
	}
	for i, k := range known {
		if there[i] || k.State == library.Missing {
			continue
		}
		why, isFailed := failed.find(k.Path)
		_, isPassed := passed.find(k.Path)
		switch {
		case isFailed && k.State != library.Present && k.State != library.Incoming:
		case isFailed && why != nil:
			if d.leftOut == nil {
				d.leftOut = make(map[*fault.Fault][]library.KnownFile)
			}
			d.leftOut[why] = append(d.leftOut[why], k)
		case isFailed:
			d.unreachable = append(d.unreachable, k)
		case isPassed:
			d.ignored = append(d.ignored, k)
		case k.State == library.Unreachable && k.Code == library.ErrHeld.Code:
			d.held = append(d.held, k)
		default:
			d.gone = append(d.gone, k)
		}
	}
	return d
}

// passedBy gives the files and folders that are no part of the library although their names are those of films.
func (s walkResult) passedBy() pathSet {
	out := newPathSet(nil)
	for _, i := range s.ignored {
		if i.Why == library.ErrPassedBy || i.Why == library.ErrSample || i.Why == library.ErrDiscRest {
			out[i.Path] = i.Why // the others by their names alone: a known file stays until it is gone, and is held like others
		}
	}
	return out
}

// pathSet is a set of files and folders, each with the reason why it was left out, or nil.
type pathSet map[string]*fault.Fault

func newPathSet(paths []string) pathSet {
	out := make(pathSet, len(paths))
	for _, p := range paths {
		out[p] = nil
	}
	return out
}

// find returns the reason of path if it is in the set or lies below a folder of the set.
func (c pathSet) find(path string) (why *fault.Fault, found bool) {
	if len(c) == 0 {
		return nil, false
	}
	for {
		if why, found = c[path]; found {
			return why, true
		}
		above := filepath.Dir(path)
		if above == path {
			return nil, false
		}
		path = above
	}
}

func paths(known []library.KnownFile) []string {
	out := make([]string, len(known))
	for i, k := range known {
		out[i] = k.Path
	}
	return out
}
