package catalogue

import (
	"context"

	"movify/library"
	"movify/pkg/id"
)

// Store keeps the catalogue. Reads see every write that returned before. A missing row is reported by library's own
// fault: ErrTitleNotFound, ErrFileNotFound.
type Store interface {
	TitleReader
	FilterStore
	CollectionStore
	SearchStore
}

// TitleReader reads titles and their files.
type TitleReader interface {
	// File returns a file with its probe.
	File(ctx context.Context, f id.File) (library.File, error)
	// Contents lists up to limit of the present files with a fingerprint, newest first, from the one behind after on; the zero
	// Content begins with the newest.
	Contents(ctx context.Context, after library.Content, limit int) ([]library.Content, error)
	// SubtitlesOf returns the stored subtitles of files, sorted by path.
	SubtitlesOf(ctx context.Context, files []id.File) (map[id.File][]library.Subtitle, error)
	// TitleLinks returns the labels and credits of a title, and the collections that its movie or series is in.
	TitleLinks(ctx context.Context, t, topTitle id.Title) (library.TitleLinks, error)
	// Descriptions returns the descriptions of titles, weakest source first. A title without any is left out.
	Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]library.Description, error)

	// The methods below return only titles that the audience may see; others count as not found. A title is visible
	// when its rating, or without one its parent's, is within the limit, and its parent is visible.

	// Cards returns the cards of those titles that are known, in the order asked for.
	Cards(ctx context.Context, a library.Audience, titles []id.Title) ([]library.Card, error)
	// TitleTree returns the card of a title and those below it: the seasons and episodes of a series by season and
	// episode, and the extras of a movie, series or season, of a series those of its seasons too. Titles below it
	// without a present file are left out.
	TitleTree(ctx context.Context, a library.Audience, t id.Title) ([]library.Card, error)
	// NextEpisode returns the episode after the given one in its series, in the order of player.NextUp; found is false
	// after the last.
	NextEpisode(ctx context.Context, a library.Audience, after library.EpisodeNumber) (
		c library.Card, found bool, err error,
	)
	// BestFile returns the file to play for a movie, episode or extra, with its probe, or ErrNoFile.
	BestFile(ctx context.Context, a library.Audience, t id.Title) (library.File, error)
	// Counts returns the size of the library.
	Counts(ctx context.Context, a library.Audience) (library.Counts, error)
	// Versions returns the visible files of a title that are present or unreachable, with their probes, the best file
	// first.
	Versions(ctx context.Context, a library.Audience, t id.Title) ([]library.File, error)
	// Similar returns the cards of titles with the same labels, those that share most of them first, then the latest.
	Similar(ctx context.Context, a library.Audience, q library.SimilarQuery) ([]library.Card, error)
}

// FilterStore reads the data that titles are filtered by. Methods with an Audience return only titles visible to it.
type FilterStore interface {
	// Edition changes with every write to the library by this process.
	Edition() int64
	// TitleSummaries returns all movies and series with files, visible or not.
	TitleSummaries(ctx context.Context) ([]library.TitleSummary, error)
	// VisibleTitles returns those of them that are visible to a.
	VisibleTitles(ctx context.Context, a library.Audience) ([]id.Title, error)
	// Labels returns the labels of a kind, by ID.
	Labels(ctx context.Context, kind library.LabelKind) (map[id.Label]string, error)
	// Labelled returns the titles with a label of a kind.
	Labelled(ctx context.Context, kind library.LabelKind) ([]library.Labelled, error)
	// TitlesLabelled returns the titles with a label.
	TitlesLabelled(ctx context.Context, l id.Label) ([]id.Title, error)
	// TitlesOfPerson returns the movies and series that a person has a credit in, or in an episode of.
	TitlesOfPerson(ctx context.Context, a library.Audience, p id.Person) ([]id.Title, error)
	// ProfileProgress returns the movies and series that a profile began or watched.
	ProfileProgress(ctx context.Context, a library.Audience, p id.Profile) (map[id.Title]library.ProfileProgress, error)

	// RecentEpisodes returns the episodes with a position among the limit latest of a profile, the latest first.
	RecentEpisodes(ctx context.Context, a library.Audience, p id.Profile, limit int) ([]library.RecentEpisode, error)
	// EpisodeNumbers returns the episodes of series that have a file, each series in order, specials first.
	EpisodeNumbers(ctx context.Context, a library.Audience, series []id.Title) ([]library.EpisodeNumber, error)

	// Person returns a person with a credit in a title visible to a, or ErrPersonNotFound.
	Person(ctx context.Context, a library.Audience, p id.Person) (library.Person, error)
	// CreditsOf returns up to limit credits of a person, latest titles first.
	CreditsOf(ctx context.Context, a library.Audience, p id.Person, limit int) ([]library.TitleCredit, error)
}

