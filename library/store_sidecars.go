package library

import (
	"context"

	"movify/pkg/id"
)

// SidecarStore keeps what stands beside files: which descriptions were read, and subtitles.
type SidecarStore interface {
	// DescribedFiles lists the present files of a root at or below path that have a title, with the works around them.
	DescribedFiles(ctx context.Context, r id.Root, path string) ([]DescribedFile, error)
	// SubtitlesBelow gives the subtitles that are kept of the files of a root at or below path.
	SubtitlesBelow(ctx context.Context, r id.Root, path string) (map[id.File][]Subtitle, error)
	// SubtitlesOf gives the subtitles that are kept of files, each file's by their paths.
	SubtitlesOf(ctx context.Context, files []id.File) (map[id.File][]Subtitle, error)
	// SaveSubtitles replaces the subtitles that are kept of each of the files. All of it is written, or nothing. A file that is
	// not known any more is left out.
	SaveSubtitles(ctx context.Context, of map[id.File][]Subtitle) error

	// TitlesToMatch lists up to limit movies and series with a file of which no provider's description is kept, the newest first.
	TitlesToMatch(ctx context.Context, limit int) ([]Title, error)
	// SeasonsToMatch lists up to limit seasons with an episode that has a file and no provider's description, of series whose
	// provider's mark begins with prefix and goes on.
	SeasonsToMatch(ctx context.Context, prefix string, limit int) ([]SeasonToMatch, error)
}

// SeasonToMatch is a season to be looked up.
type SeasonToMatch struct {
	Season   id.Title
	Number   int
	Revision string // of the provider's description of its series
}

// DescribedFile is a file with the works around it: its movie or extra, or its episode, the season and the series.
type DescribedFile struct {
	File  id.File
	Path  string
	Works []DescribedWork // the file's own first
}

// DescribedWork is a work whose description may stand beside its files.
type DescribedWork struct {
	ID          id.Title
	Kind        Kind
	Season      int
	Episode     int
	EpisodeLast int
	Revision    string // of the NFO that was read; "" = none
}
