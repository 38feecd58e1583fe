package metadata

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

// Reidentify reads the names of all known files of a root anew, as after a change of the naming rules. Files that were read
// wrongly become files of other titles, and what profiles left follows the files. Files that were assigned by hand, and
// those of titles that a person matched, stay. siblings gives the video files in the folder of a file. Each work is one
// transaction, and a second run finds nothing to do, so that one that was interrupted may begin again.
func (s *Service) Reidentify(
	ctx context.Context, root library.Root, siblings func(path string) *naming.Siblings,
) (changed int, err error) {
	r := reidentifier{Service: s, root: root, siblings: siblings}
	var some []library.FileOfWork
	for f, err := range s.o.Store.FilesByWork(ctx, root.ID) {
		if err != nil {
			return changed, fmt.Errorf("list the files of a library folder: %w", err)
		}
		if len(some) >= batchSize && f.Work != some[len(some)-1].Work {
			n, err := r.readAnew(ctx, some)
			if changed += n; err != nil {
				return changed, err
			}
			some = some[:0]
		}
		some = append(some, f)
	}
	n, err := r.readAnew(ctx, some)
	if changed += n; err != nil {
		return changed, err
	}
	keys, err := s.o.Store.RefreshKeys(ctx)
	if err != nil {
		return changed, fmt.Errorf("sort titles anew: %w", err)
	}
	if changed+keys > 0 {
		s.o.Changes.Changed("") // all titles
		s.o.OnMetadata()
		s.o.OnChange()
	}
	return changed, nil
}

// reidentifier reads the names of files of a root anew.
type reidentifier struct {
	*Service
	root     library.Root
	siblings func(path string) *naming.Siblings
	only     func(f library.File) bool // nil = all files
}

// readAnew reads the names of the files of several works and changes those works that they are not of any more.
func (r *reidentifier) readAnew(ctx context.Context, files []library.FileOfWork) (changed int, err error) {
	works, err := r.outdated(ctx, files)
	if err != nil {
		return 0, err
	}
	for _, w := range works {
		did, err := r.changeWork(ctx, w)
		if err != nil {
			return changed, fmt.Errorf("read the names of title %s anew: %w", w, err)
		}
		if did {
			changed++
		}
	}
	return changed, ctx.Err()
}

// parse gives what the path of a file says.
func (r *reidentifier) parse(path string) parsedPath {
	return identified(r.root, path, r.described(r.root, path, r.siblings(path).Identify(r.root.Rel(path))))
}

// outdated returns the works with a file whose name says something else than is stored. Most have none, and they cost no
// transaction.
func (r *reidentifier) outdated(ctx context.Context, files []library.FileOfWork) (works []id.Title, err error) {
	parsed := make([]parsedPath, len(files))
	titles := make([]id.Title, 0, len(files))
	for i, f := range files {
		parsed[i] = r.parse(f.Path)
		titles = append(titles, f.Title)
	}
	b := newImportBatch(r.Service)
	if err := b.loadTree(ctx, titles); err != nil {
		return nil, err
	}
	if err := b.preload(ctx, parsed, nil); err != nil {
		return nil, err
	}
	names, err := b.storedNames(ctx)
	if err != nil {
		return nil, err
	}
	for i, f := range files {
		if len(works) > 0 && works[len(works)-1] == f.Work {
			continue
		}
		chain, err := b.resolve(ctx, parsed[i])
		if err != nil {
			return nil, err
		}
		if x := f.File; describeFile(&x, parsed[i]) || !f.Pinned && !b.isOf(f.Title, chain, names) {
			works = append(works, f.Work)
		}
	}
	return works, nil
}

// isOf reports whether a title and those above it are the works, with the same names.
func (b *importBatch) isOf(t id.Title, works []work, names map[id.Title]library.Facts) bool {
	for _, w := range slices.Backward(works) {
		known, ok := b.findTitle(&w)
		if !ok || w.Kind == works[len(works)-1].Kind && known.ID != t || !sameName(names[known.ID], w.facts) {
			return false
		}
	}
	return true
}

