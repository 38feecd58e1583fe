package library

import (
	"context"

	"movify/pkg/id"
)

// PictureStore stores the pictures of titles.
type PictureStore interface {
	// Pictures returns the pictures of titles, by title, strongest source first, including those that could not be
	// read. A title without any is left out.
	Pictures(ctx context.Context, titles []id.Title) (map[id.Title][]Picture, error)
	// SavePicture adds the picture or replaces the one of the same title, kind and source; ErrTitleNotFound without the
	// title.
	SavePicture(ctx context.Context, p Picture) error
	// RemovePicture deletes a picture. A missing one is no error.
	RemovePicture(ctx context.Context, t id.Title, kind PictureKind, source PictureSource) error
	// TitledFiles lists the present files of a root at or below path that have a title.
	TitledFiles(ctx context.Context, r id.Root, path string) ([]TitledFile, error)
}

// TitledFile is a present file with its title and the parents of that.
type TitledFile struct {
	Path        string
	Title       id.Title
	Kind        Kind
	Season      int      // of an episode
	Parent      id.Title // the season of an episode, the owner of an extra; "" = none
	Grandparent id.Title // the parent of Parent; "" = none
}

// topTitle is the movie or series that the file belongs to.
func (p TitledFile) topTitle() id.Title {
	switch {
	case p.Grandparent != "":
		return p.Grandparent
	case p.Parent != "":
		return p.Parent
	}
	return p.Title
}
