package library

import (
	"context"

	"movify/pkg/id"
)

// PictureStore keeps the pictures of titles.
type PictureStore interface {
	// Pictures gives what is kept of those titles, by title: the strongest source first, with pictures that could not be
	// read. A title without any is left out.
	Pictures(ctx context.Context, titles []id.Title) (map[id.Title][]Picture, error)
	// SavePicture adds the picture or replaces the one of the same title, kind and source; ErrTitleNotFound without the
	// title.
	SavePicture(ctx context.Context, p Picture) error
	// RemovePicture forgets a picture. One that is not kept is no error.
	RemovePicture(ctx context.Context, t id.Title, kind PictureKind, source PictureSource) error
	// TitledFiles lists the present files of a root at or below path that have a title.
	TitledFiles(ctx context.Context, r id.Root, path string) ([]TitledFile, error)
}

// TitledFile is a present file with the title it belongs to and what that is part of.
type TitledFile struct {
	Path        string
	Title       id.Title
	Kind        Kind
	Season      int      // of an episode
	Parent      id.Title // the season of an episode, what an extra belongs to; "" = none
	Grandparent id.Title // what Parent is part of; "" = none
}

// topTitle is the movie or series that the file belongs to in the end.
func (p TitledFile) topTitle() id.Title {
	switch {
	case p.Grandparent != "":
		return p.Grandparent
	case p.Parent != "":
		return p.Parent
	}
	return p.Title
}
