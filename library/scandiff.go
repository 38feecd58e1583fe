package library

import (
	"path/filepath"

	"movify/pkg/id"
)

// changedFile is a known file together with the video file found at its path.
type changedFile struct {
	known KnownFile
	video videoFile
}

// scanDiff is the difference between the known files below a path and a walk of it.
type scanDiff struct {
	added       []videoFile
	changed     []changedFile
	unreadable  []changedFile // unchanged, but the last read failed: tried again
	returned    []KnownFile
	gone        []KnownFile
	held        []KnownFile // missing before and held back
	unreachable []KnownFile
	ignored     []KnownFile // known files that ignore rules exclude now
	unchanged   []id.File
	atPath      int // number of known files found at their paths
}

// empty reports whether nothing was added, changed or lost.
func (d scanDiff) empty() bool {
	return len(d.added)+len(d.changed)+len(d.returned)+len(d.gone)+len(d.unreachable)+len(d.ignored) == 0
}

// compare computes the difference between the known files of a path and a walk of it.
func compare(known []KnownFile, s walkResult) scanDiff {
	var d scanDiff
	byPath := make(map[string]int, len(known))
	for i, k := range known {
		byPath[k.Path] = i
	}
	there := make([]bool, len(known))
	for _, v := range s.videos {
		i, ok := byPath[v.path]
		if !ok {
			d.added = append(d.added, v)
			continue
		}
		there[i] = true
		d.atPath++
		switch k := known[i]; {
		case k.Size != v.size || k.ModTimeNS != v.modTimeNS || k.State == Incoming:
			d.changed = append(d.changed, changedFile{k, v})
		case k.State == Present:
			d.unchanged = append(d.unchanged, k.ID)
		case k.State == Attention && k.Code == ErrUnreadable.Code:
			d.unreadable = append(d.unreadable, changedFile{k, v})
		case k.State == Attention:
			d.unchanged = append(d.unchanged, k.ID)
		case k.Examined: // it was Unreachable or Missing
			d.returned = append(d.returned, k)
		default:
			d.changed = append(d.changed, changedFile{k, v})
		}
	}
	failed, passed := newPathSet(s.failed), newPathSet(s.ignored)
	for i, k := range known {
		if there[i] || k.State == Missing {
			continue
		}
		switch {
		case failed.Covers(k.Path):
			if k.State == Present || k.State == Incoming {
				d.unreachable = append(d.unreachable, k)
			}
		case passed.Covers(k.Path):
			d.ignored = append(d.ignored, k)
		case k.State == Unreachable && k.Code == ErrHeld.Code:
			d.held = append(d.held, k)
		default:
			d.gone = append(d.gone, k)
		}
	}
	return d
}

// pathSet is a set of files and folders.
type pathSet map[string]struct{}

func newPathSet(paths []string) pathSet {
	if len(paths) == 0 {
		return nil
	}
	out := make(pathSet, len(paths))
	for _, p := range paths {
		out[p] = struct{}{}
	}
	return out
}

// Covers reports whether path is in the set or lies below a folder of the set.
func (c pathSet) Covers(path string) bool {
	if len(c) == 0 {
		return false
	}
	for {
		if _, ok := c[path]; ok {
			return true
		}
		above := filepath.Dir(path)
		if above == path {
			return false
		}
		path = above
	}
}

func paths(known []KnownFile) []string {
	out := make([]string, len(known))
	for i, k := range known {
		out[i] = k.Path
	}
	return out
}
