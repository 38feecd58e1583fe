package library

import "movify/pkg/id"

// FilmSet is what the merged descriptions of a film say of the sets that it is part of, as <set> of an NFO file does.
type FilmSet struct {
	Film      id.Title
	Names     []string          // as written
	Overviews map[string]string // by name; not every set has one
	HasFiles  bool              // one of its files is present or unreachable
}

// CollectedSet says which collection stands for a set.
type CollectedSet struct {
	Set        string        // its folded name
	Collection id.Collection // "" = a person deleted it: none is made again
	Automatic  bool          // it was made for the set and no person changed it since
}

// SetChange is one step in keeping the collections of sets up to date.
type SetChange struct {
	Action     SetAction
	Set        string // its folded name
	Collection Collection
	In         []Member
	Out        []id.Title
}

// SetAction is what a SetChange does.
type SetAction string

// The actions. A collection that a person changed or deleted meanwhile is left as it is.
const (
	MakeSet   SetAction = "make"   // adds the collection, unless another one has its name
	UpdateSet SetAction = "update" // replaces name, overview and rule, and changes the titles
	AdoptSet  SetAction = "adopt"  // an existing collection, which stays as it is, stands for the set
	RemoveSet SetAction = "remove" // removes the collection; it is made again when the set has films again
)
