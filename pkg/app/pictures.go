package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/blob"
	"movify/pkg/fault"
)

// ErrNoPicture is returned for a picture that is not made yet or that nobody gave.
var ErrNoPicture = fault.New(fault.NotFound, "picture_not_found", "There is no such picture of this title.")

// pictures gives the stored pictures of titles.
type pictures struct{ blobs blob.Store }

// of reads the picture of a title whose stored width is nearest to what is wanted.
func (p pictures) of(ctx context.Context, c library.Card, kind api.PictureKind, width int) (api.Picture, error) {
	key := c.Poster
	if kind == api.Still {
		stored := library.StillSmall
		if width > library.StillSmall {
			stored = library.StillWide
		}
		key = c.File.StillKey(stored)
	}
	if key == "" {
		return api.Picture{}, ErrNoPicture
	}
	data, err := blob.ReadAll(ctx, p.blobs, key)
	if errors.Is(err, blob.ErrNotFound) {
		return api.Picture{}, ErrNoPicture
	}
	if err != nil {
		return api.Picture{}, err
	}
	mediaType := "image/webp"
	if strings.HasSuffix(key, ".jpg") {
		mediaType = "image/jpeg"
	}
	sum := sha256.Sum256([]byte(key)) // what stands under a key never changes
	return api.Picture{Type: mediaType, ETag: `"` + hex.EncodeToString(sum[:8]) + `"`, Data: data}, nil
}
