package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/color"
	"strconv"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/picture"
)

// Faults of pictures.
var (
	ErrPicture = fault.New(
		fault.Invalid, "picture_invalid", "Please choose a PNG, JPEG or WebP picture of at most 16 million pixels.",
	)
	ErrNoPicture = fault.New(fault.NotFound, "picture_not_found", "This profile has no picture of its own.")
)

const (
	pictureSize   = 256     // pixels, both ways
	picturePixels = 1 << 24 // a picture of more is not decoded: it would take 100 MB
	// PictureBytes is the largest picture that is taken.
	PictureBytes = 2 << 20
)

// Avatars are the built-in pictures, in the order of the picker: animals, the sky, what grows, what moves.
func Avatars() []string {
	return []string{
		"owl", "fox", "whale", "cat", "bear", "tiger",
		"sun", "moon", "star", "comet", "planet", "cloud",
		"leaf", "cactus", "mushroom", "flower", "tree", "wave",
		"robot", "rocket", "boat", "balloon", "kite", "train",
	}
}

// SetPicture gives a profile of v's account an uploaded picture. A restricted profile changes its own only.
func (s *Service) SetPicture(ctx context.Context, v id.Viewer, x id.Profile, data []byte) (Profile, error) {
	old, err := s.OwnProfile(ctx, v.Account, x)
	if err != nil {
		return Profile{}, err
	}
	by, err := s.OwnProfile(ctx, v.Account, v.Profile)
	if err != nil {
		return Profile{}, err
	}
	if by.Restricted() && by.ID != x {
		return Profile{}, ErrPasswordNeeded
	}
	small, err := s.square(ctx, data, old.Color)
	if err != nil {
		return Profile{}, err
	}
	sum := sha256.Sum256(small)
	key := media.AvatarKey(x, hex.EncodeToString(sum[:8]))
	// the same picture again
	if err := s.opts.Blobs.Put(ctx, key, small); err != nil && !errors.Is(err, blob.ErrExists) {
		return Profile{}, fmt.Errorf("keep a picture: %w", err)
	}
	after, err := s.opts.Store.ChangeProfile(ctx, x, nil, func(p *Profile, _ []Profile) error {
		p.Picture = key
		return nil
	})
	if err != nil {
		return Profile{}, wrapUnlessFault("change a profile", err)
	}
	if old.Picture != key {
		return after, s.dropPicture(ctx, old.Picture)
	}
	return after, nil
}

// Picture gives the uploaded picture of a profile of an account, a JPEG, or ErrNoPicture.
func (s *Service) Picture(ctx context.Context, a id.Account, x id.Profile) (key string, data []byte, err error) {
	p, err := s.OwnProfile(ctx, a, x)
	if err != nil {
		return "", nil, err
	}
	if p.Picture == "" {
		return "", nil, ErrNoPicture
	}
	data, err = blob.ReadAll(ctx, s.opts.Blobs, p.Picture)
	if errors.Is(err, blob.ErrNotFound) {
		return "", nil, ErrNoPicture
	}
	return p.Picture, data, wrapUnlessFault("read a picture", err)
}

func (s *Service) dropPicture(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	return wrapUnlessFault("remove a picture", s.opts.Blobs.Delete(ctx, key))
}

// square re-encodes the middle of a picture as a JPEG of pictureSize, on a background where it is transparent. One picture at
// a time is decoded: each may take a hundred megabytes.
func (s *Service) square(ctx context.Context, data []byte, background string) ([]byte, error) {
	if len(data) > PictureBytes {
		return nil, ErrPicture
	}
	if err := s.decoding.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.decoding.Release(1)
	small, err := picture.SquareJPEG(data, picturePixels, pictureSize, rgb(background))
	if err != nil {
		return nil, ErrPicture.Because(err)
	}
	return small, nil
}

// rgb reads "#rrggbb"; anything else is black.
func rgb(text string) color.RGBA {
	if len(text) != 7 {
		return color.RGBA{A: 0xff}
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return color.RGBA{A: 0xff}
	}
	return color.RGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 0xff}
}
