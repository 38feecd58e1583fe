package metadata

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// importBatch builds the Change for a batch of examined files. It reads the store once for the whole batch; only rare cases
// read for a single file.
type importBatch struct {
	*Service
	at         int64                   // time of the change, Unix milliseconds
	knownFiles map[string]library.File // by path
	files      []library.File          // to be written
	claimed    map[id.File]bool        // known files that were recognized as moved

	titles            map[id.Title]*library.Title // read or created for this batch
	byIdentity        map[string]id.Title
	byExternalID      map[externalID]id.Title
	externalIDs       map[id.Title]map[string]string     // IDs read from file names, by title and provider
	worksByFolder     map[string][]id.Title              // movies and series, by File.WorkFolder
	created           map[id.Title]bool                  // created in this batch
	changed           []id.Title                         // titles to be written
	descriptions      map[id.Title][]library.Description // from names and tags, to be written
	descriptionWrites []library.Description              // those that differ from the stored ones
	resolved          []library.Resolved                 // new merged metadata of known titles
	newWorks          []parsedPath                       // paths of new movies and series
}

// externalID is the ID of a work at a provider.
type externalID struct {
	kind            library.Kind
	provider, value string
}

// newImportBatch returns an empty batch for the current time.
func newImportBatch(s *Service) *importBatch {
	return &importBatch{
		Service: s, at: s.now(), claimed: make(map[id.File]bool), titles: make(map[id.Title]*library.Title),
		byIdentity:   make(map[string]id.Title),
		byExternalID: make(map[externalID]id.Title), externalIDs: make(map[id.Title]map[string]string),
		worksByFolder: make(map[string][]id.Title),
		created:       make(map[id.Title]bool), descriptions: make(map[id.Title][]library.Description),
	}
}

// parsedPath is the information in the path of a file.
type parsedPath struct {
	naming.Identity
	works         []work
	folder        string   // folder of the work below its root, or of the file when the work has no folder
	workFolder    string   // File.WorkFolder
	workID        id.Title // movie or series it was matched to
	assignedOwner id.Title // owner of an extra, assigned by hand; "" = not assigned
}

// parsePath reads a path below a root; siblings are the video files in its folder.
func parsePath(r library.Root, file string, siblings *naming.Siblings) parsedPath {
	return identified(r, file, siblings.Identify(r.Rel(file)))
}

// identified gives what follows from the identity that was read from a path below a root.
func identified(r library.Root, file string, id naming.Identity) parsedPath {
	rel := r.Rel(file)
	out := parsedPath{Identity: id, folder: naming.Display(path.Dir(rel))}
	if dirs := strings.Split(rel, "/"); out.FolderDepth > 0 && out.FolderDepth < len(dirs) {
		home := strings.Join(dirs[:out.FolderDepth], "/")
		out.folder = naming.Display(home)
		out.workFolder = hash(string(r.ID) + "/" + home)[:32]
	}
	out.works = worksOf(out.Identity, out.folder)
	return out
}

// change returns the Change built so far.
func (b *importBatch) change(ctx context.Context) (library.Change, error) {
	c := library.Change{Files: b.files, AtMS: b.at}
	if err := b.adoptExtras(ctx); err != nil {
		return c, err
	}
	var known []library.Description
	for t, descriptions := range b.descriptions {
		if !b.created[t] {
			known = append(known, descriptions...)
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
	// Parents are written before their children.
	slices.SortStableFunc(b.changed, func(x, y id.Title) int {
		return treeDepth(*b.titles[x]) - treeDepth(*b.titles[y])
	})
	for _, t := range b.changed {
		c.Titles = append(c.Titles, *b.titles[t])
	}
	return c, nil
}

// nameOnly reports whether the title row alone holds everything in the descriptions. Most titles are such, and they are
// written in one step.
func nameOnly(descriptions []library.Description) bool {
	if len(descriptions) != 1 {
		return false
	}
	f := descriptions[0].Facts
	f.Name, f.Year, f.Season, f.Episode = "", 0, nil, 0
	return f.Empty()
}

// addFile adds an examined file; isNew reports that the file was not known at any path.
func (b *importBatch) addFile(ctx context.Context, r examinedFile) (isNew bool, err error) {
	f, moved, err := b.findFile(ctx, r)
	if err != nil {
		return false, err
	}
	if f.ID == "" {
		f.ID, f.AddedMS, isNew = id.New[id.File](), b.at, true
	}
	was := f.State
	if f.Fingerprint != r.Fingerprint {
		f.Art, f.Color = library.ArtWanted, ""
	}
	f.Root, f.Path, f.Fingerprint = r.Root.ID, r.Video.Path, r.Fingerprint
	f.Size, f.ModTimeNS = r.Video.Size, r.Video.ModTimeNS
	if r.Err != nil {
		f.SetFault(r.Err)
		b.o.Logger.Info("file needs attention", "file", f.ID, "code", f.Code, "error", r.Err)
	} else {
		f.SetProbe(r.Probe)
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

// findFile returns the known file at r's path, or the one that was moved there. It is empty when there is neither.
func (b *importBatch) findFile(ctx context.Context, r examinedFile) (f library.File, moved bool, err error) {
	if f, ok := b.knownFiles[r.Video.Path]; ok {
		return f, false, nil
	}
	if f, err = b.detectMove(ctx, r); err != nil || f.ID == "" {
		return library.File{}, false, err
	}
	b.claimed[f.ID] = true
	return f, true, nil
}

// nameDiffers is 0 when f has the same base name as x, and otherwise 1.
func (x examinedFile) nameDiffers(f library.File) int {
	if filepath.Base(f.Path) == filepath.Base(x.Video.Path) {
		return 0
	}
	return 1
}

// assignTitle sets the title of a file. A file that has a title keeps it; when it moved to a better name and is the
// only file of the title, the title is renamed and keeps its ID.
func (b *importBatch) assignTitle(ctx context.Context, f *library.File, r examinedFile, moved bool) error {
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

// isLastFile reports whether no other file of f's title is at its known path. Files that moved along, such as other
// versions when the folder was renamed, do not count.
func (b *importBatch) isLastFile(ctx context.Context, f library.File) (bool, error) {
	files, err := b.o.Store.FilesOfTitle(ctx, f.Title)
	if err != nil {
		return false, fmt.Errorf("read the files of a title: %w", err)
	}
	for _, other := range files {
		if other.ID == f.ID || other.State == library.Missing || b.claimed[other.ID] {
			continue
		}
		if _, there, err := library.StatVideo(b.o.FS, other.Path); there || err != nil || other.State == library.Unreachable {
			return false, nil
		}
	}
	return true, nil
}
