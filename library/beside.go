package library

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"movify/pkg/id"
)

// wantBeside asks for what stands beside the films of places to be read where it changed.
func (s *Service) wantBeside(places []scope) {
	s.mu.Lock()
	s.besides = append(s.besides, places...)
	s.mu.Unlock()
	poke(s.reading)
}

// readBeside reads what stands beside films, one place at a time, until ctx is done. What was not read is read after the
// next walk.
func (s *Service) readBeside(ctx context.Context) error {
	for {
		waiting := s.waiting(&s.readers)
		s.mu.Lock()
		places := s.besides
		s.besides = nil
		s.mu.Unlock()
		for _, sc := range places {
			if err := s.beside(ctx, sc); err != nil && ctx.Err() == nil {
				s.o.Logger.Error("what stands beside films could not be kept", "root", sc.root.ID, "err", err)
			}
		}
		if ctx.Err() == nil {
			release(waiting)
		}
		poke(s.looking) // what stands beside them says which works they are
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.reading:
		}
	}
}

// besideState is what a root looked like when it was last read: while it does, there is nothing to read. It saves most
// rescans a query over all films.
type besideState struct {
	sidecars uint64 // all of them, hashed
	changes  int64  // of files, counted by the Service
}

// besideNow gives the state of a place.
func (s *Service) besideNow(sc scope) besideState {
	now := besideState{changes: s.changes.Load()}
	for _, files := range sc.beside {
		for _, f := range files {
			h := fnv.New64a()
			_, _ = io.WriteString(h, f.mark) // a hash takes everything
			now.sidecars += h.Sum64()
		}
	}
	return now
}

// beside brings the descriptions and subtitles of a walked place up to date.
func (s *Service) beside(ctx context.Context, sc scope) error {
	whole, now := sc.path == sc.root.Path, s.besideNow(sc)
	if whole && s.besidesRead[sc.root.ID] == now {
		return nil
	}
	delete(s.besidesRead, sc.root.ID)
	films, err := s.o.Store.Beside(ctx, sc.root.ID, sc.path)
	if err != nil {
		return err
	}
	if dir := filepath.Dir(sc.path); len(films) == 1 && films[0].Path == sc.path && dir != sc.root.Path {
		// A film that came by itself: what was there before it is seen in its folder.
		seen, err := s.walk(ctx, sc.root.Path, dir)
		if err != nil {
			return err
		}
		sc = scope{sc.root, dir, seen.beside}
		if films, err = s.o.Store.Beside(ctx, sc.root.ID, dir); err != nil {
			return err
		}
	}
	all := true
	if s.o.NFO != nil {
		for part := range slices.Chunk(chooseNFOs(films, sc, s.absent), batch) {
			said, complete := s.readNFOs(ctx, part)
			if err := s.describe(ctx, said); err != nil {
				return err
			}
			if err := s.reconsider(ctx, said); err != nil {
				return err
			}
			all = all && complete
		}
	}
	if err := s.keepSubtitles(ctx, sc, films); err != nil {
		return err
	}
	if whole && all {
		s.besidesRead[sc.root.ID] = now
	}
	return nil
}

// absent reports whether there is nothing at path, and not only that it cannot be reached.
func (s *Service) absent(path string) bool {
	_, err := s.o.Disk.Stat(path)
	return absent(err)
}

// readNFOs reads descriptions; complete says that all could be. One that cannot be read now leaves what is known as it is
// and is tried again.
func (s *Service) readNFOs(ctx context.Context, choices []nfoChoice) (said []Described, complete bool) {
	complete = true
	for _, c := range choices {
		d := Described{Title: c.work.ID, Source: FromNFO, Mark: c.mark}
		if c.path == "" {
			said = append(said, d)
			continue
		}
		doc, err := s.o.NFO.ReadNFO(c.path)
		switch {
		case ctx.Err() != nil:
			return nil, false
		case err == nil:
			d.Facts, d.Notes = suited(c.work, doc)
			said = append(said, d)
		case errors.Is(err, fs.ErrNotExist): // the next walk tells
			complete = false
		default:
			complete = false
			s.o.Logger.Info("a description could not be read", "title", c.work.ID, "err", err)
			if c.work.Mark == "" {
				d.Mark, d.Notes = "", []string{"The file that describes it cannot be read from the disk."}
				said = append(said, d)
			}
		}
	}
	return said, complete
}

// suited gives what a document says of a work. What it says of a work of another kind is its owner's mistake or a
// program's, and its words are taken; the IDs and numbers of another kind are not.
func suited(w BesideWork, doc NFODocument) (*Facts, []string) {
	notes := slices.Clone(doc.Notes)
	if doc.Ours || len(doc.Works) == 0 {
		return nil, notes
	}
	works := doc.Works
	if len(works) > 1 && w.Kind == Episode && w.Episode > 0 {
		if own := episodesOf(w, works); len(own) > 0 {
			works = own
		}
	}
	f := works[0].Facts
	if w.Kind == Episode {
		for _, more := range works[1:] {
			f = joined(f, more.Facts)
		}
	} else if len(works) > 1 {
		notes = append(notes, "It describes several works; the first was taken.")
	}
	switch kind := works[0].Kind; {
	case kind == "" && (w.Kind == Movie || w.Kind == Series), kind == w.Kind:
	case kind == "":
		f.IDs = nil // an address beside an episode may be that of its series
	default:
		notes = append(notes, "It describes a "+string(kind)+", and this is a "+string(w.Kind)+".")
		f.IDs, f.Season, f.Episode, f.SeriesName = nil, nil, 0, ""
	}
	if w.Kind == Extra {
		f.IDs = nil
	}
	if f.Empty() {
		return nil, notes
	}
	return &f, notes
}

// episodesOf gives those of several episodes that a file holds.
func episodesOf(w BesideWork, works []NFOWork) []NFOWork {
	last := max(w.Episode, w.EpisodeLast)
	return slices.DeleteFunc(slices.Clone(works), func(x NFOWork) bool {
		return x.Facts.Episode < w.Episode || x.Facts.Episode > last || x.Facts.Season != nil && *x.Facts.Season != w.Season
	})
}

// joined puts together what is said of two episodes in one file.
func joined(a, b Facts) Facts {
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
		if !slices.ContainsFunc(a.Credits, func(have Credit) bool { return have.Kind == c.Kind && strings.EqualFold(have.Name, c.Name) }) {
			a.Credits = append(slices.Clip(a.Credits), c)
		}
	}
	a.RuntimeMS = 0
	return a
}

// keepSubtitles keeps which subtitle files stand beside films, where that changed.
func (s *Service) keepSubtitles(ctx context.Context, sc scope, films []Beside) error {
	kept, err := s.o.Store.SubtitlesBelow(ctx, sc.root.ID, sc.path)
	if err != nil {
		return err
	}
	there := chooseSubtitles(films, sc)
	changed := make(map[id.File][]Subtitle)
	titles := make(map[id.Title]bool)
	flush := func() error {
		if len(changed) == 0 {
			return nil
		}
		if err := s.o.Store.SaveSubtitles(ctx, changed); err != nil {
			return err
		}
		for t := range titles {
			s.tell("title", map[string]string{"title": string(t)})
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
		if len(changed) == batch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
