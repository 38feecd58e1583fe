package library

import (
	"context"

	"movify/pkg/id"
)

// SearchStore provides the documents of the search index, and filters its hits by audience.
type SearchStore interface {
	// TitleDocs returns up to limit documents of movies, series and episodes after the given ID, ordered by ID. next is
	// the ID to continue with, "" after the last.
	TitleDocs(ctx context.Context, after id.Title, limit int) (docs []SearchDoc, next id.Title, err error)
	// PersonDocs does the same for people.
	PersonDocs(ctx context.Context, after id.Person, limit int) (docs []SearchDoc, next id.Person, err error)
	// GroupDocs returns the documents of genres, collections and channels.
	GroupDocs(ctx context.Context) ([]SearchDoc, error)
	// SearchCheckpoint returns the checkpoint stored by AckSearchChanges, "" at first.
	SearchCheckpoint(ctx context.Context) (string, error)
	// SearchChanges returns up to limit titles whose search documents changed since they were acknowledged, with the
	// new documents, those of their people, and those of the children of renamed titles.
	SearchChanges(ctx context.Context, limit int) ([]SearchChange, []SearchDoc, error)
	// AckSearchChanges records that the index holds these changes, with its new checkpoint. Titles that changed again
	// since SearchChanges stay.
	AckSearchChanges(ctx context.Context, changes []SearchChange, mark string) error

	// The methods below return only rows visible to the audience.

	// FilterVisible returns those of the titles that lists show to a, in the order asked for.
	FilterVisible(ctx context.Context, a Audience, titles []id.Title) ([]id.Title, error)
	// FilterVisiblePeople returns those of the people who have a credit in a title visible to a, in the order asked
	// for.
	FilterVisiblePeople(ctx context.Context, a Audience, people []id.Person) ([]PersonResult, error)
	// FilterVisibleGroups returns those of the genres, collections and channels that hold a title visible to a, in the
	// order asked for.
	FilterVisibleGroups(ctx context.Context, a Audience, groups []string) ([]GroupResult, error)
}

// SearchChange is a title whose search document changed.
type SearchChange struct {
	Title    id.Title
	Revision int // distinguishes one change of a title from the next
}

// PersonResult is a person found by a search.
type PersonResult struct {
	ID      id.Person
	Name    string
	Picture string // address of a portrait at the source, "" = none
	Titles  int    // visible movies and series with a credit of the person
}

// GroupResult is a genre, collection or channel found by a search.
type GroupResult struct {
	ID   string
	Kind FindKind
	Name string
}
