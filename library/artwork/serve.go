package artwork

import (
	"context"
	"errors"
	"fmt"
	"image"
	"path"
	"slices"

	"movify/library"
	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/picture"
)

// ShownPicture is the picture that represents a title: its own, its parent's, or a frame of its film.
type ShownPicture struct {
	Version string // changes with the picture, so responses under one version may be cached
	Color   string // "#rrggbb"; "" = unknown
	Hash    string // ThumbHash, base64; "" = unknown
	Frame   bool   // a frame of the film

	key     string // of the original
	small   string // of the copy SmallWidth wide; "" = none
	width   int    // of the original; 0 = unknown
	cropped bool   // cut from the middle of the original, 2:3

	rebuild job // stores the original again, for artwork from a library folder
}

// PictureData is a picture as it is sent.
type PictureData struct {
	Key     string // the data under a key never changes
	Type    string // media type
	Version string // of the ShownPicture
	Data    []byte
}

// Pictures returns the pictures that represent titles, by title and kind. The cards are those of an audience; pictures
// of titles hidden from it are not included.
func (s *Service) Pictures(
	ctx context.Context, cards []library.Card,
) (map[id.Title]map[library.PictureKind]ShownPicture, error) {
	var titles []id.Title
	seen := make(map[id.Title]bool)
	for _, c := range cards {
		for _, t := range []id.Title{c.ID, c.Parent, c.SeriesID} {
			if t != "" && !seen[t] {
				seen[t] = true
				titles = append(titles, t)
			}
		}
	}
	kept, err := s.o.Store.Pictures(ctx, titles)
	if err != nil {
		return nil, fmt.Errorf("read the pictures of titles: %w", err)
	}
	out := make(map[id.Title]map[library.PictureKind]ShownPicture, len(cards))
	for _, c := range cards {
		out[c.ID] = choosePictures(c, kept)
	}
	return out, nil
}

// choosePictures chooses the pictures of a title. A season without a poster has that of its series; backdrop and logo
// are inherited; the still is the title's thumb or a frame; without a poster the middle of that frame is cut out.
func choosePictures(c library.Card, kept map[id.Title][]library.Picture) map[library.PictureKind]ShownPicture {
	out := make(map[library.PictureKind]ShownPicture)
	inherit := func(kinds []library.PictureKind, from ...id.Title) {
		for _, t := range from {
			for _, p := range kept[t] {
				for _, kind := range kinds {
					if _, done := out[kind]; !done && p.Kind == kind && p.Key != "" {
						out[kind] = shownPicture(p)
					}
				}
			}
		}
	}
	inherit([]library.PictureKind{library.Poster, library.Landscape, library.Banner, library.Thumb}, c.ID)
	inherit([]library.PictureKind{library.Backdrop, library.Logo}, c.ID, c.Parent, c.SeriesID)
	if c.Kind == library.Season {
		inherit([]library.PictureKind{library.Poster}, c.SeriesID)
	}
	frame, filmed := frameOf(c.File)
	if thumb, ok := out[library.Thumb]; ok {
		out[library.StillArt] = thumb
	} else if filmed {
		out[library.StillArt] = frame
	} else if wide, ok := firstOf(out, library.Backdrop, library.Landscape); ok {
		out[library.StillArt] = wide
	}
	if _, ok := out[library.Poster]; !ok && filmed {
		frame.cropped, frame.Version = true, version("cut|"+frame.key)
		out[library.Poster] = frame
	}
	return out
}

func firstOf(shown map[library.PictureKind]ShownPicture, kinds ...library.PictureKind) (ShownPicture, bool) {
	for _, k := range kinds {
		if p, ok := shown[k]; ok {
			return p, true
		}
	}
	return ShownPicture{}, false
}

func shownPicture(p library.Picture) ShownPicture {
	s := ShownPicture{Version: version(p.Key), Color: p.Color, Hash: p.Hash, key: p.Key, width: p.Width}
	if p.Width > picture.SmallWidth {
		s.small = media.SizedKey(p.Key, picture.SmallWidth)
	}
	if p.Source == library.SidecarPicture && p.Revision != "" {
		s.rebuild = job{p.Title, p.Kind, p.Revision}
	}
	return s
}

// frameOf returns the still of a file.
func frameOf(f library.File) (ShownPicture, bool) {
	key := f.StillKey(library.StillWide)
	return ShownPicture{
		Version: version(key), Color: f.Color, Frame: true, key: key, small: f.StillKey(library.StillSmall),
		width: library.StillWide,
	}, key != ""
}

