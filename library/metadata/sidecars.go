package metadata

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// QueueFolders queues the NFO files and subtitles of walked folders to be read where they changed.
func (s *Service) QueueFolders(places []library.WalkedFolder) {
	s.mu.Lock()
	s.sidecarQueue = append(s.sidecarQueue, places...)
	s.mu.Unlock()
	s.sidecarWake.Set()
}

// sidecarWorker reads sidecars, one walked folder at a time, until ctx is done. Folders that were not read are read
// after the next walk.
func (s *Service) sidecarWorker(ctx context.Context) error {
	for {
		waiting := s.takeWaiters(&s.sidecarWaiters)
		s.mu.Lock()
		places := s.sidecarQueue
		s.sidecarQueue = nil
		s.mu.Unlock()
		for _, walked := range places {
			if err := s.readSidecars(ctx, walked); err != nil && ctx.Err() == nil {
				s.o.Logger.Error("sidecars could not be stored", "root", walked.Root.ID, "error", err)
			}
		}
		if ctx.Err() == nil {
			closeAll(waiting)
		}
		s.matchWake.Set() // NFO files hold external IDs
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.sidecarWake:
		}
	}
}

// sidecarState is the state of a root at its last complete read. While it is unchanged there is nothing to read, which
// saves most rescans a query over all films.
type sidecarState struct {
	sidecars  uint64 // sum of the hashes of all revisions
	changes   int64  // WalkedFolder.Changes
	refreshes int64  // Service.refreshes
}

// sidecarStateOf returns the state of a walked folder.
func (s *Service) sidecarStateOf(walked library.WalkedFolder) sidecarState {
	now := sidecarState{changes: walked.Changes, refreshes: s.refreshes.Load()}
	for _, files := range walked.Sidecars {
		for _, f := range files {
			h := fnv.New64a()
			_, _ = io.WriteString(h, f.Revision) // a hash takes everything
			now.sidecars += h.Sum64()
		}
	}
	return now
}

// readSidecars updates the descriptions and subtitles of a walked folder. Files whose NFO file says that they are a film, or
// no longer says so, are identified again, and then it reads once more.
func (s *Service) readSidecars(ctx context.Context, walked library.WalkedFolder) error {
	changed, err := s.readSidecarsOnce(ctx, walked)
	if err == nil && changed {
		_, err = s.readSidecarsOnce(ctx, walked)
	}
	return err
}

// readSidecarsOnce is readSidecars; kindChanged reports that files are of titles of another kind now.
func (s *Service) readSidecarsOnce(ctx context.Context, walked library.WalkedFolder) (kindChanged bool, err error) {
	whole, now := walked.Path == walked.Root.Path, s.sidecarStateOf(walked)
	if whole && s.sidecarsRead[walked.Root.ID] == now {
		return false, nil
	}
	delete(s.sidecarsRead, walked.Root.ID)
	kept, err := s.o.Store.SubtitlesBelow(ctx, walked.Root.ID, walked.Path)
	if err != nil {
		return false, err
	}
	films, err := s.filmsToDescribe(ctx, walked, kept)
	if err != nil {
		return false, err
	}
	if dir := filepath.Dir(walked.Path); len(films) == 1 && films[0].Path == walked.Path && dir != walked.Root.Path {
		// A single new film: its sidecars may be older than it, so its whole folder is walked.
		sidecars, err := s.o.Sidecars(ctx, walked.Root, dir)
		if err != nil {
			return false, err
		}
		walked = library.WalkedFolder{Root: walked.Root, Path: dir, Sidecars: sidecars}
		if films, err = library.SliceOf(s.o.Store.DescribedFiles(ctx, walked.Root.ID, dir)); err != nil {
			return false, err
		}
		if kept, err = s.o.Store.SubtitlesBelow(ctx, walked.Root.ID, dir); err != nil {
			return false, err
		}
	}
	all := true
	mistaken := episodesBesideMovieNFO(films, walked)
	if s.o.NFO != nil {
		for part := range slices.Chunk(chooseNFOs(films, walked, s.notExist), batchSize) {
			updates, others, complete := s.readNFOs(ctx, part)
			mistaken = append(mistaken, others...)
			if err := s.updateMetadata(ctx, updates); err != nil {
				return false, err
			}
			if err := s.resetStaleMatches(ctx, updates); err != nil {
				return false, err
			}
			all = all && complete
		}
		if kindChanged, err = s.reidentifyKinds(ctx, walked.Root, mistaken, films); kindChanged || err != nil {
			return kindChanged, err
		}
	}
	if err := s.saveSubtitles(ctx, kept, chooseSubtitles(films, walked), films); err != nil {
		return false, err
	}
	if whole && all {
		s.sidecarsRead[walked.Root.ID] = now
	}
	return false, nil
}

