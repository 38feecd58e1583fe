package player

import (
	"cmp"
	"slices"
	"time"
)

// mergeVisits merges positions that are not stored yet into a page of visits after a cursor, newest first, as the Store
// will when they are stored: each goes into the visit that it belongs to, or begins one.
func mergeVisits(visits []Visit, pending []Progress, after Cursor) []Visit {
	for _, p := range pending {
		if !p.Started() {
			continue
		}
		v := newVisit(p)
		if i := slices.IndexFunc(visits, func(v Visit) bool { return v.includes(p) }); i >= 0 {
			v = visits[i].extended(p)
			visits = slices.Delete(visits, i, i+1)
		}
		if after.At.IsZero() || cmp.Or(v.At.Compare(after.At), cmp.Compare(v.ID, after.ID)) < 0 {
			visits = append(visits, v)
		}
	}
	slices.SortStableFunc(visits, func(a, b Visit) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return visits
}

// newVisit is a visit that a position begins. Its ID sorts before every stored one, so that the page after it does not
// list the visit again once it is stored.
func newVisit(p Progress) Visit {
	at := time.UnixMilli(p.At.UnixMilli()).UTC() // as precise as it will be stored
	return Visit{
		ID: "0-" + string(p.Title), Profile: p.Profile, Title: p.Title, Began: at, At: at,
		PositionMS: p.PositionMS, DurationMS: p.DurationMS, Watched: p.Watched(),
	}
}

// includes reports whether a position belongs to the visit: there is less than VisitGap between them.
func (v Visit) includes(p Progress) bool {
	return v.Title == p.Title && p.At.Sub(v.At) < VisitGap && v.Began.Sub(p.At) < VisitGap
}

// extended is the visit with a position that belongs to it.
func (v Visit) extended(p Progress) Visit {
	x := newVisit(p)
	if !x.At.Before(v.At) {
		v.At, v.PositionMS, v.DurationMS = x.At, x.PositionMS, x.DurationMS
	}
	if x.At.Before(v.Began) {
		v.Began = x.At
	}
	v.Watched = v.Watched || x.Watched
	return v
}