// sameName reports whether a name says the same as another one.
func sameName(a, b library.Facts) bool {
	return a.Name == b.Name && a.Year == b.Year && a.Episode == b.Episode && (len(b.IDs) == 0 || maps.Equal(a.IDs, b.IDs))
}

// storedNames returns the descriptions from names of the loaded titles.
func (b *importBatch) storedNames(ctx context.Context) (map[id.Title]library.Facts, error) {
	all, err := b.storedDescriptions(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Title]library.Facts, len(b.titles))
	for t, x := range b.titles {
		out[t] = nameFacts(*x, all[t])
	}
	return out, nil
}

// storedDescriptions returns the stored descriptions of the loaded titles.
func (b *importBatch) storedDescriptions(ctx context.Context) (map[id.Title][]library.Description, error) {
	all, err := b.o.Store.Descriptions(ctx, slices.Collect(maps.Keys(b.titles)))
	if err != nil {
		return nil, fmt.Errorf("read the descriptions of titles: %w", err)
	}
	return all, nil
}

// nameFacts returns what names say of a title. One that is stored without descriptions has its facts from names.
func nameFacts(t library.Title, all []library.Description) library.Facts {
	if d, ok := fromSource(all, library.FromName); ok {
		return d.Facts
	}
	return library.Facts{Name: t.Name, Year: t.Year, Episode: t.Episode}
}

// fromSource returns the description of a source.
func fromSource(all []library.Description, s library.Source) (library.Description, bool) {
	i := slices.IndexFunc(all, func(d library.Description) bool { return d.Source == s })
	if i < 0 {
		return library.Description{}, false
	}
	return all[i], true
}

// loadTree reads titles and what they are part of.
func (b *importBatch) loadTree(ctx context.Context, titles []id.Title) error {
	for range 3 {
		slices.Sort(titles)
		titles = slices.Compact(titles)
		if err := b.loadByID(ctx, titles); err != nil {
			return err
		}
		var above []id.Title
		for _, t := range titles {
			if x := b.titles[t]; x != nil && x.Parent != "" {
				above = append(above, x.Parent)
			}
		}
		titles = above
	}
	return nil
}

// describeFile sets the fields of a file that its name decides, and reports whether one differs.
func describeFile(f *library.File, to parsedPath) bool {
	same := f.Edition == to.Edition && f.Part == to.Part && slices.Equal(f.Flags, to.Flags) &&
		f.WorkFolder == to.workFolder
	f.Edition, f.Part, f.Flags, f.WorkFolder = to.Edition, to.Part, to.Flags, to.workFolder
	return !same
}

// changeWork has the files of a work join the titles that their names say, and reports whether anything changed.
func (r *reidentifier) changeWork(ctx context.Context, work id.Title) (bool, error) {
	r.writeMu.Lock()
	defer r.writeMu.Unlock()
	files, err := r.o.Store.FilesOfWork(ctx, work)
	if err != nil {
		return false, err
	}
	w := reidentifiedWork{importBatch: newImportBatch(r.Service), now: make(map[id.Title]id.Title)}
	var titles []id.Title
	var parsed []parsedPath
	for _, f := range files {
		x := reidentifiedFile{File: f, was: f.Title, fixed: f.Pinned || f.Root != r.root.ID || r.only != nil && !r.only(f)}
		if f.Root == r.root.ID {
			x.to = r.parse(f.Path)
			parsed = append(parsed, x.to)
		}
		w.files = append(w.files, x)
		titles = append(titles, f.Title)
	}
	if err := w.loadTree(ctx, append(titles, work)); err != nil {
		return false, err
	}
	if err := w.preload(ctx, parsed, nil); err != nil {
		return false, err
	}
	if w.top = w.titles[work]; w.top == nil {
		return false, nil
	}
	if err := w.run(ctx); err != nil {
		return false, err
	}
	c, err := w.change(ctx)
	if err != nil {
		return false, err
	}
	c.Handovers = w.handovers
	if len(c.Files)+len(c.Titles)+len(c.Descriptions)+len(c.Handovers) == 0 {
		return false, nil
	}
	if err := r.o.Store.Apply(ctx, c); err != nil {
		return false, err
	}
	for _, t := range c.Titles {
		r.publish(t.ID, "")
	}
	return true, nil
}
