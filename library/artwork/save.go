package artwork

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"

	"movify/library"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/picture"
)

// SetPicture sets an uploaded picture of a title, which overrides those of other sources. data is a JPEG, PNG or WebP
// of at most UploadBytes; anything else is ErrPictureInvalid.
func (s *Service) SetPicture(ctx context.Context, t id.Title, kind library.PictureKind, data []byte) error {
	if !slices.Contains(library.PictureKinds(), kind) {
		return library.ErrPictureKind
	}
	if s.o.Blobs == nil || len(data) == 0 || len(data) > library.UploadBytes {
		return library.ErrPictureInvalid
	}
	if _, err := s.title(ctx, library.Unrestricted(), t); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	return s.savePicture(
		ctx,
		library.Picture{Title: t, Kind: kind, Source: library.UploadedPicture, Revision: hex.EncodeToString(sum[:])},
		data,
	)
}

// DropPicture removes an uploaded picture, so that the one of another source is shown again. Without an upload it
// returns ErrPictureNotFound.
func (s *Service) DropPicture(ctx context.Context, t id.Title, kind library.PictureKind) error {
	if !slices.Contains(library.PictureKinds(), kind) {
		return library.ErrPictureKind
	}
	old, err := s.findPicture(ctx, t, kind, library.UploadedPicture)
	if err != nil {
		return err
	}
	if old == nil {
		return library.ErrPictureNotFound
	}
	return s.removePicture(ctx, *old)
}

// runJob stores or removes one picture.
func (s *Service) runJob(ctx context.Context, e job) error {
	old, err := s.findPicture(ctx, e.title, e.kind, library.SidecarPicture)
	switch {
	case err != nil:
		return err
	case old == nil && e.revision == "":
		return nil
	case e.revision == "":
		return s.removePicture(ctx, *old)
	case old != nil && old.Revision == e.revision && s.blobExists(ctx, old.Key):
		return nil // up to date
	}
	data, err := readPicture(library.RevisionPath(e.revision))
	if err != nil { // the next scan tries again
		s.o.Logger.Info("a picture could not be read", "title", e.title, "kind", e.kind, "error", err)
		return nil
	}
	return s.savePicture(
		ctx,
		library.Picture{Title: e.title, Kind: e.kind, Source: library.SidecarPicture, Revision: e.revision},
		data,
	)
}

// blobExists reports whether the blob of a picture exists. It is true without a key, because the picture could not be
// decoded.
func (s *Service) blobExists(ctx context.Context, key string) bool {
	if key == "" {
		return true
	}
	_, err := s.o.Blobs.Stat(ctx, key)
	return err == nil
}

// readPicture reads a picture file. A file that is too large gives no data, which does not decode.
func readPicture(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > fileBytes || !info.Mode().IsRegular() {
		return nil, nil
	}
	return io.ReadAll(io.LimitReader(f, fileBytes))
}

// savePicture normalizes and stores a picture of a title, replacing the one of the same kind and source. Data that
// cannot be decoded is recorded without a key, so that it is not tried again until it changes; such an upload is
// refused.
func (s *Service) savePicture(ctx context.Context, p library.Picture, data []byte) error {
	old, err := s.findPicture(ctx, p.Title, p.Kind, p.Source)
	if err != nil {
		return err
	}
	o, err := s.normalize(ctx, data, p.Kind)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && p.Source == library.UploadedPicture:
		return library.ErrPictureInvalid.Because(err)
	case err != nil:
		s.o.Logger.Info(
			"a picture could not be decoded", "title", p.Title, "kind", p.Kind, "revision", p.Revision, "error", err,
		)
	default:
		// Keys are never written twice, so each picture has its own.
		revision := version(string(p.Source) + "|" + p.Revision)
		p.Key = media.PictureKey(p.Title, string(p.Kind), revision, o.Ext)
		p.Width, p.Height, p.Color, p.Hash = o.Width, o.Height, o.Color, o.Hash
		if err := s.putBlob(ctx, p.Key, o.Data); err != nil {
			return err
		}
		if o.Small != nil {
			if err := s.putBlob(ctx, media.SizedKey(p.Key, picture.SmallWidth), o.Small); err != nil {
				return err
			}
		}
	}
	if err := s.o.Store.SavePicture(ctx, p); err != nil {
		return fmt.Errorf("note a picture: %w", err)
	}
	if old != nil && old.Key != p.Key {
		if err := s.deleteSizes(ctx, old.Key); err != nil {
			return err
		}
	}
	s.o.OnChange(p.Title, "")
	return nil
}

// normalize decodes one original at a time: each may take a hundred megabytes. Logos keep their alpha channel.
func (s *Service) normalize(ctx context.Context, data []byte, kind library.PictureKind) (picture.Normalized, error) {
	if err := s.decoding.Acquire(ctx, 1); err != nil {
		return picture.Normalized{}, err
	}
	defer s.decoding.Release(1)
	return picture.Normalize(data, maxWidth(kind), kind == library.Logo)
}

// findPicture returns the picture of a title from one source, nil when there is none.
func (s *Service) findPicture(
	ctx context.Context, t id.Title, kind library.PictureKind, source library.PictureSource,
) (*library.Picture, error) {
	pictures, err := s.o.Store.Pictures(ctx, []id.Title{t})
	if err != nil {
		return nil, fmt.Errorf("read the pictures of a title: %w", err)
	}
	for _, p := range pictures[t] {
		if p.Kind == kind && p.Source == source {
			return &p, nil
		}
	}
	return nil, nil
}

func (s *Service) removePicture(ctx context.Context, p library.Picture) error {
	if err := s.o.Store.RemovePicture(ctx, p.Title, p.Kind, p.Source); err != nil {
		return fmt.Errorf("forget a picture: %w", err)
	}
	if err := s.deleteSizes(ctx, p.Key); err != nil {
		return err
	}
	s.o.OnChange(p.Title, "")
	return nil
}

// deleteSizes deletes a stored picture in all sizes. Leftovers are removed by the garbage collection of the storage.
func (s *Service) deleteSizes(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	var keys []string
	for info, err := range s.o.Blobs.List(ctx, media.PictureStem(key)) {
		if err != nil {
			return fmt.Errorf("list the sizes of a picture: %w", err)
		}
		keys = append(keys, info.Key)
	}
	for _, k := range keys {
		if err := s.o.Blobs.Delete(ctx, k); err != nil {
			return fmt.Errorf("remove a picture: %w", err)
		}
	}
	return nil
}
