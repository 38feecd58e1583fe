package library

import "slices"

// Diff is what a scan would change, as paths.
type Diff struct {
	Added       []string // new to the library
	Changed     []string // known, and other than when they were last looked at
	Returned    []string // known, away until now, as they were
	Missing     []string // known and no longer there
	Unreachable []string // known, in a folder that cannot be read
	Unchanged   int
}

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
	away       []Known
	same       []Known
}

// compare sets what is known of a place against what was seen there.
func compare(known []Known, s sight) difference {
	var d difference
	byPath := make(map[string]Known, len(known))
	for _, k := range known {
		byPath[k.Path] = k
	}
	there := make(map[string]bool, len(s.entries))
	for _, e := range s.entries {
		there[e.path] = true
		k, ok := byPath[e.path]
		switch {
		case !ok:
			d.fresh = append(d.fresh, e)
		case k.Size != e.size || k.ModTimeNS != e.modTimeNS || k.State == Incoming:
			d.changed = append(d.changed, pair{k, e})
		case k.State == Present:
			d.same = append(d.same, k)
		case k.State == Attention && k.Code == ErrUnreadable.Code:
			d.unreadable = append(d.unreadable, pair{k, e})
		case k.State == Attention:
			d.same = append(d.same, k)
		case k.Examined: // Unreachable or Missing until now
			d.back = append(d.back, k)
		default:
			d.changed = append(d.changed, pair{k, e})
		}
	}
	for _, k := range known {
		if there[k.Path] || k.State == Missing {
			continue
		}
		if slices.ContainsFunc(s.failed, func(f string) bool { return within(f, k.Path) }) {
			if k.State == Present || k.State == Incoming {
				d.away = append(d.away, k)
			}
			continue
		}
		d.gone = append(d.gone, k)
	}
	return d
}

// add notes the difference in a Diff.
func (diff *Diff) add(d difference) {
	for _, e := range d.fresh {
		diff.Added = append(diff.Added, e.path)
	}
	for _, p := range d.changed {
		diff.Changed = append(diff.Changed, p.entry.path)
	}
	diff.Returned = append(diff.Returned, paths(d.back)...)
	diff.Missing = append(diff.Missing, paths(d.gone)...)
	diff.Unreachable = append(diff.Unreachable, paths(d.away)...)
	diff.Unchanged += len(d.same) + len(d.unreadable)
}

func paths(known []Known) []string {
	out := make([]string, len(known))
	for i, k := range known {
		out[i] = k.Path
	}
	return out
}
