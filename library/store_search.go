package library

import (
	"context"

	"movify/pkg/id"
)

// SearchStore keeps what the search index is fed from, and says which of what it found somebody may see.
type SearchStore interface {
	// TitleDocs gives what the titles after the given ID are found by, in the order of their IDs: movies, series and episodes,
	// at most limit of them. next is where the following call goes on, "" when these are the last.
	TitleDocs(ctx context.Context, after id.Title, limit int) (docs []SearchDoc, next id.Title, err error)
	// PersonDocs does the same for the people of titles.
	PersonDocs(ctx context.Context, after id.Person, limit int) (docs []SearchDoc, next id.Person, err error)
	// GroupDocs gives what genres, collections and channels are found by.
	GroupDocs(ctx context.Context) ([]SearchDoc, error)
	// SearchCheckpoint gives the mark that TakeSearchChanges kept last, "" in the beginning.
	SearchCheckpoint(ctx context.Context) (string, error)
	// SearchChanges gives what is found by other words since it was taken, up to limit titles, and the documents of these, of
	// their people, and of what is part of a title that has another name now.
	SearchChanges(ctx context.Context, limit int) ([]SearchChange, []SearchDoc, error)
	// AckSearchChanges says that the index holds these changes, and keeps the mark it has now. What changed again since
	// SearchChanges gave it stays.
	AckSearchChanges(ctx context.Context, changes []SearchChange, mark string) error

	// What follows gives nothing that the audience may not see.

	// FilterVisible gives those of the titles that a wall shows to a, in the order asked for.
	FilterVisible(ctx context.Context, a Audience, titles []id.Title) ([]id.Title, error)
	// FilterVisiblePeople gives those of the people who are in a title that is shown to a, in the order asked for.
	FilterVisiblePeople(ctx context.Context, a Audience, people []id.Person) ([]PersonResult, error)
	// FilterVisibleGroups gives those of the genres, collections and channels that hold a title that is shown to a, in that order.
	FilterVisibleGroups(ctx context.Context, a Audience, groups []string) ([]GroupResult, error)
}

// SearchChange says that a title is found by other words.
type SearchChange struct {
	Title    id.Title
	Revision int // tells one change of it from the next
}

// PersonResult is somebody who is in titles.
type PersonResult struct {
	ID      id.Person
	Name    string
	Picture string // where a source says that a portrait is, "" = nowhere
	Titles  int    // movies and series that they are in and that may be seen
}

// GroupResult is a genre, a collection or a channel.
type GroupResult struct {
	ID   string
	Kind FindKind
	Name string
}
