package metadata

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// queueNFO queues the NFO file of an edited title to be written, when that is enabled.
func (s *Service) queueNFO(t id.Title) {
	if s.o.WriteNFO == nil {
		return
	}
	s.mu.Lock()
	s.nfoQueue = append(s.nfoQueue, t)
	s.mu.Unlock()
	s.nfoWake.Set()
}

// nfoWorker writes queued NFO files until ctx is done.
func (s *Service) nfoWorker(ctx context.Context) error {
	for {
		s.mu.Lock()
		titles := s.nfoQueue
		s.nfoQueue = nil
		s.mu.Unlock()
		for _, t := range titles {
			switch err := s.writeNFO(ctx, t); {
			case err == nil, ctx.Err() != nil:
			case errors.Is(err, library.ErrNFOForeign):
				s.o.Logger.Info("an NFO file of another program was not replaced", "title", t)
			default:
				s.o.Logger.Warn("an NFO file could not be written", "title", t, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.nfoWake:
		}
	}
}

// writeNFO writes the merged facts of a title beside its film. A title that another NFO file describes is skipped.
func (s *Service) writeNFO(ctx context.Context, t id.Title) error {
	card, err := s.title(ctx, t)
	if err != nil {
		return err
	}
	path, err := s.nfoPath(ctx, card)
	if err != nil || path == "" {
		return err
	}
	descriptions, err := s.Descriptions(ctx, t)
	if err != nil {
		return fmt.Errorf("read what is descriptions of a title: %w", err)
	}
	for _, d := range descriptions {
		old := library.RevisionPath(d.Revision)
		if d.Source == library.FromNFO && old != "" && old != path && !s.notExist(old) {
			return library.ErrNFOForeign
		}
	}
	f := library.MergeDescriptions(descriptions)
	switch card.Kind {
	case library.Episode:
		f.SeriesName, f.Season, f.Episode = card.SeriesName, &card.Season, card.Episode
	case library.Season:
		f.Season = &card.Season
	}
	return s.o.WriteNFO.WriteNFO(path, library.NFOWork{Kind: card.Kind, Facts: f})
}

// nfoPath returns the path of a title's NFO file, "" for a title without one: a movie or episode has it beside its
// file, a series only in a folder of its own.
func (s *Service) nfoPath(ctx context.Context, card library.Card) (string, error) {
	film := card.File.Path
	if film == "" {
		return "", nil
	}
	ownNFO := strings.TrimSuffix(film, filepath.Ext(film)) + ".nfo"
	switch card.Kind {
	case library.Movie, library.Episode:
		return ownNFO, nil
	case library.Series, library.Season:
		roots, err := s.o.Store.Roots(ctx)
		if err != nil {
			return "", fmt.Errorf("list the library folders: %w", err)
		}
		for _, r := range roots {
			home := naming.Identify(r.Rel(film)).FolderDepth
			dirs := strings.Split(r.Rel(film), "/")
			if !r.Contains(film) || home == 0 || home >= len(dirs) {
				continue
			}
			folder := filepath.Join(r.Path, filepath.FromSlash(strings.Join(dirs[:home], "/")))
			switch {
			case card.Kind == library.Series:
				return filepath.Join(folder, "tvshow.nfo"), nil
			case filepath.Dir(film) != folder:
				return filepath.Join(filepath.Dir(film), "season.nfo"), nil
			}
		}
	}
	return "", nil
}
