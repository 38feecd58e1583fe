package library

import (
	"context"

	"movify/pkg/id"
)

// TitleStore keeps what is known of titles: descriptions from their sources, extras, versions.
type TitleStore interface {
	// TitlesByID gives the known ones of those titles, by ID, whoever may see them.
	TitlesByID(ctx context.Context, titles []id.Title) (map[id.Title]Title, error)
	// TitlesByExternalID gives the titles that somebody else, "imdb" or "tvdb", calls by one of the numbers, by number.
	TitlesByExternalID(ctx context.Context, provider string, numbers []string) (map[string][]Title, error)
	// WorksByFolder gives the films and series that have files in those folders of their own (File.Home), by folder.
	WorksByFolder(ctx context.Context, homes []string) (map[string][]id.Title, error)
	// Orphans gives the extras that are part of nothing and whose identity begins with one of the texts, all of which end in
	// a colon, or whose file is in one of the folders.
	Orphans(ctx context.Context, begin, homes []string) ([]Orphan, error)
	// FilesByPath gives the files known at those paths, in any root and state, with their probes, by path.
	FilesByPath(ctx context.Context, paths []string) (map[string]File, error)
	// Extras gives the cards of the extras of a movie, series or season that an audience may see and that have a file: of a
	// series those of its seasons too.
	Extras(ctx context.Context, a Audience, parent id.Title) ([]Card, error)
	// Versions gives the files of a title that are there or away and that an audience may see, with their probes: the one that
	// stands for the title first.
	Versions(ctx context.Context, a Audience, t id.Title) ([]File, error)
	// LabelsOf gives the genres and studios of a title, as its source has them.
	LabelsOf(ctx context.Context, t id.Title) (genres, studios []Label, err error)
	// Cast gives who had a part in a title, as its source has them.
	Cast(ctx context.Context, t id.Title) ([]CastMember, error)
	// LatestOf gives titles of a kind that bear a word, have a file and may be seen by an audience, at most limit: those that
	// were made last.
	LatestOf(ctx context.Context, a Audience, word id.Label, k Kind, limit int) ([]id.Title, error)
	// Unmatched gives movies, series and extras with a file of which little is known and nothing but their names and files
	// says anything, the latest first, at most limit; total counts all.
	Unmatched(ctx context.Context, limit int) (titles []id.Title, total int, err error)
	// Descriptions gives what the sources say of those titles, the weakest first. A title of which nothing is said is left out.
	Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]Description, error)
}

// Orphan is an extra whose film or series is not known.
type Orphan struct {
	Title
	WorkFolder string // File.Home of its file
}