// filmsToDescribe lists the films of a walked folder; of a whole root only those that have, or had, sidecars. Large libraries
// have many others.
func (s *Service) filmsToDescribe(
	ctx context.Context, walked library.WalkedFolder, kept map[id.File][]library.Subtitle,
) (films []library.DescribedFile, err error) {
	whole, near := walked.Path == walked.Root.Path, newSidecarFolders(walked)
	for f, err := range s.o.Store.DescribedFiles(ctx, walked.Root.ID, walked.Path) {
		if err != nil {
			return nil, err
		}
		if !whole || len(kept[f.File]) > 0 || near.concern(f) {
			films = append(films, f)
		}
	}
	return films, nil
}

// sidecarFolders are folders with NFO files or subtitles, and those whose films the subtitles may belong to.
type sidecarFolders struct {
	root    string
	folders map[string]bool
}

func newSidecarFolders(walked library.WalkedFolder) sidecarFolders {
	s := sidecarFolders{walked.Root.Path, make(map[string]bool)}
	for dir, files := range walked.Sidecars {
		for _, f := range files {
			subtitle := naming.IsSubtitle(f.Name)
			if !subtitle && !strings.EqualFold(filepath.Ext(f.Name), ".nfo") {
				continue
			}
			s.folders[dir] = true
			if above := filepath.Dir(dir); subtitle { // "Subs", or a folder of the film's name in it
				s.folders[above], s.folders[filepath.Dir(above)] = true, true
			}
		}
	}
	return s
}

// concern reports whether a sidecar may belong to a film or its series, or describes one of them already.
func (s sidecarFolders) concern(f library.DescribedFile) bool {
	dir := filepath.Dir(f.Path)
	if s.folders[dir] || slices.ContainsFunc(f.Works, func(w library.DescribedWork) bool { return w.Revision != "" }) {
		return true
	}
	for range parentNFODepth - 1 {
		if dir = filepath.Dir(dir); dir == s.root || !library.Within(s.root, dir) {
			return false
		}
		if s.folders[dir] {
			return true
		}
	}
	return false
}

// notExist reports whether path does not exist, rather than being unreachable.
func (s *Service) notExist(path string) bool {
	_, err := s.o.FS.Stat(path)
	return library.IsNotExist(err)
}

// readNFOs reads NFO files; complete reports that all could be read. One that cannot be read leaves the stored
// description and is tried again. others are the works that may be of another kind: an NFO file says so, or said so.
func (s *Service) readNFOs(
	ctx context.Context, choices []nfoChoice,
) (updates []MetadataUpdate, others []library.DescribedWork, complete bool) {
	complete = true
	series := make(map[string]library.NFODocument) // by path: those of series are read for their seasons too
	for _, c := range choices {
		d := MetadataUpdate{Title: c.work.ID, Source: library.FromNFO, Revision: c.revision}
		if c.path == "" {
			updates = append(updates, d)
			if c.work.Kind == library.Movie {
				others = append(others, c.work)
			}
			continue
		}
		doc, have := series[c.path]
		var err error
		if !have {
			doc, err = s.o.NFO.ReadNFO(c.path)
		}
		if err == nil && (c.work.Kind == library.Season || c.work.Kind == library.Series) {
			series[c.path] = doc
		}
		switch {
		case ctx.Err() != nil:
			return nil, nil, false
		case err == nil:
			if film := ofFilm(doc); film && c.work.Kind == library.Episode ||
				!film && c.work.Kind == library.Movie && c.work.Revision != "" {
				others = append(others, c.work)
			}
			d.Facts, d.Notes = nfoFacts(c.work, doc)
			updates = append(updates, d)
		case errors.Is(err, fs.ErrNotExist): // the next walk notices
			complete = false
		default:
			complete = false
			s.o.Logger.Info("an NFO file could not be read", "title", c.work.ID, "error", err)
			if c.work.Revision == "" {
				d.Revision, d.Notes = "", []string{"The file that describes it cannot be read from the disk."}
				updates = append(updates, d)
			}
		}
	}
	return updates, others, complete
}