// Picture returns a picture of a title visible to a, at the smallest served width that is not below the one asked for.
// A size is made when it is first requested.
func (s *Service) Picture(
	ctx context.Context, a library.Audience, t id.Title, kind library.PictureKind, width int,
) (PictureData, error) {
	if s.o.Blobs == nil {
		return PictureData{}, library.ErrPictureNotFound
	}
	c, err := s.title(ctx, a, t)
	if err != nil {
		return PictureData{}, err
	}
	all, err := s.Pictures(ctx, []library.Card{c})
	if err != nil {
		return PictureData{}, err
	}
	shown, ok := all[t][kind]
	if !ok {
		return PictureData{}, library.ErrPictureNotFound
	}
	key, data, err := s.readSize(ctx, shown, widthAtLeast(width))
	if errors.Is(err, blob.ErrNotFound) {
		return PictureData{}, s.requestRebuild(ctx, shown, c.File)
	}
	return PictureData{Key: key, Type: mediaTypeOf(key), Version: shown.Version, Data: data}, err
}

// requestRebuild queues a picture whose blobs are lost to be made again, and returns ErrPictureNotFound. An upload
// cannot be made again.
func (s *Service) requestRebuild(ctx context.Context, p ShownPicture, f library.File) error {
	switch {
	case p.Frame && f.StillKey(library.StillWide) == p.key:
		if err := s.o.Store.SaveArt(ctx, f.ID, f.Fingerprint, library.ArtWanted, f.Color); err != nil {
			return fmt.Errorf("ask for a still again: %w", err)
		}
	case p.rebuild.revision != "":
		s.mu.Lock()
		if !slices.Contains(s.lost, p.rebuild) {
			s.lost = append(s.lost, p.rebuild)
		}
		s.mu.Unlock()
	}
	s.Wake()
	return library.ErrPictureNotFound
}

// readSize returns a picture at one of pictureWidths, making and storing that size when it does not exist.
func (s *Service) readSize(ctx context.Context, p ShownPicture, width int) (key string, data []byte, err error) {
	switch {
	case p.cropped:
		of, _ := media.ParseKey(p.key)
		key = media.FrameCropKey(of.Owner, min(width, picture.SmallWidth))
	case p.width > 0 && width >= p.width:
		key = p.key
	case width == picture.SmallWidth && p.small != "":
		key = p.small
	default:
		key = media.SizedKey(p.key, width)
	}
	if data, err = blob.ReadAll(ctx, s.o.Blobs, key); err == nil || key == p.key || !errors.Is(err, blob.ErrNotFound) {
		return key, data, err
	}
	made := s.resizes.DoChan(key, func() (any, error) {
		// The first request may be cancelled while others wait for the same size.
		return s.resize(context.WithoutCancel(ctx), p, key, width)
	})
	select {
	case r := <-made:
		if r.Err != nil {
			return key, nil, r.Err
		}
		return key, r.Val.([]byte), nil
	case <-ctx.Done():
		return key, nil, ctx.Err()
	}
}

// resize makes a size from the smallest larger one that is always stored.
func (s *Service) resize(ctx context.Context, p ShownPicture, key string, width int) ([]byte, error) {
	if err := s.resizing.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.resizing.Release(1)
	source := p.key
	if width < picture.SmallWidth && p.small != "" && !p.cropped {
		source = p.small
	}
	data, err := blob.ReadAll(ctx, s.o.Blobs, source)
	if errors.Is(err, blob.ErrNotFound) && source != p.key {
		data, err = blob.ReadAll(ctx, s.o.Blobs, p.key)
	}
	if err != nil {
		return nil, fmt.Errorf("read a picture to resize: %w", err)
	}
	img, err := picture.Decode(data, picture.MaxPixels)
	if err != nil {
		return nil, fmt.Errorf("resize a picture: %w", err)
	}
	keepAlpha := path.Ext(key) == ".png"
	var small *image.RGBA
	if p.cropped {
		small = picture.CutPoster(img, min(width, picture.SmallWidth))
	} else {
		small = picture.Shrink(img, width, keepAlpha)
	}
	if data, _, err = picture.Encode(small, keepAlpha); err != nil {
		return nil, err
	}
	return data, s.putBlob(ctx, key, data)
}

func mediaTypeOf(key string) string {
	switch path.Ext(key) {
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	}
	return "image/jpeg"
}
