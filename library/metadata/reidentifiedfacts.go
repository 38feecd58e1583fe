package metadata

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"
	"movify/pkg/id"
)

// followEdits gives the facts that a person set of a title to the one that took its place: of a movie that is an episode
// now, to its series.
func (w *reidentifiedWork) followEdits() {
	for _, h := range w.handovers {
		to := h.Rest
		if h.Kind == library.Movie || h.Kind == library.Series {
			to = w.workOf(to)
		}
		owner, edited := fromSource(w.before[h.From], library.FromOwner)
		if _, other := fromSource(w.before[to], library.FromOwner); to == "" || to == h.From || !edited || other ||
			owner.Empty() {
			continue
		}
		w.replaceDescription(library.Description{Title: h.From, Source: library.FromOwner})
		owner.Title = to
		w.replaceDescription(owner)
	}
}

// keepAges gives the age that a person set of a title, or of what it is part of, to all titles that its files have now. It is
// there to hide them from children, so that no file may lose it by being read better. A title with an age of its own keeps that.
func (w *reidentifiedWork) keepAges() {
	for _, f := range w.files {
		if f.fixed || f.Title == f.was && w.workOf(f.Title) == w.top.ID {
			continue
		}
		age := firstAge(w.before, f.was, f.season, w.top.ID)
		if age == nil || w.ownerAge(f.Title) != nil || w.ownerAge(w.titles[f.Title].Parent) != nil ||
			w.ownerAge(w.workOf(f.Title)) != nil {
			continue
		}
		owner := w.ownerFacts(f.Title)
		owner.Title, owner.Source, owner.Facts.Age = f.Title, library.FromOwner, age
		w.replaceDescription(owner)
	}
}

// firstAge returns the first age that a person set of some titles, nil for none.
func firstAge(all map[id.Title][]library.Description, titles ...id.Title) *int {
	for _, t := range titles {
		if d, ok := fromSource(all[t], library.FromOwner); ok && d.Facts.Age != nil {
			return d.Facts.Age
		}
	}
	return nil
}

// ownerFacts returns what a person set of a title, as it will be written.
func (w *reidentifiedWork) ownerFacts(t id.Title) library.Description {
	if d, ok := fromSource(w.descriptions[t], library.FromOwner); ok {
		return d
	}
	d, _ := fromSource(w.before[t], library.FromOwner)
	return d
}

func (w *reidentifiedWork) ownerAge(t id.Title) *int { return w.ownerFacts(t).Facts.Age }

// replaceDescription adds a description to those that are written, in place of one of its source.
func (w *reidentifiedWork) replaceDescription(d library.Description) {
	w.descriptions[d.Title] = append(slices.DeleteFunc(w.descriptions[d.Title], func(x library.Description) bool {
		return x.Source == d.Source
	}), d)
}

// refreshNames replaces the names of titles that none of their files has any more.
func (w *reidentifiedWork) refreshNames() {
	said := make(map[id.Title][]work)
	fixed := make(map[id.Title]bool) // with a file whose name is not read
	for _, f := range w.files {
		t := f.Title
		for i := len(f.works) - 1; ; i-- {
			x := w.titles[t]
			if x == nil || x.Kind == library.Extra && i < len(f.works)-1 {
				break
			}
			if fixed[t] = fixed[t] || f.fixed; !f.fixed && i >= 0 && f.works[i].Kind == x.Kind {
				said[t] = append(said[t], f.works[i])
			}
			t = x.Parent
		}
	}
	for t, works := range said {
		have := nameFacts(*w.titles[t], w.before[t])
		if w.created[t] || fixed[t] || slices.ContainsFunc(works, func(x work) bool { return sameName(have, x.facts) }) {
			continue
		}
		first := works[0]
		if len(first.facts.IDs) == 0 {
			first.facts.IDs = maps.Clone(have.IDs)
		}
		w.addDescription(w.titles[t], first)
	}
}

// refitSources moves the descriptions from tags to the titles that the files have now, and withdraws those of tags and NFO
// files that belong to a file of another title. NFO files are read again after the scan.
func (w *reidentifiedWork) refitSources() {
	for _, h := range w.handovers {
		if len(h.Files) == 0 {
			continue
		}
		if d, ok := fromSource(w.before[h.From], library.FromTags); ok && !slices.ContainsFunc(
			w.files, func(f reidentifiedFile) bool { return f.Title == h.From && f.Fingerprint == d.Revision },
		) {
			w.replaceDescription(library.Description{Title: h.From, Source: library.FromTags})
		}
		if d, ok := fromSource(w.before[h.From], library.FromNFO); ok {
			w.refitNFO(d, h)
		}
	}
	for _, f := range w.files {
		if f.fixed || f.Title == f.was && !f.renamed {
			continue
		}
		if facts := tagFacts(f.Probe, f.to.Identity); facts != nil {
			w.replaceDescription(library.Description{
				Title: f.Title, Source: library.FromTags, Facts: *facts, Revision: f.Fingerprint,
			})
		}
	}
}

// refitNFO withdraws the description of an NFO file with the name of a file that has another title now. One that described
// a work of another kind is read again, and shown until then.
func (w *reidentifiedWork) refitNFO(d library.Description, h library.Handover) {
	path, other := library.RevisionPath(d.Revision), w.titles[h.From].Kind != h.Kind
	i := slices.IndexFunc(w.files, func(f reidentifiedFile) bool {
		return strings.TrimSuffix(f.Path, filepath.Ext(f.Path)) == strings.TrimSuffix(path, filepath.Ext(path))
	})
	switch {
	case i >= 0 && w.files[i].Title != h.From, i < 0 && other:
		w.replaceDescription(library.Description{Title: h.From, Source: library.FromNFO})
	case other:
		d.Revision, d.Facts.IDs, d.Facts.Season, d.Facts.Episode = "", nil, nil, 0
		w.replaceDescription(d)
	}
}

// writeFiles adds the files that changed to those that are written.
func (w *reidentifiedWork) writeFiles() {
	for _, f := range w.files {
		if f.fixed && !f.Pinned || f.to.works == nil {
			continue
		}
		x := f.File
		if describeFile(&x, f.to) || x.Title != f.was {
			w.importBatch.files = append(w.importBatch.files, x)
		}
	}
}
