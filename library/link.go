package library

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"movify/library/naming"
	"movify/pkg/id"
)

// builder puts together the change that a batch of results makes. What it needs of the store it reads for the whole batch
// at once; only what is rare is read for one file.
type builder struct {
	*Service
	at      int64
	there   map[string]File  // known files, by path
	files   []File           // as they are to be
	claimed map[id.File]bool // known files that turned out to have moved

	titles     map[id.Title]*Title // read or made for this batch
	byIdentity map[string]id.Title
	byNumber   map[elsewhere]id.Title
	numbers    map[id.Title]map[string]string // what their names say that they are called elsewhere, by provider
	atHome     map[string][]id.Title          // films and series, by the folder of their own
	fresh      map[id.Title]bool              // made for this batch
	changed    []id.Title                     // to be written, parents first
	said       map[id.Title][]Description     // by names and tags, to be kept
	kept       []Description                  // of what is said, that is not what was said before
	shown      []Shown                        // of titles that are known
	arrived    []reading                      // of films and series that are new
}

// elsewhere is what a work of a kind is called by somebody else.
type elsewhere struct {
	kind            Kind
	provider, value string
}

// newBuilder makes a builder for the change of one moment.
func newBuilder(s *Service) *builder {
	return &builder{
		Service: s, at: s.now(), claimed: make(map[id.File]bool), titles: make(map[id.Title]*Title), byIdentity: make(map[string]id.Title),
		byNumber: make(map[elsewhere]id.Title), numbers: make(map[id.Title]map[string]string), atHome: make(map[string][]id.Title),
		fresh: make(map[id.Title]bool), said: make(map[id.Title][]Description),
	}
}

// reading is what the path of a file says.
type reading struct {
	naming.Identity
	works []work
	place string   // the folder of the work below its root, or of the file when the work has none
	home  string   // File.Home
	top   id.Title // the film or series it turned out to be
	under id.Title // what a person says that an extra belongs to; "" = nobody says
}

// read reads a path below a root.
func read(r Root, file string) reading {
	rel := r.rel(file)
	out := reading{Identity: naming.Identify(rel), place: naming.Display(path.Dir(rel))}
	if dirs := strings.Split(rel, "/"); out.Home > 0 && out.Home < len(dirs) {
		home := strings.Join(dirs[:out.Home], "/")
		out.place = naming.Display(home)
		out.home = hash(string(r.ID) + "/" + home)[:32]
	}
	out.works = worksOf(out.Identity, out.place)
	return out
}

// change gives the change so far.
func (b *builder) change(ctx context.Context) (Change, error) {
	c := Change{Files: b.files, AtMS: b.at}
	if err := b.adopt(ctx); err != nil {
		return c, err
	}
	var known []Description
	for t, said := range b.said {
		if !b.fresh[t] {
			known = append(known, said...)
		}
	}
	if err := b.merge(ctx, known); err != nil {
		return c, err
	}
	c.Descriptions, c.Shown = b.kept, b.shown
	for _, t := range slices.Sorted(maps.Keys(b.fresh)) {
		c.Descriptions = append(c.Descriptions, b.said[t]...)
		if !bare(b.said[t]) {
			c.Shown = append(c.Shown, shown(t, b.said[t]))
		}
	}
	// What something is part of is written before it.
	slices.SortStableFunc(b.changed, func(x, y id.Title) int { return b.titles[x].level() - b.titles[y].level() })
	for _, t := range b.changed {
		c.Titles = append(c.Titles, *b.titles[t])
	}
	return c, nil
}

// bare reports whether a title's row alone shows all that is said of it: so it is of most, and it is written in one step.
func bare(said []Description) bool {
	if len(said) != 1 {
		return false
	}
	f := said[0].Facts
	f.Name, f.Year, f.Season, f.Episode = "", 0, nil, 0
	return f.Empty()
}

// file adds what was found out about one file; isNew says that it was not known in any place.
func (b *builder) file(ctx context.Context, r result) (isNew bool, err error) {
	f, moved, err := b.known(ctx, r)
	if err != nil {
		return false, err
	}
	if f.ID == "" {
		f.ID, f.AddedMS, isNew = id.New[id.File](), b.at, true
	}
	was := f.State
	if f.Fingerprint != r.fingerprint {
		f.Art, f.Color = ArtWanted, ""
	}
	f.Root, f.Path, f.Size, f.ModTimeNS, f.Fingerprint = r.root.ID, r.entry.path, r.entry.size, r.entry.modTimeNS, r.fingerprint
	if r.err != nil {
		f.fail(r.err)
		b.o.Logger.Info("file needs attention", "file", f.ID, "code", f.Code, "err", r.err)
	} else {
		f.accept(r.probe)
		if err := b.link(ctx, &f, r, moved); err != nil {
			return false, err
		}
		b.tag(f, r, isNew)
	}
	if f.State != was {
		f.SinceMS = b.at
	}
	b.files = append(b.files, f)
	return isNew, nil
}

// known gives the file that was known at r's place, or the one that was moved there. The file is empty when there is
// neither.
func (b *builder) known(ctx context.Context, r result) (f File, moved bool, err error) {
	if f, ok := b.there[r.entry.path]; ok {
		return f, false, nil
	}
	if f, err = b.moved(ctx, r); err != nil || f.ID == "" {
		return File{}, false, err
	}
	b.claimed[f.ID] = true
	return f, true, nil
}

// unlike is 0 for a file that had the name r's has, and otherwise 1.
func (r result) unlike(f File) int {
	if filepath.Base(f.Path) == filepath.Base(r.entry.path) {
		return 0
	}
	return 1
}

// link gives the file its title. A file that has one keeps it; when it was moved under a better name and no other file of
// the title is left where it was, the title is renamed and keeps its ID.
func (b *builder) link(ctx context.Context, f *File, r result, moved bool) error {
	to := r.reading
	f.Edition, f.Part, f.Flags, f.Home = to.Edition, to.Part, to.Flags, to.home
	if f.Title != "" && (!moved || f.Pinned) {
		return nil
	}
	works, err := b.resolve(ctx, to)
	if err != nil {
		return err
	}
	if f.Title == "" {
		f.Title = b.attach(to, works, f.AddedMS)
		return nil
	}
	if _, taken := b.find(&works[len(works)-1]); taken {
		return nil
	}
	if alone, err := b.alone(ctx, *f); err != nil || !alone {
		return err
	}
	return b.rename(ctx, f.Title, to, works, f.AddedMS)
}

// alone reports whether no other file of f's title is where it was known to be. Those that moved with it, as the versions
// of a film do when its folder is renamed, do not count.
func (b *builder) alone(ctx context.Context, f File) (bool, error) {
	files, err := b.o.Store.FilesOfTitle(ctx, f.Title)
	if err != nil {
		return false, fmt.Errorf("read the files of a title: %w", err)
	}
	for _, other := range files {
		if other.ID == f.ID || other.State == Missing || b.claimed[other.ID] {
			continue
		}
		if _, there, err := b.look(other.Path); there || err != nil || other.State == Unreachable {
			return false, nil
		}
	}
	return true, nil
}
