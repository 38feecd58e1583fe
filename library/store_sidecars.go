package library

import (
	"context"

	"movify/pkg/id"
)

// SidecarStore stores sidecars of files: the revision of NFO files that were read, and subtitles.
type SidecarStore interface {
	// DescribedFiles lists the present files of a root at or below path that have a title, with their works.
	DescribedFiles(ctx context.Context, r id.Root, path string) ([]DescribedFile, error)
	// SubtitlesBelow returns the stored subtitles of the files of a root at or below path.
	SubtitlesBelow(ctx context.Context, r id.Root, path string) (map[id.File][]Subtitle, error)
	// SubtitlesOf returns the stored subtitles of files, sorted by path.
	SubtitlesOf(ctx context.Context, files []id.File) (map[id.File][]Subtitle, error)
	// SaveSubtitles replaces the stored subtitles of each of the files in one transaction. An unknown file is left out.
	SaveSubtitles(ctx context.Context, of map[id.File][]Subtitle) error

	// TitlesToMatch lists up to limit movies and series with a file and no provider's description, newest first.
	TitlesToMatch(ctx context.Context, limit int) ([]Title, error)
	// SeasonsToMatch lists up to limit seasons with an episode that has a file and no provider's description, of series
	// whose provider's revision begins with prefix and is longer.
	SeasonsToMatch(ctx context.Context, prefix string, limit int) ([]SeasonToMatch, error)
}

// SeasonToMatch is a season without metadata of the provider.
type SeasonToMatch struct {
	Season   id.Title
	Number   int
	Revision string // of the provider's description of its series
}

// DescribedFile is a file with its works: its movie or extra, or its episode, season and series.
type DescribedFile struct {
	File  id.File
	Path  string
	Works []DescribedWork // the file's own first
}

// DescribedWork is a work that an NFO file may describe.
type DescribedWork struct {
	ID          id.Title
	Kind        Kind
	Season      int
	Episode     int
	EpisodeLast int
	Revision    string // of the NFO file that was read; "" = none
}