// CollectionStore stores collections and channels. The children of a title in a channel are in it too.
type CollectionStore interface {
	// Collections returns those of a kind, "" = all, in their order.
	Collections(ctx context.Context, kind library.CollectionKind) ([]library.Collection, error)
	// Collection returns one, or ErrCollectionNotFound.
	Collection(ctx context.Context, c id.Collection) (library.Collection, error)
	// SaveCollection adds a collection or replaces the one with its ID, except its position; a new one is last. A name
	// that another one of its kind has gives ErrCollectionExists.
	SaveCollection(ctx context.Context, c library.Collection) error
	// RemoveCollection deletes a collection and its members. It never widens the channel list of an account.
	RemoveCollection(ctx context.Context, c id.Collection) error
	// OrderCollections moves these to the front, in that order.
	OrderCollections(ctx context.Context, order []id.Collection) error
	// Members returns the titles of a collection, or of all for "", by collection and position.
	Members(ctx context.Context, c id.Collection) ([]library.Member, error)
	// SaveMembers adds titles to a collection or changes their positions, and removes others. A title that is not a
	// movie or series gives ErrNotCollectable.
	SaveMembers(ctx context.Context, c id.Collection, in []library.Member, out []id.Title) error
	// ChannelsOf returns the channel list of an account.
	ChannelsOf(ctx context.Context, a id.Account) ([]id.Collection, error)
	// RuleInputs returns the inputs of rules for titles or their topmost parents or, without titles, for up to limit
	// movies and series with an ID above after, by ID.
	RuleInputs(ctx context.Context, titles []id.Title, after id.Title, limit int) ([]library.RuleInput, error)

	// FilmSets returns the sets that the descriptions of films name, the strongest source's: of the films among titles or,
	// without titles, of all. A film without one is left out.
	FilmSets(ctx context.Context, titles []id.Title) ([]library.FilmSet, error)
	// CollectedSets returns the sets that have a collection, or had one that a person deleted. SaveCollection of a known
	// collection and SaveMembers by hand make it not automatic, RemoveCollection leaves an entry without a collection.
	CollectedSets(ctx context.Context) ([]library.CollectedSet, error)
	// ChangeSets carries out changes in one transaction; those that a person's change came before are left out.
	ChangeSets(ctx context.Context, changes []library.SetChange) error
}

// SearchStore provides the documents of the search index, and filters its hits by audience.
type SearchStore interface {
	// TitleDocs returns up to limit documents of movies, series and episodes after the given ID, ordered by ID. next is
	// the ID to continue with, "" after the last.
	TitleDocs(ctx context.Context, after id.Title, limit int) (docs []library.SearchDoc, next id.Title, err error)
	// PersonDocs does the same for people.
	PersonDocs(ctx context.Context, after id.Person, limit int) (docs []library.SearchDoc, next id.Person, err error)
	// GroupDocs returns the documents of genres, collections and channels.
	GroupDocs(ctx context.Context) ([]library.SearchDoc, error)
	// SearchCheckpoint returns the checkpoint stored by AckSearchChanges, "" at first.
	SearchCheckpoint(ctx context.Context) (string, error)
	// SearchChanges returns up to limit titles whose search documents changed since they were acknowledged, with the
	// new documents, those of their people, and those of the children of renamed titles.
	SearchChanges(ctx context.Context, limit int) ([]library.SearchChange, []library.SearchDoc, error)
	// AckSearchChanges records that the index holds these changes, with its new checkpoint. Titles that changed again
	// since SearchChanges stay.
	AckSearchChanges(ctx context.Context, changes []library.SearchChange, mark string) error

	// The methods below return only rows visible to the audience.

	// FilterVisible returns those of the titles that lists show to a, in the order asked for.
	FilterVisible(ctx context.Context, a library.Audience, titles []id.Title) ([]id.Title, error)
	// FilterVisiblePeople returns those of the people who have a credit in a title visible to a, in the order asked
	// for.
	FilterVisiblePeople(ctx context.Context, a library.Audience, people []id.Person) ([]library.PersonResult, error)
	// FilterVisibleGroups returns those of the genres, collections and channels that hold a title visible to a, in the
	// order asked for.
	FilterVisibleGroups(ctx context.Context, a library.Audience, groups []string) ([]library.GroupResult, error)
}