// nfoFacts returns the facts in an NFO file about a work. A file that describes a work of another kind is a mistake of
// its owner or of a program: its texts are taken, its IDs and numbers are not.
func nfoFacts(w library.DescribedWork, doc library.NFODocument) (*library.Facts, []string) {
	notes := slices.Clone(doc.Notes)
	if doc.Ours || len(doc.Works) == 0 {
		return nil, notes
	}
	works := doc.Works
	if w.Kind == library.Season && works[0].Kind == library.Series {
		if name := works[0].SeasonNames[w.Season]; name != "" {
			return &library.Facts{Name: name}, nil
		}
		return nil, nil
	}
	if len(works) > 1 && w.Kind == library.Episode && w.Episode > 0 {
		if own := ownEpisodes(w, works); len(own) > 0 {
			works = own
		}
	}
	f := works[0].Facts
	if w.Kind == library.Episode {
		for _, more := range works[1:] {
			f = joinEpisodes(f, more.Facts)
		}
	} else if len(works) > 1 {
		notes = append(notes, "It describes several works; the first was taken.")
	}
	switch kind := works[0].Kind; {
	case kind == "" && (w.Kind == library.Movie || w.Kind == library.Series), kind == w.Kind:
	case kind == "":
		f.IDs = nil // an address beside an episode may be that of its series
	default:
		notes = append(notes, "It describes a "+string(kind)+", and this is a "+string(w.Kind)+".")
		f.IDs, f.Season, f.Episode, f.SeriesName, f.Airs = nil, nil, 0, "", nil
	}
	if w.Kind == library.Extra {
		f.IDs = nil
	}
	if f.Empty() {
		return nil, notes
	}
	return &f, notes
}

// ownEpisodes returns those of several episodes that a file holds.
func ownEpisodes(w library.DescribedWork, works []library.NFOWork) []library.NFOWork {
	last := max(w.Episode, w.EpisodeLast)
	return slices.DeleteFunc(slices.Clone(works), func(x library.NFOWork) bool {
		return x.Facts.Episode < w.Episode || x.Facts.Episode > last || x.Facts.Season != nil &&
			*x.Facts.Season != w.Season
	})
}

// joinEpisodes joins the facts of two episodes in one file.
func joinEpisodes(a, b library.Facts) library.Facts {
	link := func(x, y, between string) string {
		switch {
		case x == "":
			return y
		case y == "" || x == y:
			return x
		}
		return x + between + y
	}
	a.Name = link(a.Name, b.Name, " / ")
	a.Overview = link(a.Overview, b.Overview, "\n\n")
	for _, c := range b.Credits {
		if !slices.ContainsFunc(a.Credits, func(have library.Credit) bool {
			return have.Kind == c.Kind && strings.EqualFold(have.Name, c.Name)
		}) {
			a.Credits = append(slices.Clip(a.Credits), c)
		}
	}
	a.RuntimeMS = 0
	return a
}

// saveSubtitles stores which subtitle files are beside films, where that changed.
func (s *Service) saveSubtitles(
	ctx context.Context, kept, there map[id.File][]library.Subtitle, films []library.DescribedFile,
) error {
	changed := make(map[id.File][]library.Subtitle)
	titles := make(map[id.Title]bool)
	flush := func() error {
		if len(changed) == 0 {
			return nil
		}
		if err := s.o.Store.SaveSubtitles(ctx, changed); err != nil {
			return err
		}
		for t := range titles {
			s.publish(t, "")
		}
		clear(changed)
		clear(titles)
		return nil
	}
	for _, f := range films {
		if slices.Equal(kept[f.File], there[f.File]) {
			continue
		}
		changed[f.File] = there[f.File]
		titles[f.Works[0].ID] = true
		if len(changed) == batchSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
