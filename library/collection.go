package library

import (
	"movify/pkg/id"
)

// CollectionKind distinguishes plain collections from channels, which have a page and may limit an account.
type CollectionKind string

// The kinds of collection.
const (
	CollectionPlain CollectionKind = "collection" // a trilogy, a list made by hand
	Channel         CollectionKind = "channel"    // has a page, a logo and a position among the channels
)

// FillMethod is how titles are put into a collection.
type FillMethod string

// The fill methods. With any of them titles may be added by hand as well, and those stay.
const (
	ByHand   FillMethod = "hand"
	ByFolder FillMethod = "folder" // titles with files in folders
	ByRule   FillMethod = "rule"
	BySet    FillMethod = "set" // titles whose metadata name the set
)

// Collection is a named list of movies and series.
type Collection struct {
	ID       id.Collection
	Kind     CollectionKind
	Name     string
	Overview string
	Logo     string // blob key of a PNG, "" = none
	FilledBy FillMethod
	Rule     Rule
	Position int // among those of its kind
	AddedMS  int64
}

// Member is a title in a collection.
type Member struct {
	Collection id.Collection
	Title      id.Title
	Position   int
	ByRule     bool // added by a rule, not by hand
	AddedMS    int64
}
