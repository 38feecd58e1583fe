package library

import (
	"movify/pkg/id"
)

// Handover passes on what profiles left on a title when its files became files of other titles: positions, visits, marks,
// and places in collections. What is known to be of a file goes with the file. The list, ratings and collections are of
// works: from a movie or series they go to the movie or series of the other title, also when that is an episode.
type Handover struct {
	From  id.Title
	Kind  Kind                 // of From before
	Files map[id.File]id.Title // its files, with their titles now; one that stays with From may be left out
	Rest  id.Title             // takes over the rest, of no known file; "" = it stays
}

// FileOfWork is a file with its movie or series, of an extra the one it belongs to; an extra without one is its own.
type FileOfWork struct {
	File
	Work id.Title
}
