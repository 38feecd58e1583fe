package library

import (
	"movify/pkg/id"
)

// SeasonToMatch is a season without metadata of the provider.
type SeasonToMatch struct {
	Season   id.Title
	Number   int
	Revision string // of the provider's description of its series
}

// DescribedFile is a file with its works: its movie or extra, or its episode, season and series.
type DescribedFile struct {
	File  id.File
	Path  string
	Works []DescribedWork // the file's own first
}

// DescribedWork is a work that an NFO file may describe.
type DescribedWork struct {
	ID          id.Title
	Kind        Kind
	Season      int
	Episode     int
	EpisodeLast int
	Revision    string // of the NFO file that was read; "" = none
}
