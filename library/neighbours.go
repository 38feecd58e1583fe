package library

import (
	"context"

	"movify/pkg/id"
)

// Artwork stores the pictures of titles.
type Artwork interface {
	// QueueFolders queues walked folders, whose picture files are compared with the stored pictures.
	QueueFolders(folders []WalkedFolder)
	// Wake reports new files, or the end of a scan that stills waited for.
	Wake()
	// SaveProviderPicture stores a picture of the provider, downloaded by fetch unless the picture of that address is
	// stored already.
	SaveProviderPicture(
		ctx context.Context, t id.Title, kind PictureKind, address string,
		fetch func(ctx context.Context, address string) ([]byte, error),
	) error
	// Wait waits until the artwork of every folder queued so far is stored. The error is ctx's.
	Wait(ctx context.Context) error
}

// noArtwork stores no picture.
type noArtwork struct{}

func (noArtwork) QueueFolders([]WalkedFolder) {}
func (noArtwork) Wake()                       {}
func (noArtwork) SaveProviderPicture(
	context.Context, id.Title, PictureKind, string, func(context.Context, string) ([]byte, error),
) error {
	return nil
}
func (noArtwork) Wait(context.Context) error { return nil }

// ChangeListener is told of the changes of titles.
type ChangeListener interface {
	// Changed reports that a title changed or, with "", something else that searches find. It returns at once.
	Changed(t id.Title)
	// VisibilityChanged reports that titles may have become visible to other audiences.
	VisibilityChanged()
}

// noListener ignores changes.
type noListener struct{}

func (noListener) Changed(id.Title)   {}
func (noListener) VisibilityChanged() {}
