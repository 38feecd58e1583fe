package metadata

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

// reidentifiedWork is the change of one work whose files are of other titles, by their names as they are read now.
type reidentifiedWork struct {
	*importBatch
	top       *library.Title // the movie or series, or an extra without an owner
	files     []reidentifiedFile
	handovers []library.Handover
	before    map[id.Title][]library.Description // of the titles before
	now       map[id.Title]id.Title              // movies, series and seasons without files, and the titles of their files
}

// reidentifiedFile is a file of the work.
type reidentifiedFile struct {
	library.File
	to      parsedPath
	works   []work   // as resolved; nil for a fixed file
	was     id.Title // its title before
	season  id.Title // the season of that, of an episode
	fixed   bool     // it keeps its title: a person decided, or its name is not read now
	renamed bool     // its title was renamed after it
}

// leaf is the title that the file is to have.
func (f *reidentifiedFile) leaf() work { return f.works[len(f.works)-1] }

func (w *reidentifiedWork) run(ctx context.Context) error {
	w.fixChecked()
	for i := range w.files {
		if t := w.titles[w.files[i].was]; t != nil && t.Kind == library.Episode {
			w.files[i].season = t.Parent
		}
	}
	slices.SortStableFunc(w.files, func(x, y reidentifiedFile) int {
		return cmp.Or(order(x)-order(y), strings.Compare(naming.SortKey(x.Path), naming.SortKey(y.Path)))
	})
	kind := w.top.Kind
	if err := w.renameSeries(ctx); err != nil {
		return err
	}
	var err error
	if w.before, err = w.storedDescriptions(ctx); err != nil {
		return err
	}
	for i := range w.files {
		f := &w.files[i]
		if f.fixed {
			continue
		}
		if f.works, err = w.resolve(ctx, f.to); err != nil {
			return err
		}
	}
	for _, t := range w.leaves() {
		if err := w.takeApart(ctx, t); err != nil {
			return err
		}
	}
	w.leaveEmpty(kind)
	w.followEdits()
	w.keepAges()
	w.refreshNames()
	w.refitSources()
	w.writeFiles()
	return nil
}

// order sorts films before extras, and files that are there before others: the first file decides what becomes of a title.
func order(f reidentifiedFile) int {
	n := 0
	if f.to.Kind == library.Extra {
		n = 2
	}
	if f.State != library.Present {
		n++
	}
	return n
}

// fixChecked leaves the files of titles that a person matched as they are.
func (w *reidentifiedWork) fixChecked() {
	for i := range w.files {
		f := &w.files[i]
		t := w.titles[f.Title]
		f.fixed = f.fixed || t == nil || t.Matched == library.SureChecked || t.Kind != library.Extra &&
			w.top.Matched == library.SureChecked
	}
}

// leaves returns the titles of the files, in their order.
func (w *reidentifiedWork) leaves() (out []id.Title) {
	for _, f := range w.files {
		if !slices.Contains(out, f.was) {
			out = append(out, f.was)
		}
	}
	return out
}

// renameSeries gives the series, its seasons and its episodes the name that its first file has now, when no file of the
// series has the old name and no series the new one. So everything that belongs to the series stays with it.
func (w *reidentifiedWork) renameSeries(ctx context.Context) error {
	var first *reidentifiedFile
	for i := range w.files {
		f := &w.files[i]
		if f.to.Kind == library.Extra || w.titles[f.Title] != nil && w.titles[f.Title].Kind == library.Extra {
			continue
		}
		if f.fixed {
			return nil
		}
		top := f.to.works[0]
		if t, ok := w.findTitle(&top); ok && t.ID == w.top.ID {
			return nil
		}
		if first == nil {
			first = f
		}
	}
	if w.top.Kind != library.Series || first == nil || first.to.works[0].Kind != library.Series {
		return nil
	}
	top := first.to.works[0]
	if _, taken := w.findTitle(&top); taken {
		return nil
	}
	old := w.top.Identity
	for _, t := range w.titles {
		rest, below := strings.CutPrefix(t.Identity, old+":")
		if t != w.top && (!below || t.Kind != library.Season && t.Kind != library.Episode) {
			continue
		}
		identity := boundedIdentity(top.Identity + ":" + rest)
		if t == w.top {
			identity = top.Identity
		}
		if _, taken := w.byIdentity[identity]; taken {
			continue
		}
		delete(w.byIdentity, t.Identity)
		t.Identity = identity
		w.byIdentity[identity] = t.ID
		w.markChanged(t.ID)
	}
	w.top.Matched = top.Matched
	w.addDescription(w.top, top)
	if w.o.Provider != nil { // so that it is asked again, with the new name
		w.descriptions[w.top.ID] = append(
			w.descriptions[w.top.ID], library.Description{Title: w.top.ID, Source: library.FromProvider},
		)
	}
	var works []work
	for _, f := range w.files {
		works = append(works, f.to.works...)
	}
	return w.loadByIdentity(ctx, works)
}

