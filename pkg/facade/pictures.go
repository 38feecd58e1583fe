package facade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"movify/library"
	"movify/library/artwork"
	"movify/pkg/api"
	"movify/pkg/id"
)

// titlePictures are the pictures of one title for one viewer.
type titlePictures struct {
	title    id.Title
	token    string
	pictures map[library.PictureKind]artwork.ShownPicture
}

// addTo sets the URLs of the pictures on a card, with colour and thumbhash for the time before they are loaded.
func (h titlePictures) addTo(card *api.TitleCard) {
	address := func(kind library.PictureKind) string {
		p, ok := h.pictures[kind]
		if !ok {
			return ""
		}
		return api.ArtPath(h.token, h.title, api.PictureKind(kind), p.Version)
	}
	card.Still, card.Poster, card.Backdrop = address(library.StillArt), address(library.Poster), address(library.Backdrop)
	card.Landscape, card.Logo, card.Banner = address(library.Landscape), address(library.Logo), address(library.Banner)
	card.PosterIsFrame = h.pictures[library.Poster].Frame
	for _, kind := range []library.PictureKind{library.Poster, library.StillArt} {
		if p := h.pictures[kind]; p.Color != "" {
			card.Color = p.Color
			break
		}
	}
	for _, kind := range []library.PictureKind{library.Poster, library.StillArt} {
		if p := h.pictures[kind]; p.Hash != "" {
			card.Thumbhash = p.Hash
			break
		}
	}
}

// Picture gives a picture of a title.
func (c *catalogueFacade) Picture(
	ctx context.Context, p api.Principal, t id.Title, kind api.PictureKind, width int,
) (api.Picture, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.Picture{}, err
	}
	got, err := c.artwork.Picture(ctx, who, t, library.PictureKind(kind), width)
	if err != nil {
		return api.Picture{}, err
	}
	sum := sha256.Sum256([]byte(got.Key)) // the blob of a key never changes
	return api.Picture{Type: got.Type, ETag: `"` + hex.EncodeToString(sum[:8]) + `"`, Version: got.Version, Data: got.Data}, nil
}

// SetPicture gives a title an uploaded picture and shows the title with it.
func (c *catalogueFacade) SetPicture(
	ctx context.Context, p api.Principal, t id.Title, kind api.PictureKind, data []byte,
) (api.TitleDetail, error) {
	if err := c.artwork.SetPicture(ctx, t, library.PictureKind(kind), data); err != nil {
		return api.TitleDetail{}, err
	}
	return c.Title(ctx, p, t)
}

// DropPicture removes an uploaded picture of a title.
func (c *catalogueFacade) DropPicture(
	ctx context.Context, p api.Principal, t id.Title, kind api.PictureKind,
) (api.TitleDetail, error) {
	if err := c.artwork.DropPicture(ctx, t, library.PictureKind(kind)); err != nil {
		return api.TitleDetail{}, err
	}
	return c.Title(ctx, p, t)
}
