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

// importBatch puts together the change that a batch of results makes. What it needs of the store it reads for the whole batch
// at once; only what is rare is read for one file.
type importBatch struct {
	*Service
	at         int64
	knownFiles map[string]File  // known files, by path
	files      []File           // as they are to be
	claimed    map[id.File]bool // known files that turned out to have moved

	titles            map[id.Title]*Title // read or made for this batch
	byIdentity        map[string]id.Title
	byExternalID      map[externalID]id.Title
	externalIDs       map[id.Title]map[string]string // what their names say that they are called elsewhere, by provider
	worksByFolder     map[string][]id.Title          // films and series, by the folder of their own
	created           map[id.Title]bool              // made for this batch
	changed           []id.Title                     // to be written, parents first
	descriptions      map[id.Title][]Description     // by names and tags, to be kept
	descriptionWrites []Description                  // of what is said, that is not what was said before
	resolved          []Resolved                     // of titles that are known
	newWorks          []parsedPath                   // of films and series that are new
}

// externalID is what a work of a kind is called by somebody else.
type externalID struct {
	kind            Kind
	provider, value string
}

// newImportBatch makes a builder for the change of one moment.
func newImportBatch(s *Service) *importBatch {
	return &importBatch{
		Service: s, at: s.now(), claimed: make(map[id.File]bool), titles: make(map[id.Title]*Title), byIdentity: make(map[string]id.Title),
		byExternalID: make(map[externalID]id.Title), externalIDs: make(map[id.Title]map[string]string), worksByFolder: make(map[string][]id.Title),
		created: make(map[id.Title]bool), descriptions: make(map[id.Title][]Description),
	}
}

// parsedPath is what the path of a file says.
type parsedPath struct {
	naming.Identity
	works         []work
	folder        string   // the folder of the work below its root, or of the file when the work has none
	workFolder    string   // File.Home
	workID        id.Title // the film or series it turned out to be
	assignedOwner id.Title // what a person says that an extra belongs to; "" = nobody says
}

// parsePath reads a path below a root.
func parsePath(r Root, file string) parsedPath {
	rel := r.rel(file)
	out := parsedPath{Identity: naming.Identify(rel), folder: naming.Display(path.Dir(rel))}
	if dirs := strings.Split(rel, "/"); out.FolderDepth > 0 && out.FolderDepth < len(dirs) {
		home := strings.Join(dirs[:out.FolderDepth], "/")
		out.folder = naming.Display(home)
		out.workFolder = hash(string(r.ID) + "/" + home)[:32]
	}
	out.works = worksOf(out.Identity, out.folder)
	return out
}

// change gives the change so far.
func (b *importBatch) change(ctx context.Context) (Change, error) {
	c := Change{Files: b.files, AtMS: b.at}
	if err := b.adoptExtras(ctx); err != nil {
		return c, err
	}
	var known []Description
	for t, said := range b.descriptions {
		if !b.created[t] {
			known = append(known, said...)
		}
	}
	if err := b.mergeDescriptions(ctx, known); err != nil {
		return c, err
	}
	c.Descriptions, c.Resolved = b.descriptionWrites, b.resolved
	for _, t := range slices.Sorted(maps.Keys(b.created)) {
		c.Descriptions = append(c.Descriptions, b.descriptions[t]...)
		if !nameOnly(b.descriptions[t]) {
			c.Resolved = append(c.Resolved, resolveFacts(t, b.descriptions[t]))
		}
	}
	// What something is part of is written before it.
	slices.SortStableFunc(b.changed, func(x, y id.Title) int { return b.titles[x].treeDepth() - b.titles[y].treeDepth() })
	for _, t := range b.changed {
		c.Titles = append(c.Titles, *b.titles[t])
	}
	return c, nil
}

// nameOnly reports whether a title's row alone shows all that is said of it: so it is of most, and it is written in one step.
func nameOnly(said []Description) bool {
	if len(said) != 1 {
		return false
	}
	f := said[0].Facts
	f.Name, f.Year, f.Season, f.Episode = "", 0, nil, 0
	return f.Empty()
}

// addFile adds what was found out about one file; isNew says that it was not known in any place.
func (b *importBatch) addFile(ctx context.Context, r result) (isNew bool, err error) {
	f, moved, err := b.findFile(ctx, r)
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
		b.o.Logger.Info("file needs attention", "file", f.ID, "code", f.Code, "error", r.err)
	} else {
		f.accept(r.probe)
		if err := b.assignTitle(ctx, &f, r, moved); err != nil {
			return false, err
		}
		b.addTags(f, r, isNew)
	}
	if f.State != was {
		f.SinceMS = b.at
	}
	b.files = append(b.files, f)
	return isNew, nil
}

// findFile gives the file that was known at r's place, or the one that was moved there. The file is empty when there is
// neither.
func (b *importBatch) findFile(ctx context.Context, r result) (f File, moved bool, err error) {
	if f, ok := b.knownFiles[r.entry.path]; ok {
		return f, false, nil
	}
	if f, err = b.detectMove(ctx, r); err != nil || f.ID == "" {
		return File{}, false, err
	}
	b.claimed[f.ID] = true
	return f, true, nil
}

// nameDiffers is 0 for a file that had the name r's has, and otherwise 1.
func (r result) nameDiffers(f File) int {
	if filepath.Base(f.Path) == filepath.Base(r.entry.path) {
		return 0
	}
	return 1
}

// assignTitle gives the file its title. A file that has one keeps it; when it was moved under a better name and no other file of
// the title is left where it was, the title is renamed and keeps its ID.
func (b *importBatch) assignTitle(ctx context.Context, f *File, r result, moved bool) error {
	to := r.parsedPath
	f.Edition, f.Part, f.Flags, f.WorkFolder = to.Edition, to.Part, to.Flags, to.workFolder
	if f.Title != "" && (!moved || f.Pinned) {
		return nil
	}
	works, err := b.resolve(ctx, to)
	if err != nil {
		return err
	}
	if f.Title == "" {
		f.Title = b.ensureWorks(to, works, f.AddedMS)
		return nil
	}
	if _, taken := b.findTitle(&works[len(works)-1]); taken {
		return nil
	}
	if alone, err := b.isLastFile(ctx, *f); err != nil || !alone {
		return err
	}
	return b.renameTitle(ctx, f.Title, to, works, f.AddedMS)
}

// isLastFile reports whether no other file of f's title is where it was known to be. Those that moved with it, as the versions
// of a film do when its folder is renamed, do not count.
func (b *importBatch) isLastFile(ctx context.Context, f File) (bool, error) {
	files, err := b.o.Store.FilesOfTitle(ctx, f.Title)
	if err != nil {
		return false, fmt.Errorf("read the files of a title: %w", err)
	}
	for _, other := range files {
		if other.ID == f.ID || other.State == Missing || b.claimed[other.ID] {
			continue
		}
		if _, there, err := b.statVideo(other.Path); there || err != nil || other.State == Unreachable {
			return false, nil
		}
	}
	return true, nil
}
