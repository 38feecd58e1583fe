package library

import (
	"movify/pkg/id"
)

// TitleLinks are the labels and people of a title, in the order of their source, and its collections in their order.
type TitleLinks struct {
	Genres      []Label
	Studios     []Label
	Cast        []CastMember
	Collections []Collection // ID, kind and name only
}

// SimilarQuery asks for other titles with the labels of a title.
type SimilarQuery struct {
	Title  id.Title
	Kind   Kind       // of the titles that are returned
	Labels []id.Label // at most CardGenres
	Each   int        // candidates per label, latest first
	Limit  int
}

// Orphan is an extra without a known owner.
type Orphan struct {
	Title
	WorkFolder string // of its file
}

// Label is a genre or studio that titles share.
type Label struct {
	ID   id.Label
	Name string
}

// CastMember is a credit of a title with the person.
type CastMember struct {
	ID      id.Person
	Name    string
	Picture string // address of a portrait at the source, "" = none
	Kind    CreditKind
	Role    string
}
