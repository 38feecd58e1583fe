package library

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // uploads may be JPEG
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // or WebP

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of logos.
var (
	ErrLogo   = fault.New(fault.Invalid, "logo_invalid", "Please choose a PNG, JPEG or WebP picture of at most 16 million pixels.")
	ErrNoLogo = fault.New(fault.NotFound, "logo_not_found", "There is no such logo.")
)

const (
	// LogoBytes is the largest logo that is taken.
	LogoBytes  = 2 << 20
	logoPixels = 1 << 24 // one of more is not decoded: it would take 100 MB
	logoWidth  = 640     // pixels, kept ones at most
	logoHeight = 320
)

// SetLogo gives a collection a logo: a picture that may be transparent.
func (s *Service) SetLogo(ctx context.Context, c id.Collection, data []byte) (Collection, error) {
	if s.o.Blobs == nil {
		return Collection{}, ErrNoLogo
	}
	s.arranging.Lock() // one at a time is decoded
	defer s.arranging.Unlock()
	old, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return Collection{}, err
	}
	small, err := fitLogo(data)
	if err != nil {
		return Collection{}, err
	}
	sum := sha256.Sum256(small)
	key := "logos/" + string(c) + "/" + hex.EncodeToString(sum[:8]) + ".png"
	if err := s.o.Blobs.Put(ctx, key, small); err != nil && !errors.Is(err, blob.ErrExists) { // the same again
		return Collection{}, fmt.Errorf("keep a logo: %w", err)
	}
	return s.replaceLogo(ctx, old, key)
}

// RemoveLogo takes the logo of a collection away.
func (s *Service) RemoveLogo(ctx context.Context, c id.Collection) (Collection, error) {
	s.arranging.Lock()
	defer s.arranging.Unlock()
	old, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return Collection{}, err
	}
	return s.replaceLogo(ctx, old, "")
}

func (s *Service) replaceLogo(ctx context.Context, c Collection, key string) (Collection, error) {
	was := c.Logo
	c.Logo = key
	if err := s.o.Store.SaveCollection(ctx, c); err != nil {
		return Collection{}, err
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

// Logo gives the logo, a PNG, of a collection that a may enter, or ErrNoLogo.
func (s *Service) Logo(ctx context.Context, a Audience, c id.Collection) (key string, data []byte, err error) {
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

// fitLogo makes a picture a PNG that is no larger than a logo is kept, with what is transparent in it.
func fitLogo(data []byte) ([]byte, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, ErrLogo.Because(err)
	}
	if format != "png" && format != "jpeg" && format != "webp" { // another package may have brought other decoders
		return nil, ErrLogo
	}
	if len(data) > LogoBytes || head.Width <= 0 || head.Height <= 0 || head.Height > logoPixels/head.Width {
		return nil, ErrLogo
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrLogo.Because(err)
	}
	width, height := head.Width, head.Height
	if width > logoWidth {
		width, height = logoWidth, max(1, height*logoWidth/width)
	}
	if height > logoHeight {
		width, height = max(1, width*logoHeight/height), logoHeight
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Bounds(), full, full.Bounds(), draw.Src, nil)
	var file bytes.Buffer
	if err := png.Encode(&file, out); err != nil {
		return nil, fmt.Errorf("write a logo: %w", err)
	}
	return file.Bytes(), nil
}
