package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"movify/library"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/picture"
)

// Faults of logos.
var (
	ErrLogo = fault.New(
		fault.Invalid, "logo_invalid", "Please choose a PNG, JPEG or WebP picture of at most 16 million pixels.",
	)
	ErrNoLogo = fault.New(fault.NotFound, "logo_not_found", "There is no such logo.")
)

const (
	// LogoBytes is the largest logo that is accepted.
	LogoBytes  = 2 << 20
	logoPixels = 1 << 24 // one of more is not decoded: it would take 100 MB
	logoWidth  = 640     // pixels, kept ones at most
	logoHeight = 320
)

// SetLogo sets the logo of a collection; it may have an alpha channel.
func (s *Service) SetLogo(ctx context.Context, c id.Collection, data []byte) (library.Collection, error) {
	if s.o.Blobs == nil {
		return library.Collection{}, ErrNoLogo
	}
	s.collectionMu.Lock() // one at a time is decoded
	defer s.collectionMu.Unlock()
	old, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return library.Collection{}, err
	}
	small, err := fitLogo(data)
	if err != nil {
		return library.Collection{}, err
	}
	sum := sha256.Sum256(small)
	key := media.CollectionLogoKey(c, hex.EncodeToString(sum[:8]))
	if err := s.o.Blobs.Put(ctx, key, small); err != nil && !errors.Is(err, blob.ErrExists) { // the same again
		return library.Collection{}, fmt.Errorf("keep a logo: %w", err)
	}
	return s.replaceLogo(ctx, old, key)
}

// RemoveLogo removes the logo of a collection.
func (s *Service) RemoveLogo(ctx context.Context, c id.Collection) (library.Collection, error) {
	s.collectionMu.Lock()
	defer s.collectionMu.Unlock()
	old, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return library.Collection{}, err
	}
	return s.replaceLogo(ctx, old, "")
}

func (s *Service) replaceLogo(ctx context.Context, c library.Collection, key string) (library.Collection, error) {
	was := c.Logo
	c.Logo = key
	if err := s.o.Store.SaveCollection(ctx, c); err != nil {
		return library.Collection{}, err
	}
	s.collectionChanged(c.ID)
	if was == key {
		return c, nil
	}
	return c, s.dropLogo(ctx, was)
}

func (s *Service) dropLogo(ctx context.Context, key string) error {
	if key == "" || s.o.Blobs == nil {
		return nil
	}
	if err := s.o.Blobs.Delete(ctx, key); err != nil {
		return fmt.Errorf("remove a logo: %w", err)
	}
	return nil
}

// Logo returns the logo, a PNG, of a collection visible to a, or ErrNoLogo.
func (s *Service) Logo(ctx context.Context, a library.Audience, c id.Collection) (key string, data []byte, err error) {
	found, err := s.Collection(ctx, a, c)
	if err != nil {
		return "", nil, err
	}
	if found.Logo == "" || s.o.Blobs == nil {
		return "", nil, ErrNoLogo
	}
	data, err = blob.ReadAll(ctx, s.o.Blobs, found.Logo)
	if errors.Is(err, blob.ErrNotFound) {
		return "", nil, ErrNoLogo
	}
	if err != nil {
		return "", nil, fmt.Errorf("read a logo: %w", err)
	}
	return found.Logo, data, nil
}

// fitLogo re-encodes a picture as a PNG of the size that logos are stored in, with its alpha channel.
func fitLogo(data []byte) ([]byte, error) {
	if len(data) > LogoBytes {
		return nil, ErrLogo
	}
	small, err := picture.FitPNG(data, logoPixels, logoWidth, logoHeight)
	if err != nil {
		return nil, ErrLogo.Because(err)
	}
	return small, nil
}
