package library

import (
	"path/filepath"

	"movify/pkg/id"
)

// pair is a file that is both known and there.
type pair struct {
	known Known
	entry entry
}

// difference is what separates the known files of a place from what is there now.
type difference struct {
	fresh      []entry
	changed    []pair
	unreadable []pair // unchanged, and could not be read when last tried: worth another try
	back       []Known
	gone       []Known
	held       []Known // gone before, and held
	away       []Known
	passed     []Known // there or not, somebody wants them passed by
	same       []id.File
	found      int // known files that are at their places
}

// none reports whether nothing is new, changed or gone.
func (d difference) none() bool {
	return len(d.fresh)+len(d.changed)+len(d.back)+len(d.gone)+len(d.away)+len(d.passed) == 0
}

// compare sets what is known of a place against what was seen there.
func compare(known []Known, s sight) difference {
	var d difference
	byPath := make(map[string]int, len(known))
	for i, k := range known {
		byPath[k.Path] = i
	}
	there := make([]bool, len(known))
	for _, e := range s.entries {
		i, ok := byPath[e.path]
		if !ok {
			d.fresh = append(d.fresh, e)
			continue
		}
		there[i] = true
		d.found++
		switch k := known[i]; {
		case k.Size != e.size || k.ModTimeNS != e.modTimeNS || k.State == Incoming:
			d.changed = append(d.changed, pair{k, e})
		case k.State == Present:
			d.same = append(d.same, k.ID)
		case k.State == Attention && k.Code == ErrUnreadable.Code:
			d.unreadable = append(d.unreadable, pair{k, e})
		case k.State == Attention:
			d.same = append(d.same, k.ID)
		case k.Examined: // Unreachable or Missing until now
			d.back = append(d.back, k)
		default:
			d.changed = append(d.changed, pair{k, e})
		}
	}
	failed, passed := places(s.failed), places(s.passed)
	for i, k := range known {
		if there[i] || k.State == Missing {
			continue
		}
		switch {
		case failed.cover(k.Path):
			if k.State == Present || k.State == Incoming {
				d.away = append(d.away, k)
			}
		case passed.cover(k.Path):
			d.passed = append(d.passed, k)
		case k.State == Unreachable && k.Code == ErrHeld.Code:
			d.held = append(d.held, k)
		default:
			d.gone = append(d.gone, k)
		}
	}
	return d
}

// covered is a set of files and folders.
type covered map[string]struct{}

func places(paths []string) covered {
	if len(paths) == 0 {
		return nil
	}
	out := make(covered, len(paths))
	for _, p := range paths {
		out[p] = struct{}{}
	}
	return out
}

// cover reports whether path is in the set or lies below a folder that is.
func (c covered) cover(path string) bool {
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

func paths(known []Known) []string {
	out := make([]string, len(known))
	for i, k := range known {
		out[i] = k.Path
	}
	return out
}
