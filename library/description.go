package library

import (
	"maps"
	"slices"

	"movify/pkg/id"
)

// Description is the metadata of one title from one source.
type Description struct {
	Title    id.Title
	Source   Source
	Revision string // state of the source that was read; opaque to all but the reader of that source
	Facts    Facts
	Evidence map[string]string // field → part of the source it was read from; nil = not recorded
	Notes    []string          // problems of the source, for people
	AtMS     int64             // when it was written
}

// Empty reports whether there is nothing to store.
func (d Description) Empty() bool {
	return d.Revision == "" && len(d.Notes) == 0 && d.Facts.Empty()
}

// Same reports whether two descriptions are equal apart from their time.
func (d Description) Same(e Description) bool {
	return d.Revision == e.Revision && slices.Equal(d.Notes, e.Notes) && maps.Equal(d.Evidence, e.Evidence) &&
		d.Facts.Text() == e.Facts.Text()
}
