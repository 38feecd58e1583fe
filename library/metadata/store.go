package metadata

import (
	"context"
	"iter"

	"movify/library"
	"movify/pkg/id"
)

// Store keeps files, titles and their descriptions. Reads see every write that returned before. A missing row is
// reported by library's own fault: ErrTitleNotFound, ErrFileNotFound.
type Store interface {
	TitleStore
	SidecarStore

	// Roots lists the roots, oldest first.
	Roots(ctx context.Context) ([]library.Root, error)
	// File returns a file with its probe.
	File(ctx context.Context, f id.File) (library.File, error)
	// Apply writes the whole change or nothing. It updates the best file of each title concerned.
	Apply(ctx context.Context, c library.Change) error
	// Cards returns the cards of those titles that are known and visible to a, in the order asked for.
	Cards(ctx context.Context, a library.Audience, titles []id.Title) ([]library.Card, error)
}

// TitleStore stores titles: descriptions by source, extras, versions.
type TitleStore interface {
	// TitlesByID returns the known ones of those titles, by ID, for any audience.
	TitlesByID(ctx context.Context, titles []id.Title) (map[id.Title]library.Title, error)
	// TitlesByExternalID returns the titles with one of the IDs at a provider ("imdb", "tvdb"), by that ID.
	TitlesByExternalID(ctx context.Context, provider string, numbers []string) (map[string][]library.Title, error)
	// WorksByFolder returns the movies and series with files in those work folders (File.WorkFolder), by folder.
	WorksByFolder(ctx context.Context, homes []string) (map[string][]id.Title, error)
	// Orphans returns the extras without an owner whose identity begins with one of the prefixes, all of which end in a
	// colon, or whose file is in one of the work folders.
	Orphans(ctx context.Context, begin, homes []string) ([]library.Orphan, error)
	// FilesByPath returns the files known at those paths, in any root and state, with their probes, by path.
	FilesByPath(ctx context.Context, paths []string) (map[string]library.File, error)
	// Unmatched returns up to limit movies, series and extras with a file, a low certainty and no description but those
	// of names and tags, latest first; total counts all.
	Unmatched(ctx context.Context, limit int) (titles []id.Title, total int, err error)
	// Descriptions returns the descriptions of titles, weakest source first. A title without any is left out.
	Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]library.Description, error)
	// TitlesByIdentity returns the titles that have one of the identities, by identity.
	TitlesByIdentity(ctx context.Context, identities []string) (map[string]library.Title, error)
	// FilesOfTitle returns the files of a title in any state, without probes, oldest first.
	FilesOfTitle(ctx context.Context, t id.Title) ([]library.File, error)
	// FilesByWork lists the files of a root that have a title, in any state and without probes. Those of one work follow
	// each other.
	FilesByWork(ctx context.Context, r id.Root) iter.Seq2[library.FileOfWork, error]
	// FilesOfWork returns the files of a movie or series, of its parts and of its extras, in any root and state, with their
	// probes, oldest first. Of an extra without an owner they are its own.
	FilesOfWork(ctx context.Context, work id.Title) ([]library.File, error)
	// RefreshKeys updates the keys by which titles are sorted and searched to the present rules. It returns the number of
	// titles that had others.
	RefreshKeys(ctx context.Context) (int, error)
	// Children lists the cards below a series or season that are visible to a, by season and episode; titles without a
	// present file are left out.
	Children(ctx context.Context, a library.Audience, parent id.Title) ([]library.Card, error)
}

// SidecarStore stores the subtitles of files, and which NFO files and works of the provider were read.
type SidecarStore interface {
	// DescribedFiles lists the present files of a root at or below path that have a title, with their works.
	DescribedFiles(ctx context.Context, r id.Root, path string) iter.Seq2[library.DescribedFile, error]
	// SubtitlesBelow returns the stored subtitles of the files of a root at or below path.
	SubtitlesBelow(ctx context.Context, r id.Root, path string) (map[id.File][]library.Subtitle, error)
	// SaveSubtitles replaces the stored subtitles of each of the files in one transaction. An unknown file is left out.
	SaveSubtitles(ctx context.Context, of map[id.File][]library.Subtitle) error

	// TitlesToMatch lists up to limit movies and series with a file and no provider's description, newest first.
	TitlesToMatch(ctx context.Context, limit int) ([]library.Title, error)
	// SeasonsToMatch lists up to limit seasons with an episode that has a file and no provider's description, of series
	// whose provider's revision begins with prefix and is longer.
	SeasonsToMatch(ctx context.Context, prefix string, limit int) ([]library.SeasonToMatch, error)
}