// takeApart has the files of a title join the titles that their names say. When none of them stays, the title itself
// becomes that of its first file, unless there is one already.
func (w *reidentifiedWork) takeApart(ctx context.Context, t id.Title) error {
	var leaving []*reidentifiedFile
	stays := false
	for i := range w.files {
		f := &w.files[i]
		if f.fixed {
			stays = stays || f.was == t
			continue
		}
		leaf := f.leaf()
		known, ok := w.findTitle(&leaf)
		switch {
		case ok && known.ID == t:
			stays = true
		case f.was == t:
			leaving = append(leaving, f)
		}
	}
	if len(leaving) == 0 {
		return nil
	}
	h := library.Handover{From: t, Kind: w.titles[t].Kind, Files: make(map[id.File]id.Title)}
	if first := leaving[0]; !stays {
		leaf := &first.works[len(first.works)-1]
		if _, taken := w.findTitle(leaf); !taken {
			if err := w.renameTitle(ctx, t, first.to, first.works, first.AddedMS); err != nil {
				return err
			}
			if leaf.Kind == library.Movie {
				first.to.workID = t
				w.newWorks = append(w.newWorks, first.to)
			}
			first.renamed, h.Rest = true, t
			leaving = leaving[1:]
		}
	}
	for _, f := range leaving {
		f.Title = w.ensureWorks(f.to, f.works, f.AddedMS)
	}
	all, left := true, h.Rest
	for i := range w.files {
		f := &w.files[i]
		if f.was != t {
			continue
		}
		h.Files[f.ID] = f.Title
		all = all && f.Title != t
		left = cmp.Or(left, f.Title)
	}
	if all {
		h.Rest = left
	}
	w.handovers = append(w.handovers, h)
	return nil
}

// workOf returns the movie or series of a title.
func (w *reidentifiedWork) workOf(t id.Title) id.Title {
	for x := w.titles[t]; x != nil && (x.Kind == library.Season || x.Kind == library.Episode); x = w.titles[t] {
		t = x.Parent
	}
	return t
}

// leaveEmpty hands over the work and the seasons that have lost all their files, and gives the extras another owner. kind
// is that of the work before.
func (w *reidentifiedWork) leaveEmpty(kind library.Kind) {
	kept := make(map[id.Title]bool)
	first := make(map[id.Title]id.Title) // by the title above, the title of the first file that was there
	for _, f := range w.files {
		now := w.titles[f.Title]
		if now == nil || now.Kind == library.Extra {
			continue
		}
		kept[f.Title], kept[now.Parent], kept[w.workOf(f.Title)] = true, true, true
		if f.season != "" && first[f.season] == "" {
			first[f.season] = now.ID
		}
		if first[w.top.ID] == "" {
			first[w.top.ID] = now.ID
		}
	}
	if len(kept) == 0 { // there were only extras
		return
	}
	for old, t := range first {
		x := w.titles[old]
		switch {
		case old == w.top.ID && (!kept[old] || w.top.Kind == library.Episode):
			w.now[old] = w.workOf(t)
			if kind == library.Series {
				w.handovers = append(w.handovers, library.Handover{From: old, Kind: kind, Rest: w.workOf(t)})
			}
		case x.Kind == library.Season && !kept[old]:
			to := t
			if parent := w.titles[w.titles[t].Parent]; parent != nil && parent.Kind == library.Season {
				to = parent.ID
			}
			w.now[old] = to
			w.handovers = append(w.handovers, library.Handover{From: old, Kind: library.Season, Rest: to})
		}
	}
	owner := w.now[w.top.ID]
	for _, f := range w.files {
		if x := w.titles[f.Title]; owner != "" && x != nil && x.Kind == library.Extra && x.Parent == w.top.ID {
			x.Parent = owner
			w.markChanged(x.ID)
		}
	}
}
